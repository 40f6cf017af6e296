import Testing
import Triage

@Suite("Where nobody lives")
struct NoDwellingTests {
  @Test(
    "A spot that is told by a dwelling near it is no door to knock at",
    arguments: [
      "Street Record, Mill Lane", "Mill Lane Street Record, Sutton", "Open space, Mill Lane",
      "Outside 12 Mill Lane", "O/S 12 Mill Lane, NG17 9CM", "Opposite 12 Mill Lane",
      "OPP 12 MILL LN",
      "Land adjacent to 12 Mill Lane", "Land adj 12 Mill Lane", "Adj. 12 Mill Lane",
      "Near 12 Mill Lane",
      "Land at the rear of 12 Mill Lane", "Land off Mill Lane", "Garages rear of 12 Mill Lane",
      "Garage 3, rear of 12 Mill Lane", "Between 12 and 14 Mill Lane",
      "Alley between 12 and 14 Mill Lane", "Next to 12 Mill Lane", "Side of 12 Mill Lane",
      "Front of 12 Mill Lane", "Corner of Mill Lane and High Street", "Behind 12 Mill Lane",
      "Junction of Mill Lane and High Street", "Jct of Mill Lane and High Street",
      "Bin store, 12 Mill Lane", "Communal area, 12 Mill Lane",
    ])
  func nobody(address: String) {
    #expect(isNoDwelling(address))
  }

  @Test(
    "A dwelling whose address has such words in it stays one",
    arguments: [
      "12 Mill Lane", "12 Record Street", "2 Space Cottages, Open Lane", "12 Land Lane",
      "Land Lane",
      "Rear of 12 Mill Lane", "R/O 12 Mill Lane", "12 Nearfield Road", "12 Garage Road",
      "Garage Cottage, Mill Lane", "12 Outside Lane", "The Alley House, Mill Lane",
      "12 Binfield Close",
      "Flat 2, Corner House, Mill Lane", "12 Adjutant Road", "12 Mill Lane, opposite the church",
    ])
  func somebody(address: String) {
    #expect(!isNoDwelling(address))
  }
}
