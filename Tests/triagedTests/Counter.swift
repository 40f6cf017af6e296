import Crypto
import Foundation
import Logging
import Storage
import Testing
import Transfer
import Triage

@testable import triaged

/// The claim desk and the deliver loop over a store in which opportunities were made by hand.
final class Counter {
  let feed: WatchedFeed
  var configuration: Configuration
  let links: Links
  /// Anew where the service would be started anew.
  var closed = ClosedChannels()
  /// How areas stand at a set time.
  var facts: @Sendable (_ areas: Set<String>, _ now: Date) async throws -> [DigestFacts.Area] = {
    areas, _ in areas.sorted().map { DigestFacts.Area(id: $0, name: $0) }
  }
  private let transferrer = Transferrer(threads: 1)
  static let now = WatchedFeed.monday

  var mails: [String] {
    get throws {
      let folder = feed.folder.path + "/state/mail/new"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return try names.sorted().map {
        try text(of: folder + "/" + $0).replacingOccurrences(of: "=\r\n", with: "")
      }
    }
  }

  init() async throws {
    feed = try WatchedFeed()
    configuration = await feed.poller.configuration
    links = Links(key: SymmetricKey(size: .bits256), publicURL: configuration.publicURL)
  }

  func end() async throws {
    await transferrer.shutdown()
    try await feed.end()
  }

  func job(
    _ reference: String, _ address: String, type: String = "Bulky waste quote", days: Double = 3,
    closed: Date? = nil, otherParty: Int64? = nil
  ) -> Job {
    Job(
      id: JobRef(feed: "street-scene", reference: reference),
      received: Counter.now - days * 86_400, closed: closed, status: "INP-7", jobClass: "Waste",
      type: type, callerType: "Public",
      place: Place(
        address: address + ", Sutton in Ashfield", postcode: "NG17 9CM", point: pointInNewCross,
        location: .coordinates),
      notes: "note of \(reference)", contact: "caller of \(reference)", area: "new-cross",
      otherParty: otherParty)
  }

  func single(_ jobs: [Job]) -> Opportunity {
    Opportunity(
      address: AddressKey(jobs[0].place)!, area: "new-cross", offer: .visit, trigger: jobs[0].id,
      jobType: "Bulky waste quote", jobs: jobs.map(\.id).sorted(), since: jobs[0].received!,
      place: jobs[0].place,
      score: Score(reasons: [Reason(code: "type:x", points: 40, sentence: "A quote is open.")]),
      band: "medium", rulesVersion: "1")
  }

  func record(
    _ jobs: [Job], _ opportunities: [Opportunity], leaders: [String] = ["ann"],
    at now: Date = Counter.now
  ) async throws {
    try await feed.store.record(
      Pass(
        feed: "street-scene", source: "x.csv", sha256: String(repeating: "0a", count: 32),
        changed: jobs,
        verdict: Verdict(
          opportunities: opportunities, offered: Set(opportunities.map(\.address)),
          belowTheLine: [], standings: [], addresses: []),
        recipients: [
          "new-cross": leaders.map { Pass.Recipient(member: $0, channel: "post") }
        ],
        leading: [
          "new-cross": Set(leaders)
        ], now: now))
  }

  /// One round of the deliver loop.
  func deliver(
    at now: Date = Counter.now, mayAnnounce: Bool = true, floor: DiskFloor? = nil
  ) async throws {
    try await Deliverer(
      configuration: configuration, store: feed.store, live: await feed.poller.live,
      transferrer: transferrer, links: links, logger: Logger(label: "test"), closed: closed,
      floor: floor, facts: facts
    ).round(now: now, mayAnnounce: mayAnnounce)
  }

  /// The token of the one link in the newest mail.
  func token() throws -> String {
    let mail = try #require(try mails.last)
    return String(try #require(mail.firstMatch(of: /\/c\/([A-Za-z0-9_-]{20,})/)).output.1)
  }

  func desk(at now: Date = Counter.now, floor: DiskFloor? = nil) async -> ClaimDesk {
    claimDesk(
      configuration, store: feed.store, live: await feed.poller.live, floor: floor, clock: { now })
  }
}

extension ClaimDesk {
  /// Claims as a member of New Cross, with somebody who goes along.
  func claim(_ token: String, _ member: String, _ generation: Int) async throws -> ClaimedView {
    var second: String?
    switch try await look(token) {
    case .open(let offer), .held(let offer, _, _, _), .done(let offer, _, _), .withdrawn(let offer):
      second = offer.members.first { $0.id != member }?.id
    }
    let answer = try await press(
      token,
      DeskPress(member: member, generation: generation, action: .claim(second: second)))
    guard case .claimed(let view, _) = answer else { throw ClaimError.stale }
    return view
  }

  /// An outcome without any answer beside it.
  func record(
    _ token: String, _ member: String, _ generation: Int, _ kind: OutcomeKind
  ) async throws {
    _ = try await press(
      token,
      DeskPress(
        member: member, generation: generation, action: .record(OutcomeAnswers(kind: kind))))
  }

  func undo(_ token: String, _ member: String, _ generation: Int) async throws {
    _ = try await press(token, DeskPress(member: member, generation: generation, action: .undo))
  }
}

func withCounter(_ body: (Counter) async throws -> Void) async throws {
  let counter = try await Counter()
  try await body(counter)
  try await counter.end()
}

extension Counter {
  /// One opportunity at 12 Mill Lane, told to Ann; the token of her link.
  func offerOne(at now: Date = Counter.now) async throws -> String {
    let one = job("B1", "12 Mill Lane")
    try await record([one], [single([one])], at: now)
    try await deliver(at: now)
    return try token()
  }

  func press(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction, pin: String = "",
    proxy: String? = nil, at now: Date = Counter.now
  ) async throws -> DeskAnswer {
    try await desk(at: now).press(
      token,
      DeskPress(
        member: member, pin: pin, generation: generation, action: action,
        visitor: Visitor(proxyMember: proxy, network: .private)))
  }

  /// The view after a press by which the member holds it.
  func view(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction,
    at now: Date = Counter.now
  ) async throws -> (ClaimedView, Receipt?) {
    let answer = try await press(token, member, generation, action, at: now)
    guard case .claimed(let view, let receipt) = answer else {
      Issue.record("\(answer)")
      throw ClaimError.stale
    }
    return (view, receipt)
  }

  func done(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction,
    at now: Date = Counter.now
  ) async throws -> Receipt {
    let answer = try await press(token, member, generation, action, at: now)
    guard case .done(let receipt) = answer else {
      Issue.record("\(answer)")
      throw ClaimError.stale
    }
    return receipt
  }

  /// The board of New Cross, as Ann reads it.
  func board(at now: Date = Counter.now) async throws -> BoardView {
    let live = await feed.poller.live
    let area = SignedIn.Area(id: "new-cross", name: "New Cross")
    return try await BoardReader(
      configuration: configuration, store: feed.store, live: live,
      office: AdminOffice(
        configuration: configuration, store: feed.store, live: live, poller: feed.poller,
        meters: Meters(), effector: await feed.effector(),
        replayer: RuleReplayer(configuration, store: feed.store, live: live),
        matterSources: matterSources(configuration, live: live, store: feed.store),
        started: now), clock: { now }
    ).board(
      by: SignedIn(
        member: "ann", name: "Ann Archer", areas: [area], isAdmin: false, session: ""),
      area: area.id)
  }

  /// One round of the desk loop, of a program that was started just then.
  func watch(at now: Date) async throws {
    try await newWatch().look(at: now)
  }

  func newWatch() async -> DeskWatch {
    DeskWatch(
      configuration, store: feed.store, live: await feed.poller.live, clock: feed.clock,
      logger: Logger(label: "test") { [journal = feed.journal] _ in journal.handler })
  }

  /// Every link of every mail by the name that the mail greets.
  func tokens(to name: String) throws -> [String] {
    try mails.filter { $0.contains("Hello \(name)") }.flatMap { mail in
      var seen: [String] = []
      for match in mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/) {
        let token = String(match.output.1)
        if !seen.contains(token) { seen.append(token) }
      }
      return seen
    }
  }
}

extension DeskWatch {
  /// One round, of a machine that has run since the counter's moment.
  func look(at now: Date) async throws {
    try await round(now: now, machine: .since(Counter.now, now))
  }
}
