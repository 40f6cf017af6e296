import Foundation
import Testing
import Triage

/// Invented dwellings in many spellings, held against each other: how often two of them are taken for one
/// (a false merge, which shows one household's history to another's visitor), and how often two spellings
/// of one are not (a history that is told in two halves).
@Suite("Addresses, generated")
struct AddressRateTests {
  @Test("No two dwellings out of thousands are taken for one, and no spelling of one is missed")
  func rates() async {
    var random = Seeded(4711)
    let dwellings = (0..<8_000).map { _ in Dwelling(&random) }
    var ofKey: [String: Set<Dwelling>] = [:]
    var keys: [Dwelling: Set<String>] = [:]
    var spellings = 0
    for dwelling in Set(dwellings) {
      await Task.yield()
      for _ in 0..<6 {
        let place = Place(address: dwelling.spelled(&random), postcode: "")
        spellings += 1
        guard let key = AddressKey(place)?.text else { continue }
        ofKey[key, default: []].insert(dwelling)
        keys[dwelling, default: []].insert(key)
      }
    }
    let merged = ofKey.values.filter { $0.count > 1 }
    let missed = keys.values.filter { $0.count > 1 }.count
    print(
      "addresses: \(keys.count) dwellings in \(spellings) spellings; \(merged.count) keys of two or more "
        + "dwellings; \(missed) dwellings with more than one key")
    #expect(merged.isEmpty, "\(merged.prefix(3))")
    #expect(keys.count == Set(dwellings).count, "each can be told apart")
    #expect(missed == 0)
    for two in keys.filter({ $0.value.count > 1 }).prefix(8) { print("missed", two.value.sorted()) }
  }
}

/// One household of an invented town.
private struct Dwelling: Hashable {
  var number: Int
  var letter: String
  /// The last number of a range; zero: none.
  var last: Int
  /// In the place of a number.
  var name: String
  /// Only where there is no postcode.
  var town: String
  var unit: Unit
  var street: String
  var type: String
  var direction: String
  var postcode: String

  enum Unit: Hashable {
    case none
    case flat(Int)
    case flatLetter(String)
    case floor(Int)
    case room(Int)
    case rear
  }

  init(_ random: inout Seeded) {
    number = .random(in: 1...60, using: &random)
    letter = ["", "", "", "", "A", "B"].randomElement(using: &random)!
    let isRange = Int.random(in: 0..<12, using: &random) == 0
    last = isRange ? number + 2 : 0
    if isRange { letter = "" }
    name = ""
    if !isRange, Int.random(in: 0..<8, using: &random) == 0 {
      let of = ["Rose", "Lily", "Fern", "Hill"].randomElement(using: &random)!
      name = of + " " + ["Cottage", "House", "Lodge", "Barn"].randomElement(using: &random)!
      (number, letter) = (0, "")
    }
    town = ""
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1: unit = .flat(.random(in: 1...12, using: &random))
    case 2: unit = .flatLetter(["A", "B", "C"].randomElement(using: &random)!)
    case 3: unit = .floor(.random(in: 0...2, using: &random))
    case 4: unit = .room(.random(in: 1...6, using: &random))
    case 5: unit = .rear
    default: unit = .none
    }
    street =
      [
        "Mill", "Larkspur", "St John's", "Old Church", "Queen's", "Park", "High", "Ann",
        "King Edward",
      ]
      .randomElement(using: &random)!
    type =
      [
        "Road", "Street", "Lane", "Avenue", "Close", "Drive", "Crescent", "Court", "Gardens",
        "Grove", "Terrace",
      ]
      .randomElement(using: &random)!
    direction = ["", "", "", "", "", "East", "West"].randomElement(using: &random)!
    postcode = ["NG17 9CM", "NG17 9CN", "NG18 4AB", "S1 2CD", ""].randomElement(using: &random)!
    // Without a number only a certain street-type word tells where the street begins.
    if !name.isEmpty {
      type = ["Road", "Street", "Lane", "Avenue"].randomElement(using: &random)!
      (unit, direction) = (.none, "")
    }
    if postcode.isEmpty {
      town = ["Sutton in Ashfield", "Kirkby", "Mansfield"].randomElement(using: &random)!
    }
  }

  func spelled(_ random: inout Seeded) -> String {
    func one(_ texts: [String]) -> String { texts.randomElement(using: &random)! }
    let shorts = [
      "Road": "Rd", "Street": "St", "Lane": "Ln", "Avenue": "Ave", "Close": "Cl", "Drive": "Dr",
      "Crescent": "Cres", "Court": "Ct", "Gardens": "Gdns", "Grove": "Gr", "Terrace": "Terr",
    ]
    let type = one([type, type, shorts[type]!, shorts[type]! + "."])
    let street = one([
      street, street.replacingOccurrences(of: "'", with: ""),
      street.replacingOccurrences(of: "'", with: "\u{2019}"),
    ])
    let range = one([
      "\(number)-\(last)", "\(number) - \(last)", "\(number) to \(last)",
      "\(number)\u{2013}\(last)",
    ])
    let house =
      last > 0
      ? range
      : !name.isEmpty
        ? one([name, "The \(name)"])
        : one([
          "\(number)\(letter)", "\(number)\(letter.lowercased())", "No. \(number)\(letter)",
        ])
    var line = house + (name.isEmpty ? one([" ", ", ", " "]) : ", ") + street + " " + type
    if !direction.isEmpty { line += " " + direction }
    switch unit {
    case .none: break
    case .flat(let flat):
      line = attached(
        one(["Flat \(flat)", "FLAT \(flat)", "Apt \(flat)", "Flt \(flat)"]), line, &random)
    case .flatLetter(let flat): line = attached("Flat \(flat)", line, &random)
    case .floor(let floor):
      let names = [
        ["Ground Floor Flat", "Ground Floor", "GFF"],
        ["First Floor Flat", "1st Floor", "First Floor"],
        ["Second Floor", "2nd Floor Flat", "2nd Flr"],
      ]
      line = attached(one(names[floor]), line, &random)
    case .room(let room): line = attached(one(["Room \(room)", "Rm \(room)"]), line, &random)
    case .rear: line = one(["Rear of ", "R/O ", "To the rear of "]) + line
    }
    if postcode.isEmpty {
      let towns = [
        town, town + ", Notts", town + ", Nottinghamshire", town + ", Nottinghamshire, UK",
      ]
      return one([line + ", " + one(towns), (line + ", " + one(towns)).uppercased()])
    }
    line += one(["", ", Sutton in Ashfield", ", Kirkby, Notts", ", Stanton Hill, Nottinghamshire"])
    line += one([", ", " "]) + one([postcode, postcode.replacingOccurrences(of: " ", with: "")])
    return one([line, line.uppercased(), line.lowercased(), line])
  }

  private func attached(_ unit: String, _ line: String, _ random: inout Seeded) -> String {
    Bool.random(using: &random) ? "\(unit), \(line)" : "\(line), \(unit)"
  }
}
