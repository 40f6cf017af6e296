import Foundation
import Geography
import Testing
import Triage

@testable import triaged

@Suite("Contact register file")
struct RegisterFileTests {
  private let today = CivilDay("2026-11-21")!
  private let header = "uprn,address,postcode,flag,expires\n"
  private let wide = "uprn,address,postcode,polygon,flag,scope,reason,owner,review,expires\n"

  /// A folder with a register, and polygons beside it by their file's name.
  private func read(
    _ text: String, polygons: [String: String] = [:], age: Double = 0
  ) throws -> (LoadedRegister, [String]) {
    let folder = try TemporaryFolder()
    try write(text, to: folder.path + "/register.csv")
    if !polygons.isEmpty {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/register", withIntermediateDirectories: true)
    }
    for (name, text) in polygons { try write(text, to: folder.path + "/register/" + name) }
    let problems = ProblemList()
    let register = readRegister(
      RegisterPlaces(
        path: folder.path + "/register.csv", maxAge: 86_400,
        polygons: RegisterPolygons(
          folder: folder.path + "/register", grid: .britishNational, settings: AreaFileSettings())),
      today: today, now: .now.addingTimeInterval(age), problems: problems)
    return (
      register,
      problems.problems.map {
        "\($0.line) \($0.severity): \($0.text)"
      }
    )
  }

  @Test("Entries count by UPRN, by address and for the whole building")
  func entries() throws {
    let (loaded, problems) = try read(
      header + "000123,,,do_not_contact,\n,\"Flat 2, 12 Mill Lane\",NG17 9CM,not_alone,2099-01-01\n"
    )
    #expect(problems.isEmpty)
    let register = try #require(loaded.state.register)
    #expect(register.flags(for: Place(address: "", uprn: "123")) == [.doNotContact])
    #expect(
      register.flags(for: Place(address: "12 Mill Ln", postcode: "NG17 9CM")) == [.notAlone])
    #expect(register.flags(for: Place(address: "13 Mill Ln", postcode: "NG17 9CM")) == [])
  }

  @Test(
    "An entry past its expiry or its review goes on holding, and is said without what stands in it")
  func due() throws {
    let (loaded, problems) = try read(
      wide
        + "123,,,,do_not_contact,,asked,,,2020-01-01\n"
        + ",12 Mill Lane,NG17 9CM,,no_letter,dwelling,letters,Housing,2026-11-20,2099-01-01\n"
        + "124,,,,not_alone,,pairs,,2026-11-21,2026-11-21\n")
    let register = try #require(loaded.state.register)
    #expect(register.flags(for: Place(address: "", uprn: "123")) == [.doNotContact])
    #expect(
      register.flags(for: Place(address: "12 Mill Lane", postcode: "NG17 9CM")) == [.noLetter])
    #expect(
      loaded.due
        == RegisterDue(
          expired: [2], review: [3], latestExpired: CivilDay("2020-01-01"),
          latestReview: CivilDay("2026-11-20")))
    #expect(loaded.entries == 3)
    #expect(
      problems == [
        "2 warning: This entry expired on 2020-01-01. It goes on holding: renew or remove it.",
        "3 warning: This entry was to be reviewed by 2026-11-20. It goes on holding.",
      ])
  }

  @Test("An entry for one dwelling spares the flat next to it")
  func dwelling() throws {
    let (loaded, _) = try read(
      wide + ",\"Flat 2, 12 Mill Lane\",NG17 9CM,,do_not_contact,dwelling,,,,\n")
    let register = try #require(loaded.state.register)
    func flags(_ address: String) -> Set<Register.Flag> {
      register.flags(for: Place(address: address, postcode: "NG17 9CM"))
    }
    #expect(flags("12 Mill Lane, Flat 2") == [.doNotContact])
    #expect(flags("Flat 3, 12 Mill Lane") == [])
  }

  /// A square of about a hundred metres in Sutton in Ashfield, as geojson.io writes it.
  private let square = """
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
    {"type": "Polygon", "coordinates": [[[-1.2600, 53.1250], [-1.2585, 53.1250], [-1.2585, 53.1259],
    [-1.2600, 53.1259], [-1.2600, 53.1250]]]}}]}
    """

  private func point(_ longitude: Double, _ latitude: Double) throws -> GridPoint {
    let projection = try makeProjection(
      from: longitudeLatitude, to: .britishNational, dataFolder: nil)
    return try #require(projection.toGrid(longitude, latitude))
  }

  @Test(
    "An entry may name a boundary file: what lies inside is flagged, whatever its address",
    arguments: [
      "refuge", "refuge.geojson",
    ])
  func polygon(name: String) throws {
    let (loaded, problems) = try read(
      wide + ",,,\(name),do_not_contact,,risk,Housing,,\n",
      polygons: ["refuge.geojson": square, "unused.geojson": square])
    let register = try #require(loaded.state.register)
    let inside = try point(-1.2592, 53.1255)
    let outside = try point(-1.2650, 53.1255)
    func flags(_ point: GridPoint, _ grade: LocationGrade) -> Set<Register.Flag> {
      register.flags(for: Place(address: "7 High Street", point: point, location: grade))
    }
    #expect(flags(inside, .coordinates) == [.doNotContact])
    #expect(flags(outside, .coordinates) == [])
    #expect(flags(try point(-1.2565, 53.1255), .postcode) == [.doNotContact])
    #expect(problems.count == 1 && problems[0].contains("No entry of the contact register names"))
  }

  @Test(
    "A polygon that is missing or broken puts the register out of force",
    arguments: [[:], ["refuge.geojson": "{\"type\": \"FeatureColl"], ["refuge.kml": "<kml>"]])
  func brokenPolygon(files: [String: String]) throws {
    let (loaded, problems) = try read(
      wide + "1,,,,no_letter,,,,,\n,,,refuge,do_not_contact,,,,,\n", polygons: files)
    #expect(
      loaded.state == .notInForce(why: "Row 3 of the contact register cannot be read."))
    #expect(problems.contains { $0.contains("The polygon that it names is no boundary file") })
  }

  @Test(
    "A column that has no meaning is refused, with the one that may be meant, and is not repeated")
  func unknownColumn() throws {
    let (scop, told) = try read(
      "uprn,address,postcode,flag,scop,expires\n1,,,no_letter,dwelling,\n")
    #expect(scop.state.register == nil)
    #expect(
      told == [
        "1 error: Column 5 of the contact register has a heading that has no meaning here: is 'scope' meant? "
          + "Nothing is announced."
      ])
    let (twice, _) = try read("uprn,address,postcode,flag,flag,expires\n1,,,,no_letter,\n")
    #expect(
      twice.state == .notInForce(why: "The contact register has the column 'flag' twice."))
    let (named, tells) = try read(
      "uprn,address,postcode,flag,expires,Jane Doe,Jane Doe\n1,,,no_letter,\n")
    guard case .notInForce(let why) = named.state else {
      Issue.record("It is in force.")
      return
    }
    #expect(!why.lowercased().contains("jane") && !tells.joined().lowercased().contains("jane"))
    #expect(why.hasPrefix("Column 6 of the contact register"))
    // Without a header the first row is somebody's: it is not repeated.
    let (bare, said) = try read("123,12 Mill Lane,NG17 9CM,do_not_contact,\n")
    #expect(bare.state.register == nil)
    #expect(!said.joined().contains("Mill") && !said.joined().contains("123"))
  }

  @Test(
    "A register that cannot be relied on is not in force",
    arguments: [
      "", "uprn,flag\n", "uprn,address,postcode,flag,expires\n123,,,no_visits,\n",
      "uprn,address,postcode,flag,expires\n,,,do_not_contact,\n",
      "uprn,address,postcode,flag,expires\n1,,,no_letter,whenever\n",
      "uprn,address,postcode,flag,expires\n1,,,no_letter,2026-02-30\n",
      "uprn,address,postcode,flag,expires\n1.00E+11,12 Mill Lane,NG17 9CM,no_letter,\n",
      "uprn,address,postcode,flag,scope,expires\n1,,,no_letter,street,\n",
      "uprn,address,postcode,flag,reason,expires\n1,,,no_letter,violent,\n",
      "uprn,address,postcode,flag,review,expires\n1,,,no_letter,soon,\n",
    ])
  func unreliable(text: String) throws {
    let (loaded, problems) = try read(text)
    #expect(loaded.state.register == nil)
    #expect(problems.contains { $0.contains(" error: ") })
  }

  @Test("What is wrong with a row is told all at once, and with what may be meant")
  func everyProblem() throws {
    let (_, told) = try read(wide + ",here,,,do_not_cntact,flat,askd,,soon,never\n")
    #expect(
      told == [
        "2 error: 'flag' takes one of: do_not_contact, no_letter, not_alone. Did you mean 'do_not_contact'?",
        "2 error: 'scope' takes one of: building, dwelling.",
        "2 error: 'reason' takes one of: asked, risk, letters, pairs, service, order, other. Did you mean "
          + "'asked'?", "2 error: 'review' takes a date such as 2027-03-31.",
        "2 error: 'expires' takes a date such as 2027-03-31.",
        "2 error: This entry has neither a UPRN nor an address with a number that can be matched, nor a "
          + "polygon.",
      ])
  }

  @Test("A register that was not saved for too long is not in force")
  func tooOld() throws {
    #expect(try read(header, age: 80_000).0.state.register != nil)
    #expect(try read(header, age: 90_000).0.state.register == nil)
  }

  @Test("A register that was saved in days to come is not in force: it would never grow too old")
  func ahead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/register.csv"
    try write(header, to: path)
    func state(ahead seconds: Double) throws -> RegisterState {
      try FileManager.default.setAttributes(
        [.modificationDate: Date.now + seconds], ofItemAtPath: path)
      return readRegister(
        RegisterPlaces(
          path: path, maxAge: 86_400,
          polygons: RegisterPolygons(
            folder: folder.path + "/register", grid: .britishNational, settings: AreaFileSettings())
        ), today: today, now: .now, problems: ProblemList()
      ).state
    }
    #expect(try state(ahead: 300).register != nil)
    guard case .notInForce(let why) = try state(ahead: 900) else {
      Issue.record("It is in force.")
      return
    }
    #expect(why.contains("a time that has not come yet"))
    #expect(try state(ahead: 3 * 365 * 86_400).register == nil)
  }

  @Test("A missing register is not in force")
  func missing() {
    let problems = ProblemList()
    let register = readRegister(
      RegisterPlaces(
        path: "/nowhere/r.csv", maxAge: 1,
        polygons: RegisterPolygons(
          folder: "/nowhere/r", grid: .britishNational, settings: AreaFileSettings())),
      today: today, now: .now, problems: problems)
    #expect(register.state.register == nil)
    #expect(problems.hasErrors)
  }
}
