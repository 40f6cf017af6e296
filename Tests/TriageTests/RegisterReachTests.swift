import Foundation
import Testing
import Triage

/// How far an entry reaches: a dwelling, a building, a part of the map.
@Suite("Contact register: how far an entry reaches")
struct RegisterReachTests {
  private let postcode = "NG17 1AA"

  private func flags(_ entry: String, at place: String, _ scope: Register.Scope) -> Set<
    Register.Flag
  > {
    var register = Register()
    register.add(.doNotContact, uprn: "", address: entry, postcode: postcode, scope: scope)
    return register.flags(for: Place(address: place, postcode: postcode))
  }

  @Test(
    "An entry for one dwelling spares the flat next to it",
    arguments: ["Flat 3, 12 Mill Lane", "12 Mill Lane, Flat 1", "Apt 22, 12 Mill Ln"])
  func spares(place: String) {
    #expect(flags("Flat 2, 12 Mill Lane", at: place, .dwelling) == [])
    #expect(flags("Flat 2, 12 Mill Lane", at: place, .building) == [.doNotContact])
  }

  @Test(
    "An entry for one dwelling holds for whatever may be it",
    arguments: [
      "Flat 2, 12 Mill Lane", "12 Mill Ln, flat 2", "2/12 Mill Lane", "12 Mill Lane",
      "12A Mill Lane", "Mrs Green, 12 Mill Lane", "Ground floor, 12 Mill Lane",
      "1st floor flat 2, 12 Mill Lane", "Mr Brown, Flat 2, 12 Mill Lane",
    ])
  func mayBeIt(place: String) {
    #expect(flags("Flat 2, 12 Mill Lane", at: place, .dwelling) == [.doNotContact])
  }

  @Test("An entry for a whole house holds for its parts, whatever its scope")
  func house() {
    #expect(flags("12 Mill Lane", at: "Flat 3, 12 Mill Lane", .dwelling) == [.doNotContact])
  }

  @Test(
    "Whoever asked at the door is left alone by UPRN and by address; the flat next door is not meant"
  )
  func optOut() {
    var register = Register()
    register.add(
      .doNotContact,
      at: Place(address: "Flat 2, 12 Mill Lane", postcode: postcode, uprn: "10001234"))
    func flags(_ address: String, _ uprn: String = "") -> Set<Register.Flag> {
      register.flags(for: Place(address: address, postcode: postcode, uprn: uprn))
    }
    #expect(flags("", "10001234") == [.doNotContact])
    #expect(flags("12 Mill Lane, Flat 2") == [.doNotContact])
    #expect(flags("Flat 3, 12 Mill Lane", "10001235") == [])
  }

  private let square = PilotArea(
    id: "refuge", name: "Refuge",
    polygons: [
      Polygon(outer: [
        GridPoint(x: 450_000, y: 359_000), GridPoint(x: 450_100, y: 359_000),
        GridPoint(x: 450_100, y: 359_100), GridPoint(x: 450_000, y: 359_100),
      ])
    ])

  private func inShape(_ x: Double, _ y: Double, _ grade: LocationGrade) -> Bool {
    var register = Register()
    register.add(.doNotContact, inside: [square])
    let place = Place(address: "", point: GridPoint(x: x, y: y), location: grade)
    return register.flags(for: place) == [.doNotContact]
  }

  @Test("A polygon holds what lies inside it and on its border, and nothing beside it")
  func polygon() {
    #expect(inShape(450_050, 359_050, .coordinates))
    #expect(inShape(450_100, 359_050, .uprn))
    #expect(!inShape(450_101, 359_050, .coordinates))
    var register = Register()
    register.add(.doNotContact, inside: [square])
    register.add(.notAlone, inside: [square])
    #expect(!register.isEmpty)
    let inside = Place(
      address: "", point: GridPoint(x: 450_001, y: 359_001), location: .coordinates)
    #expect(register.flags(for: inside) == [.doNotContact, .notAlone])
  }

  @Test(
    "What a postcode alone places counts as inside from near it, and what nothing places always")
  func approximate() {
    #expect(inShape(450_300, 359_050, .postcode))
    #expect(inShape(450_300, 359_050, .postcodeNearEdge))
    #expect(!inShape(450_400, 359_050, .postcode))
    var register = Register()
    register.add(.noLetter, inside: [square])
    #expect(register.flags(for: Place(address: "12 Mill Lane")) == [.noLetter])
  }

  @Test("Two registers of the same entries are the same, in whatever order they were made")
  func same() {
    var (one, other) = (Register(), Register())
    one.add(.noLetter, uprn: "1", address: "1 Mill Lane", postcode: postcode)
    one.add(.notAlone, inside: [square])
    other.add(.notAlone, inside: [square])
    #expect(one != other)
    other.add(.noLetter, uprn: "1", address: "1 Mill Lane", postcode: postcode)
    #expect(one == other && one.hashValue == other.hashValue)
  }

  @Test("What was asked before an entry came is asked anew, and of a copy its own")
  func askedBefore() {
    let place = Place(address: "12 Mill Lane", postcode: postcode)
    var register = Register()
    register.add(.noLetter, uprn: "", address: "14 Mill Lane", postcode: postcode)
    let before = register
    #expect(register.flags(for: place) == [])
    register.add(.doNotContact, uprn: "", address: "12 Mill Lane", postcode: postcode)
    for _ in 0..<2 {
      #expect(register.flags(for: place) == [.doNotContact])
      #expect(before.flags(for: place) == [])
    }
    // The UPRN is no part of the written address.
    register.add(.notAlone, uprn: "5", address: "", postcode: "")
    var known = place
    known.uprn = "5"
    #expect(register.flags(for: known) == [.doNotContact, .notAlone])
    #expect(register.flags(for: place) == [.doNotContact])
  }

  @Test("The short way past places that share no word with any entry misses none")
  func shortWay() {
    // Every entry against every place, each entry alone and all together: what one alone flags, all flag.
    let streets = [
      "Mill Lane", "St Johns Rd", "The Croft", "Church Hill", "Riverway", "Old Mill Close",
    ]
    let heads = ["12", "Flat 2, 12", "Rose Cottage,", "12A", "The Lodge,", ""]
    var written: [(String, String)] = []
    for street in streets {
      for head in heads {
        for code in ["NG17 1AA", "NG17 9CM", ""] { written.append((head + " " + street, code)) }
      }
    }
    var all = Register()
    for (address, code) in written.prefix(40) {
      all.add(.doNotContact, uprn: "", address: address, postcode: code)
    }
    for (address, code) in written {
      let place = Place(address: address, postcode: code)
      let alone = written.prefix(40).contains { entry in
        var register = Register()
        register.add(.doNotContact, uprn: "", address: entry.0, postcode: entry.1)
        return !register.flags(for: place).isEmpty
      }
      #expect(alone == !all.flags(for: place).isEmpty, "\(address), \(code)")
    }
  }
}
