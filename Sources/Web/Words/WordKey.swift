import Triage

/// The texts that Swift code takes from the files of words; all others are taken by templates.
/// A test holds the list against the files.
enum WordKey: String, CaseIterable {
  case dateDay = "date.day"
  case dateMoment = "date.moment"
  case dateWeekday = "date.weekday"
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
  case undelivered = "board.undelivered.mails"
  case hasLeft = "board.undelivered.has_left"
  case capacity
  case feedNone = "feed.none"
  case feedCame = "feed.came"
  case feedRows = "feed.rows"
  case feedInArea = "feed.in_area"
  case feedInAreas = "feed.in_areas"
  case feedNotLocated = "feed.not_located"
  case feedUnreadable = "feed.unreadable"
  case sessions
  case claimedBy = "claimed.by"
  case tried = "claimed.tried"
  case noAgency = "no_agency"
  case wrongPIN = "wrong_pin"
  case noAnswerNote = "kind_note.no_answer"
  case noLine = "no_line"
  case consentGiven = "note.consent_given"
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
  /// Of fields.
  case label, help, first
  case problemText = "problem_text"
  /// Of the outcome.
  case question, kind, consent, how, known
  case agencies
  /// By the minutes after which somebody wants to be back.
  case backIn = "back_in"
  case part
  case partHours = "part_hours"
  case pass, decline
  case takeOver = "take_over"
  /// What was done, above the holder's page.
  case after

  var members: [String] {
    switch self {
    case .month, .shortMonth: (1...12).map(String.init)
    case .weekday: Weekday.allCases.map(\.rawValue)
    case .ending:
      ["given_back", "lapsed", "recorded", "passed_on", "taken_over", "declined"]
        + OutcomeKind.asked.map(\.rawValue)
    case .household: ["1", "2"]
    case .boardDid: BoardForm.allCases.filter { $0 != .choose }.map(\.rawValue)
    case .boardPass: PassReason.allCases.map(\.rawValue)
    case .refused: RefusalWord.allCases.map(\.rawValue)
    case .label:
      [
        "member", "pin", "second", "other_second", "why", "to", "day", "part", "agency", "on",
        "how", "minutes",
      ]
    case .help: ["pin", "second"]
    case .first: ["member", "second", "other_second", "why", "day"]
    case .problemText:
      [
        "member", "second", "other_second", "why", "to", "day", "other_day", "part", "kind",
        "consent", "households", "scope", "on", "how", "known", "line", "minutes",
      ]
    case .question: ["kind", "consent", "households", "scope", "known", "line"]
    case .kind: OutcomeKind.asked.map(\.rawValue)
    case .consent: ["yes", "no"]
    case .how: ConsentAnswers.How.allCases.map(\.rawValue)
    case .known: KnownBefore.allCases.map(\.rawValue)
    case .agencies: Agency.Kind.allCases.filter { $0 != .enforcement }.map(\.rawValue)
    case .backIn: Outing.minutes.map(String.init)
    case .part, .partHours: PartOfDay.allCases.map(\.rawValue)
    case .pass: PassReason.allCases.map(\.rawValue)
    case .decline: DeclineReason.allCases.map(\.rawValue)
    case .takeOver: TakeOverReason.allCases.map(\.rawValue)
    case .after: ["undo", "renew", "snooze", "visit-again", "keep", "take-over", "set-out", "back"]
    }
  }
}
