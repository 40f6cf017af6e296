import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

private let header = "uprn,address,postcode,flag,review,expires\n"

@Suite("Matters: what is wrong with the instance itself")
struct MatterWatchTests {
  @Test("Of an instance that has nothing to mend nothing is said")
  func nothing() async throws {
    let instance = try MatterGround()
    try await instance.watch.round(now: .now)
    #expect(try await instance.open() == [])
    #expect(try await instance.due(.now + 1e6) == [])
  }

  @Test("A register that is away is told after two minutes, once, and when it is back")
  func register() async throws {
    let now = Date.now
    let instance = try MatterGround(now: now)
    let path = instance.config + "/register.csv"
    try await instance.watch.round(now: now)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    for seconds in [1.0, 20, 40] { try await instance.watch.round(now: now + seconds) }
    #expect(try await instance.open() == [.register])
    #expect(try await instance.due(now + 100) == [])
    // Killed and started anew: it is the same matter, and no second mail.
    try instance.restart(now: now + 60)
    try await instance.watch.round(now: now + 60)
    #expect(
      try await instance.due(now + 130) == ["ashfield: the contact register is not in force"])
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    try await instance.rounds(now + 7200)
    #expect(
      try await instance.due(now + 7206) == [
        "ashfield: the contact register is in force again",
        "ashfield: the contact register is not in force",
      ])
    #expect(instance.journal.lines.count { $0.hasPrefix("Something is the matter.") } == 1)
    #expect(instance.journal.lines.count { $0.hasPrefix("A matter is over.") } == 1)
  }

  @Test(
    "A register that is being saved is nobody's matter, and one that was put back soon is told to nobody"
  )
  func saving() async throws {
    let now = Date.now
    let instance = try MatterGround(now: now)
    try await instance.watch.round(now: now)
    try write(header + "1,,,no_letter,,\n", to: instance.config + "/register.csv")
    try FileManager.default.setAttributes(
      [.modificationDate: now], ofItemAtPath: instance.config + "/register.csv")
    try await instance.watch.round(now: now + 1)
    #expect(await instance.live.inForce(now: now + 1).register.register == nil)
    #expect(try await instance.open() == [])
    try instance.save("nonsense", at: now)
    try await instance.rounds(now + 10)
    #expect(try await instance.open() == [.register])
    try instance.save(header, at: now - 1)
    try await instance.watch.round(now: now + 60)
    #expect(try await instance.open() == [.register], "no look says that it is over")
    try await instance.watch.round(now: now + 65)
    #expect(try await instance.open() == [])
    #expect(try await instance.due(now + 1e6) == [])
  }

  @Test("Entries past their dates are counted with their rows, hold on, and no address is told")
  func entries() async throws {
    let instance = try MatterGround()
    try instance.save(
      header
        + ",12 Quince Avenue,NG17 9CM,do_not_contact,,2020-01-01\n"
        + "100012345678,,,no_letter,,2020-01-01\n" + "124,,,not_alone,2020-01-01,\n")
    try await instance.watch.round(now: .now)
    #expect(try await instance.open() == [.registerExpired, .registerReview])
    let register = try #require(await instance.live.inForce(now: .now).register.register)
    #expect(
      register.flags(for: Place(address: "12 Quince Avenue", postcode: "NG17 9CM"))
        == [.doNotContact])
    let mails = try await instance.store.dueNotices(now: .now + 10)
    let text = mails.flatMap(\.paragraphs).joined(separator: "\n")
    #expect(text.contains("2 entries of the contact register have expired (rows 2, 3)."))
    #expect(text.contains("An entry of the contact register was to be reviewed by now (row 4)."))
    for secret in ["Quince", "NG17", "100012345678"] {
      #expect(!text.contains(secret))
      #expect(!instance.journal.lines.joined().contains(secret))
    }
    // Renewed, it is over, which is no news.
    try instance.save(header + "100012345678,,,no_letter,,\n124,,,not_alone,,\n")
    try await instance.rounds(.now + 30)
    #expect(try await instance.open() == [])
    #expect(try await instance.due(.now + 1e6).count == 2)
  }

  @Test(
    "Entries that join those that are due are told in one more mail, a week later at the earliest")
  func joining() async throws {
    let start = noon("2026-09-01")
    let instance = try MatterGround(now: start)
    func entries(_ days: String...) -> String {
      header + days.enumerated().map { "\($0 + 1),,,no_letter,,\($1)\n" }.joined()
    }
    try instance.save(entries("2026-08-01", "2026-09-03"), at: start)
    try await instance.watch.round(now: start)
    #expect(try await instance.due(start + 10).count == 1)
    // The second has expired; saved by the way, which is no end of anything.
    let day = 86_400.0
    try await instance.watch.round(now: start + 3 * day)
    try instance.save(entries("2026-08-01", "2026-09-03", "2027-01-01"), at: start + 3 * day)
    try await instance.rounds(start + 3 * day + 60)
    #expect(try await instance.due(start + 4 * day).count == 1)
    try instance.restart(now: start + 6 * day)
    try await instance.watch.round(now: start + 6 * day)
    #expect(try await instance.due(start + 6 * day + 60).count == 1)
    try await instance.watch.round(now: start + 8 * day)
    #expect(
      try await instance.store.dueNotices(now: start + 8 * day).map(\.paragraphs).filter {
        $0.joined().contains("2 entries of the contact register have expired (rows 2, 3).")
      }.count == 1)
    for later in [9.0, 20] { try await instance.watch.round(now: start + later * day) }
    #expect(try await instance.due(start + 30 * day).count == 2)
    #expect(instance.journal.lines.count { $0.hasPrefix("Something is the matter.") } == 2)
  }

  @Test("While the register is out of force what was said of its entries stays as it is")
  func outOfForce() async throws {
    let now = Date.now
    let instance = try MatterGround(now: now)
    let path = instance.config + "/register.csv"
    try instance.save(header + "1,,,no_letter,,2020-01-01\n", at: now)
    try await instance.watch.round(now: now)
    for at in stride(from: 60.0, to: 600, by: 60) {
      try instance.save(header + "1,,,no_letter,,2020-01-01\n", at: now + at)
      try await instance.rounds(now + at)
    }
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    try await instance.watch.round(now: now + 700)
    #expect(try await Set(instance.open()) == [.registerExpired, .register])
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    try await instance.rounds(now + 760)
    #expect(try await instance.open() == [.registerExpired])
    #expect(try await instance.due(now + 1e5).count == 1)
  }

  @Test("Rules whose review is overdue stay in force and are said")
  func review() async throws {
    let instance = try MatterGround { config in
      try edit(config + "/rules.yaml", "agreed_on: 2026-11-02", "agreed_on: 2020-01-01")
      try edit(config + "/rules.yaml", "review_on: 2099-05-01", "review_on: 2020-05-01")
    }
    try await instance.watch.round(now: .now)
    #expect(try await instance.due(.now + 10) == ["ashfield: the rules are due for review"])
  }

  /// Noon of a day of 2026.
  private func noon(_ day: String) -> Date {
    CivilDay(day)!.instant(minutes: 720, in: .gmt)
  }

  @Test(
    "An agreement is warned of 60 days before its end, and said when it has ended; renewed, too")
  func agreements() async throws {
    let instance = try MatterGround(now: noon("2026-09-01")) { config in
      try edit(
        config + "/feeds/street-scene.yaml", "agreement: {reference: example-1}",
        "agreement: {reference: EX-7, ends: 2026-12-31}")
      try edit(
        config + "/team.yaml", "reference: example-3", "reference: EX-8, ends: 2026-12-31")
    }
    try await instance.watch.round(now: noon("2026-11-01"))
    #expect(try await instance.open() == [])
    try await instance.watch.round(now: noon("2026-11-02"))
    #expect(try await instance.open() == [.agreementEnds, .agreementEnds])
    try await instance.watch.round(now: noon("2026-12-31"))
    #expect(
      try await instance.due(noon("2026-12-31")) == [
        "ashfield: the agreement of the agency Fire and rescue ends soon",
        "ashfield: the agreement of the feed street-scene ends soon",
      ])
    try await instance.watch.round(now: noon("2027-01-01"))
    #expect(try await instance.open() == [.agreementEnded, .agreementEnded])
    #expect(try await instance.due(noon("2027-01-01")).count == 4)
    #expect(
      instance.configuration.endedFeeds(on: CivilDay("2027-01-01")!) == ["street-scene"])
    #expect(instance.configuration.endedFeeds(on: CivilDay("2026-12-31")!) == [])
    // An old register stands beside it.
    try edit(instance.config + "/feeds/street-scene.yaml", "2026-12-31", "2028-12-31")
    try instance.restart(now: noon("2027-01-02"))
    try await instance.watch.round(now: noon("2027-01-02"))
    #expect(
      try await instance.due(noon("2027-01-02")).contains(
        "ashfield: the agreement of the feed street-scene holds again"))
  }

  @Test("A secondment that ends, and a leader without anybody to stand in")
  func secondments() async throws {
    let instance = try MatterGround(now: noon("2026-09-01")) { config in
      try edit(
        config + "/team.yaml", "email: bob@example.org, channel: post}",
        "email: bob@example.org, channel: post, until: 2026-12-31}")
    }
    try await instance.watch.round(now: noon("2026-12-16"))
    #expect(try await instance.open() == [])
    try await instance.watch.round(now: noon("2026-12-17"))
    #expect(try await instance.open() == [.secondmentEnds])
    try await instance.watch.round(now: noon("2027-01-01"))
    #expect(try await Set(instance.open()) == [.secondmentEnded, .leaderless])
    let text = try await instance.store.dueNotices(now: noon("2027-01-02"))
      .flatMap(\.paragraphs).joined(separator: "\n")
    #expect(text.contains("who leads stanton-hill, ended on 2026-12-31, and nobody stands in."))
    #expect(!text.contains("Baker"), "people are called by their ids")
    // Dee stands in.
    try edit(
      instance.config + "/team.yaml", "until: 2026-12-31}", "until: 2026-12-31, deputy: dee}")
    try instance.restart(now: noon("2027-01-02"))
    try await instance.watch.round(now: noon("2027-01-02"))
    #expect(try await instance.open() == [])
  }

  @Test("Whoever asked at a door not to be contacted is in the register in force, at the next look")
  func optOuts() async throws {
    let place = Place(address: "12 Quince Avenue", postcode: "NG17 9CM")
    let instance = try MatterGround(optOuts: [place])
    let inForce = await instance.live.inForce(now: .now).register
    #expect(inForce.register?.flags(for: place) == [.doNotContact])
    #expect(await instance.live.inForce(now: .now).register == inForce)
  }

  @Test("Where somebody may live of whom nothing is stored any more nobody is sent")
  func erased() async throws {
    let instance = try MatterGround()
    let texts = Place(address: "Flat 2, 12 Quince Avenue", postcode: "NG17 9CM").dwellingTexts
    let live = LiveInputs(
      instance.configuration, areas: instance.live.areas, register: .inForce(Register()),
      erased: { FingerprintedPlaces(prints: texts) { $0 } }, logger: Logger(label: "test"))
    let inForce = await live.inForce(now: .now).register
    let building = Place(address: "12 Quince Avenue", postcode: "NG17 9CM")
    #expect(inForce.register?.flags(for: building) == [.doNotContact])
    #expect(await live.inForce(now: .now).register == inForce)
  }

  @Test("A store that does not tell who asked puts the register out of force")
  func unreadableOptOuts() async throws {
    struct Unreadable: Error {}
    let instance = try MatterGround()
    let live = LiveInputs(
      instance.configuration, areas: instance.live.areas, register: .inForce(Register()),
      optOuts: { throw Unreadable() }, logger: Logger(label: "test"))
    #expect(
      await live.inForce(now: .now).register
        == .notInForce(
          why: "The database does not tell who asked at the door not to be contacted."))
  }

  @Test("An edit of a polygon takes effect, a broken one puts the register out of force")
  func polygons() async throws {
    let instance = try MatterGround()
    let now = Date.now
    func save(_ text: String, at saved: Date) throws {
      let path = instance.config + "/register/refuge.geojson"
      try write(text, to: path)
      try FileManager.default.setAttributes([.modificationDate: saved], ofItemAtPath: path)
    }
    try FileManager.default.createDirectory(
      atPath: instance.config + "/register", withIntermediateDirectories: true)
    func square(_ west: Double) -> String {
      """
      {"type": "Polygon", "crs": {"type": "name", "properties": {"name": "EPSG:27700"}},
      "coordinates": [[[\(west), 359000], [\(west + 100), 359000], [\(west + 100), 359100],
      [\(west), 359100], [\(west), 359000]]]}
      """
    }
    try save(square(450_000), at: now - 600)
    try instance.save(
      "uprn,address,postcode,polygon,flag,expires\n,,,refuge,do_not_contact,\n", at: now)
    let place = Place(
      address: "", point: GridPoint(x: 450_050, y: 359_050), location: .coordinates)
    let first = await instance.live.inForce(now: now).register
    #expect(first.register?.flags(for: place) == [.doNotContact], "\(first)")
    try save(square(451_000), at: now - 300)
    #expect(await instance.settled(now).register.register?.flags(for: place) == [])
    try save("{", at: now - 200)
    #expect(await instance.settled(now + 10).register.register == nil)
    try FileManager.default.removeItem(atPath: instance.config + "/register/refuge.geojson")
    #expect(await instance.settled(now + 20).register.register == nil)
    try save(square(450_000), at: now)
    #expect(await instance.live.inForce(now: now + 30).isRegisterBeingSaved)
    #expect(await instance.live.inForce(now: now + 34).isRegisterBeingSaved)
    #expect(
      await instance.live.inForce(now: now + 35).register.register?.flags(for: place)
        == [.doNotContact])
  }
}
