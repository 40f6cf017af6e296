/// Dwellings that are known by fingerprints alone: those of whom nothing is stored any more.
///
/// They reach as far as entries of the contact register for one dwelling do: whatever the spelling, and the building
/// where a place does not say for certain which dwelling of it is meant.
package struct FingerprintedPlaces: Hashable, Sendable {
  private let prints: Set<String>
  private let print: @Sendable (String) -> String

  /// - Parameters:
  ///   - prints: fingerprints of ``Place/dwellingTexts``; others among them do no harm.
  ///   - print: how the fingerprint of a text is made, always by the same key.
  package init(prints: Set<String>, print: @escaping @Sendable (String) -> String) {
    self.prints = prints
    self.print = print
  }

  func mayHold(_ traces: AddressTraces) -> Bool {
    traces.textsSought.contains { prints.contains(print($0)) }
  }

  package static func == (one: FingerprintedPlaces, other: FingerprintedPlaces) -> Bool {
    one.prints == other.prints
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(prints) }
}

extension Place {
  /// The texts by whose fingerprints a ``FingerprintedPlaces`` knows this dwelling again.
  package var dwellingTexts: Set<String> {
    AddressTraces(AddressWords(address, postcode: postcode)).textsFiled(
      alone: normalisedUPRN(uprn) == nil)
  }
}

extension AddressTraces {
  // A text says of which dwelling it is behind a semicolon, which no trace has: nothing there is a place that does not
  // say which. Without a semicolon it is of the whole building.

  fileprivate func textsFiled(alone: Bool) -> Set<String> {
    let dwellings = unit.isEmpty ? [""] : unit.map { ";" + $0 } + [";"]
    return Set(filed(alone: alone).flatMap { trace in dwellings.map { "near:" + trace + $0 } })
  }

  fileprivate var textsSought: [String] {
    let dwellings = unit.isEmpty ? ["", ";"] : [""] + unit.map { ";" + $0 }
    return sought.flatMap { trace in dwellings.map { "near:" + trace + $0 } }
  }
}
