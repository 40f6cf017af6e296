import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Triage

/// From a question at the admin socket to its answer. Whatever is refused is JSON with an `error`
/// that is a sentence; what the answer is about is logged by whoever does it.
struct AdminResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let desk: CurrentDesk
  let logger: Logger

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    guard let method = AdminRoute.Method(rawValue: request.method.rawValue) else {
      return refusal(.methodNotAllowed, "Only GET and POST are answered here.")
    }
    let route: AdminRoute
    let parameters: [String: String]
    switch desk.value.find(method, request.uri.path) {
    case nil:
      return refusal(.notFound, "There is no such question at the admin socket.")
    case .otherMethods(let methods):
      var response = refusal(.methodNotAllowed, "This is asked with another method.")
      response.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
      return response
    case .route(let found, let values): (route, parameters) = (found, values)
    }
    do {
      let body = try await request.body.collect(upTo: route.bodyLimit)
      let answer = try await route.answer(
        AdminRequest(parameters: parameters, body: Data(body.readableBytesView)))
      switch answer {
      case .json(let data): return response(.ok, "application/json", data)
      case .text(let text, let type): return response(.ok, type, Data(text.utf8))
      }
    } catch let error as AdminRefusal {
      return refusal(HTTPResponse.Status(code: error.kind.rawValue), error.description)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      return refusal(.contentTooLarge, "The question is too long.")
    } catch {
      // Our own errors are sentences without personal data; the person who asks is the admin.
      logger.error(
        "A question at the admin socket could not be answered.",
        metadata: ["route": "\(route.path)", "error": "\(error)"])
      return refusal(.internalServerError, "\(error)")
    }
  }

  private func refusal(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
    let data = (try? JSONEncoder().encode(["error": sentence])) ?? Data("{}".utf8)
    return response(status, "application/json", data)
  }

  private func response(_ status: HTTPResponse.Status, _ type: String, _ data: Data) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }
}
