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
    ])
  func different(one: String, other: String) {
    #expect(Address(one).key != Address(other).key)
  }

  @Test(
    "The street of a mail has no number, no name of a house and no flat",
    arguments: [
      ("12 Mill Lane, Sutton in Ashfield", "Mill Lane"),
      ("Flat 2, 12 Mill Ln", "Mill Lane"),
      ("Rose Cottage, Mill Lane", "Mill Lane"),
      ("12-14 High St", "High Street"),
      ("7b ST ANDREWS CRES NG17 9CM", "Saint Andrews Crescent"),
    ])
  func street(address: String, street: String) {
    #expect(Address(address).streetForMail == street)
  }

  @Test(
    "Where the street cannot be told, a mail says less, not more",
    arguments: ["Rose Cottage", "The Lodge 4", "", "Unit 5", "Mr Smith Esquire, Rose Cottage"])
  func noStreet(address: String) {
    #expect(Address(address).streetForMail == nil)
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
