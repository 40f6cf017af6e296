/// What helps at the door, from the configuration's `cards.yaml`.
package struct ClaimCards: Hashable, Sendable {
  /// By job type id.
  package var byType: [String: PromptCard]
  /// For a type without one of its own.
  package var usual: PromptCard
  /// What to look up in one's own system before a visit.
  package var checklist: [String]
  package var emergency: [EmergencyNumber]
  package var consent: ConsentWording

  package init(
    byType: [String: PromptCard] = [:], usual: PromptCard = PromptCard(), checklist: [String] = [],
    emergency: [EmergencyNumber] = [],
    consent: ConsentWording = ConsentWording(version: "1", text: [])
  ) {
    self.byType = byType
    self.usual = usual
    self.checklist = checklist
    self.emergency = emergency
    self.consent = consent
  }

  package func card(for type: String) -> PromptCard { byType[type] ?? usual }
}

/// How a conversation may begin.
package struct PromptCard: Hashable, Sendable {
  /// Why somebody calls, in words for the door.
  package var opening: String
  package var ask: [String]
  package var avoid: [String]

  package init(opening: String = "", ask: [String] = [], avoid: [String] = []) {
    self.opening = opening
    self.ask = ask
    self.avoid = avoid
  }
}

package struct EmergencyNumber: Hashable, Sendable {
  /// "Safeguarding, out of hours".
  package var name: String
  package var number: String

  package init(name: String, number: String) {
    self.name = name
    self.number = number
  }
}
