import CDispatch
import Foundation
import Glibc

/// Where the lines of the journal go.
enum JournalOutput: Sendable {
  /// The journal's own socket, with fields.
  case journal(JournalSocket)
  /// Standard error, which systemd reads: the level stands before each line.
  case stream
  /// Standard error, which a person reads: time (UTC) and level stand before each line.
  case terminal

  /// Of this process.
  static let here = JournalOutput(
    stream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"], socket: JournalSocket.usual)

  /// - Parameters:
  ///   - stream: what JOURNAL_STREAM says: device and inode of what systemd has made standard error to be
  ///     (systemd.exec(5)). A program that was started by a service, with its errors elsewhere, has it too.
  ///   - socket: the path of the journal's socket.
  init(stream: String?, socket: String) {
    guard let stream, stream == JournalOutput.place(of: STDERR_FILENO) else {
      self = .terminal
      return
    }
    self = JournalSocket(path: socket).map { .journal($0) } ?? .stream
  }

  /// Device and inode of what a descriptor is open on, as JOURNAL_STREAM has them.
  static func place(of descriptor: Int32) -> String? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    return "\(status.st_dev):\(status.st_ino)"
  }
}

/// The journal's own socket, as its native protocol has it (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/): one datagram
/// an event, a line for each field.
final class JournalSocket: Sendable {
  static let usual = "/run/systemd/journal/socket"

  private let descriptor: Int32
  private let path: String

  /// - Returns: `nil` where there is no such socket.
  init?(path: String) {
    guard path.utf8.count <= longestSocketName, access(path, W_OK) == 0 else { return nil }
    self.path = path
    descriptor = datagramSocket()
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// - Returns: whether the journal has taken it; not where it does not run, or where the event is too long for it.
  func send(_ fields: [(name: String, value: String)]) -> Bool {
    // By its address each time: a journal that was restarted has another socket there.
    sendDatagram(journalDatagram(fields), to: path, by: descriptor)
  }
}

/// `NAME=value` and a line end for each field; a value with line ends of its own goes behind its length in 64 bits, so
/// that it begins no field.
func journalDatagram(_ fields: [(name: String, value: String)]) -> [UInt8] {
  var bytes: [UInt8] = []
  for (name, value) in fields {
    bytes += name.utf8
    if value.utf8.contains(0x0A) {
      bytes.append(0x0A)
      withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes += value.utf8
    bytes.append(0x0A)
  }
  return bytes
}

/// The name of a field for a key of ours: capitals, digits and underscores, 64 of them at most.
func journalField(of key: String) -> String {
  let name = key.utf8.map { byte -> UInt8 in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
    default: UInt8(ascii: "_")
    }
  }
  return String(decoding: "TRIAGED_".utf8 + name.prefix(56), as: UTF8.self)
}
