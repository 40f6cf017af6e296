import Foundation
import Logging
import Triage

/// One line an event: the sentence, then `key=value` pairs. Control characters are escaped, so that nothing that came
/// from outside can begin a line of its own.
///
/// Where standard error is the journal, the same line goes there with a field for each pair (`TRIAGED_FEED=…`), so that
/// `journalctl TRIAGED_FEED=street-scene` finds all about one feed, and with a `MESSAGE_ID` where a person has to act
/// (``JournalMessage``).
struct JournalLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .notice
  private let output: JournalOutput

  init(output: JournalOutput = .here) { self.output = output }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let pairs = metadata.merging(event.metadata ?? [:]) { _, new in new }
      .sorted { $0.key < $1.key }
      .map { (key: $0.key, value: "\($0.value)") }
    let sentence = JournalLogHandler.escaped("\(event.message)")
    var line = sentence
    for (key, value) in pairs { line += " \(key)=\(JournalLogHandler.quoted(value))" }
    switch output {
    case .journal(let socket):
      var fields = [
        ("MESSAGE", line), ("PRIORITY", "\(JournalLogHandler.priority(event.level))"),
        ("SYSLOG_IDENTIFIER", "triaged"),
      ]
      if let message = JournalMessage(rawValue: sentence) {
        fields.append(("MESSAGE_ID", message.id))
      }
      fields += pairs.map { (journalField(of: $0.key), JournalLogHandler.escaped($0.value)) }
      if !socket.send(fields) { write(line, as: .stream, event.level) }
    case .stream, .terminal: write(line, as: output, event.level)
    }
  }

  private func write(_ line: String, as output: JournalOutput, _ level: Logger.Level) {
    let start =
      if case .stream = output {
        // systemd reads the level from the start of the line and adds the time itself.
        "<\(JournalLogHandler.priority(level))>"
      } else {
        Date.now.formatted(.iso8601) + " \(level) "
      }
    writeOut(start + line + "\n", to: STDERR_FILENO)
  }

  /// What a process says before it ends, as a person at a terminal reads it and as the journal ranks it.
  /// - Parameter messageID: by which the journal explains it.
  func sayLast(_ line: String, messageID: String? = nil) {
    let line = JournalLogHandler.escaped(line)
    let rank = "\(JournalLogHandler.priority(.critical))"
    switch output {
    case .journal(let socket):
      var fields = [("MESSAGE", line), ("PRIORITY", rank), ("SYSLOG_IDENTIFIER", "triaged")]
      if let messageID { fields.append(("MESSAGE_ID", messageID)) }
      if !socket.send(fields) { writeOut("<\(rank)>\(line)\n", to: STDERR_FILENO) }
    case .stream: writeOut("<\(rank)>\(line)\n", to: STDERR_FILENO)
    case .terminal: writeOut(line + "\n", to: STDERR_FILENO)
    }
  }

  /// Levels of syslog (RFC 5424), as systemd reads them.
  private static func priority(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }

  /// A value as a line has it: in quotes where it has a space or a quote, and in them a backslash stands before each quote
  /// and backslash of its own, so that a value ends where it ends.
  static func quoted(_ value: String) -> String {
    let scalars = value.unicodeScalars
    guard scalars.contains(where: { $0 == " " || $0 == "\"" }) else { return escaped(value) }
    var inner = String.UnicodeScalarView()
    for scalar in scalars {
      if scalar == "\"" || scalar == "\\" { inner.append("\\") }
      inner.append(scalar)
    }
    return "\"\(escaped(String(inner)))\""
  }

  /// What is not plain (``Triage/isPlain(_:)``) is written as `\u{…}`.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isPlain(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return result
  }
}

/// Writes at once and without a word where nobody takes it: a full disk or a closed pipe behind an
/// output must not end the daemon.
func writeOut(_ text: String, to descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}
