import Synchronization
import TestServers
import Testing

@testable import Web

/// Signs in by the link, as a browser does.
func signIn(_ site: TestSite, headers: [(String, String)] = []) async throws -> HTTPAnswer {
  let page = try await site.get("/sign-in/\(TestBoard.token)")
  return try await site.submit(page, TestBoard.token, headers: headers + [askedCookie])
}

/// What the browser has from asking.
let askedCookie = ("Cookie", "__Host-triaged-asked=\(TestBoard.browser)")

/// As the browser sends back what an answer has set.
func sessionCookie(_ answer: HTTPAnswer) throws -> (String, String) {
  let set = try #require(answer.headers["set-cookie"])
  return ("Cookie", String(try #require(set.split(separator: ";").first)))
}

/// A board behind which a member has signed in; the body gets their cookie.
func withBoard(
  as member: String = "ann",
  _ body: @escaping @Sendable (TestSite, TestBoard, (String, String)) async throws -> Void
) async throws {
  let board = TestBoard()
  board.state.withLock { $0.links[TestBoard.token] = member }
  try await TestSite.with(board: board) { site in
    try await body(site, board, try sessionCookie(try await signIn(site)))
  }
}
