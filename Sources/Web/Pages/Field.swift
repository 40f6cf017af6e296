/// One thing to fill in: a list, choices, or a PIN. The template `fields` draws it.
struct Field: Sendable {
  /// Of the element that a problem leads to.
  var id: String
  var name: String
  var label: String
  var help: String?
  /// What is wrong with what was filled in.
  var wrong: String?
  var isSelect = false
  var isPIN = false
  var isChoice = false
  /// Radio buttons or boxes to tick.
  var type = "radio"
  /// The page's heading asks the question already.
  var isAlone = false
  var isNeeded = true
  /// The first, empty entry of a list.
  var first: String?
  var options: [Option] = []
  /// Of a list: entries under headings.
  var groups: [Group] = []

  struct Option: Sendable {
    var id: String
    /// The name under which the value is sent.
    var field: String
    var value: String
    var text: String
    var note: String?
    var isChosen = false
  }

  struct Group: Sendable {
    var heading: String
    var options: [Option]
  }

  var describedBy: String?

  /// A list of which nothing is chosen until a person does.
  static func list(
    _ name: String, _ label: String, first: String, help: String? = nil, isNeeded: Bool = true
  ) -> Field {
    var field = Field(id: name, name: name, label: label, help: help)
    field.isSelect = true
    field.first = first
    field.isNeeded = isNeeded
    return field
  }

  static func choice(_ name: String, _ label: String, type: String = "radio") -> Field {
    var field = Field(id: name, name: name, label: label)
    field.isChoice = true
    field.type = type
    return field
  }

  mutating func add(_ value: String, _ text: String, note: String? = nil, chosen: Bool = false) {
    // A problem leads to the first choice.
    let id = isChoice && !options.isEmpty ? "\(self.id)-\(value)" : self.id
    options.append(
      Option(id: id, field: name, value: value, text: text, note: note, isChosen: chosen))
  }

  mutating func isWrong(_ what: String?) { wrong = what }

  /// With what describes it named (WAI-ARIA `aria-describedby`).
  var described: Field {
    var field = self
    let parts = [help.map { _ in "\(id)-help" }, wrong.map { _ in "\(id)-wrong" }].compactMap { $0 }
    field.describedBy = parts.isEmpty ? nil : parts.joined(separator: " ")
    return field
  }
}

/// What is wrong on a page, told above it with a link to the field.
struct FieldProblem: Sendable {
  var id: String
  var text: String

  static func all(of fields: [Field]) -> [FieldProblem] {
    fields.compactMap { field in field.wrong.map { FieldProblem(id: field.id, text: $0) } }
  }
}
