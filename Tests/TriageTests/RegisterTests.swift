import Testing
import Triage

@Suite("Contact register")
struct RegisterTests {
  private func register(_ address: String, _ postcode: String = "", uprn: String = "") -> Register {
    var register = Register()
    register.add(.doNotContact, uprn: uprn, address: address, postcode: postcode)
    return register
  }

  /// Spellings of 12 Mill Lane, or of a part of it.
  static let spellings = [
    "12 Mill Lane", "12, MILL LANE", "12 Mill La", "12 Mill Ln", "12 Mill-Lane", "12 Mill",
    "No.12 Mill Lane", "No 12 Mill Lane", "Number 12, Mill Lane", "#12 Mill Lane",
    "12A Mill Lane", "12 a Mill Lane", "12-14 Mill Lane", "10-14 Mill Lane", "10 to 14 Mill Lane",
    "12 & 14 Mill Lane", "12/14 Mill Lane", "012 Mill Lane", "Twelve Mill Lane", "XII Mill Lane",
    "Mill Lane 12", "Mill Lane, 12", "Flat 12 Mill Lane", "Flat 2, 12 Mill Lane",
    "Flat 2 - 12 Mill Lane", "2/12 Mill Lane", "12 Mill Lane Flat 2", "1st Floor, 12 Mill Lane",
    "First Floor Flat, 12 Mill Lane", "Studio 3, 12 Mill Lane", "12 Mill Lane, Studio 3",
    "12 Smith House, Mill Lane", "12 Smith House Mill Lane", "3 Rose House, 12 Mill Lane",
    "Flat 1 Rose Court, 12 Mill Lane", "Mrs Green, 12 Mill Lane", "12 Fairholme, Mill Lane",
    "12 Mill Lane, Mrs Green", "12 Mill Lane, New Cross", "Flat 12 Mill Lane Block 3",
  ]

  @Test("Another spelling hides no address, whichever side has the postcode", arguments: spellings)
  func spelling(_ other: String) {
    for (entry, place) in [("12 Mill Lane", other), (other, "12 Mill Lane")] {
      for (ofEntry, ofPlace) in [
        ("NG17 1AA", "ng171aa"), ("NG17 1AA", ""), ("", "NG17 1AA"), ("", ""),
      ] {
        let place = place + ", Sutton in Ashfield"
        let flags = register(entry, ofEntry).flags(for: Place(address: place, postcode: ofPlace))
        #expect(flags == [.doNotContact], "'\(entry), \(ofEntry)' misses '\(place), \(ofPlace)'.")
      }
    }
  }

  @Test(
    "An entry holds for the building, its flats, and whatever may be it",
    arguments: [
      // An entry with a number and a postcode only.
      ("12", "NG17 1AA", "Flat 2, 12 Mill Lane", "NG17 1AA"),
      ("12, NG17 1AA", "", "12 Mill Lane, Sutton", "NG17 1AA"),
      ("12", "02118", "12 Mill Street, Boston", "02118"),
      ("12 Mill Lane", "NG17 1AA", "12", "NG17 1AA"),
      // Named buildings.
      ("Rose Cottage, Mill Lane", "NG17 1AA", "Rose Cottage Mill Lane", "NG17 1AA"),
      ("Rose Cottage, Mill Lane", "NG17 1AA", "Mrs Green, The Rose Cottage", "NG17 1AA"),
      ("Rose Cottage", "NG17 1AA", "4 Rose Cottage, Mill Lane", "NG17 1AA"),
      ("Rose Cottage, Mill Lane", "", "Rose Cottage, Mill Ln", "NG17 1AA"),
      ("Hill View, Mill Lane", "NG17 1AA", "Hill View, Mill Ln, Sutton", ""),
      ("Fairholme, Mill Lane", "NG17 1AA", "Fairholme Mill Lane", ""),
      ("Fairholme, Mill Lane", "NG17 1AA", "12 Fairholme, Mill Lane", "NG17 1AA"),
      ("Flat 2, Rose Court", "NG17 1AA", "Flat 3 Rose Court, Mill Lane", "NG17 1AA"),
      ("Rose Court, Mill Lane", "NG17 1AA", "Flat 3, Rose Court", "NG17 1AA"),
      // No street-type word, or one that nobody knows.
      ("352 Riverway", "NG17 1AA", "352 Riverway, Sutton", ""),
      ("12 Mill Lane", "NG17 1AA", "12 Mill Lain", ""),
      ("12 Mill Lain", "", "12 Mill Lane", "NG17 1AA"),
      // A wrong second half of the postcode, half a postcode, no postcode at all.
      ("12 Mill Lane", "NG17 1AA", "12 Mill Lane", "NG17 1AB"),
      ("12 Mill Lane", "NG17 1AA", "12 Mill Lane", "NG17"),
      ("12 Mill Lane", "NG17 1AA", "12 Mill Lane", "unknown"),
      // Neither number nor name to tell it from the entry's.
      ("12 Mill Lane", "NG17 1AA", "Mill Lane", "NG17 1AA"),
      ("12 Mill Lane", "NG17 1AA", "", "NG17 1AA"),
      ("Mill Lane", "NG17 1AA", "12 Mill Lane", "NG17 1AA"),
    ])
  func holds(entry: String, ofEntry: String, place: String, ofPlace: String) {
    let flags = register(entry, ofEntry).flags(for: Place(address: place, postcode: ofPlace))
    #expect(flags == [.doNotContact])
  }

  @Test(
    "An entry does not hold for the rest of the street",
    arguments: [
      ("12 Mill Lane", "NG17 1AA", "14 Mill Lane", "NG17 1AA"),
      ("12 Mill Lane", "NG17 1AA", "Flat 12, 14 Mill Lane", "NG17 1AA"),
      ("Flat 2, 12 Mill Lane", "NG17 1AA", "2 Mill Lane", "NG17 1AA"),
      ("1st Floor, 12 Mill Lane", "NG17 1AA", "1st Floor, 30 Mill Lane", "NG17 1AA"),
      ("12 Mill Lane, New Cross", "", "12 Park Road, New Cross", ""),
      ("12 Church Hill, New Cross", "", "12 Park Hill, New Cross", ""),
      ("12 Mill Lane", "NG17 1AA", "12 Mill Lane", "S1 2AB"),
      ("12 Mill Lane", "", "12 Mill Road", "NG17 1AA"),
      ("12 Mill Street", "02118", "12 Park Street", "02118"),
      ("Rose Cottage, Mill Lane", "NG17 1AA", "Lily Cottage, Mill Lane", "NG17 1AA"),
      ("Rose Cottage, Mill Lane", "NG17 1AA", "12 Mill Lane", "NG17 1AA"),
      ("2 Old Rose Court", "NG17 1AA", "3 Old Rose Court", "NG17 1AA"),
      ("12 Mill Lane, NG17", "", "17 Mill Lane, NG17", ""),
    ])
  func neighbours(entry: String, ofEntry: String, place: String, ofPlace: String) {
    let flags = register(entry, ofEntry).flags(for: Place(address: place, postcode: ofPlace))
    #expect(flags == [])
  }

  @Test("An entry with a UPRN holds by it, and for nothing else when its address says nothing")
  func byUPRN() {
    let register = register("", "NG17 1AA", uprn: "000123")
    #expect(register.flags(for: Place(address: "", uprn: "123")) == [.doNotContact])
    #expect(register.flags(for: Place(address: "14 Mill Lane", postcode: "NG17 1AA")) == [])
    #expect(register.flags(for: Place(address: "", postcode: "NG17 1AA", uprn: "124")) == [])
  }

  @Test("All the flags of a building come together")
  func together() {
    var register = Register()
    register.add(.noLetter, uprn: "", address: "Flat 1, 12 Mill Lane", postcode: "NG17 1AA")
    register.add(.notAlone, uprn: "5", address: "", postcode: "")
    let place = Place(address: "Flat 2, 12 Mill Lane", postcode: "NG17 1AA", uprn: "5")
    #expect(register.flags(for: place) == [.noLetter, .notAlone])
  }
}
