import Crypto
import Foundation
import Logging
import Storage
import TestDesk
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

@Suite("The claim desk and the mails over a real store")
struct DeskTests {
  private let now = Counter.now

  /// Complaints of 12 Mill Lane and of 9 Church Hill about one another.
  func joint(_ counter: Counter) -> (jobs: [Job], opportunity: Opportunity) {
    let homes = ["12 Mill Lane", "9 Church Hill"]
    func complaint(_ reference: String, _ at: Int, days: Double) -> Job {
      let other = counter.job("x", homes[1 - at])
      return counter.job(
        reference, homes[at], type: "Noise nuisance", days: days,
        otherParty: AddressKey(other.place)!.print)
    }
    let jobs = [
      complaint("N1", 0, days: 30), complaint("N2", 1, days: 2),
      counter.job("B1", homes[0], days: 9, closed: now - 86_400),
      counter.job("B2", homes[1], type: "Code 7/B", days: 20),
    ]
    let pair = [jobs[0], jobs[1]].sorted {
      AddressKey($0.place)!.text < AddressKey($1.place)!.text
    }
    var offer = counter.single([pair[0]])
    offer.trigger = jobs[1].id
    offer.since = jobs[1].received!
    offer.jobs = jobs.map(\.id).sorted()
    offer.jobType = "Complaints between two households"
    offer.second = Household(address: AddressKey(pair[1].place)!, place: pair[1].place)
    return (jobs, offer)
  }

  @Test("Two households: mail and page say so, and nothing tells who complained about whom")
  func twoHouseholds() async throws {
    try await withCounter { counter in
      let (jobs, offer) = joint(counter)
      try await counter.record(jobs, [offer])
      try await counter.deliver()
      let mail = try #require(try counter.mails.first)
      #expect(mail.contains("Two households, visit separately"))
      #expect(mail.contains("Mill Lane and Church Hill, NG17"))
      let token = try counter.token()
      guard case .open(let masked) = try await counter.desk().look(token) else {
        Issue.record("it is not open")
        return
      }
      #expect(masked.isJoint && masked.street == "Mill Lane and Church Hill")
      let view = try await counter.desk().claim(token, "bob", 0)
      #expect(view.contact.isEmpty && view.notes.isEmpty)
      #expect(
        view.households.map(\.address) == [
          "12 Mill Lane, Sutton in Ashfield", "9 Church Hill, Sutton in Ashfield",
        ])
      #expect(
        view.households.map { $0.history.map(\.type) } == [
          ["Bulky waste collection"], ["Another job"],
        ])
      #expect(view.complaints.map(\.type) == ["Noise complaint", "Noise complaint"])
      // Newest first, whosever they are.
      #expect(view.complaints.map(\.received) == [jobs[1].received, jobs[0].received])
      let said = "\(view.households) \(view.complaints)"
      for secret in ["note of", "caller of", "N1", "N2", "Code 7", "INP-7"] {
        #expect(!said.contains(secret), "\(secret)")
      }
    }
  }

  @Test("The register is asked for the second household too, before a mail and at the claim")
  func registerOfBoth() async throws {
    for isLate in [false, true] {
      try await withCounter { counter in
        let (jobs, offer) = joint(counter)
        try await counter.record(jobs, [offer])
        if isLate { try await counter.deliver() }
        let file = counter.configuration.registerFile
        try write(
          "uprn,address,postcode,flag,expires\n,12 Mill Lane,NG17 9CM,do_not_contact,\n", to: file)
        try FileManager.default.setAttributes(
          [.modificationDate: now - 60], ofItemAtPath: file)
        if isLate {
          // What two looks have seen alike is in force.
          let later = max(now, .now) + 60
          for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
          let token = try counter.token()
          await #expect(throws: ClaimError.withdrawn) {
            try await counter.desk().claim(token, "bob", 0)
          }
        } else {
          try await counter.deliver()
          #expect(try counter.mails.isEmpty)
        }
        #expect(try await counter.feed.store.opportunity(1)?.state == .withdrawn)
      }
    }
  }

  @Test("Who has gone gets no mail, and the links that they have are as if they had never been")
  func gone() async throws {
    try await withCounter { counter in
      try await counter.record(
        [counter.job("B1", "12 Mill Lane")],
        [
          counter.single([counter.job("B1", "12 Mill Lane")])
        ])
      let team = counter.configuration.team
      let today = CivilDay(now, in: counter.configuration.timeZone)
      let ann = try #require(team.members.firstIndex { $0.id == "ann" })
      counter.configuration.team.members[ann].until = today.plus(-1)
      try await counter.deliver()
      #expect(try counter.mails.isEmpty)
      // Back again, she is told by the next pass, as nobody has been.
      counter.configuration.team = team
      try await counter.record([], [counter.single([counter.job("B1", "12 Mill Lane")])])
      try await counter.deliver()
      let token = try counter.token()
      guard case .open = try await counter.desk().look(token) else {
        Issue.record("it is not open")
        return
      }
      counter.configuration.team.members[ann].until = today.plus(-1)
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
      await #expect(throws: ClaimError.unknown) {
        try await counter.desk().claim(token, "bob", 0)
      }
    }
  }

  @Test("Who leads the area no more is not told and has no link, but keeps what is held through it")
  func leadsNoMore() async throws {
    try await withCounter { counter in
      let jobs = [counter.job("B1", "12 Mill Lane"), counter.job("B2", "14 Mill Lane")]
      let offers = jobs.map { counter.single([$0]) }
      try await counter.record([jobs[0]], [offers[0]])
      try await counter.deliver()
      let token = try counter.token()
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      try await counter.record([jobs[1]], offers, at: now + 60)
      counter.configuration.team.areas[at].leaders = ["bob"]
      try await counter.deliver(at: now + 60)
      #expect(try counter.mails.count == 1, "Ann is not told of the second")
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
      await #expect(throws: ClaimError.unknown) {
        try await counter.desk().claim(token, "bob", 0)
      }
      try await counter.record([], offers, leaders: ["bob"], at: now + 120)
      try await counter.deliver(at: now + 120)
      #expect(try counter.mails.count == 2, "Bob is told of both in one mail")
      let fresh = try counter.mails[1].matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map {
        String($0.output.1)
      }
      #expect(Set(fresh).count == 2)
      // Away, a leader keeps the links; held through one, it stays good for its holder.
      let today = CivilDay(now, in: counter.configuration.timeZone)
      let bob = try #require(counter.configuration.team.members.firstIndex { $0.id == "bob" })
      counter.configuration.team.members[bob].away = today...today
      let desk = await counter.desk(at: now + 180)
      _ = try await desk.press(
        fresh[0], DeskPress(member: "ann", generation: 0, action: .claim(second: "bob")))
      counter.configuration.team.areas[at].leaders = ["ann"]
      guard case .held = try await counter.desk(at: now + 180).look(fresh[0]) else {
        Issue.record("it is not held")
        return
      }
    }
  }

  @Test("Whose link has gone with its reader keeps what is held through it, and can end it")
  func readerHasGone() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver()
      let token = try counter.token()
      _ = try await counter.desk().claim(token, "bob", 0)
      let today = CivilDay(now, in: counter.configuration.timeZone)
      func leave(_ id: String) throws {
        let at = try #require(counter.configuration.team.members.firstIndex { $0.id == id })
        counter.configuration.team.members[at].until = today.plus(-1)
      }
      try leave("ann")
      guard case .held = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      try await counter.desk().record(token, "bob", 1, .doNotContact)
      #expect(try await counter.feed.store.optOuts().count == 1)
      // It is done, and the link is that of somebody who has gone.
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
    }
  }

  @Test("Where the holder has gone as well the link opens nothing")
  func bothHaveGone() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver()
      let token = try counter.token()
      _ = try await counter.desk().claim(token, "bob", 0)
      let today = CivilDay(now, in: counter.configuration.timeZone)
      for at in counter.configuration.team.members.indices {
        counter.configuration.team.members[at].until = today.plus(-1)
      }
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
    }
  }

  @Test(
    "A place that may be there though it is not certain: its caution is on the card, its entry takes back",
    arguments: ["not_alone", "do_not_contact"])
  func mayBeThere(flag: String) async throws {
    try await withCounter { counter in
      // Two UPRNs come with the same words: whose the written address is cannot be told.
      let alone = counter.job("B1", "12 Mill Lane")
      var others = [counter.job("M1", "12 Mill Lane", type: "Missed bin")]
      others.append(counter.job("M2", "12 Mill Lane", type: "Missed bin"))
      (others[0].place.uprn, others[1].place.uprn) = ("100", "200")
      let verdict = triage(
        TriageInput(
          jobs: [alone] + others, rules: counter.configuration.rules, register: Register(),
          team: counter.configuration.team, now: now,
          today: CivilDay(now, in: counter.configuration.timeZone)))
      let offer = try #require(verdict.opportunities.first { $0.trigger == alone.id })
      #expect(Set(offer.alsoAt.map(\.place.uprn)) == ["100", "200"])
      try await counter.record([alone] + others, [offer])
      try await counter.deliver()
      let token = try counter.token()
      let file = counter.configuration.registerFile
      try write("uprn,address,postcode,flag,expires\n100,,,\(flag),\n", to: file)
      try settle(file)
      let later = max(now, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      if flag == "do_not_contact" {
        await #expect(throws: ClaimError.withdrawn) {
          try await counter.desk().claim(token, "bob", 0)
        }
      } else {
        let view = try await counter.desk().claim(token, "bob", 0)
        #expect(view.households.map(\.flags) == [[.notAlone]])
      }
    }
  }

  @Test("Before the first judgement, and of what is on trial or ended by now, nothing is announced")
  func notYet() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver(mayAnnounce: false)
      let configuration = counter.configuration
      let today = CivilDay(now, in: configuration.timeZone)
      let at = try #require(configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.rules.isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.feeds[0].isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.feeds[0].agreement = Agreement(reference: "x", ends: today.plus(-1))
      try await counter.deliver()
      #expect(try counter.mails.isEmpty)
      counter.configuration = configuration
      try await counter.deliver()
      #expect(try counter.mails.count == 1)
    }
  }

  @Test(
    "The register is asked for every place that a job of the address bears, by UPRN or in writing",
    arguments: ["100,,,do_not_contact,", ",12 Mill Lane,NG17 9CM,do_not_contact,"])
  func everyPlace(entry: String) async throws {
    for isLate in [false, true] {
      try await withCounter { counter in
        // One bears the written address alone, one another spelling with the UPRN.
        let written = counter.job("B1", entry.hasPrefix("100") ? "12 Mill Lane" : "Rose Cottage")
        var numbered = counter.job("B2", entry.hasPrefix("100") ? "Rose Cottage" : "12 Mill Lane")
        numbered.place.uprn = "100"
        var offer = counter.single([written])
        offer.address = AddressKey(text: "uprn:100")
        offer.jobs = [written.id, numbered.id]
        try await counter.record([written, numbered], [offer])
        if isLate { try await counter.deliver() }
        let file = counter.configuration.registerFile
        try write("uprn,address,postcode,flag,expires\n\(entry)\n", to: file)
        try FileManager.default.setAttributes(
          [.modificationDate: now - 60], ofItemAtPath: file)
        // What two looks have seen alike is in force.
        let later = max(now, .now) + 60
        for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
        if isLate {
          let token = try counter.token()
          await #expect(throws: ClaimError.withdrawn) {
            try await counter.desk().claim(token, "bob", 0)
          }
        } else {
          try await counter.deliver()
          #expect(try counter.mails.isEmpty)
        }
        #expect(try await counter.feed.store.opportunity(1)?.state == .withdrawn)
      }
    }
  }

  @Test(
    "The page that names the place has no job that may be for safeguarding, and none of its notes")
  func otherDoor() async throws {
    try await withCounter { counter in
      counter.configuration.rules.safeguarding.words = ["note of b1"]
      let jobs = [
        counter.job("B1", "12 Mill Lane"), counter.job("M1", "12 Mill Lane", type: "Missed bin"),
      ]
      try await counter.record(jobs, [counter.single([jobs[0]])])
      try await counter.deliver()
      let view = try await counter.desk().claim(try counter.token(), "bob", 0)
      #expect(view.households[0].history.map(\.type) == ["Missed bin"])
      #expect(view.notes.isEmpty && view.contact.isEmpty)
    }
  }

  @Test("A mail about a job that may be for safeguarding goes to those who lead the area now alone")
  func otherDoorMail() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [])
      func tell() async throws -> Int {
        let (configuration, now) = (counter.configuration, now)
        let today = CivilDay(now, in: configuration.timeZone)
        return try await counter.feed.store.tellOtherDoor(
          [OtherDoorJob(job: job.id, area: job.area, kind: nil)], now: now
        ) { otherDoorMails($0, configuration, areaNames: [:], today: today, now: now) }
      }
      #expect(try await tell() == 1)
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].leaders = ["bob"]
      try await counter.deliver()
      #expect(try counter.mails.isEmpty)
      #expect(try await tell() == 1)
      #expect(try await tell() == 0)
      try await counter.deliver()
      #expect(try counter.mails.count == 1)
      #expect(try counter.mails[0].contains("To: Bob") || counter.mails[0].contains("bob@"))
    }
  }

  @Test("What is owed in a paused area is held and goes out afterwards; a pause stops no claim")
  func paused() async throws {
    try await withCounter { counter in
      let jobs = ["12 Mill Lane", "14 Mill Lane"].enumerated().map {
        counter.job("B\($0)", $1)
      }
      try await counter.record([jobs[0]], [counter.single([jobs[0]])])
      try await counter.deliver()
      #expect(try counter.mails.count == 1)
      let today = CivilDay(now, in: counter.configuration.timeZone)
      try await counter.feed.store.pause(
        Pause(area: nil, why: "Flood", by: "ann", began: now, until: today.plus(2)))
      try await counter.record([jobs[1]], jobs.map { counter.single([$0]) }, at: now + 60)
      try await counter.deliver(at: now + 60)
      #expect(try counter.mails.count == 1)
      let view = try await counter.desk(at: now + 90).claim(try counter.token(), "bob", 0)
      #expect(view.households.map(\.address) == ["12 Mill Lane, Sutton in Ashfield"])
      // It ends by itself on its day.
      try await counter.deliver(at: now + 86_400)
      #expect(try counter.mails.count == 1)
      try await counter.deliver(at: now + 2 * 86_400)
      #expect(try counter.mails.count == 2)
    }
  }

  @Test("As many as a person and an agency may hold; what the page says is which of the two it was")
  func caps() async throws {
    try await withCounter { counter in
      let jobs = (1...3).map { counter.job("B\($0)", "\($0) Mill Lane") }
      counter.configuration.team.openClaimsPerPerson = 1
      counter.configuration.team.agencies = [Agency(name: "Fire and rescue", openClaims: 0)]
      try await counter.record(jobs, jobs.map { counter.single([$0]) })
      try await counter.deliver()
      let mail = try #require(try counter.mails.first)
      let tokens = Set(mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map { String($0.output.1) })
        .sorted()
      #expect(tokens.count == 3)
      _ = try await counter.desk().claim(tokens[0], "bob", 0)
      await #expect(throws: ClaimError.tooMany(limit: 1, agency: nil)) {
        try await counter.desk().claim(tokens[1], "bob", 0)
      }
      await #expect(throws: ClaimError.tooMany(limit: 0, agency: "Fire and rescue")) {
        try await counter.desk().claim(tokens[1], "dee", 0)
      }
      _ = try await counter.desk().claim(tokens[1], "ann", 0)
    }
  }

  @Test(
    "Of a complaint about somebody else neither who called nor what they said is shown",
    arguments: [false, true])
  func complaint(isComplaint: Bool) async throws {
    try await withCounter { counter in
      for at in counter.configuration.rules.types.indices {
        counter.configuration.rules.types[at].isComplaint = isComplaint
      }
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver()
      let view = try await counter.desk().claim(try counter.token(), "bob", 0)
      #expect(view.notes == (isComplaint ? "" : "note of B1"))
      #expect(view.contact == (isComplaint ? "" : "caller of B1"))
      #expect(view.complaints.isEmpty && view.households[0].history.count == 1)
    }
  }

  @Test("The timeline of an address has 12 months of jobs in plain words, and who held it before")
  func timeline() async throws {
    try await withCounter { counter in
      let jobs = [
        counter.job("B1", "12 Mill Lane"),
        counter.job("M1", "12 Mill Lane", type: "Missed bin", days: 100, closed: now - 99 * 86_400),
        counter.job("Q1", "12 Mill Lane", type: "ZZ 14", days: 200),
        counter.job("B0", "12 Mill Lane", days: 370),
      ]
      let offer = counter.single([jobs[0]])
      try await counter.record(jobs, [offer])
      try await counter.deliver()
      let token = try counter.token()
      let store = counter.feed.store
      _ = try await counter.desk().claim(token, "bob", 0)
      #expect(try await store.lapse(claimedBefore: now + 1, now: now + 86_400) == [1])
      _ = try await counter.desk(at: now + 90_000).claim(token, "dee", 2)
      try await counter.desk(at: now + 90_060).undo(token, "dee", 3)
      let view = try await counter.desk(at: now + 100_000).claim(token, "ann", 4)
      let home = try #require(view.households.first)
      #expect(home.history.map(\.type) == ["Bulky waste collection", "Missed bin", "Another job"])
      #expect(home.history.map(\.state) == [.open, .closed(now - 99 * 86_400), .open])
      #expect(Set(home.history.map(\.feed)) == ["Street scene"])
      #expect(
        home.holders == [
          HolderLine(name: "Bob Baker", from: now, until: now + 86_400, ending: .lapsed)
        ])
      #expect(view.complaints.isEmpty)
    }
  }
}
