import Foundation
import Storage
import Testing
import Triage

@testable import triaged

/// 2026-11-23 is a Monday; the desk's clock stands at 10:00.
@Suite("What is pressed at the desk")
struct DeskPressTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

  @Test(
    "A claim is held until the end of the next working day, can be renewed, and put off to a day")
  func lease() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let (claimed, receipt) = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let tuesday = now + day + 7 * hour
      #expect(claimed.claim.until == tuesday && receipt?.until == tuesday)
      #expect(claimed.claim.second?.id == "dee")
      #expect(claimed.undoUntil == now + 600 && receipt?.undo?.generation == 1)
      let (renewed, _) = try await counter.view(token, "bob", 1, .renew, at: now + day)
      #expect(renewed.claim.until == tuesday + day && renewed.claim.generation == 2)
      // To Saturday: the lease ends with the Monday behind it.
      let (snoozed, _) = try await counter.view(
        token, "bob", 2, .snooze(until: monday.plus(5)), at: now + day)
      #expect(snoozed.claim.snoozedUntil == monday.plus(5))
      #expect(snoozed.claim.until == tuesday + 6 * day)
      for wrong in [0, -1, 30] {
        await #expect(throws: ClaimError.notThatDay) {
          try await counter.view(token, "bob", 3, .snooze(until: monday.plus(wrong)))
        }
      }
      guard case .held(_, let by, _, let until) = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      #expect(by == "Bob Baker" && until == tuesday + 6 * day)
    }
  }

  @Test("Who goes along is named where visits need two, and is somebody else of the area")
  func second() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      for second in [nil, "", "bob", "nobody"] {
        await #expect(throws: ClaimError.needsSecond) {
          try await counter.press(token, "bob", 0, .claim(second: second))
        }
      }
      guard case .open(let offer) = try await counter.desk().look(token) else { return }
      #expect(offer.needsSecond)
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].visitsNeedTwo = false
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: nil))
      #expect(view.claim.second == nil && !view.offer.needsSecond)
    }
  }

  @Test("Passed on: the other has a link of their own, the old one shows the masked page")
  func pass() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(token, "bob", 1, .pass(to: "dee", why: .nearer))
      #expect(receipt.name == "Dee Dale" && receipt.undo?.generation == 2)
      let again = try await counter.done(token, "bob", 1, .pass(to: "dee", why: .nearer))
      #expect(again.name == "Dee Dale" && again.until == receipt.until)
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("Hello Dee Dale") })
      #expect(mail.contains("Passed to you by Bob Baker"))
      #expect(mail.contains("Mill Lane") && !mail.contains("12 Mill Lane"))
      let theirs = try #require(try counter.tokens(to: "Dee Dale").first)
      let (view, _) = try await counter.view(theirs, "dee", 2, .claim(second: nil))
      #expect(view.households[0].address.hasPrefix("12 Mill Lane") && view.claim.passes == 1)
      guard case .held(_, let by, _, _) = try await counter.desk().look(token) else {
        Issue.record("the old link does not show who holds it")
        return
      }
      #expect(by == "Dee Dale")
      // The second time, and then to a leader only.
      _ = try await counter.done(theirs, "dee", 2, .pass(to: "bob", why: .knowsThem))
      let (bobs, _) = try await counter.view(token, "bob", 3, .claim(second: nil))
      #expect(bobs.offer.questions.canPassTo?.map(\.id) == ["ann"])
      await #expect(throws: ClaimError.passedEnough(leaders: ["Ann Archer"])) {
        try await counter.press(token, "bob", 3, .pass(to: "dee", why: .away))
      }
      _ = try await counter.done(token, "bob", 3, .pass(to: "ann", why: .away, second: "dee"))
      #expect(try await counter.feed.store.opportunity(1)?.holder == "ann")
    }
  }

  @Test("Taken over: whoever held it is told, without a place; a stale page takes nothing")
  func takeOver() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let take = DeskAction.takeOver(why: .holderAway, second: "ann")
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "dee", 0, take)
      }
      let (view, _) = try await counter.view(token, "dee", 1, take)
      #expect(view.claim.holder.id == "dee" && view.claim.generation == 2)
      let (twice, _) = try await counter.view(token, "dee", 1, take)
      #expect(twice.claim.generation == 2)
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "bob", 1, .release) }
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("taken over") })
      #expect(mail.contains("bob@example.org") && mail.contains("Dee Dale has taken over"))
      #expect(!mail.contains("Mill Lane") && !mail.contains("NG17"))
      let subject = try #require(mail.firstMatch(of: /Subject:[^\r\n]*/)).output
      #expect(!subject.contains("Dee"))
      // Undone, the second mail says so.
      let (again, _) = try await counter.view(token, "ann", 2, take2("bob"))
      #expect(again.claim.holder.id == "ann")
      _ = try await counter.done(token, "ann", 3, .undo)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "dee")
      try await counter.deliver(at: now + 120)
      #expect(try counter.mails.count == 2, "the mail about what was undone never went")
    }
  }

  private func take2(_ second: String) -> DeskAction { .takeOver(why: .agreed, second: second) }

  @Test("Nobody answered: again at another time of day, three times at most")
  func visitAgain() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let (first, _) = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      // Three days later, in the afternoon since it is morning.
      #expect(
        first.offer.questions.nextTry
          == VisitTry(at: now, nextOn: monday.plus(3), nextAt: .afternoon))
      let wrong: [(Int, PartOfDay)] = [(5, .morning), (-1, .evening), (29, .morning)]
      for (days, part) in wrong {
        await #expect(throws: ClaimError.notThatDay) {
          try await counter.press(token, "bob", 1, .visitAgain(on: monday.plus(days), at: part))
        }
      }
      let again = DeskAction.visitAgain(on: monday.plus(3), at: .evening)
      let (second, receipt) = try await counter.view(token, "bob", 1, again)
      #expect(second.claim.visits == [VisitTry(at: now, nextOn: monday.plus(3), nextAt: .evening)])
      #expect(
        second.claim.until == now + 4 * day + 7 * hour && receipt?.until == second.claim.until)
      let (twice, _) = try await counter.view(token, "bob", 1, again)
      #expect(twice.claim.visits.count == 1 && twice.claim.generation == 2)
      let (third, _) = try await counter.view(
        token, "bob", 2, .visitAgain(on: monday.plus(4), at: .morning), at: now + 3 * day)
      #expect(third.claim.visits.count == 2 && third.offer.questions.nextTry == nil)
      await #expect(throws: ClaimError.triedEnough) {
        try await counter.press(
          token, "bob", 3, .visitAgain(on: monday.plus(7), at: .morning), at: now + 4 * day)
      }
      _ = try await counter.done(
        token, "bob", 3, .record(OutcomeAnswers(kind: .noAnswer)), at: now + 4 * day)
    }
  }

  @Test(
    "The last change can be undone for ten minutes, an opt-out with it; not by others, not later")
  func undo() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .doNotContact)))
      #expect(receipt.undo == Receipt.Undo(member: "bob", generation: 2, until: now + 600))
      #expect(try await counter.feed.store.optOuts().count == 1)
      for (who, at) in [("dee", now + 5), ("bob", now + 601)] {
        await #expect(throws: ClaimError.notUndoable) {
          try await counter.press(token, who, 2, .undo, at: at)
        }
      }
      let (back, after) = try await counter.view(token, "bob", 2, .undo, at: now + 599)
      #expect(back.claim.generation == 3 && back.claim.second?.id == "ann")
      #expect(back.claim.until == now + day + 7 * hour && after?.action == "undo")
      #expect(try await counter.feed.store.optOuts().isEmpty)
      #expect(back.undoUntil == now + 600, "the claim itself")
      let last = try await counter.done(token, "bob", 3, .undo, at: now + 600)
      #expect(last.undo == nil)
      guard case .open(let offer) = try await counter.desk(at: now + 600).look(token) else {
        Issue.record("it is not open")
        return
      }
      #expect(offer.generation == 4)
    }
  }

  @Test("Declined is an end of its own; not safe is told to the leaders")
  func decline() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(token, "bob", 1, .decline(why: .notSafe))
      #expect(receipt.outcome == .declined)
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("declined as not safe") })
      #expect(mail.contains("ann@example.org") && !mail.contains("Mill Lane"))
      let stored = try #require(try await counter.feed.store.opportunity(1))
      #expect(stored.state == .done && stored.outcome?.declined == .notSafe)
      let story = try #require(try await counter.feed.store.story(of: 1))
      #expect(story.claims.map(\.endedHow) == ["declined"])
      let past = try await counter.feed.store.pastClaims(
        at: stored.opportunity.address, since: now - day)
      #expect(past.map { $0.outcome?.declined } == [.notSafe])
    }
  }

  @Test("The council closes the job: the holder is told once, and goes on until they say so")
  func closed() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let closed = counter.job("B1", "12 Mill Lane", closed: now + 30)
      try await counter.record([closed], [], at: now + hour)
      for step in 1...3 { try await counter.watch(at: now + hour + Double(step)) }
      try await counter.deliver(at: now + hour + 9)
      let told = try counter.mails.filter { $0.contains("has closed the job") }
      #expect(told.count == 1 && told[0].contains("bob@example.org"))
      let (view, _) = try await counter.view(
        token, "bob", 1, .claim(second: nil), at: now + 2 * hour)
      #expect(view.closedByCouncil == now + 30)
      let (kept, _) = try await counter.view(
        token, "bob", 1, .keepAlthoughClosed, at: now + 2 * hour)
      #expect(kept.closedByCouncil == nil && kept.claim.until == view.claim.until)
      // Whoever it is passed to need not hear it again.
      _ = try await counter.done(token, "bob", 2, .pass(to: "dee", why: .away), at: now + 3 * hour)
      try await counter.watch(at: now + 3 * hour)
      try await counter.deliver(at: now + 3 * hour)
      #expect(try counter.mails.filter { $0.contains("has closed the job") }.count == 1)
    }
  }
}
