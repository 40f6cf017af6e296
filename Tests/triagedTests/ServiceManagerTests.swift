import Foundation
import TestServers
import Testing
import Triage

@testable import triaged

/// A service manager's socket.
final class NotifySocket {
  let descriptor: Int32

  /// - Parameter name: with '@' an abstract one.
  init(_ name: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(2 + bytes.count)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    try #require(bound == 0)
  }

  deinit { close(descriptor) }

  /// What has been said and not heard yet.
  func heard() -> [String] {
    var all: [String] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &bytes, bytes.count, 0)
      guard count > 0 else { return all }
      all.append(String(decoding: bytes[..<count], as: UTF8.self))
    }
  }
}

@Suite("What the service manager is told")
struct ServiceManagerTests {
  private func manager(_ environment: [String: String]) -> ServiceManager {
    ServiceManager(environment: environment, process: 4711)
  }

  @Test("It is told at a path and at an abstract name", arguments: [true, false])
  func names(isAbstract: Bool) throws {
    let folder = try TemporaryFolder()
    let name = isAbstract ? "@triaged-test-\(UUID().uuidString)" : folder.path + "/notify"
    let socket = try NotifySocket(name)
    let manager = manager(["NOTIFY_SOCKET": name])
    #expect(manager.listens)
    manager.ready()
    manager.alive()
    manager.stopping()
    #expect(socket.heard() == ["READY=1", "WATCHDOG=1", "STOPPING=1"])
  }

  @Test("A line of status is said once until it is another, and never becomes two fields")
  func status() throws {
    let folder = try TemporaryFolder()
    let socket = try NotifySocket(folder.path + "/notify")
    let manager = manager(["NOTIFY_SOCKET": folder.path + "/notify"])
    manager.says("no list yet")
    manager.says("no list yet")
    manager.says("one\nREADY=1")
    #expect(socket.heard() == ["STATUS=no list yet", "STATUS=one\\u{a}READY=1"])
  }

  @Test("A reload is told with its moment")
  func reload() throws {
    let folder = try TemporaryFolder()
    let socket = try NotifySocket(folder.path + "/notify")
    let manager = manager(["NOTIFY_SOCKET": folder.path + "/notify"])
    manager.reloading()
    let said = try #require(socket.heard().first)
    let match = try #require(said.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=(\d+)/))
    #expect(try #require(Int64(match.1)) > 0)
  }

  @Test(
    "A watchdog counts only for this process and with a socket",
    arguments: [
      (["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "30000000"], 30),
      (["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "4711"], 30),
      (["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "4712"], nil),
      (["WATCHDOG_USEC": "30000000"], nil), (["NOTIFY_SOCKET": "/x"], nil),
      (["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "0"], nil),
      (["NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "30000000"], nil),
    ] as [([String: String], Int?)])
  func watchdog(environment: [String: String], seconds: Int?) {
    #expect(manager(environment).watchdog == seconds.map { .seconds($0) })
  }

  @Test("Its names are taken out of the environment, so that no child speaks in our place")
  func environment() async {
    await #expect(processExitsWith: .success) {
      setenv("NOTIFY_SOCKET", "/nowhere", 1)
      setenv("WATCHDOG_USEC", "1000000", 1)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      let manager = ServiceManager.ofThisProcess()
      precondition(manager.listens && manager.watchdog == .seconds(1))
      for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
        precondition(getenv(name) == nil)
      }
    }
  }

  @Test("Nobody listens, and nothing happens")
  func nobody() throws {
    let folder = try TemporaryFolder()
    manager(["NOTIFY_SOCKET": folder.path + "/nobody"]).ready()
    ServiceManager.none.ready()
    #expect(!ServiceManager.none.listens)
  }
}
