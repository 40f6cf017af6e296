import Foundation

extension AnnouncementSchedule {
  /// "mails at 08:30 and 13:00, Monday to Friday, not on bank holidays; next Monday 23 November at 08:30".
  package func inWords(now: Date) -> String {
    var parts: [String] = []
    switch rhythm {
    case .none: break
    case .times(let times, let days):
      parts.append(
        "mails at \(enumerated(times.sorted().map(clockText))), \(Weekday.inWords(days))"
          + (keepsHolidays ? "" : ", not on bank holidays"))
    case .meeting(let meeting):
      let weeks = meeting.weeks == 1 ? "every" : "every second"
      parts.append(
        "a pack \(CivilWords.duration(Double(meeting.ahead) * 60)) before the meeting "
          + "\(weeks) \(meeting.on.weekday.name) at \(clockText(meeting.begins))"
          + (keepsHolidays ? "" : ", not on bank holidays"))
    }
    switch atOnce {
    case .everything: parts.insert("mails at once", at: 0)
    case .band(let band): parts.append("at once from \"\(band)\" upward")
    case .nothing: break
    }
    if let quiet = quietInWords { parts.append(quiet) }
    if rhythm != .none {
      if let next = next(after: now) {
        parts.append(
          "next \(next.day.weekday.name) \(next.day.inWords) at \(next.name)")
      } else {
        parts.append("none is to come within two years")
      }
      if !sendsEmpty { parts.append("none where there is nothing new") }
    }
    return parts.joined(separator: "; ")
  }

  private var quietInWords: String? {
    var parts: [String] = []
    if let hours = quiet.hours {
      parts.append("between \(clockText(hours.from)) and \(clockText(hours.to))")
    }
    if !quiet.days.isEmpty {
      parts.append("on \(enumerated(Weekday.allCases.filter(quiet.days.contains).map(\.name)))")
    }
    if quiet.isOnHolidays { parts.append("on bank holidays") }
    if quiet.isOutsideWorkingHours { parts.append("outside working hours") }
    return parts.isEmpty ? nil : "nothing \(parts.joined(separator: " or "))"
  }
}

extension Weekday {
  /// "Monday to Friday", "every day", "Monday, Wednesday and Friday".
  package static func inWords(_ days: Set<Weekday>) -> String {
    let ordered = allCases.filter(days.contains)
    if ordered.count == allCases.count { return "every day" }
    let places = ordered.compactMap(allCases.firstIndex)
    if ordered.count > 2, places.last! - places[0] == places.count - 1 {
      return "\(ordered[0].name) to \(ordered.last!.name)"
    }
    return enumerated(ordered.map(\.name))
  }
}

/// "A", "A and B", "A, B and C".
package func enumerated(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}
