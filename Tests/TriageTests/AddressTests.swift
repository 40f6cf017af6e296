import Testing
import Triage

@Suite("Addresses")
struct AddressTests {
  @Test(
    "Two spellings of one dwelling have one key",
    arguments: [
      ("12 Mill Lane, Sutton in Ashfield, NG17 9CM", "12 MILL LN NG179CM"),
      ("Flat 2, 12 Mill Lane, NG17 9CM", "FLAT 2 12 MILL LANE, SUTTON, Notts, NG17 9CM"),
      ("12A Mill Lane NG17 9CM", "12 a Mill Lane, NG17 9CM"),
      ("12, Mill Lane, NG17 9CM", "12 Mill Lane,NG17 9CM"),
      ("Rose Cottage, Mill Lane, NG17 9CM", "ROSE COTTAGE, MILL LN, NG17 9CM"),
      ("3 St. John's Street NG17 9CM", "3 ST JOHNS ST, NG17 9CM"),
      ("3 St.John's Street NG17 9CM", "3 ST JOHNS ST, NG17 9CM"),
      ("No.12 Mill La NG17 9CM", "#12 Mill-Lane, NG17 9CM"),
      ("No12 Mill Lane NG17 9CM", "Number 12, Mill Lane, NG17 9CM"),
      ("12-14 Mill Lane NG17 9CM", "12 – 14 Mill Lane, NG17 9CM"),
      ("12 to 14 Mill Lane NG17 9CM", "12 & 14 Mill Lane, NG17 9CM"),
      ("Flat 2 - 12 Mill Lane NG17 9CM", "Flat 2, 12, Mill Lane, NG17 9CM"),
      ("Flat Two, 12 Mill Lane NG17 9CM", "Flat 2 12 Mill Lane, NG17 9CM"),
      ("First Floor, 12 Mill Lane NG17 9CM", "12 Mill Lane, 1st Floor, NG17 9CM"),
      ("12 Mill Lane (Basement), NG17 9CM", "Basement, 12 Mill Lane, NG17 9CM"),
      ("12 Mill Lane Sutton Green NG17 9CM", "12 Mill Lane, NG17 9CM"),
    ])
  func same(one: String, other: String) {
    #expect(Address(one).key == Address(other).key)
  }

  @Test(
    "Two dwellings have two keys",
    arguments: [
      ("12 Mill Lane, NG17 9CM", "14 Mill Lane, NG17 9CM"),
      ("12 Mill Lane, NG17 9CM", "12A Mill Lane, NG17 9CM"),
      ("12 Mill Lane, NG17 9CM", "12 Mill Lane, NG17 9CI"),
      ("Flat 1, 12 Mill Lane, NG17 9CM", "Flat 2, 12 Mill Lane, NG17 9CM"),
      ("12 Mill Lane, Sutton", "12 Mill Lane, Kirkby"),
      ("12 Mill Lane, NG17 9CM", "12 Mill Road, NG17 9CM"),
      ("1st Floor, 12 Mill Lane, NG17 9CM", "1st Floor, 30 Mill Lane, NG17 9CM"),
      ("1st Floor, 12 Mill Lane, NG17 9CM", "2nd Floor, 12 Mill Lane, NG17 9CM"),
      ("First Floor Flat, 12 Mill Lane, NG17 9CM", "Ground Floor Flat, 12 Mill Lane, NG17 9CM"),
      ("Studio 3, 12 Mill Lane, NG17 9CM", "Studio 4, 12 Mill Lane, NG17 9CM"),
      ("Studio 3 12 Mill Lane, NG17 9CM", "Studio 3 14 Mill Lane, NG17 9CM"),
      ("12 Mill Lane, Studio 3, NG17 9CM", "12 Mill Lane, Studio 4, NG17 9CM"),
      ("12 Mill Lane, 3, NG17 9CM", "12 Mill Lane, 4, NG17 9CM"),
      ("Basement, 12 Mill Lane, NG17 9CM", "Top Floor, 12 Mill Lane, NG17 9CM"),
      ("Flat 2, Rose Court, Mill Lane, NG17 9CM", "Flat 2, Lily Court, Mill Lane, NG17 9CM"),
      ("Flat 2, Rose Court, 12 Mill Lane, NG17 9CM", "Flat 2, 12 Mill Lane, NG17 9CM"),
      ("3 Rose House, 12 Mill Lane, NG17 9CM", "4 Rose House, 12 Mill Lane, NG17 9CM"),
      ("Room 1, Flat 2, 12 Mill Lane, NG17 9CM", "Room 1, Flat 3, 12 Mill Lane, NG17 9CM"),
      ("48-10 91 Place, 11373", "48-12 91 Place, 11373"),
    ])
  func different(one: String, other: String) {
    #expect(Address(one).key != Address(other).key)
  }

  @Test(
    "A floor, a flat or a street alone is no address that can be told apart",
    arguments: [
      "1st Floor, Mill Lane, NG17 9CM", "Flat 2, Mill Lane, NG17 9CM", "Mill Lane, NG17 9CM",
      "Ground Floor Flat, NG17 9CM", "Mill Lane, New Cross",
    ])
  func incomplete(address: String) {
    #expect(!Address(address).isComplete)
  }

  @Test("Flats of one building have one key of the building")
  func building() {
    let keys = [
      "12 Mill Lane, NG17 9CM", "Flat 2, 12 Mill Lane, NG17 9CM", "1st Floor, 12 Mill Ln, NG17 9CM",
      "Studio 3, 12 Mill Lane, NG17 9CM", "3 Rose House, 12 Mill Lane, NG17 9CM",
    ].map { Address($0).buildingKey }
    #expect(Set(keys) == ["12|MILL LANE|NG179CM"])
  }

  @Test(
    "A UPRN is digits without leading zeros; what a spreadsheet spoiled is refused",
    arguments: [
      ("000100031234", "100031234"), (" 42 ", "42"), ("1.00E+11", nil), ("100030000000", nil),
      ("1234567890123", nil), ("", nil), ("0", nil), ("12a", nil),
    ] as [(String, String?)])
  func uprn(text: String, expected: String?) {
    #expect(normalisedUPRN(text) == expected)
  }

  @Test(
    "The outward half of a postcode", arguments: [("NG17 9CM", "NG17"), ("m11ae", "M1"), ("x", "")])
  func outward(postcode: String, expected: String) {
    #expect(Place(address: "", postcode: postcode).outwardCode == expected)
  }
}
