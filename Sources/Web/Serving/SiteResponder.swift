import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// From a request to an answer: the one place that knows routes, methods and forms.
///
/// Logs one line per answer with the route's pattern, never its token, and turns whatever goes
/// wrong into a page.
struct SiteResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let room: ClaimRoom
  let readiness: @Sendable () async -> Readiness
  let views: Views
  let logger: Logger

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let start = ContinuousClock.now
    let route = Route(path: request.uri.path)
    var response: Response
    do {
      response = try await answer(request, route)
    } catch let gone as BodyCutShort {
      throw gone.cause
    } catch {
      // Only the type: what an error of another library says may hold what people entered.
      logger.error(
        "A page could not be made; the person was asked to try again.",
        metadata: ["route": "\(route?.pattern ?? "none")", "error": "\(type(of: error))"])
      response = html(Page(.internalServerError, NoticePage(.failed)))
    }
    if request.method == .head { response = response.createHeadResponse() }
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    logger.info(
      "answered",
      metadata: [
        "route": "\(route?.pattern ?? "none")", "status": "\(response.status.code)",
        "ms": "\((milliseconds * 10).rounded() / 10)",
      ])
    return response
  }

  private func answer(_ request: Request, _ route: Route?) async throws -> Response {
    guard let route else { return html(Page(.notFound, NoticePage(.noSuchPage))) }
    guard route.methods.contains(request.method) else {
      var response = html(room.wrongMethod(route))
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
    case .link(let token): return html(try await room.show(token))
    case .form(let action, let token):
      switch try await form(of: request) {
      case .success(let form): return html(try await room.act(action, token, form))
      case .failure(let refusal): return html(refusal.page)
      }
    }
  }

  // MARK: - Forms

  private func form(of request: Request) async throws -> Result<FormBody, FormRefusal> {
    let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type == "application/x-www-form-urlencoded" else { return .failure(.wrongType) }
    guard room.gate.admits(request.headers) else { return .failure(.foreign) }
    do {
      let body = try await request.body.collect(upTo: FormBody.limit)
      return .success(try FormBody(body.readableBytesView))
    } catch is FormBody.Refused {
      return .failure(.malformed)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      return .failure(.tooLarge)
    } catch {
      throw BodyCutShort(cause: error)
    }
  }

  /// The connection broke while the body came in: the server, not a page, answers that.
  private struct BodyCutShort: Error {
    let cause: any Error
  }

  // MARK: - Answers

  private func html(_ page: Page) -> Response {
    Response(
      status: page.status, headers: [.contentType: "text/html; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: views.render(page.model))))
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
