import Foundation
import HTTPTypes
import Triage

/// The questions that the holder is asked, one on a page. A form without answers asks; one with answers acts.
extension ClaimRoom {
  func asked(_ press: Press) async throws -> Page {
    guard press.form["step"] == "send" else { return try await ask(press) }
    let form = press.form
    let why = form["why"]
    let action: DeskAction?
    switch press.action {
    case .pass:
      action = PassReason(rawValue: why).flatMap {
        form["to"].isEmpty ? nil : .pass(to: form["to"], why: $0, second: press.second)
      }
    case .snooze: action = CivilDay(form["day"]).map { .snooze(until: $0) }
    case .decline: action = DeclineReason(rawValue: why).map { .decline(why: $0) }
    case .visitAgain: action = dayAndPart(form).map { .visitAgain(on: $0, at: $1) }
    case .setOut: action = Int(form["minutes"]).map { .setOut(minutes: $0) }
    case .calendar: action = dayAndPart(form).map { .calendar(on: $0, at: $1) }
    case .handOff: action = form["to"].isEmpty ? nil : .handOff(to: form["to"])
    case .withdraw: action = .withdrawConsent
    default: action = nil
    }
    guard let action else { return try await ask(press, isWrong: true) }
    do {
      return try await change(press, action)
    } catch let error as ClaimError {
      switch error {
      case .needsSecond where press.action == .pass: return try await askWhoGoesAlong(press)
      case .notThatDay: return try await ask(press, isWrong: true, other: "other_day")
      default: throw error
      }
    }
  }

  private func dayAndPart(_ form: FormBody) -> (CivilDay, PartOfDay)? {
    guard let day = CivilDay(form["day"]), let part = PartOfDay(rawValue: form["part"]) else {
      return nil
    }
    return (day, part)
  }

  /// - Parameters:
  ///   - isWrong: what is missing is told; else nothing was answered yet.
  ///   - other: the problem with the day, where there is one.
  private func ask(
    _ press: Press, isWrong: Bool = false, other: String = ""
  ) async throws -> Page {
    let (offer, holder) = try await held(press)
    let form = press.form
    var fields: [Field]
    switch press.action {
    case .pass:
      var to = Field.list("to", words[.label, "to"], first: words[.first, "member"])
      let others = offer.questions.canPassTo ?? offer.members.filter { $0.id != press.member }
      to.groups = grouped(others)
      fields = [to, reasons(.pass, PassReason.allCases.map(\.rawValue), form)]
    case .decline:
      fields = [reasons(.decline, DeclineReason.allCases.map(\.rawValue), form)]
      fields[0].isAlone = true
    case .snooze:
      fields = [days(offer, form, from: 1, proposed: nil)]
    case .visitAgain:
      let next = offer.questions.nextTry
      fields = [
        days(offer, form, from: 0, proposed: next?.nextOn), part(form, proposed: next?.nextAt),
      ]
    case .setOut:
      var field = Field.choice("minutes", words[.label, "minutes"])
      for minutes in Outing.minutes {
        let at = speech.clock(now().addingTimeInterval(Double(minutes) * 60))
        field.add(
          String(minutes), words.filled(.backIn, String(minutes), ["clock": at]),
          chosen: form["minutes"] == String(minutes))
      }
      field.isAlone = true
      fields = [field]
    case .calendar:
      fields = [days(offer, form, from: 0, proposed: nil), part(form, proposed: nil)]
    case .handOff:
      var to = Field.choice("to", words[.label, "agency"])
      for (at, agency) in press.agencies.enumerated() {
        to.add(agency, agency, chosen: form["to"] == agency)
        to.options[at].id = at == 0 ? "to" : "to-\(at)"
      }
      to.isAlone = true
      fields = [to]
    default: fields = []
    }
    if isWrong {
      for at in fields.indices where fields[at].wrong == nil && fields[at].isUnanswered(form) {
        fields[at].isWrong(words[.problemText, fields[at].name])
      }
      if !other.isEmpty { fields[0].isWrong(words[.problemText, other]) }
    }
    var carried = [QuestionPage.Carried(name: "step", value: "send")]
    // The list of agencies is known from the answer that recorded the consent only, and the desk refuses others.
    carried +=
      press.agencies.isEmpty
      ? [] : [.init(name: "agencies", value: press.agencies.joined(separator: "\n"))]
    return Page(
      isWrong ? .unprocessableContent : .ok,
      QuestionPage(
        press.action.question, hidden(press.action, press.token, press.member, press.generation),
        fields, carried: carried, backForm: reopening(press), about: holder))
  }

  /// Two go there, and whoever went along until now is the one to whom it is passed, or has left.
  private func askWhoGoesAlong(_ press: Press) async throws -> Page {
    let (offer, _) = try await held(press)
    let form = press.form
    var second = Field.list(
      "second", words[.label, "other_second"], first: words[.first, "other_second"])
    second.groups = grouped(offer.members.filter { $0.id != form["to"] })
    let isSent = form["asked"] == "second"
    if isSent { second.isWrong(words[.problemText, "other_second"]) }
    return Page(
      isSent ? .unprocessableContent : .ok,
      QuestionPage(
        .passSecond, hidden(.pass, press.token, press.member, press.generation), [second],
        carried: [
          .init(name: "step", value: "send"), .init(name: "asked", value: "second"),
          .init(name: "to", value: form["to"]), .init(name: "why", value: form["why"]),
        ], backForm: reopening(press)))
  }

  /// What is known of the offer without its address, while the page is not older than it.
  /// - Returns: with the holder's name.
  func held(_ press: Press) async throws -> (Offer, String) {
    switch try await desk.look(press.token) {
    case .held(let offer, let name, _, _):
      guard offer.generation == press.generation else { throw ClaimError.stale }
      return (offer, name)
    // What is left to do then is the desk's to refuse.
    case .done(let offer, let name, let at):
      guard [.withdraw, .handOff].contains(press.action) else {
        throw ClaimError.done(name: name, at: at)
      }
      return (offer, name)
    case .open: throw ClaimError.stale
    case .withdrawn: throw ClaimError.withdrawn
    }
  }

  /// Leads back to the holder's page.
  func reopening(_ press: Press) -> HiddenForm {
    hidden(.open, press.token, press.member, Self.noClaim)
  }

  // MARK: - Fields

  private func reasons(_ family: WordFamily, _ reasons: [String], _ form: FormBody) -> Field {
    var field = Field.choice("why", words[.label, "why"])
    for reason in reasons {
      field.add(reason, words[family, reason], chosen: form["why"] == reason)
    }
    return field
  }

  /// Days on which somebody works.
  private func days(
    _ offer: Offer, _ form: FormBody, from: Int, proposed: CivilDay?
  ) -> Field {
    let questions = offer.questions
    let within = questions.days ?? today...today.plus(28)
    let chosen = CivilDay(form["day"]) ?? proposed
    var field = Field.list("day", words[.label, "day"], first: words[.first, "day"])
    for number in within.lowerBound.number...within.upperBound.number {
      let day = CivilDay(number: number)
      guard day >= today.plus(from), !questions.offDays.contains(day) else { continue }
      field.add(day.description, speech.weekday(day), chosen: day == chosen)
    }
    return field
  }

  private func part(_ form: FormBody, proposed: PartOfDay?) -> Field {
    var field = Field.choice("part", words[.label, "part"])
    let chosen = PartOfDay(rawValue: form["part"]) ?? proposed
    for part in PartOfDay.allCases {
      field.add(part.rawValue, words[.partHours, part.rawValue], chosen: part == chosen)
    }
    return field
  }
}

extension Press {
  /// Those that the receipt named, carried along. A browser sends the end of a line as CR and LF.
  var agencies: [String] {
    form["agencies"].split(whereSeparator: \.isNewline).prefix(20).map(String.init)
  }
}

extension Field {
  fileprivate func isUnanswered(_ form: FormBody) -> Bool {
    let answer = form[name]
    let all = options + groups.flatMap(\.options)
    return answer.isEmpty || !all.contains { $0.value == answer }
  }
}

extension ClaimAction {
  var question: Question {
    switch self {
    case .pass: .pass
    case .snooze: .snooze
    case .decline: .decline
    case .visitAgain: .visitAgain
    case .setOut: .setOut
    case .calendar: .calendar
    case .handOff: .handOff
    case .withdraw: .withdraw
    case .takeOver: .takeOver
    default: .kind
    }
  }
}
