import Foundation
import HTTPTypes
import Triage

/// What happens on a claim link: asks the desk and makes the page of its answer.
struct ClaimRoom: Sendable {
  let desk: ClaimDesk
  let gate: FormGate
  /// Of the person who asks.
  let speech: Speech
  private let now: @Sendable () -> Date
  private let undoMinutes: Int
  private let basePath: String

  init(
    desk: ClaimDesk, settings: WebSettings, gate: FormGate, speech: Speech,
    now: @escaping @Sendable () -> Date
  ) {
    self.desk = desk
    self.gate = gate
    self.now = now
    undoMinutes = settings.undoMinutes
    self.speech = speech
    basePath = settings.basePath
  }

  /// The page behind a link. Changes nothing, and never shows the address.
  func show(_ token: String) async throws -> Page {
    try await refusable(token, during: nil) { try await offer(token, problem: false) }
  }

  /// One press of a button.
  func act(_ action: ClaimAction, _ token: String, _ form: FormBody) async throws -> Page {
    let member = form["member"]
    guard let generation = Int(form["generation"]) else {
      return Page(.badRequest, NoticePage(.badForm))
    }
    guard
      gate.nonces.isValid(
        form["nonce"], for: action, token: token, member: action == .claim ? "" : member,
        generation: generation, at: now())
    else { return Page(.forbidden, NoticePage(.oldForm, back: path(token))) }

    return try await refusable(token, during: action) {
      switch action {
      case .claim:
        if member.isEmpty { return try await offer(token, problem: true) }
        let answer = try await desk.press(
          token, DeskPress(member: member, generation: generation, action: .claim(second: nil)))
        guard case .claimed(let view, _) = answer else {
          return Page(.internalServerError, NoticePage(.failed))
        }
        return claimed(view, token)
      case .undo:
        _ = try await desk.press(
          token, DeskPress(member: member, generation: generation, action: .undo))
        return Page(.ok, NoticePage(.undone, back: path(token)))
      case .release:
        _ = try await desk.press(
          token, DeskPress(member: member, generation: generation, action: .release))
        return Page(.ok, NoticePage(.released, back: path(token)))
      case .outcome:
        return try await record(token, member, generation, form)
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

  // MARK: - Pages

  private func offer(_ token: String, problem: Bool) async throws -> Page {
    switch try await desk.look(token) {
    case .open(let offer):
      return Page(
        problem ? .unprocessableContent : .ok,
        OfferPage(
          offer: MaskedOffer(offer, speech, now: now()),
          form: hidden(.claim, token, "", offer.generation),
          members: offer.members.map(Choice.init), problem: problem, undoMinutes: undoMinutes))
    case .held(let offer, let name, let since, _):
      return Page(
        problem ? .unprocessableContent : .ok,
        HeldPage(
          offer: MaskedOffer(offer, speech, now: now()), holder: name, since: speech.moment(since),
          form: hidden(.claim, token, "", Self.noClaim),
          members: offer.members.map(Choice.init), problem: problem))
    case .done(_, let name, let at):
      return Page(.ok, NoticePage(.done, name: name, moment: speech.moment(at)))
    case .withdrawn:
      return Page(.gone, NoticePage(.withdrawn))
    }
  }

  private func claimed(_ view: ClaimedView, _ token: String) -> Page {
    let holder = view.claim.holder.id
    let generation = view.claim.generation
    return Page(
      .ok,
      ClaimedPage(
        view, speech, now: now(),
        undo: hidden(.undo, token, holder, generation),
        release: hidden(.release, token, holder, generation),
        outcome: OutcomeForm(form: hidden(.outcome, token, holder, generation))))
  }

  /// Consent is asked only where help was accepted. What was ticked for it beside another outcome
  /// is let go: a ticked answer cannot be unticked, and the person meant the outcome.
  private func record(
    _ token: String, _ member: String, _ generation: Int, _ form: FormBody
  ) async throws -> Page {
    let kind = OutcomeKind(rawValue: form["outcome"])
    let consent: Bool? =
      switch form["consent"] {
      case "yes": true
      case "no": false
      default: nil
      }
    guard let kind, kind != .accepted || consent != nil else {
      return Page(
        .unprocessableContent,
        OutcomePage(
          outcome: OutcomeForm(
            form: hidden(.outcome, token, member, generation), kind: kind, consent: consent,
            refused: true),
          back: path(token)))
    }
    let answers = OutcomeAnswers(
      kind: kind,
      consent: kind == .accepted
        ? ConsentAnswers(
          isGiven: consent == true, scope: consent == true ? [.support, .partner] : [],
          on: CivilDay(now(), in: speech.zone), how: .inPerson, wording: "1") : nil)
    _ = try await desk.press(
      token, DeskPress(member: member, generation: generation, action: .record(answers)))
    return Page(
      .ok, NoticePage(consent == false && kind == .accepted ? .recordedPrivately : .recorded))
  }

  // MARK: - Refusals

  private func refusable(
    _ token: String, during action: ClaimAction?, _ work: () async throws -> Page
  ) async rethrows -> Page {
    do {
      return try await work()
    } catch let error as ClaimError {
      return page(for: error, token, during: action)
    }
  }

  private func page(for error: ClaimError, _ token: String, during action: ClaimAction?) -> Page {
    switch error {
    case .heldBy(let name, let since):
      Page(.conflict, NoticePage(.heldByOther, name: name, moment: speech.moment(since)))
    case .withdrawn: Page(.gone, NoticePage(.withdrawn))
    case .done(let name, let at):
      // The outcome that somebody sends twice is recorded, and that is all that they want to know.
      Page(
        action == nil || action == .outcome ? .ok : .conflict,
        NoticePage(.done, name: name, moment: speech.moment(at)))
    // The two are told alike, so that nobody learns which links have existed.
    case .unknown, .expired: Page(.notFound, NoticePage(.noSuchLink))
    case .stale:
      Page(.conflict, NoticePage(action == .claim ? .staleOffer : .stale, back: path(token)))
    case .notInTeam: Page(.forbidden, NoticePage(.notInTeam, back: path(token)))
    case .tooMany(let limit, let agency):
      Page(
        .conflict,
        NoticePage(
          agency == nil ? .tooMany : .tooManyTogether, name: agency,
          count: speech.words.counted(limit, .offers), back: path(token)))
    case .onHold: Page(.serviceUnavailable, NoticePage(.onHold, back: path(token)))
    // TODO pages
    case .askedFirst, .needsSecond, .wrongPIN, .pinLocked, .passedEnough, .triedEnough, .notThatDay,
      .outsideConsent, .notUndoable:
      Page(.conflict, NoticePage(.stale, back: path(token)))
    }
  }

  // MARK: - Links and forms

  private func path(_ token: String, _ action: ClaimAction? = nil) -> String {
    "\(basePath)/c/\(token)" + (action.map { "/\($0.rawValue)" } ?? "")
  }

  private func hidden(
    _ action: ClaimAction, _ token: String, _ member: String, _ generation: Int
  ) -> HiddenForm {
    HiddenForm(
      action: path(token, action), member: member, generation: generation,
      nonce: gate.nonces.nonce(
        for: action, token: token, member: member, generation: generation, at: now()))
  }

  /// In the form on the page of a held offer, by which its holder opens it again: no generation,
  /// so that the form claims nothing when it is sent once more after the offer was given back.
  private static let noClaim = -1
}
