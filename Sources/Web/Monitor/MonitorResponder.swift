import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// From a monitor's question to its answer.
struct MonitorResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let metrics: @Sendable () async throws -> (text: String, type: String)
  let readiness: @Sendable () async -> Readiness
  let logger: Logger

  private enum Question: String {
    case metrics = "/metrics"
    case live = "/livez"
    case ready = "/readyz"
  }

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    guard let question = Question(rawValue: request.uri.path) else {
      return plain(.notFound, "Here are /metrics, /livez and /readyz.\n")
    }
    guard [.get, .head].contains(request.method) else {
      var response = plain(.methodNotAllowed, "Ask with GET.\n")
      response.headers[.allow] = "GET, HEAD"
      return response
    }
    let response = await answer(question)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ question: Question) async -> Response {
    switch question {
    case .live: return plain(.ok, "ok\n")
    case .ready:
      let readiness = await readiness()
      return plain(readiness.isReady ? .ok : .serviceUnavailable, readiness.text)
    case .metrics:
      do {
        let (text, type) = try await metrics()
        return plain(.ok, text, type: type)
      } catch {
        // Our own errors are sentences without personal data.
        logger.error(
          "The metrics could not be told to a monitor; it asks again by itself.",
          metadata: ["error": "\(error)"])
        return plain(
          .internalServerError, "The metrics cannot be told now; the journal says why.\n")
      }
    }
  }

  private func plain(
    _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
