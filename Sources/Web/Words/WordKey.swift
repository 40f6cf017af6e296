import Triage

/// The texts that Swift code takes from the files of words; all others are taken by templates.
/// A test holds the list against the files.
enum WordKey: String, CaseIterable {
  case dateDay = "date.day"
  case dateMoment = "date.moment"
  case ageToday = "age.today"
  case ageYesterday = "age.yesterday"
  case ageDays = "age.days"
  case points = "points"
  case priority = "priority"
  case drawn = "priority.drawn"
  case offers = "offers"
  case anotherJob = "history.another_job"
  case noDate = "history.no_date"
  case open = "history.open"
  case closed = "history.closed"
  case offTheList = "history.off_the_list"
  case history = "history.caption"
  case historyClosed = "history.caption_closed"
}

/// Families of like texts, by the raw value of what they name.
enum WordFamily: String, CaseIterable {
  case month
  case shortMonth = "short_month"
  case weekday
  case ending
  case household

  var members: [String] {
    switch self {
    case .month, .shortMonth: (1...12).map(String.init)
    case .weekday: Weekday.allCases.map(\.rawValue)
    case .ending:
      ["given_back", "lapsed", "recorded"] + OutcomeKind.allCases.map(\.rawValue)
    case .household: ["1", "2"]
    }
  }
}
