import Foundation
import Triage

/// An instant as a mail's header writes it (RFC 5322, 3.3): "Sat, 21 Nov 2026 08:30:00 +0000".
func headerDate(_ instant: Date, in zone: TimeZone) -> String {
  let day = CivilDay(instant, in: zone)
  let offset = zone.secondsFromGMT(for: instant)
  let local = Int(instant.timeIntervalSince1970.rounded(.down)) + offset
  let seconds = (local % 60 + 60) % 60
  let minutes = abs(offset) / 60
  let mark = (offset < 0 ? "-" : "+") + two(minutes / 60) + two(minutes % 60)
  let year = String(day.description.prefix(4))
  return "\(day.weekday.name.prefix(3)), \(day.parts.day) "
    + "\(CivilDay.months[day.parts.month - 1].prefix(3)) \(year) "
    + "\(CivilDates(zone: zone).clock(instant)):\(two(seconds)) \(mark)"
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
