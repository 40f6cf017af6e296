import CDispatch
import Foundation
import Glibc
import Logging
import Testing

@testable import triaged

/// A stand-in for the journal's socket.
private final class Journal {
  let path: String
  private let descriptor: Int32

  init(in folder: TemporaryFolder) throws {
    path = folder.path + "/j"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    try #require(path.utf8.count < 108)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
  }

  deinit { close(descriptor) }

  /// The fields of the next event, read as the journal does; `nil`: none has come.
  func next() -> [String: String]? {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let length = recv(descriptor, &bytes, bytes.count, 0)
    guard length > 0 else { return nil }
    return read(bytes[..<length])
  }

  private func read(_ datagram: ArraySlice<UInt8>) -> [String: String] {
    var fields: [String: String] = [:]
    var rest = datagram
    while let end = rest.firstIndex(of: 0x0A) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
        fields[String(decoding: line[..<equals], as: UTF8.self)] = String(
          decoding: line[(equals + 1)...], as: UTF8.self)
      } else {
        let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let value = rest.dropFirst(8).prefix(length)
        fields[String(decoding: line, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        rest = rest.dropFirst(8 + length + 1)
      }
    }
    return fields
  }
}

@Suite("The journal's own socket")
struct JournalSocketTests {
  private func logger(_ journal: Journal) throws -> Logger {
    let socket = try #require(JournalSocket(path: journal.path))
    return Logger(label: "triaged") { _ in JournalLogHandler(output: .journal(socket)) }
  }

  @Test(
    "An event is one datagram with a field for each key, and its number where a person has to act")
  func fields() throws {
    let folder = try TemporaryFolder()
    let journal = try Journal(in: folder)
    let logger = try logger(journal)
    logger.error(
      "\(JournalMessage.feedTrouble.rawValue)",
      metadata: ["feed": "street-scene", "why": "It is late."])
    let fields = try #require(journal.next())
    let line = "\(JournalMessage.feedTrouble.rawValue) feed=street-scene why=\"It is late.\""
    let wanted: [String: String] = [
      "MESSAGE": line, "PRIORITY": "3", "SYSLOG_IDENTIFIER": "triaged",
      "MESSAGE_ID": JournalMessage.feedTrouble.id, "TRIAGED_FEED": "street-scene",
      "TRIAGED_WHY": "It is late.",
    ]
    #expect(fields == wanted)
    logger.notice("List read.", metadata: ["rows": "3"])
    let second = try #require(journal.next())
    #expect(second["PRIORITY"] == "5" && second["MESSAGE_ID"] == nil)
    #expect(journal.next() == nil)
  }

  @Test(
    "A value begins no field of its own, whatever is in it",
    arguments: ["a\nPRIORITY=0\nMESSAGE=forged", "a\r\nb", "\n", "=", "", "\u{1B}[31m", "\u{2028}"])
  func injection(value: String) throws {
    let folder = try TemporaryFolder()
    let journal = try Journal(in: folder)
    try logger(journal).warning("One event.", metadata: ["key": "\(value)"])
    let fields = try #require(journal.next())
    #expect(
      Set(fields.keys) == ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "TRIAGED_KEY"])
    #expect(fields["PRIORITY"] == "4")
    #expect(fields["TRIAGED_KEY"] == JournalLogHandler.escaped(value))
    // And where one is sent as it is.
    let socket = try #require(JournalSocket(path: journal.path))
    #expect(socket.send([("MESSAGE", value), ("PRIORITY", "6")]))
    #expect(try #require(journal.next()) == ["MESSAGE": value, "PRIORITY": "6"])
  }

  @Test("Names of fields are what the journal takes, never one that it trusts")
  func names() {
    #expect(journalField(of: "again_in") == "TRIAGED_AGAIN_IN")
    #expect(journalField(of: "_pid") == "TRIAGED__PID")
    #expect(journalField(of: "ä b=") == "TRIAGED____B_")
    #expect(journalField(of: String(repeating: "k", count: 200)).utf8.count == 64)
  }

  @Test("Standard error is the journal only where systemd says that of this very file")
  func detection() throws {
    let own = try #require(JournalOutput.place(of: STDERR_FILENO))
    let folder = try TemporaryFolder()
    let journal = try Journal(in: folder)
    guard case .journal = JournalOutput(stream: own, socket: journal.path) else {
      Issue.record("its socket is there")
      return
    }
    guard case .stream = JournalOutput(stream: own, socket: folder.path + "/none"),
      case .terminal = JournalOutput(stream: "1:2", socket: journal.path),
      case .terminal = JournalOutput(stream: nil, socket: journal.path)
    else {
      Issue.record("no socket, or another file")
      return
    }
  }

  @Test("Of a start that is refused the last line has the number of its reason")
  func refusedStart() throws {
    let folder = try TemporaryFolder()
    let journal = try Journal(in: folder)
    let socket = try #require(JournalSocket(path: journal.path))
    ExitReason(.configuration, ["team.yaml:1:1: unknown key 'e'", "It does not start."])
      .say(to: JournalLogHandler(output: .journal(socket)))
    let first = try #require(journal.next())
    #expect(first["MESSAGE"] == "team.yaml:1:1: unknown key 'e'" && first["MESSAGE_ID"] == nil)
    let last: [String: String] = [
      "MESSAGE": "It does not start.", "PRIORITY": "2", "SYSLOG_IDENTIFIER": "triaged",
      "MESSAGE_ID": ExitReason.Code.configuration.messageID,
    ]
    #expect(try #require(journal.next()) == last)
    #expect(journal.next() == nil)
  }

  @Test("Each message with a number is said somewhere, and the catalog explains it")
  func catalog() throws {
    let catalog = try text(of: root + "/packaging/journal/triaged.catalog")
    var said = ""
    let sources = try #require(FileManager.default.enumerator(atPath: root + "/Sources/triaged"))
    for case let path as String in sources
    where path.hasSuffix(".swift") && !path.hasSuffix("JournalMessage.swift") {
      said += try text(of: root + "/Sources/triaged/" + path)
    }
    for message in JournalMessage.allCases {
      #expect(said.contains("\"\(message.rawValue)\""), "\(message)")
    }
    let ids = JournalMessage.allCases.map(\.id) + ExitReason.Code.allCases.map(\.messageID)
    #expect(Set(ids).count == ids.count)
    for id in ids {
      #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil)
      #expect(catalog.contains("-- \(id)\nSubject: "), "\(id)")
    }
    #expect(catalog.components(separatedBy: "\n-- ").count - 1 == ids.count)
  }
}
