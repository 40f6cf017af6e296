/// The program's version (https://semver.org), as `triaged --version`, `status` and the metrics tell it. The package has
/// the same.
let programVersion = "0.8.0"
