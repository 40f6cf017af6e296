import Foundation
import GRDB
import Synchronization
import Triage

@testable import Storage

/// A folder of its own under the system's temporary folder, removed at the end.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "triaged-store-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder + "/triaged.db")
}

/// A fresh store on a file.
func withStore<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
  try await withFolder { path in
    let store = try Store(path: path)
    let value = try await body(store)
    try store.close()
    return value
  }
}

let noon = Date(timeIntervalSince1970: 1_760_000_000)
let hour = 3600.0
let day = 86_400.0

func job(
  _ reference: String, uprn: String = "10001", type: String = "Bulky waste quote",
  received: Date = noon - 2 * day, closed: Date? = nil, gone: Date? = nil, feed: String = "list"
) -> Job {
  Job(
    id: JobRef(feed: feed, reference: reference), received: received, due: noon + day,
    closed: closed, status: "Open", jobClass: "Waste", type: type, callerType: "Resident",
    place: Place(
      address: "12 Mill Lane, Testford", postcode: "ZZ1 1ZZ", uprn: uprn,
      point: GridPoint(x: 450_000.25, y: 359_000), location: .coordinates),
    notes: "two sofas", contact: "", area: "north", gone: gone)
}

func opportunity(_ jobs: [Job], points: Int = 30, since: Date? = nil) -> Opportunity {
  Opportunity(
    address: AddressKey(jobs[0].place)!, area: jobs[0].area, offer: .visit, trigger: jobs[0].id,
    jobType: jobs[0].type, jobs: jobs.map(\.id).sorted(), since: since ?? jobs[0].received!,
    place: jobs[0].place,
    score: Score(reasons: [
      Reason(code: "type:bulky", points: points, sentence: "A quote for “bulky” waste is open.")
    ]),
    band: "high", rulesVersion: "1")
}

/// A verdict over opportunities, of which those at `waiting` wait for capacity.
func verdict(_ opportunities: [Opportunity], waiting: Set<AddressKey> = []) -> Verdict {
  Verdict(
    opportunities: opportunities,
    offered: Set(opportunities.map(\.address)).subtracting(waiting), belowTheLine: [],
    standings: [], addresses: [])
}

let annByMail = ["north": [Pass.Recipient(member: "ann", channel: "smtp")]]

func pass(
  _ jobs: [Job], gone: [JobRef] = [], _ verdict: Verdict,
  recipients: [String: [Pass.Recipient]] = annByMail, at now: Date = noon
) -> Pass {
  Pass(
    feed: "list", source: "jobs.csv", bytes: 10, sha256: String(repeating: "0a", count: 32),
    report: ImportReport(feed: "list", source: "jobs.csv"), feedState: Data("etag".utf8),
    changed: jobs,
    relisted: gone.map { Relisting(id: $0, listed: .at(now), gone: now, isNewlyGone: true) },
    verdict: verdict, recipients: recipients, now: now)
}

/// One offered opportunity; returns its id.
@discardableResult
func offerOne(_ store: Store, _ reference: String = "A1", uprn: String = "10001") async throws
  -> Int64
{
  let one = job(reference, uprn: uprn)
  try await store.record(pass([one], verdict([opportunity([one])])))
  return try await bundleAll(store).last!.items.last!.opportunity.id
}

/// Ids in the order in which they were asked for, each a stand-in for a UUID.
final class Ids: Sendable {
  private let count = Mutex(0)
  func next() -> String {
    count.withLock {
      $0 += 1
      return "digest-\($0)"
    }
  }
}

/// 32 bytes in place of the SHA-256 of an announcement's token.
func tokenHash(_ announcement: Int64) -> [UInt8] {
  withUnsafeBytes(of: announcement.bigEndian) { Array($0) } + [UInt8](repeating: 7, count: 24)
}

@discardableResult
func bundleAll(_ store: Store, at now: Date = noon) async throws -> [DueDigest] {
  let prefix = UUID().uuidString
  let ids = Ids()
  try await store.bundle(
    now: now, newID: { prefix + ids.next() }, link: { announcement, _ in tokenHash(announcement) },
    linkExpires: now + 14 * day)
  return try await store.dueDigests(now: now)
}

/// When the next message is due; `nil` when nothing is owed.
func nextDue(_ store: Store) async throws -> Date? {
  try await store.read { db in
    try Int64.fetchOne(
      db,
      sql: """
        SELECT min(due) FROM (
          SELECT min(next_attempt) AS due FROM digest WHERE state IN \(owedStates)
          UNION ALL
          SELECT min(owed_at) FROM announcement WHERE state = 'pending')
        """
    ).map(instant)
  }
}

func known(_ store: Store, at now: Date = noon) async throws -> KnownState {
  try await store.known(since: now - 365 * day, weekStart: now - 3 * day)
}

extension Store {
  /// A purge by moments rather than days.
  /// - Parameters:
  ///   - before: of everything but what has a moment of its own.
  ///   - endedBefore: of claims, and of the audit.
  @discardableResult
  func purge(
    before: Date, endedBefore: Date, sessionsBefore: Date? = nil, snapshotFeeds: Set<String>,
    now: Date = noon
  ) async throws -> PurgeResult {
    func limit(_ moment: Date) -> RetentionLimits.Limit {
      .init(day: CivilDay(moment, in: .gmt), instant: moment)
    }
    var limits: [DataClass: RetentionLimits.Limit] = [:]
    for dataClass in DataClass.allCases {
      switch dataClass {
      case .claims, .audit: limits[dataClass] = limit(endedBefore)
      case .sessions: limits[dataClass] = limit(sessionsBefore ?? before)
      case .jobs, .offers, .messages, .imports, .notices: limits[dataClass] = limit(before)
      case .optOuts, .archive, .standing: continue
      }
    }
    return try await purge(RetentionLimits(limits), snapshotFeeds: snapshotFeeds, now: now)
  }
}
