import Foundation
import Triage

/// How a list's file name tells its instant: "CSVEXP_{ddMMyyyy_HHmm}.CSV" is text, the letters of
/// ``DatePattern`` in braces once, and `*` for any run of characters. The whole name must fit; case is
/// ignored.
struct NameDate {
  private let before: String
  private let date: DatePattern
  private let behind: String
  /// The longest that is read of a name, and of a date in it.
  private static let longestName = 255
  private static let longestDate = 40

  init(_ pattern: String) throws(DatePattern.Unusable) {
    let opens = pattern.indices.filter { pattern[$0] == "{" }
    let closes = pattern.indices.filter { pattern[$0] == "}" }
    guard opens.count == 1, closes.count == 1, opens[0] < closes[0] else {
      throw DatePattern.Unusable(
        why: "The name pattern '\(pattern)' needs one date in braces; write for example "
          + "'JOBS_{ddMMyyyy_HHmm}.csv'.")
    }
    before = String(pattern[..<opens[0]])
    behind = String(pattern[closes[0]...].dropFirst())
    // Letters in a DatePattern stand for parts of the date, so others are quoted there: 'T'.
    date = try DatePattern(String(pattern[opens[0]..<closes[0]].dropFirst()))
  }

  /// The leftmost and longest run of the name that is a date and leaves what fits the rest.
  func read(_ name: String, _ reader: inout DateReader) -> Date? {
    let bytes = Array(name.utf8)
    guard bytes.count <= NameDate.longestName else { return nil }
    for start in bytes.indices {
      guard wildcard(before, matches: String(decoding: bytes[..<start], as: UTF8.self)) else {
        continue
      }
      let last = min(bytes.count, start + NameDate.longestDate)
      for end in stride(from: last, to: start, by: -1) {
        let found = bytes[start..<end].withUnsafeBufferPointer { reader.read($0, as: date) }
        if let found, wildcard(behind, matches: String(decoding: bytes[end...], as: UTF8.self)) {
          return found
        }
      }
    }
    return nil
  }
}

/// The instant that a list's name tells, in the feed's time zone.
/// - Returns: `nil` where the settings name no pattern or the name does not fit it.
func listInstant(_ name: String, _ settings: FeedSettings) -> Date? {
  guard let pattern = settings.dateInName.flatMap({ try? NameDate($0) }),
    let zone = TimeZone(identifier: settings.timeZone)
  else { return nil }
  var reader = DateReader(patterns: [], zone: zone)
  return pattern.read(name, &reader)
}
