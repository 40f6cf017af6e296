import Foundation
import Notify
import Triage
import Web

/// `admin:` of triaged.yaml: who is told of a feed in trouble.
func readAdmin(_ file: Section, channels: [String: Channel]) -> AdminContact? {
  guard let section = file.section("admin") else {
    file.problem(
      at: "admin", severity: .warning,
      "'admin' is missing: nobody is told when a feed is in trouble.")
    return nil
  }
  let admin = AdminContact(
    email: section.requiredText("email"), channel: section.requiredText("channel"),
    name: section.text("name", default: ""))
  // Read by readAlive.
  _ = section.has("alive")
  section.finish()
  if !admin.email.isEmpty, !isMailAddress(admin.email) {
    section.problem(at: "email", "'email' takes one address such as it-desk@example.org.")
  }
  if !admin.channel.isEmpty, channels[admin.channel] == nil {
    let near = nearest(to: admin.channel, among: Array(channels.keys))
    section.problem(
      at: "channel",
      "There is no channel '\(admin.channel)'"
        + (near.map { ", did you mean '\($0)'?" } ?? "; 'channels' names them."))
  }
  return admin
}

/// `admin_socket:` of triaged.yaml; empty for the usual place.
func readAdminSocket(_ file: Section, _ paths: PathRules) -> String {
  guard let given = file.text("admin_socket") else { return "" }
  let path = paths.resolve(given)
  if path.utf8.count > AdminSite.longestPath {
    file.problem(
      at: "admin_socket",
      "'admin_socket' takes a path of at most \(AdminSite.longestPath) bytes.")
  }
  return path
}

/// Where the admin socket lies if the configuration does not say: in the runtime folder that a person
/// or systemd names, else in the state folder.
/// - Parameters:
///   - runtime: what `--runtime` says.
///   - environment: systemd sets RUNTIME_DIRECTORY for `RuntimeDirectory=`, with colons between several.
func adminSocketPath(
  state: String, runtime: String?,
  environment: [String: String] = ProcessInfo.processInfo.environment
) -> String {
  let given =
    runtime ?? environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init)
  return (given ?? state) + "/admin.sock"
}

/// Where a command looks for the socket of a running daemon, in this order.
///
/// A person's shell does not have the service's RUNTIME_DIRECTORY. By systemd's own rule the runtime
/// folder of what keeps its state in /var/lib/NAME is /run/NAME.
func adminSocketCandidates(
  configured: String, state: String, runtime: String?
) -> [String] {
  if let runtime { return [adminSocketPath(state: state, runtime: runtime)] }
  var paths = [configured, state + "/admin.sock"]
  let library = "/var/lib/"
  if state.hasPrefix(library) { paths.append("/run/\(state.dropFirst(library.count))/admin.sock") }
  var seen: Set<String> = []
  return paths.filter { seen.insert($0).inserted }
}
