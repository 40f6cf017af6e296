import Triage

/// The answers to the outcome's questions so far, as their pages carry them.
struct OutcomeDraft: Hashable, Sendable {
  var kind: OutcomeKind?
  var consent: Bool?
  /// Of two those that agreed, 1 and 2.
  var households: Set<Int> = []
  var scope: Set<Agency.Kind> = []
  var on: CivilDay?
  var how: ConsentAnswers.How?
  var known: KnownBefore?
  var line: String?
  /// The version of the consent's wording that was read out: of the page that asked, whatever has come into force since.
  var wording: String?
  /// There are two households to ask of.
  var isJoint: Bool

  /// One page. The order is that of the pages.
  enum Step: String, CaseIterable {
    case kind, consent, households, scope, when, known, line
  }

  init(_ form: FormBody, isJoint: Bool) {
    self.isJoint = isJoint
    kind = OutcomeKind.asked.first { $0.rawValue == form["kind"] }
    consent = ["yes": true, "no": false][form["consent"]]
    scope = Set(Agency.Kind.allCases.filter { form["scope-\($0.rawValue)"] == "yes" })
    households = Set([1, 2].filter { form["household-\($0)"] == "yes" })
    let version = form["wording"]
    wording = version.isEmpty || version.count > Self.longestVersion ? nil : version
    on = CivilDay(form["on"])
    how = ConsentAnswers.How(rawValue: form["how"])
    known = KnownBefore(rawValue: form["known"])
    line = form["line"].isEmpty ? nil : form["line"]
  }

  /// Characters; a configuration has no longer one.
  private static let longestVersion = 100

  /// The pages that belong to the answers so far. Consent is asked only where help was accepted, and what was
  /// learned only where somebody was met.
  /// - Parameter hasLines: whether there are reasons to choose from.
  func steps(hasLines: Bool) -> [Step] {
    var steps: [Step] = [.kind]
    if kind == .accepted {
      steps.append(.consent)
      if consent == true { steps += isJoint ? [.households, .scope] : [.scope] }
      steps.append(.when)
    }
    switch kind {
    case .accepted, .notNow, .noThankYou, .doNotContact:
      steps.append(.known)
      if hasLines { steps.append(.line) }
    default: break
    }
    return steps
  }

  func isAnswered(_ step: Step) -> Bool {
    switch step {
    case .kind: kind != nil
    case .consent: consent != nil
    case .households: !households.isEmpty
    case .scope: !scope.isEmpty
    case .when: on != nil && how != nil
    case .known: known != nil
    case .line: line != nil
    }
  }

  /// What a step's page asks itself and need not carry.
  private static let asks: [Step: Set<String>] = [
    .kind: ["kind"], .consent: ["consent"], .households: ["household-1", "household-2"],
    .scope: Set(Agency.Kind.allCases.map { "scope-\($0.rawValue)" }), .when: ["on", "how"],
    .known: ["known"], .line: ["line"],
  ]

  /// The answers of the other pages, carried unseen.
  func carried(besides step: Step?) -> [QuestionPage.Carried] {
    var all: [(String, String?)] = [
      ("kind", kind?.rawValue), ("consent", consent.map { $0 ? "yes" : "no" }),
    ]
    if kind == .accepted { all.append(("wording", wording)) }
    all += households.sorted().map { ("household-\($0)", "yes") }
    all += Agency.Kind.allCases.filter(scope.contains).map { ("scope-\($0.rawValue)", "yes") }
    all += [
      ("on", on?.description), ("how", how?.rawValue), ("known", known?.rawValue), ("line", line),
    ]
    let asked = step.flatMap { Self.asks[$0] } ?? []
    return all.compactMap { name, value in
      value.flatMap { asked.contains(name) ? nil : QuestionPage.Carried(name: name, value: $0) }
    }
  }

  /// - Parameter wording: the version of the consent's wording that is in force, where no page has said which was read
  ///   out.
  func answers(wording inForce: String) -> OutcomeAnswers? {
    guard let kind else { return nil }
    var answers = OutcomeAnswers(kind: kind)
    if kind == .accepted, let consent, let on, let how {
      answers.consent = ConsentAnswers(
        isGiven: consent, scope: consent ? scope : [], on: on, how: how,
        wording: wording ?? inForce, households: consent && isJoint ? households : [])
    }
    if steps(hasLines: true).contains(.known) {
      answers.knownBefore = known
      answers.lineThatMattered = line
    }
    return answers
  }
}
