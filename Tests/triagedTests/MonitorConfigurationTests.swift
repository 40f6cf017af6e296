import Foundation
import Testing

@testable import triaged

@Suite("monitor: of triaged.yaml")
struct MonitorConfigurationTests {
  private func read(
    _ section: String
  ) throws -> (problems: [String], settings: MonitorSettings?) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/triaged.yaml", "\ndeliver:\n", "\n\(section)\ndeliver:\n")
    let loaded = loadConfiguration(folder: config, state: folder.path, now: .now)
    return (loaded.problems.map(\.text), loaded.configuration?.monitor)
  }

  @Test("There is none unless it is named; then it is on this machine alone")
  func usual() throws {
    #expect(try read("").settings == nil)
    let named = try read("monitor: {}")
    #expect(named.problems == [] && named.settings == .init(host: "127.0.0.1", port: 9480))
    let other = try read("monitor: {host: '::1', port: 9999}")
    #expect(other.problems == [] && other.settings == .init(host: "::1", port: 9999))
  }

  @Test(
    "An address that others reach is refused, unless it says that this is meant",
    arguments: ["0.0.0.0", "192.0.2.7", "10.0.0.1", "::", "2001:db8::1"])
  func outside(host: String) throws {
    let refused = try read("monitor: {host: '\(host)'}")
    #expect(refused.problems.count == 1 && refused.settings == nil)
    #expect(refused.problems[0].hasPrefix("Whoever reaches \(host) could read the metrics"))
    let meant = try read("monitor: {host: '\(host)', outside: true}")
    #expect(meant.problems == [] && meant.settings?.host == host)
  }

  @Test(
    "What is no address, or the pages' own port, is refused",
    arguments: [
      ("{host: localhost}", "'host' of 'monitor' takes an address"),
      ("{host: '127.0.0.1:80'}", "'host' of 'monitor' takes an address"),
      ("{host: '[::1]'}", "'host' of 'monitor' takes an address"),
      ("{port: 8480}", "The pages listen on the port 8480 already"),
      ("{port: 0}", "'port' takes"), ("{prot: 1}", "unknown key 'prot'"),
    ])
  func refused(section: String, sentence: String) throws {
    let read = try read("monitor: \(section)")
    #expect(read.settings == nil)
    #expect(read.problems.contains { $0.contains(sentence) }, "\(read.problems)")
  }
}
