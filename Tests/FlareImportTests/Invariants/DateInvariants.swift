import Foundation

@testable import FlareImport

/// What must hold of every text in a date column, and of every pattern that somebody may configure.
package final class DateInvariants {
  private var usual: DateReader
  private var many: DateReader
  private var iso: DateReader

  package init() throws {
    let london = TimeZone(identifier: "Europe/London")!
    func reader(_ formats: [String]) throws -> DateReader {
      DateReader(patterns: try formats.map { try DatePattern($0) }, zone: london)
    }
    usual = try reader(FeedSettings.usualDateFormats)
    many = try reader([
      "MM/dd/yyyy hh:mm:ss a", "d MMM yyyy", "d-MMM-yy H:mm", "dd.MM.yyyy", "yyyyMMdd",
      "yyyyMMdd'T'HHmmssXXX", "dd/MM/yy", "yyyy-MM-dd'T'HH:mm:ssXXX",
    ])
    iso = try reader(["yyyy-MM-dd'T'HH:mm:ssXXX"])
  }

  /// The first line is a text, and what follows it a pattern.
  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    let text = Array(bytes.prefix { $0 != 0x0A })
    let rest = String(decoding: bytes.dropFirst(text.count + 1), as: UTF8.self)
    return text.withUnsafeBufferPointer { text in
      let first = (usual.read(text), many.read(text))
      if first != (usual.read(text), many.read(text)) { return "A second reading differs." }
      for case .date(let date) in [first.0, first.1] {
        if let why = broken(by: date) { return why }
      }
      return broken(pattern: rest, text)
    }
  }

  private func broken(by date: Date) -> String? {
    let instant = date.timeIntervalSince1970
    guard instant >= -2_209_075_200, instant < 2_524_694_400 else {
      return "The date \(instant) is beyond all calendars."
    }
    if instant != instant.rounded() { return "The date \(instant) has a part of a second." }
    // Close to the sentinels an instant may fall into another year at Greenwich.
    guard instant >= -2_208_988_800, instant < 2_524_608_000 else { return nil }
    var seconds = time_t(instant)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    var text =
      "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
      + "T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))Z"
    let again = text.withUTF8 { iso.read($0) }
    return again == .date(date) ? nil : "The date \(text) is not read as it was written."
  }

  private func broken(pattern: String, _ text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let pattern = try? DatePattern(pattern) else { return nil }
    guard let written = pattern.read(text) else { return nil }
    let parts = [
      written.year, written.month, written.day, written.hour, written.minute, written.second,
    ]
    if parts.contains(where: { $0 < 0 || $0 > 9999 }) { return "A part of a date is no such part." }
    if let offset = written.offset, abs(offset) > 15 * 3600 { return "An offset leaves the Earth." }
    return nil
  }
}
