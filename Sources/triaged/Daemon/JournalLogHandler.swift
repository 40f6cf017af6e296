import Foundation
import Logging
import Triage

/// One line an event on standard error: time (UTC, unless the journal adds its own), level, the
/// sentence, then `key=value` pairs. Control characters are escaped, so that nothing that came
/// from outside can begin a line of its own.
struct JournalLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .notice
  /// systemd reads the level from the start of the line and adds the time itself.
  private let underJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = ""
    if underJournal {
      line += "<\(JournalLogHandler.priority(event.level))>"
    } else {
      line += Date.now.formatted(.iso8601) + " \(event.level) "
    }
    line += JournalLogHandler.escaped("\(event.message)")
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      let text = JournalLogHandler.escaped("\(value)")
      line += text.contains(" ") ? " \(key)=\"\(text)\"" : " \(key)=\(text)"
    }
    line += "\n"
    writeOut(line, to: STDERR_FILENO)
  }

  /// What a process says before it ends, as a person at a terminal reads it and as the journal ranks it.
  func sayLast(_ line: String) {
    let rank = underJournal ? "<\(JournalLogHandler.priority(.critical))>" : ""
    writeOut(rank + JournalLogHandler.escaped(line) + "\n", to: STDERR_FILENO)
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
