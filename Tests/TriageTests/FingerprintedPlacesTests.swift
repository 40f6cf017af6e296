import Testing
import Triage

@Suite("Dwellings that are known by fingerprints alone")
struct FingerprintedPlacesTests {
  /// In place of a keyed fingerprint.
  private static func print(_ text: String) -> String { String(text.reversed()) }

  private func register(_ place: Place) -> Register {
    var register = Register()
    register.add(
      .doNotContact,
      at: FingerprintedPlaces(prints: Set(place.dwellingTexts.map { Self.print($0) })) {
        Self.print($0)
      })
    return register
  }

  @Test(
    "They reach exactly as far as what somebody said at the door",
    arguments: [
      "12 Mill Lane", "Flat 2, 12 Mill Lane", "Flat A, 12 Mill Lane", "Flat 2A, 12 Mill Lane",
      "Rose Cottage, Mill Lane", "Mill Lane",
    ])
  func reach(entry: String) {
    let others =
      RegisterTests.spellings + [
        "14 Mill Lane", "Flat 3, 12 Mill Lane", "Mill Lane", "2 Mill Lane", "Rose Cottage", "",
      ]
    for uprn in ["", "100031234567"] {
      let said = Place(address: entry, postcode: "NG17 1AA", uprn: uprn)
      var plain = Register()
      plain.add(.doNotContact, at: said)
      let printed = register(said)
      #expect(!printed.isEmpty)
      for other in others {
        for postcode in ["NG17 1AA", "NG17 1AB", "", "NG19 4ZZ"] {
          let place = Place(address: other, postcode: postcode)
          #expect(
            printed.flags(for: place) == plain.flags(for: place),
            "'\(entry)' (UPRN '\(uprn)') and '\(other), \(postcode)'")
        }
      }
    }
  }

  @Test("Of a flat the building without a flat is held, and not the flat beside it")
  func building() {
    let register = register(Place(address: "Flat 2, 12 Mill Lane", postcode: "NG17 1AA"))
    func isHeld(_ address: String) -> Bool {
      register.flags(for: Place(address: address, postcode: "NG17 1AA")) == [.doNotContact]
    }
    #expect(isHeld("12 Mill Lane") && isHeld("Flat 2, 12 Mill Lane"))
    #expect(!isHeld("Flat 3, 12 Mill Lane") && !isHeld("14 Mill Lane"))
  }

  @Test("Two of the same fingerprints are the same")
  func same() {
    let place = Place(address: "12 Mill Lane", postcode: "NG17 1AA")
    #expect(register(place) == register(place))
    #expect(register(place) != register(Place(address: "14 Mill Lane", postcode: "NG17 1AA")))
  }
}
