import Testing
import Triage

@Suite("The street of a mail")
struct StreetForMailTests {
  @Test(
    "It has no number, no name of a house and no flat",
    arguments: [
      ("12 Mill Lane, Sutton in Ashfield", "Mill Lane"),
      ("12 Mill Lane", "Mill Lane"),
      ("12, Mill Lane, NG17 9CM", "Mill Lane"),
      ("12 a Mill Lane", "Mill Lane"),
      ("No.12 Mill La", "Mill Lane"),
      ("#12 Mill-Lane", "Mill Lane"),
      ("Flat 2, 12 Mill Ln", "Mill Lane"),
      ("Flat 2 12 Mill Ln", "Mill Lane"),
      ("Flat Two, 12 Mill Lane", "Mill Lane"),
      ("1st Floor, 12 Mill Lane", "Mill Lane"),
      ("Studio 3, 12 Mill Lane", "Mill Lane"),
      ("3 Rose House, 12 Mill Lane", "Mill Lane"),
      ("Rose Court, 12 Mill Lane", "Mill Lane"),
      ("Hill View, 12 Mill Lane", "Mill Lane"),
      ("Mrs Green, 12 Mill Lane", "Mill Lane"),
      ("Mrs Green 12 Mill Lane", "Mill Lane"),
      ("12 Mill Lane, Mrs Green", "Mill Lane"),
      ("12 Mill Lane, Sutton Green", "Mill Lane"),
      ("12 Mill Lane, New Cross", "Mill Lane"),
      ("12-14 High St", "High Street"),
      ("12A-14B High St", "High Street"),
      ("7b ST ANDREWS CRES NG17 9CM", "Saint Andrews Crescent"),
      ("21 Ellington St", "Ellington Street"),
      ("12 Church Hill Road", "Church Hill Road"),
      ("12 Church Hill, Sutton", "Church Hill"),
      ("12 Park Road", "Park Road"),
      ("12 Old Mill Lane", "Old Mill Lane"),
      ("12 Great North Road", "Great North Road"),
      ("12 Upper Church Hill Road", "Upper Church Hill Road"),
      ("7 The Green, Sutton", "The Green"),
      ("5 Broadway", "Broadway"),
      ("198 W Springfield St", "Springfield Street"),
    ])
  func street(address: String, street: String) {
    #expect(Address(address).streetForMail == street)
  }

  @Test(
    "Where the street cannot be told, a mail says less, not more",
    arguments: [
      "", "Unit 5", "Rose Cottage", "The Lodge 4", "Mr Smith Esquire, Rose Cottage",
      "Rose Cottage, Mill Lane", "Rose Cottage Mill Lane", "Hill View, Mill Lane",
      "Hill View Mill Lane", "The Croft, Mill Lane", "Mrs Green, Mill Lane", "Mill Lane",
      "Dr Green, Mill Lane", "Mr John Hill Rose Cottage Mill Lane", "Twelve Mill Lane",
      "XII Mill Lane", "Flat Three Mill Lane", "Flat 2 Rose Court, Mill Lane",
      "Flat 2, Rose Court", "Flat 2, Mill Lane", "1st Floor, Mill Lane", "352 Riverway",
      "12 Smith House Mill Lane", "12 Smith House, Mill Lane", "12 Rose Court, Mill Lane",
      "12 Rose Court Mill Lane", "12 Rose Cottage Mill Lane", "12 Hill View Mill Lane",
      "12 Hill View, Mill Lane", "12 The Croft, Mill Lane", "12 The Croft Mill Lane",
      "12 Fairholme Mill Lane", "12 Fairholme, Mill Lane", "12 John Smith Mill Lane",
      "12 Mr Smith Mill Lane", "12 Dr Green, Mill Lane", "12, Mrs Green, Mill Lane",
      "12 J Smith Mill Lane", "12 Twelve Mill Lane", "12 XII Mill Lane", "12 Church Hill Green",
      "12 Church Hill Mrs Green", "12 Church Hill, Mrs Green", "12 Flat Mill Lane",
      "12 View, Mill Lane", "12 Lane", "12 1st Avenue", "12/14 Mill Lane", "07700900123 Mill Lane",
      "12 Hall Farm Lane", "12 Ann Lane, Mill Road",
      "12 Jane Lane Mill Road", "12 Ann Lane Church Hill", "12 Mill Lane Jane Green",
      "12 Ash Lodge Drive", "Rose Cottage Studio 4 - Ann Lane, 12-14 The Croft, Church Hill",
      "Unit 7 Bob Lane\nNo.12 Rose Cottage, Church Hill NG17 9CM", "Studio 4 Ann Lane, Church Hill",
    ])
  func noStreet(address: String) {
    #expect(Address(address).streetForMail == nil)
  }

  @Test("Whatever is written around a street, no word of it comes into the mail")
  func property() {
    let streets = [
      "Mill Lane", "High Street", "Church Hill Road", "Church Hill", "Old Mill Lane", "Park Road",
      "Saint Johns Street", "Quince Avenue", "Ellington Close", "Victoria Crescent",
    ]
    let surnames = ["Green", "Hill", "Smith", "Banks", "Court", "Parker", "Lane", "Croft", "End"]
    let forenames = ["Ann", "Bob", "Charlie", "Heather", "Dale"]
    let titles = ["Mr", "Mrs", "Ms", "Dr", "Miss", "Rev."]
    let houses = [
      "Rose Cottage", "Smith House", "Hill View", "The Croft", "Fairholme", "Lily Court",
      "The Old Barn", "West Lodge", "Manor Farm", "Ash Grove", "Park View", "Daisy Bank",
    ]
    let flats = [
      "Flat 2", "Flat Three", "Flat C", "1st Floor", "Ground Floor Flat", "Studio 4", "Room 9",
      "Unit 7", "Basement", "Top Floor", "Apt 5", "First Floor Flat",
    ]
    let numbers = ["12", "12A", "12-14", "No.12", "#12", "7 b", "Twelve", "XII", "12/14", "", "3,"]
    let ends = [
      "", ", Sutton in Ashfield", " NG17 9CM", ", New Cross, NG17 9CM", ", Sutton Green",
      ", Mrs Green", ", Flat 2", " (Basement)",
    ]
    var random = SystemRandomNumberGenerator()
    var told = 0
    for _ in 0..<20_000 {
      func pick(_ list: [String]) -> String { list.randomElement(using: &random)! }
      let street = pick(streets)
      let full = pick(forenames) + " " + pick(surnames)
      let person = Bool.random(using: &random) ? pick(titles) + " " + pick(surnames) : full
      var front = [person, pick(houses), pick(flats)].shuffled(using: &random)
      front.removeLast(Int.random(in: 0...3, using: &random))
      var address = ""
      for part in front { address += part + pick([", ", " ", " - ", "\n"]) }
      let between = ["", "", "", pick(houses) + ", ", pick(titles) + " Smith ", full + " "]
      address += pick(numbers) + " " + pick(between) + street + pick(ends)
      guard let mail = Address(address).streetForMail else { continue }
      told += 1
      let own = Set(street.split(separator: " "))
      for word in mail.split(separator: " ") {
        #expect(own.contains(word), "'\(address)' is told as '\(mail)'.")
      }
    }
    #expect(told > 2_000)
  }
}
