import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Triage

/// From a request to an answer: the one place that knows routes, methods and forms.
///
/// Logs one line per answer with the route's pattern, never its token, and turns whatever goes
/// wrong into a page.
struct SiteResponder: HTTPResponder {
  typealias Context = SiteContext

  let desk: ClaimDesk
  let board: BoardRoom?
  let settings: WebSettings
  let gate: FormGate
  let readiness: @Sendable () async -> Readiness
  let now: @Sendable () -> Date
  let proxies: Proxies
  var limiter: Limiter
  var refusals: RefusalTally
  let views: Views
  let logger: Logger

  func respond(to request: Request, context: SiteContext) async throws -> Response {
    let start = ContinuousClock.now
    let route = Route(path: request.uri.path)
    let language = Language.asked(
      for: request.headers[.acceptLanguage], among: settings.languages)
    let (address, visitor) = proxies.visitor(context.peer, request.headers)
    var response: Response
    do {
      let admission = admit(route, request.method, address)
      if let wait = admission.wait {
        refusals.count(.tooOften)
        response = html(Page(.tooManyRequests, NoticePage(.tooOften)), language)
        response.headers[.retryAfter] = "\(wait)"
      } else {
        response = try await answer(
          request, route, room: room(language, visitor), visitor, language, admission)
      }
    } catch let gone as BodyCutShort {
      throw gone.cause
    } catch {
      // Only the type: what an error of another library says may hold what people entered.
      logger.error(
        "A page could not be made; the person was asked to try again.",
        metadata: ["route": "\(route?.pattern ?? "none")", "error": "\(type(of: error))"])
      response = html(Page(.internalServerError, NoticePage(.failed)), language)
    }
    if request.method == .head { response = response.createHeadResponse() }
    // A monitor that hears that all is not well is no page that failed.
    if route != .live, route != .ready {
      refusals.counts.count(.answered(.init(response.status)))
    }
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    logger.info(
      "answered",
      metadata: [
        "route": "\(route?.pattern ?? "none")", "status": "\(response.status.code)",
        "ms": "\((milliseconds * 10).rounded() / 10)",
      ])
    return response
  }

  private func answer(
    _ request: Request, _ route: Route?, room: ClaimRoom, _ visitor: Visitor,
    _ language: Language, _ admission: Limiter.Admission
  ) async throws -> Response {
    guard let route, board != nil || !route.isOfBoard else {
      refusals.counts.count(.refused(.unknownPage))
      return html(Page(.notFound, NoticePage(.noSuchPage)), language)
    }
    guard route.methods.contains(request.method) else {
      refusals.counts.count(.refused(.wrongMethod))
      var response = html(room.wrongMethod(route), language)
      response.headers[.allow] = route.allowed
      return response
    }
    if request.method == .options {
      var response = Response(status: .noContent, headers: [.allow: route.allowed])
      response.headers[.contentLength] = nil
      return response
    }
    switch route {
    case .live: return plain(.ok, "ok\n")
    case .ready:
      let readiness = await readiness()
      return plain(readiness.isReady ? .ok : .serviceUnavailable, readiness.text)
    case .robots: return plain(.ok, "User-agent: *\nDisallow: /\n")
    case .link(let token): return html(noted(try await room.show(token), admission), language)
    case .form(let action, let token):
      switch try await form(of: request) {
      case .success(let form):
        return html(noted(try await room.act(action, token, form), admission), language)
      case .failure(let refusal): return html(refusal.page, language)
      }
    case .board(let route):
      return try await answer(request, route, visitor, language, admission)
    }
  }

  /// Of the board, and of the way in to it.
  private func answer(
    _ request: Request, _ route: BoardRoute, _ visitor: Visitor, _ language: Language,
    _ admission: Limiter.Admission
  ) async throws -> Response {
    guard let board else { return html(Page(.notFound, NoticePage(.noSuchPage)), language) }
    var asked = BoardRequest(
      route: route, secret: SessionCookie.secret(in: request.headers),
      asked: SessionCookie.secret(in: request.headers, name: SessionCookie.askedName),
      visitor: visitor, speech: speech(language))
    if request.method == .post {
      switch try await form(of: request, most: BoardItems.most) {
      case .success(let form): asked.form = form
      case .failure(let refusal): return html(refusal.page, language)
      }
    }
    let answer = try await board.answer(asked)
    var response: Response
    switch answer.kind {
    case .page(let page): response = html(page, language)
    case .moved(let path):
      response = plain(.seeOther, "")
      response.headers[.location] = path
    }
    response.headers[.setCookie] = answer.cookie
    // Not "cookies": that would sign the person out of all that the council has under its domain.
    if answer.isEnd, let name = HTTPField.Name("Clear-Site-Data") {
      response.headers[name] = #""cache", "storage""#
    }
    if let isKnown = answer.isKnownLink { found(isKnown, admission) }
    return response
  }

  /// Monitors may ask as often as they like. What looks no link up is no guess.
  private func admit(
    _ route: Route?, _ method: HTTPRequest.Method, _ address: NetworkAddress?
  ) -> Limiter.Admission {
    let isAnswered = method != .options && route?.methods.contains(method) == true
    return switch route {
    case .live, .ready, .robots: Limiter.Admission()
    case .board(.signIn) where method == .post: limiter.admit(address, .askingForLinks)
    case .board(.link(let token)) where isAnswered: limiter.admit(address, .link(token))
    case .link(let token) where isAnswered: limiter.admit(address, .link(token))
    case .form(_, let token) where isAnswered: limiter.admit(address, .link(token))
    default: limiter.admit(address, .page)
    }
  }

  /// Remembers whether there is such a link, where the desk was asked.
  private func noted(_ page: Page, _ admission: Limiter.Admission) -> Page {
    if let isKnown = page.isKnownLink { found(isKnown, admission) }
    return page
  }

  private func found(_ isKnown: Bool, _ admission: Limiter.Admission) {
    if !isKnown { refusals.counts.count(.refused(.unknownLink)) }
    limiter.found(admission, isKnown: isKnown)
  }

  private func room(_ language: Language, _ visitor: Visitor) -> ClaimRoom {
    ClaimRoom(
      desk: desk, settings: settings, gate: gate, speech: speech(language), visitor: visitor,
      now: now)
  }

  private func speech(_ language: Language) -> Speech {
    // Every language has its words.
    Speech(words: settings.wording.words[language]!, zone: settings.timeZone)
  }

  // MARK: - Forms

  private func form(
    of request: Request, most: Int = 32
  ) async throws -> Result<FormBody, FormRefusal> {
    let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type == "application/x-www-form-urlencoded" else { return .failure(bad(.wrongType)) }
    guard gate.admits(request.headers) else {
      refusals.count(.foreign)
      return .failure(.foreign)
    }
    do {
      let body = try await request.body.collect(upTo: FormBody.limit)
      return .success(try FormBody(body.readableBytesView, most: most))
    } catch is FormBody.Refused {
      return .failure(bad(.malformed))
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      return .failure(bad(.tooLarge))
    } catch {
      throw BodyCutShort(cause: error)
    }
  }

  private func bad(_ refusal: FormRefusal) -> FormRefusal {
    refusals.counts.count(.refused(.badForm))
    return refusal
  }

  /// The connection broke while the body came in: the server, not a page, answers that.
  private struct BodyCutShort: Error {
    let cause: any Error
  }

  // MARK: - Answers

  private func html(_ page: Page, _ language: Language) -> Response {
    let model: any PageModel
    switch page.content {
    case .view(let shown): model = shown
    case .file(let text, let type, let name):
      var headers: HTTPFields = [.contentType: type]
      headers[.contentDisposition] = "attachment; filename=\"\(name)\""
      return Response(
        status: page.status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
    return Response(
      status: page.status,
      headers: [
        .contentType: "text/html; charset=utf-8",
        .contentLanguage: settings.wording.words[language]?.text("language.tag") ?? "en",
        .vary: "Accept-Language",
      ],
      body: .init(byteBuffer: ByteBuffer(string: views.render(model, in: language))))
  }

  private func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}

/// Why a POST was not even looked at.
private enum FormRefusal: Error {
  case wrongType, foreign, malformed, tooLarge

  var page: Page {
    switch self {
    case .wrongType: Page(.unsupportedMediaType, NoticePage(.badForm))
    case .foreign: Page(.forbidden, NoticePage(.foreignForm))
    case .malformed: Page(.badRequest, NoticePage(.badForm))
    case .tooLarge: Page(.contentTooLarge, NoticePage(.badForm))
    }
  }
}
