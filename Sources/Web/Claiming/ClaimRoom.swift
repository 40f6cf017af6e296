import Foundation
import HTTPTypes
import Triage

/// What happens on a claim link: asks the desk and makes the page of its answer. For one request.
///
/// A GET never shows the address, so whatever the holder is asked comes as the answer to a POST of a form that
/// only the holder's page has. Questions change nothing: their pages can be sent again, and gone back from.
struct ClaimRoom: Sendable {
  let desk: ClaimDesk
  let gate: FormGate
  /// Of the person who asks.
  let speech: Speech
  let visitor: Visitor
  let now: @Sendable () -> Date
  private let undoMinutes: Int
  private let basePath: String

  init(
    desk: ClaimDesk, settings: WebSettings, gate: FormGate, speech: Speech, visitor: Visitor,
    now: @escaping @Sendable () -> Date
  ) {
    self.desk = desk
    self.gate = gate
    self.speech = speech
    self.visitor = visitor
    self.now = now
    undoMinutes = settings.undoMinutes
    basePath = settings.basePath
  }

  var words: Words { speech.words }
  var today: CivilDay { CivilDay(now(), in: speech.zone) }

  /// The page behind a link. Changes nothing, and never shows the address.
  func show(_ token: String) async throws -> Page {
    try await refusable(token, nil) { try await door(token) }
  }

  /// One press of a button.
  func act(_ action: ClaimAction, _ token: String, _ form: FormBody) async throws -> Page {
    guard let generation = Int(form["generation"]) else {
      return Page(.badRequest, NoticePage(.badForm))
    }
    // A form in which a name is picked bears no name yet; the others are bound to theirs.
    let isBlank = gate.isOurs(form, action, token: token, member: "", generation: generation)
    let isTheirs =
      !isBlank
      && gate.isOurs(form, action, token: token, member: form["member"], generation: generation)
    guard isTheirs || (isBlank && action.picksName) else {
      return Page(.forbidden, NoticePage(.oldForm, back: path(token)))
    }
    // Whom a proxy names is nobody else, whatever form came into their hands.
    if isTheirs, let named = visitor.proxyMember, named != form["member"] {
      return Page(.forbidden, NoticePage(.notInTeam, back: path(token)))
    }
    let press = Press(
      action: action, token: token, member: visitor.proxyMember ?? form["member"],
      generation: generation, isProven: isTheirs, form: form)
    return try await refusable(token, press) {
      switch action {
      case .claim: try await claim(press)
      case .open: try await open(press)
      case .takeOver: try await takeOver(press)
      case .undo: try await change(press, .undo)
      case .release: try await change(press, .release)
      case .renew: try await change(press, .renew)
      case .keep: try await change(press, .keepAlthoughClosed)
      case .back:
        // A form is made with it.
        try await change(press, .back(outing: Int64(press.form["outing"]) ?? 0))
      case .sheet: try await change(press, .sheet)
      case .outcome: try await outcome(press)
      case .pass, .snooze, .decline, .visitAgain, .setOut, .calendar, .withdraw, .handOff:
        try await asked(press)
      }
    }
  }

  /// For a form's address opened without its form, as a phone does that brings back old tabs.
  func wrongMethod(_ route: Route) -> Page {
    if case .form(_, let token) = route {
      return Page(.methodNotAllowed, NoticePage(.wrongMethod, back: path(token)))
    }
    return Page(.methodNotAllowed, NoticePage(.wrongMethod))
  }

  // MARK: - At the door

  /// The masked page, as it stands.
  /// - Parameters:
  ///   - wrong: what was wrong with the names that were sent.
  private func door(_ token: String, wrong: NameProblem? = nil) async throws -> Page {
    let status: HTTPResponse.Status = wrong?.status ?? .ok
    switch try await desk.look(token) {
    case .open(let offer):
      return Page(
        status,
        OfferPage(
          offer: MaskedOffer(offer, speech, now: now()),
          take: NamedForm(
            blank(.claim, token, offer.generation),
            names(offer, asksSecond: offer.needsSecond, wrong: wrong)), isWrong: wrong != nil,
          askedFirst: offer.askedFirst.map {
            OfferPage.Asked(who: $0.member.name, until: speech.moment($0.until))
          }, undoMinutes: undoMinutes))
    case .held(let offer, let name, let since, let until):
      return Page(
        status,
        HeldPage(
          offer: MaskedOffer(offer, speech, now: now()), holder: name,
          since: speech.moment(since),
          until: until == .distantFuture ? nil : speech.moment(until),
          take: NamedForm(
            blank(.open, token, Self.noClaim),
            names(offer, asksSecond: false, wrong: wrong, opens: true)),
          isWrong: wrong != nil,
          takeOver: offer.isEnded ? nil : blank(.takeOver, token, offer.generation)))
    case .done(let offer, let name, let at):
      var page = NoticePage(.done, name: name, moment: speech.moment(at))
      page.mine = NamedForm(
        blank(.open, token, Self.noClaim),
        names(offer, asksSecond: false, wrong: wrong, opens: true))
      return Page(status, page)
    case .withdrawn:
      return Page(.gone, NoticePage(.withdrawn))
    }
  }

  private func claim(_ press: Press) async throws -> Page {
    if press.member.isEmpty { return try await door(press.token, wrong: .noName) }
    do {
      return try await change(press, .claim(second: press.second))
    } catch let error as ClaimError {
      guard let wrong = NameProblem(error) else { throw error }
      return try await door(press.token, wrong: wrong)
    }
  }

  /// Shows what somebody holds, or has recorded. Bears a generation that no offer has, so that its form claims
  /// nothing when it is sent once more after the offer was given back.
  private func open(_ press: Press) async throws -> Page {
    if press.member.isEmpty { return try await door(press.token, wrong: .noName) }
    var press = press
    press.generation = Self.noClaim
    do {
      return try await change(press, .claim(second: nil))
    } catch let error as ClaimError {
      switch error {
      // It has been given back: there is nothing to open.
      case .needsSecond, .askedFirst: throw ClaimError.stale
      case .wrongPIN: return try await door(press.token, wrong: NameProblem(error))
      default: throw error
      }
    }
  }

  private func takeOver(_ press: Press) async throws -> Page {
    guard case .held(let offer, let holder, _, _) = try await desk.look(press.token) else {
      throw ClaimError.stale
    }
    func ask(_ wrong: NameProblem?, isSent: Bool = true) -> Page {
      var reason = takeOverWhy(press)
      if isSent, TakeOverReason(rawValue: press.form["why"]) == nil {
        reason.isWrong(words[.problemText, "why"])
      }
      let fields = names(offer, asksSecond: offer.needsSecond, wrong: wrong) + [reason]
      return Page(
        isSent ? wrong?.status ?? .unprocessableContent : .ok,
        QuestionPage(
          .takeOver, blank(.takeOver, press.token, offer.generation), fields,
          carried: [.init(name: "step", value: "send")], backPath: path(press.token), about: holder)
      )
    }
    guard press.form["step"] == "send" else { return ask(nil, isSent: false) }
    if press.member.isEmpty { return ask(.noName) }
    guard let why = TakeOverReason(rawValue: press.form["why"]) else { return ask(nil) }
    do {
      return try await change(press, .takeOver(why: why, second: press.second))
    } catch let error as ClaimError {
      guard let wrong = NameProblem(error) else { throw error }
      return ask(wrong)
    }
  }

  // MARK: - Pressing

  /// One press, and the page of its answer.
  func change(_ press: Press, _ action: DeskAction) async throws -> Page {
    var desk = DeskPress(
      member: press.member, pin: press.form["pin"], generation: press.generation, action: action,
      visitor: visitor)
    desk.isProven = press.isProven
    return page(for: try await self.desk.press(press.token, desk), press)
  }

  /// Where the desk is asked: of a form that got here the nonce shows that it once knew the link.
  private func refusable(
    _ token: String, _ press: Press?, _ work: () async throws -> Page
  ) async rethrows -> Page {
    do {
      var page = try await work()
      page.isKnownLink = true
      return page
    } catch let error as ClaimError {
      var page = refusal(error, token, press)
      // The two are told alike.
      page.isKnownLink = error != .unknown && error != .expired
      return page
    }
  }

  // MARK: - Links and forms

  func path(_ token: String, _ action: ClaimAction? = nil) -> String {
    "\(basePath)/c/\(token)" + (action.map { "/\($0.rawValue)" } ?? "")
  }

  /// A form in which a name is yet to be picked.
  func blank(_ action: ClaimAction, _ token: String, _ generation: Int) -> HiddenForm {
    var form = hidden(action, token, "", generation)
    form.isBlank = visitor.proxyMember == nil
    return form
  }

  /// A form of a page that came to one member alone.
  func hidden(
    _ action: ClaimAction, _ token: String, _ member: String, _ generation: Int
  ) -> HiddenForm {
    HiddenForm(
      action: path(token, action), member: member, generation: generation,
      nonce: gate.nonces.nonce(
        for: action, token: token, member: member, generation: generation, at: now()))
  }

  /// In the forms that open what is held: no offer has it.
  static let noClaim = -1
}

/// A button that was pressed, once its form is known to be ours.
struct Press: Sendable {
  var action: ClaimAction
  var token: String
  /// As it was picked, as the form is bound to it, or as a trusted proxy says.
  var member: String
  var generation: Int
  /// The form came to this member alone.
  var isProven: Bool
  var form: FormBody

  /// Who goes along.
  var second: String? { form["second"].isEmpty ? nil : form["second"] }
}
