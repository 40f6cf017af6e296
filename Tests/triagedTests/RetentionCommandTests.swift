import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Retention and audit, as status, metrics, matters and the command line tell of them")
struct RetentionCommandTests {
  private let now = Date(timeIntervalSince1970: 1_795_428_000)
  private let zone = TimeZone(identifier: "Europe/London")!
  private let day = 86_400.0

  private func standing(_ last: Date?, overdue: Int = 0) -> RetentionStanding {
    RetentionStanding(
      lastPurge: last,
      classes: [
        .init(dataClass: .jobs, oldest: now - 300 * day, overdue: overdue),
        .init(dataClass: .claims, oldest: nil, overdue: 0),
      ])
  }

  @Test("It is a matter when the purge has not come round for two days, or leaves something")
  func matters() {
    func said(_ standing: RetentionStanding) -> String? {
      retentionMatters(standing, zone: zone, now: now).first?.sentence
    }
    #expect(said(standing(now - 47 * 3600)) == nil)
    #expect(said(standing(nil)) == nil, "nothing can be overdue before the first")
    let stopped = said(standing(now - 49 * 3600)) ?? ""
    #expect(stopped.hasPrefix("What is past its time has not been cleared away"))
    let late = said(standing(now, overdue: 3))
    #expect(late == "More than two days past its time is still there: jobs of the lists (3).")
    #expect(auditMatters(nil).unseen == [.audit])
    #expect(auditMatters(AuditCheck()).matters.isEmpty)
    #expect(auditMatters(AuditCheck()).unseen.isEmpty)
    var check = AuditCheck()
    check.breaks = [7, 9, 12].map { AuditBreak(row: $0, bears: [1], fits: [2]) }
    let told = auditMatters(check).matters
    #expect(told.map(\.kind) == [.audit])
    #expect(told[0].sentence.hasPrefix("Row 7 of the audit does not fit"))
    #expect(told[0].sentence.hasSuffix(" 2 further places do not fit either."))
  }

  @Test("Until this process has purged for the first time, what was told stays as it was")
  func beforeTheFirstPurge() async throws {
    let feed = try WatchedFeed()
    let configuration = await feed.poller.configuration
    let early = RetentionWatch(configuration, feed.store, hasPurged: { false })
    #expect(try await early.matters(now: WatchedFeed.monday).unseen == [.retention])
    let later = RetentionWatch(configuration, feed.store)
    #expect(try await later.matters(now: WatchedFeed.monday).unseen.isEmpty)
    try await feed.end()
  }

  @Test("Status says when it was, and the head of the audit; metrics have a line for each class")
  func told() throws {
    var report = try sampleStatus()
    report.retention = standing(report.now - 3600, overdue: 3)
    report.audit = AuditStanding(head: "0123456789abcdef", verified: report.now - 3600, fault: nil)
    #expect(report.problems == [], "the matter says it")
    let text = report.plainText
    #expect(text.contains("\nRetention: what is past its time was cleared away 06:55 today.\n"))
    #expect(
      text.contains("\nAudit: its head is 0123456789abcdef; it was whole 06:55 today.\n"))
    report.audit?.fault = "Row 7 does not fit."
    #expect(report.plainText.contains("IT DID NOT FIT"))
    let read = try ReadMetrics(metrics(MetricFacts(status: report)))
    #expect(read.value("triaged_retention_overdue", ["class": "jobs"]) == 3)
    #expect(read.value("triaged_retention_overdue", ["class": "claims"]) == 0)
    let oldest = (now - 300 * day).timeIntervalSince1970
    let last = report.now.timeIntervalSince1970 - 3600
    #expect(
      read.value("triaged_retention_oldest_timestamp_seconds", ["class": "jobs"]) == oldest)
    #expect(read.value("triaged_retention_last_purge_timestamp_seconds") == last)
  }

  @Test("By a clock that has jumped nothing is deleted by hand either, and the dry run tells")
  func clock() async throws {
    try await withCounter { counter in
      let start = WatchedFeed.monday
      let store = counter.feed.store
      let recording = await counter.feed.poller.recording
      func retention() -> Retention {
        Retention(
          configuration: counter.configuration, store: store, clock: counter.feed.clock,
          recording: recording,
          logger: Logger(label: "test") { _ in JournalLogHandler() })
      }
      var office = await counter.office()
      office.retention = retention()
      try await store.audit(
        AuditRow(at: start, actor: "ann", mark: AuditMark(), action: "view", opportunity: nil))
      func purge(_ dryRun: Bool, _ now: Date, _ machine: MachineTime) async throws -> (
        RetentionReport, Int?
      ) {
        let report = try await office.purge(PurgeWish(dryRun: dryRun), now: now, machine: machine)
        return (report, report.classes.first { $0.dataClass == .audit }?.count)
      }
      _ = try await purge(true, start, .since(start, start))
      // Three years ahead within a minute.
      let later = start + 3 * 366 * day
      let machine = MachineTime.since(start, start + 60)
      let (would, count) = try await purge(true, later, machine)
      #expect(!would.isClockTrusted && would.plainText.contains("The clock has jumped"))
      #expect(count == 1)
      await #expect(throws: AdminRefusal.self) { try await purge(false, later, machine) }
      #expect(try await store.audit().count == 1)
      // Where the machine has been on for as long, they are over.
      office.retention = retention()
      let (did, gone) = try await purge(false, later, .since(start, later))
      #expect(gone == 1 && did.classes.map(\.dataClass) == DataClass.allCases)
      #expect(try await store.audit().map(\.action) == ["purge-audit"])
    }
  }

  @Test("What does not fit is acknowledged by the row that is named, and is no matter any more")
  func acknowledged() async throws {
    try await withCounter { counter in
      let start = WatchedFeed.monday
      for number in 1...3 {
        try await counter.feed.store.audit(
          AuditRow(
            at: start, actor: "ann", mark: AuditMark(), action: "view \(number)", opportunity: nil))
      }
      try await counter.feed.change("DROP TRIGGER audit_stays_as_it_is")
      try await counter.feed.change("UPDATE audit SET actor = 'bob' WHERE id = 2")
      let watch = AuditWatch(
        counter.feed.store, logger: Logger(label: "test") { _ in JournalLogHandler() })
      var office = await counter.office()
      office.audit = watch
      func acknowledge(_ row: Int64, _ note: String) async throws -> AuditReport {
        try await office.acknowledgeAudit(
          AuditAcknowledgeWish(row: row, note: note, by: "root"), now: start)
      }
      #expect(try await office.verifyAudit(AuditVerifyWish(head: nil), now: start).fault != nil)
      func matters() async -> Int {
        let check = await watch.last?.check
        return auditMatters(check).matters.count
      }
      #expect(await matters() == 1)
      await #expect(throws: AdminRefusal.self) { try await acknowledge(3, "A disk.") }
      await #expect(throws: AdminRefusal.self) { try await acknowledge(2, " ") }
      let report = try await acknowledge(2, "A disk.")
      #expect(report.isWhole && report.acknowledged.map(\.row) == [2])
      #expect(report.plainText.contains("Row 2 does not fit. Acknowledged "))
      #expect(report.plainText.contains("(command by root): A disk."))
      #expect(await matters() == 0)
      #expect(try await office.auditStanding().acknowledged == 1)
      await #expect(throws: AdminRefusal.self) { try await acknowledge(2, "A disk.") }
    }
  }

  @Test("A cut at the end is told by the row that was written last, and acknowledged by it")
  func cutShort() async throws {
    try await withCounter { counter in
      let start = WatchedFeed.monday
      for number in 1...4 {
        try await counter.feed.store.audit(
          AuditRow(
            at: start, actor: "ann", mark: AuditMark(), action: "view \(number)", opportunity: nil))
      }
      try await counter.feed.change("DROP TRIGGER audit_stays")
      try await counter.feed.change("DELETE FROM audit WHERE id > 2")
      let watch = AuditWatch(
        counter.feed.store, logger: Logger(label: "test") { _ in JournalLogHandler() })
      var office = await counter.office()
      office.audit = watch
      let check = try await watch.look(now: start)
      #expect(
        auditMatters(check).matters.map(\.sentence) == [
          "Row 4 of the audit was written, and is missing or is another: rows at its end were taken out."
        ])
      let report = try await office.acknowledgeAudit(
        AuditAcknowledgeWish(row: 4, note: "A disk.", by: "root"), now: start)
      #expect(report.isWhole && report.acknowledged.map(\.row) == [4])
    }
  }

  @Test("On the command line, with a daemon and without one")
  func program() async throws {
    let program = try RunningProgram()
    try await program.start()
    for isRunning in [true, false] {
      let dry = try await program.triaged(["purge", "--dry-run"])
      #expect(dry.code == 0, "\(dry.errors)")
      #expect(dry.output.hasPrefix("What would go now. Nothing was deleted."))
      let done = try await program.triaged(["purge", "--json"])
      let report = try adminDecoder().decode(RetentionReport.self, from: Data(done.output.utf8))
      #expect(!report.isDryRun && report.classes.map(\.dataClass) == DataClass.allCases)
      let whole = try await program.triaged(["audit", "verify", "--json"])
      let audit = try adminDecoder().decode(AuditReport.self, from: Data(whole.output.utf8))
      #expect(whole.code == 0 && audit.isWhole && audit.head.count == 64)
      let pinned = try await program.triaged(["audit", "verify", "--head", audit.head])
      #expect(pinned.code == 0 && pinned.output.contains("is one of the chain"))
      let other = try await program.triaged(["audit", "verify", "--head", "0123456789abcdef"])
      #expect(other.code == 1 && other.output.contains("is none of the chain"))
      let misuse = try await program.triaged(["audit", "verify", "--head", "xyz"])
      #expect(misuse.code == 2 && misuse.errors.contains("16 to 64 digits"))
      let nothing = try await program.triaged(["audit", "acknowledge", "--row", "3", "--note", "x"])
      #expect(nothing.code == 1 && nothing.errors.contains("without an acknowledgement"))
      let status = try await program.triaged(["status"])
      #expect(status.output.contains("Audit: its head is \(audit.head.prefix(16))"))
      let listed = try await program.triaged(["audit", "list", "--since", "2020-01-01", "--json"])
      let rows = try adminDecoder().decode(AuditListing.self, from: Data(listed.output.utf8))
      #expect(rows.rows.count == audit.rows && !rows.isCut)
      #expect(try await program.triaged(["audit", "list", "--since", "soon"]).code == 2)
      if isRunning { try await program.stop() }
    }
  }
}
