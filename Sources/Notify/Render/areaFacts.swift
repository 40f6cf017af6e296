import Foundation
import Triage

/// So many lines of each kind are in a digest; the others are on the board.
private let mostFacts = 10

extension DigestFields.AreaFacts {
  init(_ area: DigestFacts.Area, _ words: CivilWords) {
    name = oneLine(area.name)
    hasHeld = !area.held.isEmpty
    heldCount = "\(area.held.count) \(area.held.count == 1 ? "is" : "are") held"
    held = lines(area.held) { held in
      var line = "\(held.whereabouts): \(held.jobType), held by \(held.holder)"
      if let since = held.since {
        line += " since \(CivilDates(zone: words.zone).shortDate(since))"
      }
      if let until = held.until { line += ", until \(words.moment(until))" }
      return line
    }
    hasOpen = !area.open.isEmpty
    openCount =
      "\(area.open.count) offered before \(area.open.count == 1 ? "is" : "are") still open"
    open = lines(area.open) { open in
      let received = CivilDates(zone: words.zone).shortDate(open.since)
      return "\(open.whereabouts): \(open.jobType), received \(received)"
    }
    waiting = waitingSentence(area)
    lists = area.lists.map { list in
      DigestFields.Fact(
        line: oneLine(listSentence(list, in: area.name, isOnly: area.lists.count == 1, words)))
    }
  }

  /// All of it in one line, for cards.
  var summary: String {
    ([hasHeld ? heldCount + "." : "", hasOpen ? openCount + "." : "", waiting] + lists.map(\.line))
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}

private func lines<Value>(
  _ values: [Value], _ line: (Value) -> String
) -> [DigestFields.Fact] {
  var facts = values.prefix(mostFacts).map { DigestFields.Fact(line: oneLine(line($0))) }
  let more = values.count - facts.count
  if more > 0 { facts.append(DigestFields.Fact(line: "and \(more) more, on the board")) }
  return facts
}

private func waitingSentence(_ area: DigestFacts.Area) -> String {
  var parts: [String] = []
  if area.waiting > 0 {
    parts.append("\(area.waiting) \(area.waiting == 1 ? "waits" : "wait") for a place in the week")
  }
  if area.belowTheLine > 0 {
    parts.append("\(area.belowTheLine) \(area.belowTheLine == 1 ? "is" : "are") below the line")
  }
  return parts.isEmpty ? "Nothing else waits." : parts.joined(separator: "; ") + "."
}

/// - Parameter isOnly: whether it needs no name.
private func listSentence(
  _ list: FeedLine, in area: String, isOnly: Bool, _ words: CivilWords
) -> String {
  let which = isOnly ? "The list" : "The list \(list.name)"
  guard let cameAt = list.cameAt else { return "\(which) has not come yet." }
  var counts = [
    CivilWords.counted(list.rows, "row"), "\(CivilWords.grouped(list.inArea)) in \(area)",
    "\(CivilWords.grouped(list.notLocated)) not located",
  ]
  if list.unreadable > 0 { counts.append("\(CivilWords.grouped(list.unreadable)) not readable") }
  return "\(which) came at \(words.moment(cameAt)): \(counts.joined(separator: ", "))."
}
