import HTTPTypes

/// What is counted of the pages: of each request one answer, and where it was refused one reason.
package enum WebCount: Hashable, Sendable {
  case answered(Class)
  case refused(Reason)

  /// The first digit of a status code (RFC 9110, section 15).
  package enum Class: String, Hashable, Sendable, CaseIterable {
    case informational = "1xx"
    case successful = "2xx"
    case moved = "3xx"
    case clientError = "4xx"
    case serverError = "5xx"

    init(_ status: HTTPResponse.Status) {
      self =
        switch status.code / 100 {
        case 1: .informational
        case 2: .successful
        case 3: .moved
        case 4: .clientError
        default: .serverError
        }
    }
  }

  /// Why a request came to no desk, or to no link.
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    /// More was asked than the limits allow.
    case tooOften = "too_often"
    /// A form that another site sent.
    case foreignForm = "foreign_form"
    /// A form that no page of ours makes, or that is too long.
    case badForm = "bad_form"
    /// A link that is not, or is no more.
    case unknownLink = "unknown_link"
    case unknownPage = "unknown_page"
    case wrongMethod = "wrong_method"
  }
}
