import Foundation
import Triage

/// What of a configuration only a start can put in force, where it is another than the one in force: with its place.
func needsRestart(from earlier: Configuration, to next: Configuration) -> [ConfigurationProblem] {
  let file = next.folder + "/triaged.yaml"
  let main = Section.read(file, problems: ProblemList())
  var problems: [ConfigurationProblem] = []
  func changed(_ isChanged: Bool, _ section: Section?, _ key: String, _ what: String) {
    guard isChanged else { return }
    let place = (section ?? main)?.place(of: key) ?? (line: 0, column: 0)
    problems.append(
      ConfigurationProblem(
        severity: .error, file: file, line: place.line, column: place.column,
        text:
          "\(what) cannot be changed while triaged runs: put it back and reload, or restart triaged."
      ))
  }
  let listen = main?.section("listen")
  changed(earlier.listenHost != next.listenHost, listen, "host", "The address of the pages")
  changed(earlier.listenPort != next.listenPort, listen, "port", "The port of the pages")
  changed(earlier.monitor != next.monitor, main, "monitor", "The address for monitors")
  changed(earlier.adminSocket != next.adminSocket, main, "admin_socket", "The admin socket's path")
  changed(
    earlier.grid.crs != next.grid.crs, main, "grid",
    "The grid, by which everything that is stored has its place,")
  return problems
}
