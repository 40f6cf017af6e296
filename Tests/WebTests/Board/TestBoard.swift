import Foundation
import Synchronization
import Triage

/// A board in memory: Ann leads New Cross, Bob leads Stanton Hill, Charlie nothing, and Ida is the admin.
final class TestBoard: Sendable {
  static let token = "SIGNINLINK-0123456789-abcde"
  static let browser = "the-secret-of-one-browser-1"

  struct State {
    /// Who asked, in the order of asking.
    var asked: [String] = []
    /// By token, whose link it is; used ones are gone.
    var links: [String: String] = [TestBoard.token: "ann"]
    /// By secret.
    var sessions: [String: String] = [:]
    var entered = 0
    var presses: [BoardPress] = []
    /// Those of New Cross.
    var held: [Int64: String] = [3: "bob"]
    /// What the desk was asked beside links, to see that a GET changes nothing.
    var changes = 0
    var formers: [String?] = []
    /// Ids of outings.
    var out: [Int64] = []
    var mapOf: String? = "<svg class=\"tm\"><title>A {{name}} map</title></svg>"
    var areaName = "New Cross"
  }

  let state = Mutex(State())

  private static let people: [String: SignedIn] = [
    "ann": person("ann", "Ann Archer", [("new-cross", "New Cross")]),
    "bob": person("bob", "Bob Baker", [("stanton-hill", "Stanton Hill")]),
    "ida": person("ida", "Ida", [], isAdmin: true),
    "eve": person("eve", "Eve", [("new-cross", "New Cross"), ("a b/c", "Odd <area>")]),
  ]

  private static func person(
    _ id: String, _ name: String, _ areas: [(String, String)], isAdmin: Bool = false
  ) -> SignedIn {
    SignedIn(
      member: id, name: name, areas: areas.map { SignedIn.Area(id: $0.0, name: $0.1) },
      isAdmin: isAdmin, session: "")
  }

  var desk: BoardDesk {
    BoardDesk(
      ask: { email, browser, _ in
        self.state.withLock { $0.asked.append(email) }
        return browser ?? TestBoard.browser
      },
      look: { token in
        try self.state.withLock { state in
          guard let member = state.links[token] else { throw BoardError.badLink }
          return SignInLink(
            name: Self.people[member]!.name, until: Date.thursday.addingTimeInterval(600))
        }
      },
      enter: { token, press, _ in
        try self.state.withLock { state in
          guard let member = state.links[token] else { throw BoardError.badLink }
          guard press.browser == TestBoard.browser || press.email == member + "@example.org" else {
            throw BoardError.needsAddress
          }
          state.links[token] = nil
          let former = press.former
          state.changes += 1
          state.entered += 1
          state.formers.append(former)
          if let former { state.sessions[former] = nil }
          let secret = "session-secret-number-\(state.entered)-x"
          state.sessions[secret] = member
          return NewSession(
            secret: secret, until: Date.thursday.addingTimeInterval(12 * 3600))
        }
      },
      who: { secret, visitor in
        try self.state.withLock { state in
          if let member = visitor.proxyMember {
            guard var person = Self.people[member] else { throw BoardError.notYours }
            person.session = "proxy:\(member)"
            return person
          }
          guard let secret, let member = state.sessions[secret], var person = Self.people[member]
          else { throw BoardError.signedOut }
          person.session = "hash of \(secret)"
          return person
        }
      },
      leave: { secret in
        self.state.withLock {
          $0.changes += 1
          $0.sessions[secret] = nil
        }
      },
      signEverybodyOut: { person in
        guard person.isAdmin else { throw BoardError.notYours }
        return self.state.withLock { state in
          state.changes += 1
          let count = state.sessions.count
          state.sessions = [:]
          return count
        }
      },
      board: { person, area in
        guard person.areas.contains(where: { $0.id == area }) else { throw BoardError.notYours }
        return self.view(area)
      },
      press: { person, press in
        guard person.areas.contains(where: { $0.id == press.area }) else {
          throw BoardError.notYours
        }
        return self.state.withLock { state in
          state.changes += 1
          state.presses.append(press)
          var receipt = BoardReceipt(done: [], refused: [])
          for item in press.items {
            if item.generation == 7 {
              receipt.refused.append(.init(opportunity: item.opportunity, why: .stale))
            } else {
              receipt.done.append(item.opportunity)
            }
          }
          return receipt
        }
      },
      status: { person in
        guard person.isAdmin else { throw BoardError.notYours }
        return BoardStatus(
          now: .thursday, startedAt: .thursday, isReady: false, matters: ["A list is <late>."],
          feeds: self.view("new-cross").feeds,
          areas: [
            .init(
              area: .init(id: "new-cross", name: "New Cross"), open: 1, held: 2, waiting: 3,
              paused: "staff are away")
          ], sessions: 4, mailsPending: 5, mailsFailed: 6, rulesVersion: "7")
      })
  }

  func view(_ area: String) -> BoardView {
    let members = [
      Member(id: "ann", name: "Ann Archer", agency: "Council", email: "", channel: ""),
      Member(id: "bob", name: "Bob Baker", agency: "Housing", email: "", channel: ""),
      Member(id: "dee", name: "Dee Dale", agency: "Fire", email: "", channel: ""),
    ]
    func line(_ id: Int64?, _ street: String, _ generation: Int = 0) -> BoardLine {
      BoardLine(
        opportunity: id, generation: generation, number: id == nil ? nil : 1,
        whereabouts: "\(street), NG17", jobType: "Bulky waste quote", offer: .visit,
        since: .thursday.addingTimeInterval(-3 * 86_400), points: 50, band: "high",
        reasons: [Reason(code: "type:bulky", points: 50, sentence: "A quote is <open>.")])
    }
    var held = line(3, "Quince <Avenue>", 2)
    held.holder = members[1]
    held.second = members[2]
    held.heldSince = .thursday
    held.heldUntil = .thursday.addingTimeInterval(86_400)
    var waiting = line(nil, "Pipit Lane")
    waiting.why = "This week's places are used up."
    var done = line(9, "Mill Lane", 1)
    done.holder = members[0]
    done.endedAt = .thursday
    var spoken = done
    spoken.outcome = .noAnswer
    var view = BoardView(
      area: SignedIn.Area(id: area, name: state.withLock(\.areaName)), now: .thursday, onHold: nil,
      paused: nil,
      open: [line(1, "Mill Lane"), line(2, "Church Hill", 7)], held: [held], waiting: [waiting],
      belowTheLine: [line(nil, "Low Street")], done: [done, spoken], capacity: 5, usedThisWeek: 3,
      feeds: [
        FeedLine(
          name: "Flare list", cameAt: .thursday, rows: 312, inArea: 14, notLocated: 2,
          unreadable: 0, troubles: ["It is late."])
      ], map: state.withLock(\.mapOf), members: members, needsSecond: true)
    view.out = state.withLock(\.out).map { id in
      BoardOuting(
        id: id, opportunity: 9, whereabouts: "Mill Lane, NG17", people: [members[1], members[2]],
        since: .thursday.addingTimeInterval(-7200), backBy: .thursday.addingTimeInterval(-3600))
    }
    return view
  }
}
