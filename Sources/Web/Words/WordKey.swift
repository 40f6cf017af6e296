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
  case boardDone = "board.done"
  case boardDeclined = "board.declined"
  case boardNothingDone = "board.nothing_done"
  case capacity
  case feedNone = "feed.none"
  case feedCame = "feed.came"
  case feedRows = "feed.rows"
  case feedInArea = "feed.in_area"
  case feedInAreas = "feed.in_areas"
  case feedNotLocated = "feed.not_located"
  case feedUnreadable = "feed.unreadable"
  case sessions
}

/// Families of like texts, by the raw value of what they name.
enum WordFamily: String, CaseIterable {
  case month
  case shortMonth = "short_month"
  case weekday
  case ending
  case household
  case boardDid = "board_did"
  case boardPass = "board_pass"
  case refused

  var members: [String] {
    switch self {
    case .month, .shortMonth: (1...12).map(String.init)
    case .weekday: Weekday.allCases.map(\.rawValue)
    case .ending:
      ["given_back", "lapsed", "recorded"] + OutcomeKind.allCases.map(\.rawValue)
    case .household: ["1", "2"]
    case .boardDid: BoardForm.allCases.filter { $0 != .choose }.map(\.rawValue)
    case .boardPass: PassReason.allCases.map(\.rawValue)
    case .refused: RefusalWord.allCases.map(\.rawValue)
    }
  }
}
