import Foundation
import GRDB
import TestDesk
import TestServers
import Testing
import Triage

@testable import Storage

@Suite("Deleting what is too old")
struct PurgeTests {
  private let yearAgo = noon - 365 * day
  private let twoYearsAgo = noon - 730 * day

  private func purge(_ store: Store) async throws -> PurgeResult {
    try await store.purge(before: yearAgo, endedBefore: twoYearsAgo, snapshotFeeds: ["list"])
  }

  private func count(_ store: Store, _ table: String) async throws -> Int {
    try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")! }
  }

  /// Offers one, has it claimed by Bob and done, all at one moment.
  private func done(_ store: Store, _ id: Int64, _ one: Job, at moment: Date) async throws {
    try await store.record(pass([one], verdict([opportunity([one])]), at: moment))
    for digest in try await bundleAll(store, at: moment) {
      try await store.accepted(digest: digest.id, now: moment)
    }
    _ = try await store.claim(
      opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: moment)
    let outcome = Outcome(kind: .noAnswer, consent: nil, by: "bob", at: moment)
    #expect(try await store.record(outcome: outcome, opportunity: id, generation: 1))
  }

  @Test("Jobs go when they are long closed or gone, or long received where lists tell no more")
  func jobs() async throws {
    try await withStore { store in
      let old = yearAgo - 1
      let undated = {
        var job = job("no date", feed: "updates")
        job.received = nil
        return job
      }()
      let jobs = [
        job("open", received: old), job("closed", received: old, closed: old),
        job("gone", received: old, gone: old), job("closed lately", received: old, closed: noon),
        job("old update", received: old, feed: "updates"),
        job("new update", received: yearAgo, feed: "updates"), undated,
      ]
      try await store.record(pass(jobs, verdict([])))
      let result = try await purge(store)
      #expect(result["job"] == 3 && result["opportunity"] == 0)
      let left = try await store.read {
        try String.fetchAll($0, sql: "SELECT reference FROM job ORDER BY id")
      }
      #expect(left == ["open", "closed lately", "new update", "no date"])
    }
  }

  @Test(
    "The link of a finished opportunity stays for as long as a consent can be taken back through it",
    arguments: [true, false])
  func consented(isStanding: Bool) async throws {
    try await withStore { store in
      let moment = yearAgo - day
      let one = job("A1", received: moment - day)
      try await store.record(pass([one], verdict([opportunity([one])]), at: moment))
      for digest in try await bundleAll(store, at: moment) {
        try await store.accepted(digest: digest.id, now: moment)
      }
      _ = try await store.claim(
        opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: moment)
      let outcome = Outcome(kind: .accepted, consent: true, by: "bob", at: moment)
      #expect(try await store.record(outcome: outcome, opportunity: 1, generation: 1))
      if !isStanding {
        _ = try await store.change(
          DeskChange(
            opportunity: 1, seen: 2, by: "bob", action: .withdrawConsent, now: moment + 60))
      }
      // A deputy was asked too: that link is no way to take it back.
      try await store.write {
        try $0.execute(
          sql: """
            INSERT INTO announcement (opportunity, recipient, channel, state, owed_at, cause)
            VALUES (1, 'dee', 'post', 'withdrawn', 0, 'deputy')
            """)
      }
      _ = try await purge(store)
      #expect(try await count(store, "announcement") == (isStanding ? 1 : 0))
      #expect(try await store.link(hash: tokenHash(1)) != nil || !isStanding)
      #expect(try await store.opportunity(1)?.heldThrough == "ann")
    }
  }

  @Test("What is open or held keeps its jobs, whatever their age", arguments: [false, true])
  func open(isHeld: Bool) async throws {
    try await withStore { store in
      let old = yearAgo - 1
      let jobs = ["A1", "A2"].map { job($0, received: old, closed: old) }
      try await store.record(pass(jobs, verdict([opportunity(jobs)]), at: old))
      for digest in try await bundleAll(store, at: old) {
        try await store.accepted(digest: digest.id, now: old)
      }
      if isHeld {
        _ = try await store.claim(
          opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: old)
      }
      let before = try await store.opportunity(1)
      let result = try await purge(store)
      #expect(result["job"] == 0 && result["opportunity"] == 0 && result["announcement"] == 0)
      #expect(try await store.opportunity(1) == before)
      #expect(try await count(store, "digest") == 1)
    }
  }

  @Test("What was never claimed goes after a year, with all that hangs on it")
  func neverClaimed() async throws {
    try await withStore { store in
      let old = yearAgo - 1
      let one = job("A1", received: old, gone: old)
      try await store.record(pass([one], verdict([opportunity([one])]), at: old))
      for digest in try await bundleAll(store, at: old) {
        try await store.accepted(digest: digest.id, now: old)
      }
      try await store.record(pass([], verdict([]), at: old))
      let result = try await purge(store)
      #expect(result["opportunity"] == 1 && result["job"] == 1 && result["digest"] == 1)
      #expect(result["job_kind"] == 1 && result["score"] == 1)
      for table in [
        "opportunity", "opportunity_job", "announcement", "link", "digest", "delivery_attempt",
        "job", "job_kind", "score",
      ] { #expect(try await count(store, table) == 0, "\(table)") }
      #expect(try await purge(store) == PurgeResult())
    }
  }

  @Test("An outcome stays for two years, without its jobs, messages and links, then goes too")
  func claimed() async throws {
    try await withStore { store in
      let old = yearAgo - 1
      try await done(store, 1, job("A1", received: old, closed: old), at: old)
      let kept = try await purge(store)
      #expect(kept["opportunity"] == 0 && kept["job"] == 1 && kept["announcement"] == 1)
      #expect(kept["digest"] == 1)
      for table in ["job", "announcement", "link", "digest", "delivery_attempt", "opportunity_job"]
      { #expect(try await count(store, table) == 0, "\(table)") }
      let stored = try await store.opportunity(1)
      #expect(stored?.state == .done && stored?.outcome?.by == "bob")
      #expect(stored?.opportunity.trigger == JobRef(feed: "", reference: ""))
      #expect(stored?.opportunity.jobs == [])
      #expect(try await known(store).past.answered.isEmpty)
      #expect(try await purge(store) == PurgeResult())

      let later = try await store.purge(
        before: noon, endedBefore: old + 1, snapshotFeeds: ["list"])
      #expect(later["opportunity"] == 1 && later["score"] == 1)
      for table in ["opportunity", "claim", "outcome"] {
        #expect(try await count(store, table) == 0, "\(table)")
      }
    }
  }

  @Test("What has lost its last claim to its age goes in the same purge as one that nobody claimed")
  func lastClaim() async throws {
    try await withStore { store in
      let old = twoYearsAgo - day
      let one = job("A1", received: old)
      try await store.record(pass([one], verdict([opportunity([one])]), at: old))
      for digest in try await bundleAll(store, at: old) {
        try await store.accepted(digest: digest.id, now: old)
      }
      _ = try await store.claim(
        opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: old)
      _ = try await store.change(
        DeskChange(opportunity: 1, seen: 1, by: "bob", action: .release, now: old + hour))
      try await store.record(pass([], verdict([]), at: twoYearsAgo + day))
      let result = try await purge(store)
      #expect(result["claim"] == 1 && result["opportunity"] == 1)
      #expect(try await purge(store) == PurgeResult())
    }
  }

  @Test("Nothing younger than its time goes")
  func young() async throws {
    try await withStore { store in
      try await done(store, 1, job("A1", received: yearAgo, closed: yearAgo), at: yearAgo)
      let before = try await dump(store)
      #expect(try await purge(store) == PurgeResult())
      // But for when it came round.
      try await store.write { try $0.execute(sql: "DELETE FROM retention_run") }
      #expect(try await dump(store) == before)
    }
  }

  @Test("Of a feed's accounts the newest stays, without its report when that is too old")
  func imports() async throws {
    try await withStore { store in
      for age in [3.0, 2, 1] {
        try await store.record(pass([], verdict([]), at: yearAgo - age * day))
      }
      #expect(try await purge(store)["import"] == 3)
      #expect(try await purge(store) == PurgeResult())
      #expect(try await count(store, "import WHERE report IS NULL") == 1)
      #expect(try await store.counts().lastImport == ["list": yearAgo - day])
      try await store.record(pass([], verdict([])))
      #expect(try await purge(store)["import"] == 1)
      #expect(try await count(store, "import WHERE report IS NOT NULL") == 1)
    }
  }

  @Test("What was deleted is in neither the file nor its log")
  func bytes() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      var one = job("A1", received: yearAgo - 1, closed: yearAgo - 1)
      one.notes = "CANARY-IN-THE-NOTES"
      try await store.record(pass([one], verdict([])))
      func hasCanary(_ ending: String) throws -> Bool {
        Data(try fileBytes(path + ending)).range(of: Data("CANARY".utf8)) != nil
      }
      #expect(try hasCanary("") || hasCanary("-wal"))
      #expect(try await purge(store)["job"] == 1)
      #expect(try hasCanary("") == false)
      #expect(try hasCanary("-wal") == false)
      try store.close()
    }
  }
}
