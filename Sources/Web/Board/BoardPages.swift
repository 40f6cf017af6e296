import Foundation
import Mustache
import Triage

/// Where a form is sent, with what shows that we made it.
struct NonceForm: Sendable {
  var action: String
  var nonce: String
}

/// What stands above every page behind a sign-in.
struct BoardTop: Sendable {
  var name: String
  /// The boards of whoever is signed in.
  var areas: [Link]
  /// The admin's page, where there is a way to it.
  var status: String?
  /// `nil`: a proxy says who it is.
  var signOut: NonceForm?

  struct Link: Sendable {
    var name: String
    var path: String
    var isHere: Bool
  }
}

/// Asks for a link to sign in.
struct SignInPage: PageModel {
  var view: String { "sign-in" }
  var form: NonceForm
  /// What was typed is no address.
  var problem: Bool
  /// For those who are signed in and came from another site, whose browser kept the cookie back.
  var board: String
}

/// What a link to sign in shows: whose it is, and the button that uses it.
struct SignInLinkPage: PageModel {
  var view: String { "sign-in-link" }
  var name: String
  /// "10:10".
  var until: String
  var form: NonceForm
  /// In another browser than the one that asked for the link: the address is to be typed.
  var asks: Bool
  /// Another address was.
  var problem: Bool
}

/// For those who lead several areas.
struct BoardsPage: PageModel {
  var view: String { "boards" }
  var top: BoardTop
}

/// A list of the board with what can be done to it.
struct BoardSection: Sendable {
  var lines: [BoardRow]
  var count: Int
  var isEmpty: Bool

  init(_ lines: [BoardRow]) {
    self.lines = lines
    count = lines.count
    isEmpty = lines.isEmpty
  }
}

/// One line of a board.
struct BoardRow: Sendable {
  /// Opportunity and generation, where it can be picked.
  var pick: Pick?
  var whereabouts: String
  /// Of its square on the map.
  var number: String?
  var jobType: String
  var age: String
  var priority: String
  var isJoint: Bool
  var reasons: [MaskedOffer.Line]
  var holder: String?
  var second: String?
  var since: String?
  var until: String?
  var snoozed: String?
  var why: String?
  var outcome: String
  var ended: String?

  struct Pick: Sendable {
    var opportunity: Int64
    var generation: Int
  }

  init(_ line: BoardLine, _ speech: Speech, now: Date) {
    pick = line.opportunity.map { Pick(opportunity: $0, generation: line.generation) }
    whereabouts = line.whereabouts
    number = line.number.map(String.init)
    jobType = line.jobType
    age = speech.age(of: line.since, at: now)
    let points = speech.words.counted(line.points, .points)
    priority =
      line.band.isEmpty
      ? points : speech.words.filled(.priority, ["band": line.band, "points": points])
    isJoint = line.isJoint
    reasons = line.reasons.map { MaskedOffer.Line($0) }
    holder = line.holder?.name
    second = line.second?.name
    since = line.heldSince.map(speech.moment)
    until = line.heldUntil.flatMap { $0 == .distantFuture ? nil : speech.moment($0) }
    snoozed = line.snoozedUntil.map { speech.day($0.instant(minutes: 0, in: speech.zone)) }
    why = line.why
    outcome =
      switch line.outcome {
      case nil: speech.words[.boardDone]
      case .declined: speech.words[.boardDeclined]
      case let kind?: speech.words[.ending, kind.rawValue]
      }
    ended = line.endedAt.map(speech.shortDay)
  }
}

/// The board of one area.
struct BoardPage: PageModel {
  var view: String { "board" }
  /// Its tables have room on a desktop.
  let isWide = true
  var top: BoardTop
  var area: String
  var form: NonceForm
  /// Nothing was picked.
  var problem: Bool
  var onHold: String?
  var paused: String?
  var out: [BoardOutingRow]
  var isOut: Bool
  var open: BoardSection
  var held: BoardSection
  var waiting: BoardSection
  var below: BoardSection
  var done: BoardSection
  var capacity: String
  var feeds: [FeedRow]
  var map: MustacheTemplate?
  var hasMap: Bool
  var asOf: String

  init(
    _ view: BoardView, top: BoardTop, form: NonceForm, speech: Speech, problem: Bool
  ) {
    func section(_ lines: [BoardLine]) -> BoardSection {
      BoardSection(lines.map { BoardRow($0, speech, now: view.now) })
    }
    self.top = top
    area = view.area.name
    self.form = form
    self.problem = problem
    onHold = view.onHold
    paused = view.paused
    out = view.out.map { BoardOutingRow($0, speech, now: view.now) }
    isOut = !out.isEmpty
    open = section(view.open)
    held = section(view.held)
    waiting = section(view.waiting)
    below = section(view.belowTheLine)
    done = section(view.done)
    capacity = speech.words.counted(
      view.capacity, .capacity, ["used": "\(view.usedThisWeek)"])
    feeds = view.feeds.map { FeedRow($0, area: view.area.name, speech) }
    map = view.map.flatMap(ownMarkup)
    hasMap = map != nil
    asOf = speech.moment(view.now)
  }
}

/// "The list came at 07:55: 312 rows, 14 in New Cross, 2 not located."
struct FeedRow: Sendable {
  var name: String
  var sentence: String
  var troubles: [String]

  /// - Parameter area: `nil` on the admin's page, where those in any area are counted.
  init(_ feed: FeedLine, area: String?, _ speech: Speech) {
    let words = speech.words
    name = feed.name
    troubles = feed.troubles
    guard let at = feed.cameAt else {
      sentence = words[.feedNone]
      return
    }
    var parts = [words.counted(feed.rows, .feedRows)]
    let inArea = ["count": "\(feed.inArea)", "area": area ?? ""]
    parts.append(words.filled(area == nil ? .feedInAreas : .feedInArea, inArea))
    parts.append(words.filled(.feedNotLocated, ["count": "\(feed.notLocated)"]))
    if feed.unreadable > 0 {
      parts.append(words.filled(.feedUnreadable, ["count": "\(feed.unreadable)"]))
    }
    sentence = words.filled(
      .feedCame, ["moment": speech.moment(at), "counts": parts.joined(separator: ", ")])
  }
}

/// The instance, for its admin.
struct StatusPage: PageModel {
  var view: String { "status" }
  let isWide = true
  var top: BoardTop
  var isReady: Bool
  var isWell: Bool
  var matters: [String]
  var feeds: [FeedRow]
  var areas: [Area]
  var started: String?
  var rules: String
  var pending: String
  var failed: String
  var sessions: String
  var everybody: NonceForm
  var asOf: String

  struct Area: Sendable {
    var name: String
    var open: Int
    var held: Int
    var waiting: Int
    var paused: String?
  }

  init(_ status: BoardStatus, top: BoardTop, everybody: NonceForm, speech: Speech) {
    self.top = top
    self.everybody = everybody
    isReady = status.isReady
    isWell = status.isReady && status.matters.isEmpty
    matters = status.matters
    feeds = status.feeds.map { FeedRow($0, area: nil, speech) }
    areas = status.areas.map {
      Area(name: $0.area.name, open: $0.open, held: $0.held, waiting: $0.waiting, paused: $0.paused)
    }
    started = status.startedAt.map(speech.moment)
    rules = status.rulesVersion
    pending = "\(status.mailsPending)"
    failed = "\(status.mailsFailed)"
    sessions = "\(status.sessions)"
    asOf = speech.moment(status.now)
  }
}

/// Markup that we have drawn ourselves, as a template of a page may show it without escaping. What may look like a tag
/// of a template in it (an area can be called anything) is none.
///
/// - Returns: `nil` where it cannot be shown, which never happens to a picture of ours.
func ownMarkup(_ markup: String) -> MustacheTemplate? {
  try? MustacheTemplate(string: markup.replacing("{{", with: "&#123;&#123;"))
}
