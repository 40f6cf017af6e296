import HTTPTypes
import Triage

/// An answer of the pages behind a sign-in before it is drawn.
struct BoardAnswer: Sendable {
  enum Kind: Sendable {
    case page(Page)
    /// With 303: what was sent by POST is not sent again by a reload. A path with the base path in front.
    case moved(String)
  }

  var kind: Kind
  /// For `Set-Cookie`.
  var cookie: String?
  /// The session has ended: what the browser may still have of its pages is to go.
  var isEnd = false
  /// Whether there is such a link to sign in; `nil`: the desk was not asked for one.
  var isKnownLink: Bool?

  init(_ status: HTTPResponse.Status, _ model: any PageModel, cookie: String? = nil) {
    kind = .page(Page(status, model))
    self.cookie = cookie
  }

  init(movedTo path: String, cookie: String? = nil) {
    kind = .moved(path)
    self.cookie = cookie
  }

  /// The same, of a link that the desk knows.
  var ofKnownLink: BoardAnswer {
    var answer = self
    answer.isKnownLink = true
    return answer
  }
}

/// A request for one of these pages.
struct BoardRequest: Sendable {
  var route: BoardRoute
  /// `nil`: it was a GET or HEAD.
  var form: FormBody?
  /// Out of the cookies.
  var secret: String?
  var asked: String?
  var visitor: Visitor
  var speech: Speech
}
