import HTTPTypes

/// Every address that the site knows.
enum Route: Hashable {
  case live
  case ready
  case robots
  case link(token: String)
  case form(ClaimAction, token: String)
  case board(BoardRoute)

  /// - Parameter path: as it was sent, percent signs and all: no address of ours needs them.
  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    switch (parts.count, parts.first) {
    case (1, "livez"): self = .live
    case (1, "readyz"): self = .ready
    case (1, "robots.txt"): self = .robots
    case (2, "c") where parts.last != "":
      self = .link(token: String(parts[parts.startIndex + 1]))
    case (3, "c"):
      guard let action = ClaimAction(rawValue: String(parts[parts.startIndex + 2])) else {
        return nil
      }
      self = .form(action, token: String(parts[parts.startIndex + 1]))
    default:
      guard let board = BoardRoute(Array(parts)) else { return nil }
      self = .board(board)
    }
  }

  var isOfBoard: Bool {
    if case .board = self { true } else { false }
  }

  /// What a log may say of it: never the token.
  var pattern: String {
    switch self {
    case .live: "/livez"
    case .ready: "/readyz"
    case .robots: "/robots.txt"
    case .link: "/c/{token}"
    case .form(let action, _): "/c/{token}/\(action.rawValue)"
    case .board(let route): route.pattern
    }
  }

  var methods: [HTTPRequest.Method] {
    switch self {
    case .live, .ready, .robots, .link: [.get, .head, .options]
    case .form: [.post, .options]
    case .board(let route): route.methods
    }
  }

  /// For the `Allow` header.
  var allowed: String { methods.map(\.rawValue).joined(separator: ", ") }
}
