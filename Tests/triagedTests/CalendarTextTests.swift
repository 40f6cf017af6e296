import Foundation
import Testing
import Triage

@testable import triaged

@Suite("A calendar file of a visit")
struct CalendarTextTests {
  private let made = Date(timeIntervalSince1970: 1_795_428_000)

  @Test("Lines are folded at 75 octets between characters, end with CRLF, and values are escaped")
  func shape() throws {
    let place =
      String(repeating: "Ffordd y Môr; 12, ", count: 9) + "a\\b\nc\u{7}\u{202E}\u{200B}d\r\ne"
    let text = calendarText(
      uid: "visit-1@example.org", sequence: 3, made: made, from: made, to: made + 3600,
      places: [place, "9 Church Hill"])
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.last == "" && !text.replacing("\r\n", with: "").contains("\n"))
    for line in lines { #expect(line.utf8.count <= 75, "\(line)") }
    var whole: [String] = []
    for line in lines.dropLast() {
      if line.hasPrefix(" ") {
        whole[whole.count - 1] += line.dropFirst()
      } else {
        whole.append(line)
      }
    }
    let location = try #require(whole.first { $0.hasPrefix("LOCATION:") })
    #expect(
      location == "LOCATION:"
        + String(repeating: "Ffordd y Môr\\; 12\\, ", count: 9)
        + "a\\\\b\\ncd\\ne\\; 9 Church Hill")
    #expect(whole.contains("SUMMARY:Street Scene visit") && whole.contains("CLASS:PRIVATE"))
    #expect(whole.contains("DTSTAMP:20261123T100000Z") && whole.contains("SEQUENCE:3"))
    #expect(whole.first == "BEGIN:VCALENDAR" && whole.last == "END:VCALENDAR")
  }

  @Test("Times are UTC in summer too, and before 1970")
  func times() {
    let june = Date(timeIntervalSince1970: 1_781_600_400)
    let text = calendarText(
      uid: "x", sequence: 1, made: Date(timeIntervalSince1970: -1), from: june, to: june + 10_800,
      places: [])
    #expect(text.contains("DTSTART:20260616T090000Z\r\nDTEND:20260616T120000Z\r\n"))
    #expect(text.contains("DTSTAMP:19691231T235959Z\r\n"))
  }
}
