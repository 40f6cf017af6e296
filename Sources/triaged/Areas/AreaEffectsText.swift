import Foundation
import Triage

/// Effects in words, before the edit ("goes out") or after it ("went out").
struct AreaEffectsText {
  let effects: AreaEffects
  /// Whether it has happened.
  let isDone: Bool
  /// Opportunities of one kind that are listed for one area; the others are counted.
  var most = 20

  private var names: [String: String] {
    Dictionary(
      effects.areas.map { ($0.id, plainLine($0.name)) }, uniquingKeysWith: { one, _ in one })
  }

  /// The sentence that matters.
  var summary: String {
    guard effects.opportunities != nil else {
      return "There is no database yet, so there are no opportunities and no jobs to count."
    }
    let (out, come, moved) = (effects.count(.out), effects.count(.in), effects.count(.moved))
    func verb(_ count: Int, _ one: String, _ several: String, _ past: String) -> String {
      isDone ? past : count == 1 ? one : several
    }
    let untouched = "nothing that is claimed \(isDone ? "was" : "is") touched."
    if out + come + moved == 0 {
      return "No opportunity \(verb(1, "goes", "", "went")) out and none "
        + "\(verb(1, "comes", "", "came")) in; \(untouched)"
    }
    func number(_ count: Int) -> String { count == 0 ? "none" : CivilWords.grouped(count) }
    var text =
      out == 0
      ? "No opportunity \(verb(1, "goes", "", "went")) out"
      : "\(CivilWords.counted(out, "opportunity", "opportunities")) "
        + "\(verb(out, "goes", "go", "went")) out"
    text += ", \(number(come)) \(verb(max(1, come), "comes", "come", "came")) in"
    if moved > 0 {
      text +=
        ", \(CivilWords.grouped(moved)) \(verb(moved, "changes", "change", "changed")) area"
    }
    return text + "; \(untouched)"
  }

  /// What is claimed and has left its area; `nil` where nothing has.
  var kept: String? {
    let kept = effects.count(.kept)
    guard kept > 0 else { return nil }
    return kept == 1
      ? "1 that is claimed lies elsewhere then and stays as it is with its holder."
      : "\(CivilWords.grouped(kept)) that are claimed lie elsewhere then and stay as they are with their "
        + "holders."
  }

  /// How far the archive reaches.
  var reach: String? {
    guard let archive = effects.archive else { return nil }
    let unknown = "jobs outside the areas in force are not known"
    guard archive.days > 0 else {
      return "No exports are kept (archive_days is 0), so \(unknown)."
    }
    guard archive.lists > 0 else { return "The archive of exports is empty, so \(unknown)." }
    var text: String
    if let since = archive.since {
      let zone = TimeZone(identifier: effects.timeZone) ?? .gmt
      let day = CivilDay(since, in: zone)
      text =
        "The archive reaches back to \(day.inWords) \(day.parts.year): "
        + CivilWords.counted(archive.lists, "list")
    } else {
      text =
        "The archive has \(CivilWords.counted(archive.lists, "list")), none of which can be used, so "
        + unknown
    }
    var parts: [String] = []
    if archive.unreadable > 0 {
      parts.append("\(CivilWords.grouped(archive.unreadable)) could not be read")
    }
    if archive.held > 0 {
      parts.append("\(CivilWords.grouped(archive.held)) held back and passed over")
    }
    text += parts.isEmpty ? "." : ", \(parts.joined(separator: ", "))."
    if archive.left > 0 {
      text +=
        " \(CivilWords.counted(archive.left, "older list")) \(archive.left == 1 ? "was" : "were") not "
        + "read: that would have taken too long."
    }
    if archive.isCut { text += " There were more jobs than are counted." }
    return text
  }

  /// What comes in is known from one list of each feed.
  var basis: String? {
    guard let archive = effects.archive, archive.since != nil else { return nil }
    return
      "What comes in is judged by what is known and by the newest list of each feed. Jobs of the last "
      + "\(AreaEffects.days) days are counted once, by the newest list that has them."
  }

  /// Open jobs that only older lists of a feed of updates have, and how they come in; one for each feed.
  var older: [String] {
    effects.inOlderLists.sorted { $0.key < $1.key }.map { feed, jobs in
      "\(CivilWords.counted(jobs, "open job")) \(jobs == 1 ? "stands" : "stand") in older lists of the feed "
        + "\(feed) only, and \(jobs == 1 ? "does" : "do") not come in by the edit; to take "
        + "\(jobs == 1 ? "it" : "them") in: triaged feeds replay FILE --feed \(feed)"
    }
  }

  /// One block for each area that is touched: its heading and what is said below it.
  var blocks: [(heading: String, lines: [String])] {
    effects.areas.filter(effects.isTouched).map { (heading($0), lines($0)) }
  }

  /// "3 other areas are as before."
  var others: String? {
    let others = effects.areas.count { !effects.isTouched($0) }
    if others == 0 { return nil }
    return others == 1
      ? "1 other area is as before." : "\(CivilWords.grouped(others)) other areas are as before."
  }

  private func heading(_ area: AreaEffects.Area) -> String {
    let name = plainLine(area.name)
    let title = name == area.id ? name : "\(name) (\(plainLine(area.id)))"
    let (before, after) = (area.squareMetresBefore ?? 0, area.squareMetresAfter ?? 0)
    switch area.change {
    case .added: return "\(title): added, \(squareKilometres(after))"
    case .removed: return "\(title): removed, it had \(squareKilometres(before))"
    case .same: return "\(title): the same"
    case .changed:
      guard area.squareMetresGained + area.squareMetresLost >= 0.5 || before != after else {
        let counts =
          area.countsBefore == area.countsAfter
          ? "" : area.countsAfter ? "; it counts now" : "; it does not count any more"
        return "\(title): changed, with the same ground\(counts)"
      }
      return
        "\(title): changed, \(squareKilometres(before)) before, \(squareKilometres(after)) after "
        + "(\(squareKilometres(area.squareMetresGained)) gained, \(squareKilometres(area.squareMetresLost)) lost)"
    }
  }

  private func lines(_ area: AreaEffects.Area) -> [String] {
    var lines = area.says.map(plainLine)
    if let before = area.jobsBefore, let after = area.jobsAfter {
      var text = "Jobs of the last \(AreaEffects.days) days: \(CivilWords.grouped(before)) before, "
      text += "\(CivilWords.grouped(after)) after."
      let undated = (area.undatedBefore ?? 0, area.undatedAfter ?? 0)
      if undated != (0, 0) {
        text += " Without a usable date: \(undated.0) before, \(undated.1) after."
      }
      lines.append(text)
    }
    for what in AreaEffects.What.allCases {
      let here = (effects.opportunities ?? []).filter {
        $0.what == what && ($0.from ?? $0.to) == area.id
      }
      lines += here.prefix(most).map(sentence)
      if here.count > most {
        lines.append("\(heading(what)): \(CivilWords.grouped(here.count - most)) more.")
      }
    }
    return lines
  }

  private func heading(_ what: AreaEffects.What) -> String {
    switch what {
    case .out: isDone ? "Went out" : "Goes out"
    case .in: isDone ? "Came in" : "Comes in"
    case .moved: isDone ? "Changed area" : "Changes area"
    case .kept: "Stays with its holder"
    }
  }

  private func sentence(_ movement: AreaEffects.Movement) -> String {
    let to = movement.to.map { names[$0] ?? plainLine($0) }
    var text = heading(movement.what)
    if movement.what == .moved, let to { text += " to \(to)" }
    let place = whereabouts(
      street: movement.street, outwardCode: movement.outwardCode, otherwise: "somewhere in it")
    text += ": \(place): \(plainLine(movement.jobType)), \(movement.state.rawValue)."
    switch movement.what {
    case .out: text += movement.why.map { " \($0)" } ?? ""
    case .kept: text += to.map { " Its place is in \($0)." } ?? " Its place is in no area."
    case .in, .moved: break
    }
    return text
  }
}

extension AreaEffectsText {
  /// For a terminal, in lines of at most 80 characters where no word is longer.
  var plainText: String {
    var paragraphs = [inLines([summary, kept].compactMap(\.self).joined(separator: " "))]
    for block in blocks {
      paragraphs.append(
        ([inLines(block.heading, hang: "    ")]
          + block.lines.map { inLines($0, indent: "  ", hang: "    ") })
          .joined(separator: "\n"))
    }
    if blocks.isEmpty { paragraphs.append("The areas are the same before and after.") }
    paragraphs += ([others, reach, basis].compactMap(\.self) + older).map { inLines($0) }
    return paragraphs.joined(separator: "\n\n")
  }
}

/// Breaks a paragraph between words.
/// - Parameter hang: in front of every line after the first.
func inLines(
  _ text: String, indent: String = "", hang: String = "", width: Int = 80
) -> String {
  var (lines, current) = ([String](), indent)
  var isEmpty = true
  for word in text.split(separator: " ") {
    if !isEmpty, current.count + 1 + word.count > width {
      lines.append(current)
      current = hang
      isEmpty = true
    }
    current += (isEmpty ? "" : " ") + word
    isEmpty = false
  }
  return (lines + [current]).joined(separator: "\n")
}
