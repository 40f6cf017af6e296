import Foundation
import Storage
import TestDesk
import Testing
import Triage

@testable import triaged

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
