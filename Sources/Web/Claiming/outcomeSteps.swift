import Foundation
import HTTPTypes
import Triage

/// The outcome's questions, one after the other. The answers go from page to page unseen, and are looked at all
/// together before anything is recorded.
extension ClaimRoom {
  func outcome(_ press: Press) async throws -> Page {
    let (offer, since) = try await offerHeld(press)
    var draft = OutcomeDraft(press.form, isJoint: offer.isJoint)
    // What is not on the list is no answer.
    draft.scope.formIntersection(offer.questions.consentClasses.filter(\.mayHear))
    if let line = draft.line, line != OutcomeAnswers.noLine,
      !offer.score.reasons.contains(where: { $0.code == line })
    {
      draft.line = nil
    }
    let hasLines = !offer.score.reasons.isEmpty
    let steps = draft.steps(hasLines: hasLines)
    guard let step = OutcomeDraft.Step(rawValue: press.form["step"]) else {
      return ask(.kind, draft, offer, since, press)
    }
    if press.form["go"] == "back" {
      guard let at = steps.firstIndex(of: step), at > 0 else {
        return ask(.kind, draft, offer, since, press)
      }
      return ask(steps[at - 1], draft, offer, since, press)
    }
    guard draft.isAnswered(step) else {
      return ask(step, draft, offer, since, press, isWrong: true)
    }
    if let at = steps.firstIndex(of: step), at + 1 < steps.count {
      return ask(steps[at + 1], draft, offer, since, press)
    }
    // Nothing is recorded in part.
    if let missing = steps.first(where: { !draft.isAnswered($0) }) {
      return ask(missing, draft, offer, since, press, isWrong: true)
    }
    guard let answers = draft.answers(wording: offer.questions.consentWording.version) else {
      return ask(.kind, draft, offer, since, press, isWrong: true)
    }
    return try await change(press, .record(answers))
  }

  /// A second press finds it recorded: the desk answers that one as the first.
  private func offerHeld(_ press: Press) async throws -> (Offer, Date) {
    switch try await desk.look(press.token) {
    case .held(let offer, _, let since, _):
      guard offer.generation == press.generation else { throw ClaimError.stale }
      return (offer, since)
    case .done(let offer, let name, let at):
      if press.form["step"].isEmpty { throw ClaimError.done(name: name, at: at) }
      return (offer, at)
    case .open: throw ClaimError.stale
    case .withdrawn: throw ClaimError.withdrawn
    }
  }

  private func ask(
    _ step: OutcomeDraft.Step, _ draft: OutcomeDraft, _ offer: Offer, _ since: Date,
    _ press: Press, isWrong: Bool = false
  ) -> Page {
    var draft = draft
    if step == .consent { draft.wording = offer.questions.consentWording.version }
    var fields = fields(step, draft, offer, since)
    if fields.count == 1 { fields[0].isAlone = true }
    if isWrong {
      for at in fields.indices where !fields[at].options.contains(where: \.isChosen) {
        fields[at].isWrong(words[.problemText, fields[at].name])
      }
    }
    func place(_ more: [QuestionPage.Carried] = []) -> [QuestionPage.Carried] {
      [.init(name: "step", value: step.rawValue)] + more
    }
    let form = hidden(.outcome, press.token, press.member, press.generation)
    return Page(
      isWrong ? .unprocessableContent : .ok,
      QuestionPage(
        Question(rawValue: step.rawValue) ?? .kind, form, fields,
        paragraphs: step == .consent ? offer.questions.consentWording.text : [],
        carried: place(draft.carried(besides: step)),
        backForm: step == .kind ? reopening(press) : form,
        backCarried: step == .kind
          ? [] : place([.init(name: "go", value: "back")] + draft.carried(besides: nil))))
  }

  private func fields(
    _ step: OutcomeDraft.Step, _ draft: OutcomeDraft, _ offer: Offer, _ since: Date
  ) -> [Field] {
    var field: Field
    switch step {
    case .kind:
      field = .choice("kind", words[.question, "kind"])
      for kind in OutcomeKind.asked {
        field.add(
          kind.rawValue, words[.kind, kind.rawValue],
          note: kind == .noAnswer ? words[.noAnswerNote] : nil, chosen: draft.kind == kind)
      }
    case .consent:
      field = .choice("consent", words[.question, "consent"])
      for answer in ["yes", "no"] {
        field.add(answer, words[.consent, answer], chosen: draft.consent == (answer == "yes"))
      }
    case .households:
      field = .choice("households", words[.question, "households"], type: "checkbox")
      for household in [1, 2] {
        field.options.append(
          Field.Option(
            id: household == 1 ? "households" : "household-\(household)",
            field: "household-\(household)", value: "yes",
            text: words[.household, "\(household)"],
            isChosen: draft.households.contains(household)))
      }
    case .scope:
      field = .choice("scope", words[.question, "scope"], type: "checkbox")
      for (at, kind) in offer.questions.consentClasses.filter(\.mayHear).enumerated() {
        field.options.append(
          Field.Option(
            id: at == 0 ? "scope" : "scope-\(kind.rawValue)", field: "scope-\(kind.rawValue)",
            value: "yes", text: words[.agencies, kind.rawValue],
            isChosen: draft.scope.contains(kind)))
      }
    case .when:
      field = .list("on", words[.label, "on"], first: words[.first, "day"])
      let from = max(CivilDay(since, in: speech.zone), today.plus(-28))
      for number in stride(from: today.number, through: min(from, today).number, by: -1) {
        let day = CivilDay(number: number)
        field.add(day.description, speech.weekday(day), chosen: day == draft.on ?? today)
      }
      var how = Field.choice("how", words[.label, "how"])
      for kind in ConsentAnswers.How.allCases {
        how.add(kind.rawValue, words[.how, kind.rawValue], chosen: draft.how == kind)
      }
      return [field, how]
    case .known:
      field = .choice("known", words[.question, "known"])
      for answer in KnownBefore.allCases {
        field.add(answer.rawValue, words[.known, answer.rawValue], chosen: draft.known == answer)
      }
    case .line:
      field = .choice("line", words[.question, "line"])
      for (at, reason) in offer.score.reasons.enumerated() {
        field.add(reason.code, reason.sentence, chosen: draft.line == reason.code)
        if at > 0 { field.options[at].id = "line-\(at)" }
      }
      field.add(
        OutcomeAnswers.noLine, words[.noLine], chosen: draft.line == OutcomeAnswers.noLine)
      if field.options.count > 1 { field.options[field.options.count - 1].id = "line-none" }
    }
    return [field]
  }
}

extension OutcomeKind {
  /// How a visit or a call can end, in the order in which it is asked.
  static let asked: [OutcomeKind] = [
    .accepted, .notNow, .noThankYou, .doNotContact, .noAnswer, .couldNotVisit, .notADwelling,
  ]
}
