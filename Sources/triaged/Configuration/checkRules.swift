import Triage
import Yams

/// What is wrong with the sense of rules that can be read: each at its line, all at once.
func checkRules(_ rules: Rules, _ types: [ReadJobType], in file: Section) {
  if rules.types.isEmpty { file.problem(at: "types", "'types' needs at least one job type.") }
  if rules.bands.isEmpty { file.problem(at: "bands", "'bands' needs at least one band.") }
  if rules.version.isEmpty, file.has("version") {
    file.problem(at: "version", "'version' must not be empty.")
  }
  if let agreed = CivilDay(rules.agreedOn), let review = CivilDay(rules.reviewOn), review < agreed {
    file.problem(
      at: "review_on", "'review_on' lies before 'agreed_on' (\(agreed)): a review comes after.")
  }
  checkTypes(rules, types)
  let complaints = rules.types.contains(where: \.isComplaint)
  if !complaints, let signals = file.section("signals") {
    for key in ["reciprocal", "neighbours"] where signals.node(key)?.mapping != nil {
      signals.problem(
        at: key,
        "'\(key)' is on and no job type has 'complaint: true': say which types are about somebody else."
      )
    }
  }
}

private func checkTypes(_ rules: Rules, _ types: [ReadJobType]) {
  let codes = councilCodes(of: rules)
  var seen: Set<String> = []
  for (at, read) in types.enumerated() {
    let (type, section) = (read.type, read.section)
    if !type.id.isEmpty, !seen.insert(type.id).inserted {
      section.problem(at: "id", "The job type '\(type.id)' stands twice.")
    }
    if let code = councilCode(in: type.name, codes) {
      section.problem(
        at: "name", severity: .warning,
        "The 'name' of '\(type.id)' has the council's code '\(code)' in it, and stands in mails and on pages: say "
          + "it in plain words.")
    }
    if type.offer != nil, type.reason.isEmpty {
      section.problem(nil, "The job type '\(type.id)' makes an offer and gives no 'reason'.")
    }
    checkSentence("reason", type.reason, of: "'\(type.id)'", codes: codes, in: section)
    if type.isSafeguarding, rules.safeguarding.ring.isEmpty {
      section.problem(
        at: "offer",
        "The job type '\(type.id)' shows the other door, and 'safeguarding' has no 'ring': say whom to ring."
      )
    }
    guard let above = types[..<at].first(where: { $0.type.match.hides(type.match) }) else {
      continue
    }
    let other = above.type.id
    section.problem(
      nil,
      type.match.hides(above.type.match)
        ? "The job type '\(type.id)' never has a job: '\(other)' above it has the same patterns. Remove one."
        : "The job type '\(type.id)' never has a job: '\(other)' above it is wider and has them all. Move "
          + "'\(type.id)' up, above '\(other)'.")
  }
}

/// Two bands of the same points, and one that no job can reach.
/// - Parameters:
///   - isReachAlone: the bands stand elsewhere; only whether they can be reached is asked here.
///   - area: where these rules hold; `nil`: everywhere.
func checkBands(
  _ rules: AreaRules, in section: Section, isReachAlone: Bool = false, of area: String? = nil
) {
  let most = rules.mostPoints
  let here = area.map { " in '\($0)'" } ?? ""
  var seen: [Int: String] = [:]
  let order = section.keys
  let bands = rules.bands.sorted {
    (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0)
  }
  for band in bands {
    if let other = seen[band.from], !isReachAlone {
      section.problem(
        at: band.name,
        "The bands '\(other)' and '\(band.name)' both begin at \(band.from) points.")
    }
    seen[band.from] = seen[band.from] ?? band.name
    if band.from > most {
      section.problem(
        isReachAlone ? nil : section.node(band.name),
        "Nobody can reach the band '\(band.name)'\(here): it begins at \(band.from) points, and the most that "
          + "a job can have is \(most).")
    }
  }
}

extension AreaRules {
  /// The points of a job for which everything speaks.
  fileprivate var mostPoints: Int {
    let reasons = types.filter { $0.offer != nil }.map(\.points) + [signals.reciprocal?.points ?? 0]
    return (reasons.max() ?? 0) + max(signals.firstInYear, signals.repeatWithinYear)
      + signals.secondKind + signals.moreOftenLately + signals.several
      + (signals.neighbours?.points ?? 0)
  }
}

// MARK: - Sentences

/// A reason is read by people: a whole sentence, without a council's own codes.
/// - Parameter codes: words that the file's patterns write in capitals.
func checkSentence(
  _ key: String, _ text: String, of what: String, codes: Set<String>, in section: Section
) {
  guard !text.isEmpty else { return }
  if !text.hasSuffix(".") {
    section.problem(at: key, "The '\(key)' of \(what) is a sentence: end it with a full stop.")
  }
  if let code = councilCode(in: text, codes) {
    section.problem(
      at: key,
      "The '\(key)' of \(what) has the council's code '\(code)' in it: say it in plain words.")
  }
}

/// A word that only the council's own people understand; `nil`: there is none.
func councilCode(in text: String, _ codes: Set<String>) -> String? {
  let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
  return words.first { codes.contains($0) || isCode($0) }
}

/// "SS_BULKY", "BW01": no word that people say.
private func isCode(_ word: String) -> Bool {
  word.contains("_")
    || word.contains(where: \.isUppercase) && word.contains(where: \.isNumber)
}

/// Words in capitals that the patterns are written with: "ENF", "INP".
func councilCodes(of rules: Rules) -> Set<String> {
  let patterns = rules.types.flatMap {
    $0.match.jobClass + $0.match.type + $0.match.status + $0.match.callerType
  }
  let words = (patterns + rules.callersWithoutResident).flatMap {
    $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
  }
  return Set(
    words.filter { $0.count > 1 && $0.contains(where: \.isLetter) && $0 == $0.uppercased() })
}

// MARK: - Patterns

extension JobPattern {
  /// Whether every job that the other pattern matches is matched by this one.
  fileprivate func hides(_ other: JobPattern) -> Bool {
    // A word that keeps a job out here must keep it out there too.
    let exceptions = except.allSatisfy { word in
      other.except.contains { word.lowercased().contains($0.lowercased()) }
    }
    return exceptions && covers(jobClass, other.jobClass) && covers(type, other.type)
      && covers(status, other.status) && covers(callerType, other.callerType)
  }
}

/// Whether the patterns of one list match all that those of the other do. An empty list matches everything.
private func covers(_ wide: [String], _ narrow: [String]) -> Bool {
  if wide.isEmpty { return true }
  let all = narrow.isEmpty ? ["*"] : narrow
  return all.allSatisfy { pattern in
    // Whatever the star of the narrow pattern stands for, it must be taken by a star of the wide one: so
    // does a character that no pattern has.
    let probe = pattern.replacing("*", with: "\u{1}")
    return wide.contains { wildcard($0, matches: probe) }
  }
}
