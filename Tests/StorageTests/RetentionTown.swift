import Foundation
import GRDB
import TestDesk
import TestSeeds
import Triage

@testable import Storage

/// A town that lives day by day: lists, offers, mails, claims, outcomes, consents, visits, sign-ins, troubles.
struct RetentionTown {
  let store: Store
  private var random: Seeded
  private(set) var now: Date
  private var number = 0
  /// By reference, the jobs that are a reason to call.
  private var open: [String: Job] = [:]
  /// A list that tells only what is new.
  private let updates = "post"

  init(_ store: Store, seed: UInt64, from start: Date) {
    self.store = store
    random = Seeded(seed)
    now = start
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func bytes() -> [UInt8] {
    (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  /// Lives one day, to some hour of it.
  mutating func live(_ day: Date) async throws {
    now = day + Double(Int.random(in: 1..<23, using: &random)) * hour
    try await lists()
    try await mails()
    try await desk()
    try await consents()
    try await signIns()
    try await troubles()
    try await store.audit(
      AuditRow(at: now, actor: "ann", mark: AuditMark(), action: "view", opportunity: nil))
  }

  // MARK: - Lists

  private mutating func lists() async throws {
    var changed: [Job] = []
    var gone: [JobRef] = []
    let unanswered = try await unanswered()
    open = open.filter { unanswered.contains($0.key) }
    for reference in open.keys.sorted() {
      guard var one = open[reference] else { continue }
      if chance(12) {
        one.closed = now
        changed.append(one)
        open[reference] = nil
      } else if one.id.feed == "list", chance(8) {
        gone.append(one.id)
        open[reference] = nil
      }
    }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      number += 1
      let one = job(
        "J\(number)", uprn: "\(20_000 + number)", received: now - hour,
        feed: chance(25) ? updates : "list")
      open[one.id.reference] = one
      changed.append(one)
    }
    var unread = Set(changed.map(\.id))
    for feed in ["list", updates] {
      let read = changed.filter { $0.id.feed == feed }
      unread.subtract(read.map(\.id))
      let known = open.values.filter { !unread.contains($0.id) }.sorted { $0.id < $1.id }
      var pass = pass(
        read, gone: feed == "list" ? gone : [], verdict(known.map { opportunity([$0]) }), at: now)
      pass.feed = feed
      pass.sha256 = hexadecimal(bytes())
      pass.unplaced = feed == "list" ? [Int64(number): .at(now)] : [:]
      try await store.record(pass)
    }
  }

  /// What the store has and nobody has answered: of other jobs a pass does not speak. What was answered may go in the
  /// night behind, with all that told of it.
  private func unanswered() async throws -> Set<String> {
    try await store.read {
      try String.fetchSet(
        $0,
        sql: """
          SELECT reference FROM job
          WHERE NOT EXISTS (SELECT 1 FROM opportunity WHERE trigger_job = job.id AND state = 'done')
          """)
    }
  }

  // MARK: - Mails

  private mutating func mails() async throws {
    let links = (0..<64).map { _ in bytes() }
    let ids = Ids()
    let prefix = "day \(Int(now.timeIntervalSince1970)) "
    try await store.bundle(
      now: now, newID: { prefix + ids.next() },
      link: { announcement, _ in
        Array(tokenHash(announcement).prefix(8) + links[Int(announcement % 64)].prefix(24))
      }, linkExpires: now + 14 * day)
    for digest in try await store.dueDigests(now: now) {
      if chance(85) {
        try await store.accepted(digest: digest.id, now: now)
      } else {
        try await store.failed(digest: digest.id, why: "no such mailbox", now: now)
      }
    }
    for notice in try await store.dueNotices(now: now) {
      _ = try await store.noticeAccepted(id: notice.id, now: now)
    }
  }

  private mutating func notice(_ subject: String) -> Notice {
    Notice(
      id: "\(subject) \(hexadecimal(bytes().prefix(8)))", recipient: "it@example.org",
      channel: "post", subject: subject, paragraphs: ["One."], created: now)
  }

  // MARK: - The desk

  private mutating func desk() async throws {
    for lease in try await store.leases(endingBefore: now) {
      _ = try await store.lapse([lease], now: now) { _ in [] }
    }
    for stored in try await store.openOpportunities() {
      switch stored.state {
      case .offered where chance(15):
        _ = try await store.claim(
          opportunity: stored.id, member: chance(50) ? "bob" : "ann", issuedTo: "ann",
          generation: stored.generation, now: now)
      case .claimed: try await hold(stored)
      default: continue
      }
    }
  }

  private mutating func hold(_ stored: StoredOpportunity) async throws {
    guard let holder = stored.holder else { return }
    let (store, now) = (store, now)
    func press(_ action: DeskAction) async throws {
      _ = try await store.change(
        DeskChange(
          opportunity: stored.id, seen: stored.generation, by: holder, action: action, now: now))
    }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<10: try await press(.release)
    case 10..<20: try await press(.setOut(minutes: 30))
    case 20..<30:
      try await press(.visitAgain(on: CivilDay(now, in: .gmt).plus(3), at: .evening))
    case 30..<50: try await press(.record(OutcomeAnswers(kind: .noAnswer)))
    case 50..<53: try await press(.record(OutcomeAnswers(kind: .doNotContact)))
    case 53..<75:
      let isGiven = chance(80)
      let consent = ConsentAnswers(
        isGiven: isGiven, scope: isGiven ? [.support] : [], on: CivilDay(now, in: .gmt),
        how: .inPerson, wording: "1")
      try await press(.record(OutcomeAnswers(kind: .accepted, consent: consent)))
    default: break
    }
  }

  /// Some take back what they have agreed to, long afterwards.
  private mutating func consents() async throws {
    let standing = try await store.read {
      try Row.fetchAll(
        $0,
        sql: """
          SELECT opportunity.id, opportunity.generation, consent.by
          FROM consent JOIN opportunity ON opportunity.id = consent.opportunity
          WHERE consent.given = 1 AND consent.withdrawn_at IS NULL AND opportunity.state = 'done'
          ORDER BY opportunity.id
          """
      ).map { ($0[0] as Int64, $0[1] as Int, $0[2] as String) }
    }
    for (id, generation, by) in standing where chance(1) {
      _ = try await store.change(
        DeskChange(
          opportunity: id, seen: generation, by: by, action: .withdrawConsent, now: now))
    }
  }

  // MARK: - Who comes in, and what goes wrong

  private mutating func signIns() async throws {
    guard chance(70) else { return }
    let (link, secret) = (bytes(), bytes())
    _ = try await store.oweSignIn(
      hash: link, member: "ann", askedBy: bytes(), notice: notice("sign in"), expires: now + 900,
      now: now)
    guard chance(70) else { return }
    _ = try await store.enter(link: link, session: secret, former: nil, now: now + 60)
    if chance(50) { try await store.end(session: secret, .signedOut, now: now + 120) }
  }

  private mutating func troubles() async throws {
    let matters = chance(60) ? [Matter(.leaderless, of: "north", "Nobody leads it.")] : []
    let (begins, over) = (notice("begins"), notice("over"))
    _ = try await store.noteMatters(
      matters, now: now, begins: { _ in begins }, over: { _ in over })
    if chance(50) {
      _ = try await store.begin(
        FeedEpisode(feed: "list", trouble: .late, why: "No list came.", began: now), notice: nil)
    } else {
      _ = try await store.end(feed: "list", troubles: [.late], now: now) { _ in nil }
    }
  }
}
