import Foundation
import Web

/// Where `/metrics`, `/livez` and `/readyz` can be had over TCP, for monitors that can ask no Unix socket.
struct MonitorSettings: Hashable, Sendable {
  var host: String
  var port: Int
}

/// `monitor:` of triaged.yaml. What is told there has no sign-in, so an address that other machines reach wants a word
/// of its own.
/// - Parameter pages: where the pages listen.
func readMonitor(_ file: Section, pages: (host: String, port: Int)) -> MonitorSettings? {
  guard let section = file.section("monitor") else { return nil }
  let host = section.text("host", default: "127.0.0.1")
  let port = section.int("port", default: 9480, in: 1...65_535)
  let isOutside = section.bool("outside", default: false)
  section.finish()
  // The port is a key of its own.
  guard let address = NetworkAddress(host), host.count(where: { $0 == ":" }) != 1,
    !host.hasPrefix("[")
  else {
    section.problem(
      at: "host", "'host' of 'monitor' takes an address such as 127.0.0.1, not '\(host)'.")
    return nil
  }
  if !address.isLoopback, !isOutside {
    section.problem(
      at: "host",
      "Whoever reaches \(host) could read the metrics without a sign-in: take 127.0.0.1, or say 'outside: true' where "
        + "that is meant, and let the firewall admit the monitor alone.")
  }
  if port == pages.port {
    section.problem(
      at: "port", "The pages listen on the port \(port) already ('listen'); take another one.")
  }
  return MonitorSettings(host: host, port: port)
}
