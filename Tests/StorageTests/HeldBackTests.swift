import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("What is held back: in a pause, of a feed that waits, for who is gone")
struct HeldBackTests {
  @Test(
    "What is owed in a paused area is held and not lost, also what was put into a message already")
  func paused() async throws {
    try await withStore { store in
      var elsewhere = job("A2", uprn: "1002")
      elsewhere.area = "south"
      let jobs = [job("A1", uprn: "1001"), elsewhere]
      let ann = [Pass.Recipient(member: "ann", channel: "smtp")]
      try await store.record(
        pass(
          jobs, verdict(jobs.map { opportunity([$0]) }), recipients: ["north": ann, "south": ann]))
      #expect(try await bundleAll(store)[0].items.count == 2)
      let due = try await store.dueDigests(now: noon, held: HeldBack(areas: ["north"]))
      #expect(due.map { $0.items.map(\.opportunity.opportunity.area) } == [["south"]])
      try await store.accepted(digest: due[0].id, now: noon)
      func bundle(paused: Set<String>) async throws -> Int {
        try await store.bundle(
          now: noon + hour, held: HeldBack(areas: paused), newID: { "next" },
          link: { announcement, _ in tokenHash(announcement + 100) }, linkExpires: noon + day)
      }
      #expect(try await bundle(paused: ["north"]) == 0)
      let counts = try await store.counts(paused: ["north"])
      #expect(counts.owed == 0 && counts.oldestOwed == nil && counts.heldBack == 1)
      #expect(try await store.counts().owed == 1)
      #expect(try await bundle(paused: []) == 1)
      let held = try await store.dueDigests(now: noon + hour)
      #expect(held.map { $0.items.map(\.opportunity.opportunity.area) } == [["north"]])
    }
  }

  @Test(
    "What was tried before a pause keeps its message and waits; the rest is taken out of its own")
  func pausedAfterAnAttempt() async throws {
    try await withStore { store in
      try await offerOne(store)
      let first = try await store.dueDigests(now: noon)[0]
      #expect(try await store.attempting(digest: first.id, next: noon + 60, now: noon))
      for held in [HeldBack(areas: ["north"]), HeldBack(feeds: ["list"])] {
        #expect(try await store.dueDigests(now: noon + hour, held: held).isEmpty)
      }
      let other = HeldBack(areas: ["south"], feeds: ["other"])
      #expect(try await store.dueDigests(now: noon + hour, held: other).map(\.id) == [first.id])
    }
  }

  @Test("What is of another area does not wait in a message that was tried with what is held back")
  func pausedBesideAnother() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      var offers = jobs.map { opportunity([$0]) }
      offers[1].area = "south"
      let ann = [Pass.Recipient(member: "ann", channel: "post")]
      try await store.record(
        pass(jobs, verdict(offers), recipients: ["north": ann, "south": ann]))
      let first = try #require(try await bundleAll(store).first)
      #expect(first.items.count == 2)
      #expect(try await store.attempting(digest: first.id, next: noon + 60, now: noon))
      let held = HeldBack(areas: ["south"])
      let due = try await store.dueDigests(now: noon + hour, held: held)
      #expect(due.map(\.id) == [first.id])
      #expect(due.first?.items.map(\.opportunity.opportunity.area) == ["north"])
      #expect(try await store.counts().owed == 2, "the other is owed as before")
    }
  }

  @Test("What a feed makes that is held back is neither bundled nor sent")
  func heldFeed() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      try await store.record(pass(jobs, verdict([opportunity([jobs[0]])])))
      #expect(try await bundleAll(store).count == 1)
      try await store.record(pass([], verdict(jobs.map { opportunity([$0]) }), at: noon + 1))
      let held = HeldBack(feeds: ["list"])
      let made = try await store.bundle(
        now: noon + 2, held: held, newID: { "next" }, link: { at, _ in tokenHash(at + 100) },
        linkExpires: noon + day)
      #expect(made == 0)
      #expect(try await store.dueDigests(now: noon + 2, held: held).isEmpty)
      #expect(try await store.counts().owed == 2)
    }
  }

  @Test(
    "Who is not to be told any more gets no mail and has no link; whoever leads now is told instead"
  )
  func gone() async throws {
    try await withStore { store in
      let one = job("A1")
      try await store.record(pass([one], verdict([opportunity([one])])))
      let mail = try await bundleAll(store)[0]
      let owed = mail.items.map(\.announcement)
      #expect(try await store.dismiss(announcements: owed) == 1)
      #expect(try await store.dismiss(announcements: owed) == 0)
      #expect(try await bundleAll(store).isEmpty)
      #expect(try await store.link(hash: tokenHash(1))?.revoked == true)
      var next = pass(
        [], verdict([opportunity([one])]),
        recipients: ["north": [Pass.Recipient(member: "bob", channel: "smtp")]], at: noon + hour)
      next.leading = ["north": ["bob"]]
      #expect(try await store.record(next).announced == 1)
      #expect(try await store.record(next) == PassResult())
      #expect(try await bundleAll(store, at: noon + hour).map(\.recipient) == ["bob"])
    }
  }

  @Test("What a leader who has left was told of is told to whoever leads now, once")
  func leftBehind() async throws {
    try await withStore { store in
      try await offerOne(store)
      let mail = try await store.dueDigests(now: noon)[0]
      try await store.accepted(digest: mail.id, now: noon)
      let offer = opportunity([job("A1")])
      let bob = ["north": [Pass.Recipient(member: "bob", channel: "smtp")]]
      var next = pass([], verdict([offer]), recipients: bob, at: noon + hour)
      // Bob leads with Ann, who knows of it.
      next.leading = ["north": ["ann", "bob"], "south": ["bob"]]
      #expect(try await store.record(next).announced == 0)
      next.leading = ["north": ["bob"]]
      #expect(try await store.record(next).announced == 1)
      #expect(try await store.record(next).announced == 0)
    }
  }
}
