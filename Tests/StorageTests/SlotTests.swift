import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

/// What waits for a set time of its area, and that each time is dealt with once.
@Suite("Slots")
struct SlotTests {
  private let ann = Pass.Recipient(member: "ann", channel: "smtp")

  private func slot(
    _ key: String, sendsEmpty: Bool = true, leaders: [Pass.Recipient]? = nil,
    open: [DigestFacts.Open] = []
  ) -> AnnouncementPlan.Slot {
    AnnouncementPlan.Slot(
      key: key, due: noon, sendsEmpty: sendsEmpty, leaders: leaders ?? [ann],
      facts: DigestFacts.Area(id: "north", name: "North", open: open, belowTheLine: 3))
  }

  private func plan(
    _ slot: AnnouncementPlan.Slot?, atOnceFrom: Int? = nil, isQuiet: Bool = false
  ) -> AnnouncementPlan {
    AnnouncementPlan(areas: [
      "north": AnnouncementPlan.Area(
        atOnceFrom: atOnceFrom, isQuiet: isQuiet, leaders: ["ann"], slot: slot)
    ])
  }

  private func round(
    _ store: Store, _ plan: AnnouncementPlan, held: HeldBack = HeldBack(), at now: Date = noon
  ) async throws -> [DueDigest] {
    let prefix = UUID().uuidString
    let ids = Ids()
    try await store.bundle(
      now: now, held: held, plan: plan, newID: { prefix + ids.next() },
      link: { announcement, digest in
        // Of both, as the real ones are.
        tokenHash(announcement).prefix(8) + Array(digest.utf8.suffix(24))
      }, linkExpires: now + 14 * day)
    return try await store.dueDigests(now: now, held: held)
  }

  private func offer(_ store: Store, _ references: [String], points: Int = 30) async throws {
    let jobs = references.map { job($0, uprn: "1000" + $0) }
    try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0], points: points) })))
  }

  @Test("What is owed waits for its slot; the slot is told once, whatever the clock says later")
  func once() async throws {
    try await withStore { store in
      try await offer(store, ["1", "2"])
      #expect(try await round(store, plan(nil)).isEmpty)
      let counts = try await store.counts(scheduled: ["north"])
      #expect(counts.owed == 0 && counts.oldestOwed == nil && counts.awaitingSlot == 2)
      #expect(try await store.areasWithOpenSlots(["north": ("a", ["ann"])]) == ["north"])
      let due = try await round(store, plan(slot("a")), at: noon + hour)
      #expect(due.map(\.items.count) == [2])
      #expect(due[0].facts?.slot == "a" && due[0].facts?.areas.map(\.belowTheLine) == [3])
      #expect(try await store.accepted(digest: due[0].id, now: noon + hour))
      #expect(try await store.areasWithOpenSlots(["north": ("a", ["ann"])]).isEmpty)
      #expect(try await store.areasWithOpenSlots(["north": ("a", ["ann", "bob"])]) == ["north"])
      // The clock goes back, a restart comes between: nothing more of that slot.
      for at in [noon - day, noon, noon + 5 * day] {
        #expect(try await round(store, plan(slot("a")), at: at).isEmpty)
      }
      #expect(try await store.deskItems().compactMap(\.toldSince) == [noon + hour, noon + hour])
    }
  }

  @Test(
    "Where nothing is new the slot is told all the same, unless that is switched off; both once")
  func empty() async throws {
    try await withStore { store in
      let due = try await round(store, plan(slot("a")))
      #expect(due.map(\.items) == [[]] && due[0].facts != nil)
      #expect(try await round(store, plan(slot("a"))) == due)
      #expect(try await round(store, plan(slot("b", sendsEmpty: false))) == due)
      #expect(try await store.areasWithOpenSlots(["north": ("b", ["ann"])]).isEmpty)
      // What comes afterwards waits for the next one.
      try await offer(store, ["1"])
      #expect(try await round(store, plan(slot("b", sendsEmpty: false))) == due)
      let outbox = try await store.outbox()
      #expect(outbox.map(\.areas) == [["north"]] && outbox.map(\.items) == [0])
    }
  }

  @Test(
    "Without an offer left a digest of a slot goes on; one that is not to be told empty does not")
  func emptied() async throws {
    try await withStore { store in
      for (key, reference, stays) in [("a", "1", true), ("b", "2", false)] {
        try await offer(store, [reference])
        let due = try await round(store, plan(slot(key, sendsEmpty: stays)))
        #expect(due.map(\.items.count) == [1])
        try await store.withdraw(opportunities: due[0].items.map(\.opportunity.id), now: noon)
        let left = try await store.dueDigests(now: noon)
        #expect(left.map(\.items.count) == (stays ? [0] : []), "\(key)")
        for digest in left { try await store.accepted(digest: digest.id, now: noon) }
      }
    }
  }

  @Test("What is urgent goes at once, but in no quiet time")
  func urgent() async throws {
    try await withStore { store in
      try await offer(store, ["1"], points: 60)
      #expect(try await round(store, plan(nil, atOnceFrom: 61)).isEmpty)
      #expect(try await round(store, plan(nil, atOnceFrom: 60, isQuiet: true)).isEmpty)
      let due = try await round(store, plan(nil, atOnceFrom: 60))
      #expect(due.map(\.items.count) == [1] && due[0].facts == nil)
    }
  }

  @Test("A paused area waits with its slot; somebody who leads the area no more waits for none")
  func heldBack() async throws {
    try await withStore { store in
      try await offer(store, ["1"])
      #expect(
        try await round(store, plan(slot("a")), held: HeldBack(areas: ["north"])).map(\.items.count)
          == [0])
      let bob = Pass.Recipient(member: "bob", channel: "smtp")
      var changed = plan(nil)
      changed.areas["north"]?.leaders = ["bob"]
      let due = try await round(store, changed)
      #expect(due.contains { $0.recipient == "ann" && $0.items.count == 1 && $0.facts == nil })
      #expect(
        try await round(store, plan(slot("b", leaders: [bob]))).contains { $0.recipient == "bob" })
    }
  }

  @Test(
    "While a relay is down each slot takes over the one before: one digest is left, and nothing is lost"
  )
  func relayDown() async throws {
    try await withStore { store in
      var now = noon
      for number in 1...20 {
        try await offer(store, (1...number).map(String.init))
        let due = try await round(store, plan(slot("slot \(number)")), at: now)
        #expect(due.count == 1 && due[0].items.count == number)
        for digest in due {
          #expect(try await store.attempting(digest: digest.id, next: now + hour, now: now))
          try await store.deferred(
            digest: digest.id, until: now + hour, why: "The relay is down.", now: now)
        }
        now += 6 * hour
      }
      #expect(try await store.outbox().map(\.items) == [20])
      // Since when the first of them was owed is not forgotten.
      #expect(try await store.counts().oldestOwed == noon)
    }
  }

  @Test("What is taken over has been tried since it was first tried, not since it was taken over")
  func triedSince() async throws {
    try await withStore { store in
      for number in 0...2 {
        let at = noon + Double(number) * 6 * hour
        try await offer(store, ["1"])
        let due = try await round(store, plan(slot("slot \(number)")), at: at)
        #expect(due.map(\.triedSince) == [number == 0 ? nil : noon])
        for digest in due {
          #expect(try await store.attempting(digest: digest.id, next: at + hour, now: at))
          try await store.deferred(
            digest: digest.id, until: at + hour, why: "The relay is down.", now: at)
        }
      }
      let lasting = try await store.lastingDeferrals(for: 4 * hour, now: noon + 12 * hour)
      #expect(lasting["smtp"]?.since == noon)
    }
  }

  @Test(
    "What was given up is owed anew although something went through before it was first tried; once too late, with the next slot"
  )
  func givenUp() async throws {
    for usefulUntil in [noon + 20 * hour, noon + 7 * hour] {
      try await withStore { store in
        try await offer(store, ["1"])
        var of = slot("a")
        of.usefulUntil = usefulUntil
        for number in 0...1 {
          let at = noon + Double(number) * 6 * hour
          of.key = "slot \(number)"
          let due = try await round(store, plan(of), at: at)
          #expect(try await store.attempting(digest: due[0].id, next: at + hour, now: at))
          if number == 0 {
            try await store.deferred(digest: due[0].id, until: at + hour, why: "451", now: at)
          } else {
            try await store.failed(digest: due[0].id, why: "451", givenUp: true, now: at)
          }
        }
        #expect(try await store.renewGivenUp(channel: "smtp", now: noon + 8 * hour) == 1)
        let isSentAgain = try await store.outbox().contains { $0.state == .deferred }
        #expect(isSentAgain == (usefulUntil > noon + 8 * hour))
        #expect(try await store.counts().awaitingSlot == 0)
        let waits = try await store.counts(scheduled: ["north"]).awaitingSlot
        #expect(waits == (isSentAgain ? 0 : 1))
      }
    }
  }

  @Test(
    "What has been tried since it was taken over is not given back where its mailbox alone is at fault"
  )
  func mailboxAtFault() async throws {
    try await withStore { store in
      try await offer(store, ["1"])
      for number in 0...1 {
        let at = noon + Double(number) * 6 * hour
        let due = try await round(store, plan(slot("slot \(number)")), at: at)
        #expect(try await store.attempting(digest: due[0].id, next: at + hour, now: at))
        if number == 0 {
          try await store.deferred(digest: due[0].id, until: at + hour, why: "452", now: at)
        } else {
          try await store.failed(digest: due[0].id, why: "452", givenUp: true, now: at)
        }
        // Between the two, another's mail went through the channel.
        if number == 0 {
          try await oweNotice(store, "n1", channel: "smtp")
          #expect(
            try await store.noticeAttempting(id: "n1", next: noon + 3 * hour, now: noon + 2 * hour))
          try await store.noticeAccepted(id: "n1", now: noon + 2 * hour)
        }
      }
      #expect(try await store.renewGivenUp(channel: "smtp", now: noon + 8 * hour) == 0)
    }
  }

  @Test("In a quiet time nothing of its area is late but what was late before")
  func quietCounts() async throws {
    try await withStore { store in
      try await offer(store, ["1"])
      let due = try await round(store, AnnouncementPlan())
      for (tried, isLate) in [(0.0, false), (300, false), (hour, true)] {
        if tried > 0 {
          let at = noon + tried
          #expect(try await store.attempting(digest: due[0].id, next: at, now: at))
          try await store.deferred(digest: due[0].id, until: at, why: "451", now: at)
        }
        #expect(try await store.counts().oldestOwed == noon)
        let counts = try await store.counts(quiet: ["north"])
        #expect(counts.oldestOwed == (isLate ? noon : nil), "\(tried)")
        #expect(counts.owed == (isLate ? 1 : 0) && counts.awaitingSlot == (isLate ? 0 : 1))
      }
    }
  }

  @Test("An attempt that was cut short may have arrived: that digest goes on under its own id")
  func unheard() async throws {
    try await withStore { store in
      try await offer(store, ["1"])
      let first = try await round(store, plan(slot("a")))
      #expect(try await store.attempting(digest: first[0].id, next: noon, now: noon))
      _ = try await store.dueDigests(now: noon)  // As after a kill.
      try await offer(store, ["1", "2"])
      let due = try await round(store, plan(slot("b")))
      #expect(due.map(\.items.count).sorted() == [1, 1])
      #expect(due.contains { $0.id == first[0].id })
    }
  }

  @Test("What the digest offers anew is not among what was offered before")
  func openBefore() async throws {
    try await withStore { store in
      try await offer(store, ["1"])
      let id = try #require(try await store.openOpportunities().first?.id)
      let open = [id, 999].map {
        DigestFacts.Open(opportunity: $0, whereabouts: "Mill Lane", jobType: "x", since: noon)
      }
      let due = try await round(store, plan(slot("a", open: open)))
      #expect(due[0].facts?.areas[0].open.map(\.opportunity) == [999])
    }
  }

  @Test("Rows of slots go with the time, and so does what a digest said of its areas")
  func purge() async throws {
    try await withStore { store in
      let due = try await round(store, plan(slot("a")))
      try await store.accepted(digest: due[0].id, now: noon)
      let early = try await store.purge(before: noon, endedBefore: noon, snapshotFeeds: [])
      #expect(early["announcement_slot"] == 0)
      let late = try await store.purge(
        before: noon + 1, endedBefore: noon + 1, snapshotFeeds: [])
      #expect(late["announcement_slot"] == 1 && late["digest"] == 1)
    }
  }

  @Test("A refused digest without an offer is a dead letter for a week, and can be sent again")
  func deadLetter() async throws {
    try await withStore { store in
      let due = try await round(store, plan(slot("a")))
      try await store.failed(digest: due[0].id, why: "No such mailbox.", now: noon)
      #expect(try await store.deadLetters(now: noon).map(\.id) == [due[0].id])
      #expect(try await store.deadLetters(now: noon + 8 * day).isEmpty)
      // What is renewed is another's: this one goes on being told.
      #expect(try await store.renewGivenUp(channel: "smtp", now: noon) == 0)
      #expect(try await store.renewFailed(now: noon) == 0)
      #expect(try await store.deadLetters(now: noon).map(\.id) == [due[0].id])
      #expect(try await store.retry(message: due[0].id, now: noon) == .done)
      #expect(try await store.dueDigests(now: noon).map(\.id) == [due[0].id])
    }
  }

  @Test("What was refused with its slot goes out again by itself, and waits for no other slot")
  func renewed() async throws {
    try await withStore { store in
      try await offer(store, ["1", "2"])
      let due = try await round(store, plan(slot("a")))
      try await store.failed(digest: due[0].id, why: "No such mailbox.", now: noon)
      #expect(try await store.renewFailed(now: noon + hour) == 2)
      #expect(try await store.deadLetters(now: noon + hour).isEmpty)
      let again = try await round(store, plan(nil), at: noon + hour)
      #expect(again.map(\.id) == [due[0].id] && again.map(\.items.count) == [2])
    }
  }
}
