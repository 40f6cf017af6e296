import Foundation
import TestServers
import Testing

/// Signs in by mail over HTTP, as a browser does it, and reads what is behind.
struct SignedInWalk {
  let instance: Instance

  /// - Parameter paths: what to read, by the e-mail address of who reads it.
  /// - Returns: the pages by name, with those on the way there.
  func boards(as paths: [String: String]) async throws -> [String: String] {
    var pages: [String: String] = [:]
    for (email, path) in paths {
      let asking = try await send("GET", "/sign-in")
      let (action, fields) = try form(asking.page, to: "sign-in")
      let before = instance.mails
      let asked = try await send(
        "POST", action, fields.merging(["email": email]) { $1 }, cookie: asking.cookie)
      let link = try #require(
        try await eventually("the link to sign in") {
          try instance.mails.filter { !before.contains($0) }.compactMap {
            try text(of: $0).replacingOccurrences(of: "=\r\n", with: "")
              .firstMatch(of: /http:\/\/[^\s\/]+(\/sign-in\/[A-Za-z0-9_-]+)/)
          }.first.map { String($0.output.1) }
        })
      let cookie = asked.cookie ?? asking.cookie
      let landing = try await send("GET", link, cookie: cookie)
      let (enter, hidden) = try form(landing.page, to: String(link.dropFirst("/sign-in/".count)))
      let entered = try await send("POST", enter, hidden, cookie: cookie)
      let board = try await send("GET", path, cookie: entered.cookie)
      #expect(board.status == 200, "\(path)")
      pages["the way in of \(email)"] = asking.page + asked.page + landing.page
      pages[path] = board.page
    }
    return pages
  }

  private func send(
    _ method: String, _ path: String, _ form: [String: String]? = nil, cookie: String? = nil
  ) async throws -> (status: Int, page: String, cookie: String?) {
    let answer = try await openPage(
      method, path, port: instance.port, headers: cookie.map { [("Cookie", $0)] } ?? [],
      form: form?.map { ($0, $1) })
    let set = answer.headers["set-cookie"].map { String($0.prefix { $0 != ";" }) }
    return (answer.status, answer.body, set)
  }
}
