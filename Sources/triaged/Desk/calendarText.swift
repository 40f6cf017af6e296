import Foundation
import Triage

/// A calendar file (RFC 5545) of one visit: lines end with CRLF and are folded at 75 octets, values are escaped, times
/// are UTC.
///
/// Its summary is "Street Scene visit" whatever the reason: a calendar is looked at over shoulders and shared with
/// colleagues. Where it goes is the address in full, since whoever holds it has it on the page already and needs it
/// for the way; the class is private, so that a shared calendar shows no more than that somebody is busy
/// (docs/claims.md).
/// - Parameters:
///   - uid: the same for every file of one opportunity, so that a later one takes the place of the earlier.
///   - sequence: higher for a later one.
func calendarText(
  uid: String, sequence: Int, made: Date, from: Date, to: Date, places: [String]
) -> String {
  let lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//triaged//claim desk//EN", "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:\(escaped(uid))", "SEQUENCE:\(sequence)",
    "DTSTAMP:\(stamp(made))", "DTSTART:\(stamp(from))", "DTEND:\(stamp(to))",
    "SUMMARY:Street Scene visit", "LOCATION:\(escaped(places.joined(separator: "; ")))",
    "CLASS:PRIVATE", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR",
  ]
  return lines.map { folded($0) + "\r\n" }.joined()
}

/// "20261119T090000Z".
private func stamp(_ instant: Date) -> String {
  let seconds = Int(instant.timeIntervalSince1970.rounded(.down))
  let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
  let parts = CivilDay(number: day).parts
  let time = seconds - day * 86_400
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(parts.year)\(two(parts.month))\(two(parts.day))T"
    + "\(two(time / 3600))\(two(time / 60 % 60))\(two(time % 60))Z"
}

/// TEXT of section 3.3.11: backslash, semicolon, comma and line ends are escaped. What is not plain otherwise
/// (`isPlain`), as marks that turn the direction of writing, goes.
private func escaped(_ text: String) -> String {
  var plain = ""
  for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
    switch scalar {
    case "\\", ";", ",": plain += "\\\(scalar)"
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": plain += "\\n"
    case _ where isPlain(scalar): plain.unicodeScalars.append(scalar)
    default: break
    }
  }
  return plain
}

/// Section 3.1: no line is longer than 75 octets, and none begins within a character.
private func folded(_ line: String) -> String {
  var (text, octets) = ("", 0)
  for scalar in line.unicodeScalars {
    let length = String(scalar).utf8.count
    if octets + length > 75 {
      text += "\r\n "
      octets = 1
    }
    text.unicodeScalars.append(scalar)
    octets += length
  }
  return text
}
