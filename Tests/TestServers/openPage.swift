import Foundation

/// What a form is sent as.
package let formType = ("Content-Type", "application/x-www-form-urlencoded")

/// Asks a port of the loopback on a connection of its own, and follows no redirect.
/// - Parameters:
///   - path: as it goes over the wire, with its query.
///   - form: fields, which become the body in place of `body`.
/// - Throws: ``BrokenAnswer`` where the answer is not whole, as its `Content-Length` says; an answer in chunks is none.
package func openPage(
  _ method: String, _ path: String, port: Int, headers: [(String, String)] = [],
  form: [(String, String)]? = nil, body: String? = nil
) async throws -> HTTPAnswer {
  let fields = form?.map { "\(escaped($0))=\(escaped($1))" }.joined(separator: "&")
  var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
  for (name, value) in (form == nil ? [] : [formType]) + headers {
    lines.append("\(name): \(value)")
  }
  let sent = fields ?? body
  if let sent { lines.append("Content-Length: \(sent.utf8.count)") }
  let text = try await sendBytes(
    lines.joined(separator: "\r\n") + "\r\n\r\n" + (sent ?? ""), port: port)
  let answer = try HTTPAnswer(text)
  let length = method == "HEAD" ? 0 : Int(answer.headers["content-length"] ?? "0")
  guard answer.body.utf8.count == length, answer.headers["transfer-encoding"] == nil else {
    throw BrokenAnswer("is not the whole answer to \(method) \(path)", text)
  }
  return answer
}

private func escaped(_ text: String) -> String {
  text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
}
