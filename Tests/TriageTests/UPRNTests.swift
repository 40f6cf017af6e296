import Testing
import Triage

@Suite("A UPRN as lists write it") struct UPRNTests {
  @Test(
    "Spoiled is told from unusable",
    arguments: [
      ("1", .uprn(1)), ("999999999999", .uprn(999_999_999_999)),
      ("000100031234", .uprn(100_031_234)), (" 42\t", .uprn(42)),
      ("100031234.0", .uprn(100_031_234)),
      ("100031234.", .uprn(100_031_234)), ("100031234.000", .uprn(100_031_234)),
      ("000000000100031234", .uprn(100_031_234)), ("1000000", .uprn(1_000_000)),
      ("10000000", .spoiled), ("100030000000", .spoiled), ("100030000000.0", .spoiled),
      ("1.00E+11", .spoiled), ("1E+11", .spoiled), ("1,00e11", .spoiled), ("1.00031E+08", .spoiled),
      ("", .unusable), ("0", .unusable), ("000000000000", .unusable), ("12a", .unusable),
      ("1234567890123", .unusable), ("100031234.5", .unusable), ("1E", .unusable),
      ("E+11", .unusable), ("1.0E+1111", .unusable), ("-100031234", .unusable), ("٣", .unusable),
      (String(repeating: "9", count: 100_000), .unusable),
    ] as [(String, UPRNReading)])
  func readings(text: String, expected: UPRNReading) {
    var text = text
    #expect(text.withUTF8 { UPRNReading($0) } == expected)
  }

  @Test("Postcodes as numbers are as different as they are, and sort as they do")
  func postcodeNumbers() {
    let codes = ["AB101AA", "AB11AA", "B11AA", "B11AB", "M11AE", "NG179CM", "W1A0AX", "ZE39XP"]
    let numbers = codes.map { postcodeNumber($0) }
    #expect(numbers == numbers.sorted())
    #expect(Set(numbers).count == codes.count)
    #expect(numbers.allSatisfy { $0 > 0 && $0 < 1 << 56 })
    #expect(postcodeNumber("") == 0)
    #expect(postcodeNumber("AB101AAA") == 0)
  }

  @Test(
    "The postcode at the end of an address is found, and no other",
    arguments: [
      ("12 Mill Lane, Sutton, NG17 9CM", "NG179CM"), ("12 Mill Lane NG17 9CM", "NG179CM"),
      ("12 Mill Lane, ng179cm", "NG179CM"), ("12 Mill Lane", ""), ("", ""),
      ("NG17 9CM Stores, 12 Mill Lane", ""),
    ])
  func inAddress(address: String, key: String) {
    #expect(postcodeKey(inAddress: address) == key)
  }
}
