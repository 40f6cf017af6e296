import Foundation
import HTTPTypes

/// The addresses for those who lead an area and for the admin.
enum BoardRoute: Hashable {
  /// Where a link is asked for, and where one is used.
  case signIn
  case link(token: String)
  case signOut
  /// Leads on to the one board that somebody has, or lists them.
  case boards
  case area(String)
  /// One question of a form of the board, or its answer.
  case form(BoardForm, area: String)
  case status
  case signEverybodyOut

  /// - Parameter parts: of the path, as it was sent.
  init?(_ parts: [Substring]) {
    switch (parts.first, parts.count) {
    case ("sign-in", 1): self = .signIn
    case ("sign-in", 2) where parts[1] != "": self = .link(token: String(parts[1]))
    case ("sign-out", 1): self = .signOut
    case ("board", 1): self = .boards
    case ("board", 2):
      guard let area = BoardRoute.area(parts[1]) else { return nil }
      self = .area(area)
    case ("board", 3):
      guard let area = BoardRoute.area(parts[1]), let form = BoardForm(rawValue: String(parts[2]))
      else { return nil }
      self = .form(form, area: area)
    case ("status", 1): self = .status
    case ("status", 2) where parts[1] == "sign-everybody-out": self = .signEverybodyOut
    default: return nil
    }
  }

  /// What a log may say of it: never the token. An area is named by its id in every journal.
  var pattern: String {
    switch self {
    case .signIn: "/sign-in"
    case .link: "/sign-in/{token}"
    case .signOut: "/sign-out"
    case .boards: "/board"
    case .area: "/board/{area}"
    case .form(let form, _): "/board/{area}/\(form.rawValue)"
    case .status: "/status"
    case .signEverybodyOut: "/status/sign-everybody-out"
    }
  }

  var methods: [HTTPRequest.Method] {
    switch self {
    case .signIn, .link: [.get, .head, .post, .options]
    case .boards, .area, .status: [.get, .head, .options]
    case .signOut, .form, .signEverybodyOut: [.post, .options]
    }
  }

  /// Below the base path.
  var path: String {
    switch self {
    case .link(let token): "/sign-in/\(token)"
    case .area(let area): "/board/\(BoardRoute.escaped(area))"
    case .form(let form, let area): "/board/\(BoardRoute.escaped(area))/\(form.rawValue)"
    default: pattern
    }
  }

  // MARK: - An area's id in a path

  /// Ids of areas come from boundary files and may hold anything.
  private static func area(_ part: Substring) -> String? {
    guard let area = part.removingPercentEncoding, !area.isEmpty else { return nil }
    return area
  }

  private static func escaped(_ area: String) -> String {
    area.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        String(UnicodeScalar(byte))
      default:
        "%" + String(byte >> 4, radix: 16, uppercase: true)
          + String(byte & 15, radix: 16, uppercase: true)
      }
    }.joined()
  }
}

/// Which form of a board was sent. The first asks what else is to be known, the others do it.
enum BoardForm: String, CaseIterable {
  case choose
  case claim, pass, release, back, revoke
}
