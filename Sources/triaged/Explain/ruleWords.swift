import Triage

// The rules in words that a partner can read and sign; each page and answer says them alike.

extension OfferKind {
  var inWords: String {
    switch self {
    case .visit: "visit"
    case .call: "call"
    }
  }
}

extension Window {
  /// "Opens at once; fades from day 14; closes after 28 days."
  var inWords: String {
    var parts = [
      opensAfterHours == 0 ? "opens at once" : "opens after \(hours(opensAfterHours))"
    ]
    if let fades = fadesAfterDays {
      parts.append("points go down evenly from day \(fades) to none")
    }
    parts.append("closes after \(CivilWords.counted(closesAfterDays, "day"))")
    return parts.joined(separator: "; ")
  }
}

/// "36 hours", "1 day".
private func hours(_ hours: Int) -> String {
  hours % 24 == 0
    ? CivilWords.counted(hours / 24, "day") : CivilWords.counted(hours, "hour")
}

extension Revisit {
  var inWords: String {
    "may come up again \(CivilWords.counted(afterDays, "day")) after no answer, not now or could not "
      + "visit, until there have been \(CivilWords.counted(times, "such outcome"))"
  }
}

extension JobType {
  /// When it is a reason to call, as one cell says it.
  var windowInWords: String {
    var parts = [window.inWords]
    parts.append(
      afterClosing
        ? "holds when the council has closed the job" : "ends when the council closes the job")
    parts.append(revisit?.inWords ?? "no second time after an outcome")
    return capitalised(parts.joined(separator: "; ")) + "."
  }
}

extension JobPattern {
  /// "Type: *bulky*quote*; status: *open* or *pending*", as the list's words are compared.
  var inWords: String {
    func list(_ name: String, _ patterns: [String]) -> String? {
      patterns.isEmpty ? nil : "\(name): \(orList(patterns))"
    }
    let parts = [
      list("class", jobClass), list("type", type), list("status", status),
      list("raised by", callerType), list("but not with the words", except),
    ]
    return capitalised(parts.compactMap(\.self).joined(separator: "; "))
  }
}

extension [Band] {
  /// "high from 50 points, medium from 30".
  var inWords: String {
    sorted { $0.from > $1.from }.enumerated()
      .map { at, band in "\(band.name) from \(band.from)" + (at == 0 ? " points" : "") }
      .joined(separator: ", ")
  }
}

/// One line of what the history at and around an address adds.
struct SignalLine: Hashable {
  /// The code of its reason.
  var code: String
  var name: String
  var points: Int
  var meaning: String
}

extension Signals {
  /// All of them in the order in which they are told; of those that are off too.
  var lines: [SignalLine] {
    [
      SignalLine(
        code: "repeat", name: "Asked again", points: repeatWithinYear,
        meaning: "More than one job at the address within 12 months."),
      SignalLine(
        code: "second-kind", name: "A second kind", points: secondKind,
        meaning:
          "Jobs of two or more kinds, or from two or more lists, at the address within 12 months."),
      SignalLine(
        code: "lately", name: "More often lately", points: moreOftenLately,
        meaning: "More jobs in the last 90 days than in the 90 days before."),
      SignalLine(
        code: "first", name: "First contact", points: firstInYear,
        meaning: "Nothing else at the address in 12 months."),
      SignalLine(
        code: "reciprocal", name: "Complaints both ways", points: reciprocal?.points ?? 0,
        meaning: reciprocal.map {
          "Two addresses complained about each other within "
            + "\(CivilWords.counted($0.withinDays, "day"))."
        } ?? "Two addresses complained about each other."),
      SignalLine(
        code: "neighbours", name: "Complaints near by", points: neighbours?.points ?? 0,
        meaning: neighbours.map {
          "\(CivilWords.counted($0.complaints, "complaint")) or more at two or more addresses within "
            + "\(metres($0.metres)) of each other and \(CivilWords.counted($0.withinDays, "day"))."
        } ?? "Several complaints at two or more addresses near by."),
      SignalLine(
        code: "several", name: "Several at once", points: several,
        meaning:
          "Two or more of: asked again, a second kind, more often lately, complaints both ways, "
          + "complaints near by."),
    ]
  }
}

/// The code of a reason in plain words; of a job type its name.
func nameOfReason(_ code: String, _ rules: Rules) -> String {
  if let signal = rules.signals.lines.first(where: { $0.code == code }) { return signal.name }
  switch code {
  case "drawn": return "Drawn by lot"
  case "approximate": return "Approximate place"
  case "edge": return "Near an edge"
  default: return rules.types.first { "type:" + $0.id == code }?.name ?? code
  }
}

func metres(_ metres: Double) -> String {
  metres == metres.rounded() ? "\(Int(metres)) m" : "\(metres) m"
}

/// "a, b or c".
func orList(_ words: [String]) -> String { joined(words, "or") }

/// "a, b and c".
func andList(_ words: [String]) -> String { joined(words, "and") }

private func joined(_ words: [String], _ last: String) -> String {
  words.count < 2
    ? words.first ?? ""
    : words.dropLast().joined(separator: ", ") + " \(last) " + words[words.count - 1]
}

func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
