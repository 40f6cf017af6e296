import Foundation
import Triage

/// `cards.yaml`: what helps at the door. What it leaves out, or a folder without it, has the built-in English words.
/// - Parameter rules: whose job types the cards are for; `nil` where they could not be read.
func readCards(_ path: String, rules: Rules?, problems: ProblemList) -> ClaimCards {
  var cards = builtInCards
  guard FileManager.default.fileExists(atPath: path) else { return cards }
  guard let file = Section.read(path, problems: problems) else { return cards }
  let codes = rules.map(councilCodes) ?? []
  if let section = file.section("usual") {
    cards.usual = readCard(section, base: cards.usual, of: "the usual card", codes: codes)
  }
  if let section = file.section("types") {
    let ids = rules?.types.map(\.id)
    for id in section.keys {
      guard let part = section.section(id) else { continue }
      cards.byType[id] = readCard(part, base: cards.card(for: id), of: "'\(id)'", codes: codes)
      if let ids, !ids.contains(id) {
        section.problem(
          ofKey: id,
          "There is no job type '\(id)'\(Section.suggestion(for: id, among: ids)): rules.yaml names them."
        )
      }
    }
    section.finish()
  }
  if file.has("checklist") { cards.checklist = readLines("checklist", file, codes) }
  if file.has("emergency") { cards.emergency = file.sections("emergency").map(readNumber) }
  if cards.emergency.isEmpty {
    file.problem(
      at: "emergency", "'emergency' needs at least one number: whom does a visitor ring?")
  }
  if let section = file.section("consent") {
    cards.consent = ConsentWording(
      version: section.requiredText("version"), text: readLines("text", section, codes))
    if cards.consent.version.isEmpty, section.has("version") {
      section.problem(at: "version", "'version' must not be empty: every answer is kept with it.")
    }
    if cards.consent.text.isEmpty {
      section.problem(at: "text", "'consent' needs a 'text': what is read out before the question?")
    }
    section.finish()
  }
  file.finish()
  return cards
}

private func readCard(
  _ section: Section, base: PromptCard, of what: String, codes: Set<String>
) -> PromptCard {
  var card = base
  if let opening = section.text("opening") {
    card.opening = opening
    if !".?!".contains(opening.last ?? " ") {
      section.problem(
        at: "opening", "The 'opening' of \(what) is said at the door: end its sentence.")
    } else if let code = councilCode(in: opening, codes) {
      section.problem(
        at: "opening",
        "The 'opening' of \(what) has the council's code '\(code)' in it: say it in plain words.")
    }
  }
  if section.has("ask") { card.ask = readLines("ask", section, codes) }
  if section.has("avoid") { card.avoid = readLines("avoid", section, codes) }
  section.finish()
  return card
}

/// A list of lines for people.
private func readLines(_ key: String, _ section: Section, _ codes: Set<String>) -> [String] {
  for item in section.items(key) {
    if item.text.allSatisfy(\.isWhitespace) {
      section.problem(item.node, "An empty line in '\(key)'.")
    } else if let code = councilCode(in: item.text, codes) {
      section.problem(
        item.node, "'\(key)' has the council's code '\(code)' in it: say it in plain words.")
    }
  }
  return section.list(key)
}

private func readNumber(_ section: Section) -> EmergencyNumber {
  let number = EmergencyNumber(
    name: section.requiredText("name"), number: section.requiredText("number"))
  let digits = number.number.filter(\.isNumber)
  if section.has("number"),
    digits.count < 2 || !number.number.allSatisfy({ $0.isNumber || "+() -".contains($0) })
  {
    section.problem(at: "number", "'number' takes a telephone number such as 101 or 01632 960 001.")
  }
  section.finish()
  return number
}

/// In force where `cards.yaml` says nothing else.
let builtInCards = ClaimCards(
  usual: PromptCard(
    opening:
      "Good morning. We are from the council's neighbourhood support team, about a request to Street Scene.",
    ask: [
      "Is this a good moment, or shall we come another time?",
      "Is there anything that would make things easier here?",
      "Is there anybody else whom we should speak with?",
    ],
    avoid: [
      "Do not say that anybody has complained.",
      "Do not promise what another service decides.",
      "Do not go in unless you are asked to, and not alone.",
    ]),
  checklist: [
    "Look the address up in your own system: is your service in touch already?",
    "Read the cautions on the page.",
    "Tell a colleague where you go and when you are back.",
  ],
  emergency: [
    EmergencyNumber(name: "Police, fire, ambulance", number: "999"),
    EmergencyNumber(name: "Police, not urgent", number: "101"),
    EmergencyNumber(name: "Health advice", number: "111"),
  ],
  consent: ConsentWording(
    version: "built-in-1",
    text: [
      "We would like to tell other services what you have told us, so that they can help you.",
      "You choose which services. You can say no, and we help you all the same.",
      "You can take it back at any time by telling us.",
    ]))
