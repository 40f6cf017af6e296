import Foundation
import HTTPTypes
import Triage

/// What happens behind a sign-in, and at the way in: asks the desk and makes the page of its answer.
struct BoardRoom: Sendable {
  let desk: BoardDesk
  let nonces: BoardNonces
  let basePath: String
  let now: @Sendable () -> Date

  init(desk: BoardDesk, settings: WebSettings, now: @escaping @Sendable () -> Date) {
    self.desk = desk
    nonces = BoardNonces(key: settings.formKey)
    basePath = settings.basePath
    self.now = now
  }

  func answer(_ request: BoardRequest) async throws -> BoardAnswer {
    do {
      switch request.route {
      case .signIn: return try await signIn(request)
      case .link(let token): return try await link(token, request)
      case .signOut: return try await signOut(request)
      case .boards: return try await boards(request)
      case .area(let area): return try await board(area, request)
      case .form(let form, let area): return try await press(form, area, request)
      case .status: return try await status(request)
      case .signEverybodyOut: return try await signEverybodyOut(request)
      }
    } catch let error as BoardError {
      return refusal(error, request)
    }
  }

  // MARK: - In and out

  private func signIn(_ request: BoardRequest) async throws -> BoardAnswer {
    guard let form = request.form else {
      // Whom a session or a proxy names needs no link.
      do {
        _ = try await desk.who(request.secret, request.visitor)
        return BoardAnswer(movedTo: path(.boards))
      } catch BoardError.signedOut {
        return BoardAnswer(.ok, signInPage(problem: false))
      }
    }
    guard nonces.isValid(form["csrf_token"], .signIn, session: "", at: now()) else {
      return old(.signIn)
    }
    let email = form["email"]
    guard email.contains("@"), email.utf8.count <= 254 else {
      return BoardAnswer(.unprocessableContent, signInPage(problem: true))
    }
    let browser = try await desk.ask(email, request.asked, request.visitor)
    return BoardAnswer(
      .ok, NoticePage(.signInSent, back: path(.signIn)),
      cookie: SessionCookie.set(browser, seconds: 600, name: SessionCookie.askedName))
  }

  private func signInPage(problem: Bool) -> SignInPage {
    SignInPage(
      form: form(.signIn, session: ""), problem: problem, board: path(.boards))
  }

  private func link(_ token: String, _ request: BoardRequest) async throws -> BoardAnswer {
    guard let form = request.form else {
      return BoardAnswer(.ok, try await linkPage(token, request, asks: false, problem: false))
        .ofKnownLink
    }
    guard nonces.isValid(form["csrf_token"], .link(token: token), session: token, at: now()) else {
      return old(.link(token: token))
    }
    let press = SignInPress(
      browser: request.asked, email: form["email"], former: request.secret)
    let session: NewSession
    do {
      session = try await desk.enter(token, press, request.visitor)
    } catch BoardError.needsAddress {
      // A press of the button alone is no mistake; what was typed and is another's is.
      return BoardAnswer(
        .unprocessableContent,
        try await linkPage(token, request, asks: true, problem: !form["email"].isEmpty)
      ).ofKnownLink
    }
    let seconds = Int(session.until.timeIntervalSince(now()))
    return BoardAnswer(
      movedTo: path(.boards), cookie: SessionCookie.set(session.secret, seconds: seconds)
    ).ofKnownLink
  }

  private func linkPage(
    _ token: String, _ request: BoardRequest, asks: Bool, problem: Bool
  ) async throws -> SignInLinkPage {
    let link = try await desk.look(token)
    return SignInLinkPage(
      name: link.name, until: request.speech.clock(link.until),
      form: form(.link(token: token), session: token), asks: asks, problem: problem)
  }

  private func signOut(_ request: BoardRequest) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    guard isOurs(request, .signOut, person) else { return old(.boards) }
    if let secret = request.secret { try await desk.leave(secret) }
    var answer = BoardAnswer(
      .ok, NoticePage(.signedOut, back: path(.signIn)), cookie: SessionCookie.cleared)
    answer.isEnd = true
    return answer
  }

  // MARK: - The boards

  private func boards(_ request: BoardRequest) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    if person.areas.count == 1, !person.isAdmin {
      return BoardAnswer(movedTo: path(.area(person.areas[0].id)))
    }
    if person.areas.isEmpty { return BoardAnswer(movedTo: path(.status)) }
    return BoardAnswer(.ok, BoardsPage(top: top(person)))
  }

  private func board(_ area: String, _ request: BoardRequest) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    return BoardAnswer(
      .ok, page(try await desk.board(person, area), person, request.speech, problem: false))
  }

  private func page(
    _ view: BoardView, _ person: SignedIn, _ speech: Speech, problem: Bool
  ) -> BoardPage {
    BoardPage(
      view, top: top(person, in: view.area.id),
      form: form(.form(.choose, area: view.area.id), session: person.session), speech: speech,
      problem: problem)
  }

  /// The two steps of a press: what else is to be known, and what came of it.
  private func press(
    _ kind: BoardForm, _ area: String, _ request: BoardRequest
  ) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    let route = BoardRoute.form(kind, area: area)
    guard let form = request.form, isOurs(request, route, person) else { return old(.area(area)) }
    let view = try await desk.board(person, area)
    guard let step = kind == .choose ? BoardForm(rawValue: form["do"]) : kind, step != .choose
    else {
      return BoardAnswer(.badRequest, NoticePage(.badForm))
    }
    let items = BoardItems(form, for: step)
    if items.all.isEmpty {
      return BoardAnswer(
        .unprocessableContent, page(view, person, request.speech, problem: true))
    }
    func ask(problem: Bool) -> BoardAnswer {
      BoardAnswer(
        problem ? .unprocessableContent : .ok,
        BoardStepPage(
          step, view, items, top: top(person, in: area),
          form: self.form(.form(step, area: area), session: person.session), answers: form,
          speech: request.speech, problem: problem, back: path(.area(area))))
    }
    if kind == .choose { return ask(problem: false) }
    guard let action = BoardAction(step, form, view) else { return ask(problem: true) }
    let receipt = try await desk.press(
      person,
      BoardPress(area: area, items: items.all, action: action, visitor: request.visitor))
    return BoardAnswer(
      .ok,
      BoardDonePage(
        step, receipt, view, top: top(person, in: area), speech: request.speech,
        back: path(.area(area))))
  }

  // MARK: - The admin's

  private func status(_ request: BoardRequest) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    let status = try await desk.status(person)
    return BoardAnswer(
      .ok,
      StatusPage(
        status, top: top(person, isStatus: true),
        everybody: form(.signEverybodyOut, session: person.session), speech: request.speech))
  }

  private func signEverybodyOut(_ request: BoardRequest) async throws -> BoardAnswer {
    let person = try await desk.who(request.secret, request.visitor)
    guard isOurs(request, .signEverybodyOut, person) else { return old(.status) }
    let count = try await desk.signEverybodyOut(person)
    var answer = BoardAnswer(
      .ok,
      NoticePage(
        .everybodySignedOut, count: request.speech.words.counted(count, .sessions),
        back: path(.signIn)), cookie: SessionCookie.cleared)
    answer.isEnd = true
    return answer
  }

  // MARK: - Refusals

  private func refusal(_ error: BoardError, _ request: BoardRequest) -> BoardAnswer {
    switch error {
    case .signedOut:
      // A browser that comes from another site keeps its cookie back: that one goes on. What was to be done by a
      // form is not done.
      return request.form == nil
        ? BoardAnswer(movedTo: path(.signIn), cookie: cleared(request))
        : BoardAnswer(
          .forbidden, NoticePage(.notSignedIn, back: path(.signIn)), cookie: cleared(request))
    case .badLink, .needsAddress:
      var answer = BoardAnswer(.notFound, NoticePage(.badSignInLink, back: path(.signIn)))
      answer.isKnownLink = false
      return answer
    case .notYours: return BoardAnswer(.forbidden, NoticePage(.notYours, back: path(.boards)))
    case .onHold: return BoardAnswer(.serviceUnavailable, NoticePage(.onHold, back: path(.boards)))
    }
  }

  private func cleared(_ request: BoardRequest) -> String? {
    request.secret == nil ? nil : SessionCookie.cleared
  }

  private func old(_ route: BoardRoute) -> BoardAnswer {
    BoardAnswer(.forbidden, NoticePage(.oldForm, back: path(route)))
  }

  // MARK: - Links and forms

  private func isOurs(_ request: BoardRequest, _ route: BoardRoute, _ person: SignedIn) -> Bool {
    guard let form = request.form else { return false }
    return nonces.isValid(form["csrf_token"], route, session: person.session, at: now())
  }

  func path(_ route: BoardRoute) -> String { basePath + route.path }

  private func form(_ route: BoardRoute, session: String) -> NonceForm {
    NonceForm(action: path(route), nonce: nonces.nonce(route, session: session, at: now()))
  }

  private func top(
    _ person: SignedIn, in area: String? = nil, isStatus: Bool = false
  ) -> BoardTop {
    BoardTop(
      name: person.name,
      areas: person.areas.map {
        BoardTop.Link(name: $0.name, path: path(.area($0.id)), isHere: $0.id == area)
      },
      status: person.isAdmin && !isStatus ? path(.status) : nil,
      // A proxy's name cannot be signed out of here.
      signOut: person.session.hasPrefix("proxy:")
        ? nil : form(.signOut, session: person.session))
  }
}
