import Foundation
import Triage

/// What was ticked on a board: one field for each, named for its opportunity, whose value is the generation; of those
/// who are out, named for the outing, whose value is the opportunity.
struct BoardItems: Sendable {
  let all: [BoardPress.Item]

  static let prefix = "item-"
  static let outPrefix = "out-"
  /// Fields that a form of a board may have: a long list, and what else is asked.
  static let most = 500

  init(_ form: FormBody, for step: BoardForm) {
    let items: [BoardPress.Item] =
      if step == .back {
        form.fields(beginning: BoardItems.outPrefix).compactMap { name, value in
          guard let outing = Int64(name), let opportunity = Int64(value) else { return nil }
          return BoardPress.Item(opportunity: opportunity, generation: 0, outing: outing)
        }
      } else {
        form.fields(beginning: BoardItems.prefix).compactMap { name, value in
          guard let opportunity = Int64(name), let generation = Int(value) else { return nil }
          return BoardPress.Item(opportunity: opportunity, generation: generation)
        }
      }
    all = items.sorted { ($0.opportunity, $0.outing ?? 0) < ($1.opportunity, $1.outing ?? 0) }
  }
}

extension BoardAction {
  /// - Returns: `nil` where something is not answered, or with what no list has.
  init?(_ step: BoardForm, _ form: FormBody, _ view: BoardView) {
    func member(_ field: String) -> String? {
      view.members.first { $0.id == form[field] }?.id
    }
    switch step {
    case .choose: return nil
    case .release: self = .release
    case .back: self = .back
    case .revoke: self = .revokeLinks
    case .claim:
      guard let holder = member("member") else { return nil }
      let second = member("second")
      guard form["second"].isEmpty || second != nil, second != holder,
        second != nil || !view.needsSecond
      else { return nil }
      self = .claim(for: holder, second: second)
    case .pass:
      guard let holder = member("member"), let why = PassReason(rawValue: form["why"]) else {
        return nil
      }
      let second = member("second")
      guard form["second"].isEmpty || second != nil, second != holder else { return nil }
      self = .pass(to: holder, why: why, second: second)
    }
  }
}

/// The second page of a press: what else is to be known.
struct BoardStepPage: PageModel {
  var view: String { "board-\(step)" }
  private let step: String
  var top: BoardTop
  var area: String
  var form: NonceForm
  var lines: [BoardRow]
  /// Of those who are back.
  var outings: [BoardOutingRow]
  var members: [Member]
  var seconds: [Member]
  var needsSecond: Bool
  var reasons: [Reason]
  var back: String
  var problem: Bool
  var memberMissing: Bool
  var secondMissing: Bool
  var secondIsHolder: Bool
  var whyMissing: Bool

  struct Member: Sendable {
    var id: String
    var name: String
    var agency: String?
    var isPicked: Bool

    init(_ member: Triage.Member, picked: String) {
      id = member.id
      name = member.name
      agency = member.agency.isEmpty ? nil : member.agency
      isPicked = member.id == picked
    }
  }

  struct Reason: Sendable {
    var id: String
    var number: Int
    var words: String
    var isPicked: Bool
  }

  init(
    _ step: BoardForm, _ view: BoardView, _ items: BoardItems, top: BoardTop, form: NonceForm,
    answers: FormBody, speech: Speech, problem: Bool, back: String
  ) {
    self.step = step.rawValue
    self.top = top
    area = view.area.name
    self.form = form
    self.problem = problem
    self.back = back
    let known = Dictionary(
      (view.open + view.held).compactMap { line in line.opportunity.map { ($0, line) } },
      uniquingKeysWith: { one, _ in one })
    // The generation of the page that was used: what has changed since is to be refused.
    lines = items.all.map { item in
      var line =
        known[item.opportunity]
        ?? BoardLine(
          opportunity: item.opportunity, whereabouts: view.area.name, jobType: "", offer: .visit,
          since: view.now, points: 0, band: "")
      line.generation = item.generation
      return BoardRow(line, speech, now: view.now)
    }
    outings = items.all.compactMap { item in
      view.out.first { $0.id == item.outing }.map { BoardOutingRow($0, speech, now: view.now) }
    }
    let (member, second) = (answers["member"], answers["second"])
    members = view.members.map { Member($0, picked: member) }
    let agency = view.members.first { $0.id == member }?.agency
    // Those of another service first: a pair of two services is the rule.
    seconds =
      view.members.filter { $0.agency != agency }.map { Member($0, picked: second) }
      + view.members.filter { agency != nil && $0.agency == agency }.map {
        Member($0, picked: second)
      }
    needsSecond = view.needsSecond
    reasons = PassReason.allCases.enumerated().map { number, reason in
      Reason(
        id: reason.rawValue, number: number, words: speech.words[.boardPass, reason.rawValue],
        isPicked: reason.rawValue == answers["why"])
    }
    let isKnown = view.members.contains { $0.id == member }
    memberMissing = problem && [.claim, .pass].contains(step) && !isKnown
    secondIsHolder = problem && [.claim, .pass].contains(step) && isKnown && second == member
    secondMissing =
      problem && step == .claim && isKnown && !secondIsHolder
      && !view.members.contains { $0.id == second }
    whyMissing = problem && step == .pass && PassReason(rawValue: answers["why"]) == nil
  }
}

/// What came of a press, item by item.
struct BoardDonePage: PageModel {
  var view: String { "board-done" }
  var top: BoardTop
  var area: String
  var heading: String
  var done: [String]
  var refused: [Refused]
  var hasDone: Bool
  var hasRefused: Bool
  var back: String

  struct Refused: Sendable {
    var line: String
    var why: String
  }

  init(
    _ step: BoardForm, _ receipt: BoardReceipt, _ view: BoardView, top: BoardTop, speech: Speech,
    back: String
  ) {
    self.top = top
    self.back = back
    area = view.area.name
    let words = speech.words
    let known = view.open + view.held
    func line(_ opportunity: Int64) -> String {
      let place =
        known.first { $0.opportunity == opportunity }?.whereabouts
        ?? view.out.first { $0.opportunity == opportunity }?.whereabouts ?? view.area.name
      return "#\(opportunity) \(place)"
    }
    done = receipt.done.map(line)
    refused = receipt.refused.map {
      Refused(line: line($0.opportunity), why: refusalWords($0.why, speech))
    }
    hasDone = !done.isEmpty
    hasRefused = !refused.isEmpty
    heading =
      done.isEmpty
      ? words[.boardNothingDone] : words[.boardDid, step.rawValue]
  }
}

/// The reasons for which one item may be refused, as the files of words name them.
enum RefusalWord: String, CaseIterable {
  case held, withdrawn, done, stale
  case notInTeam = "not_in_team"
  case tooMany = "too_many"
  case tooManyTogether = "too_many_together"
  case onHold = "on_hold"
  case noRoom = "no_room"
  case askedFirst = "asked_first"
  case needsSecond = "needs_second"
  case passedEnough = "passed_enough"
  case forbidden
  case other
}

/// Why one item was refused, as a sentence.
func refusalWords(_ error: ClaimError, _ speech: Speech) -> String {
  func say(_ word: RefusalWord, _ values: [String: String] = [:]) -> String {
    Words.fill(speech.words[.refused, word.rawValue], values)
  }
  return switch error {
  case .heldBy(let name, let since): say(.held, ["name": name, "moment": speech.moment(since)])
  case .withdrawn, .unknown, .expired: say(.withdrawn)
  case .done: say(.done)
  case .stale, .notUndoable: say(.stale)
  case .notInTeam: say(.notInTeam)
  case .tooMany(_, let agency):
    agency.map { say(.tooManyTogether, ["name": $0]) } ?? say(.tooMany)
  case .onHold: say(.onHold)
  case .noRoom: say(.noRoom)
  case .askedFirst(let name, let until):
    say(.askedFirst, ["name": name, "moment": speech.moment(until)])
  case .needsSecond: say(.needsSecond)
  case .passedEnough(let leaders): say(.passedEnough, ["name": leaders.joined(separator: ", ")])
  case .forbidden: say(.forbidden)
  case .wrongPIN, .pinLocked, .triedEnough, .notThatDay, .outsideConsent, .noteMade: say(.other)
  }
}
