import Mustache
import Triage

/// From a page's model to its HTML.
struct Views: Sendable {
  let wording: PageWording
  let serviceName: String

  func render(_ model: any PageModel, in language: Language) -> String {
    let values: [String: Any] = ["service": serviceName, "page": namedValues(model) as Any]
    return wording.render(values, view: model.view, in: language)
  }
}

/// Text for HTML, in elements and in quoted attributes.
///
/// It replaces scalar by scalar: swift-mustache's own escaping goes by `Character` and lets a quote
/// pass that has a combining mark behind it. What is not plain (``Triage/isPlain(_:)``: controls, marks
/// of direction, zero widths) is left out: it has no place in an address and can make one read as
/// another.
struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "&": safe += "&amp;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\n", "\t": safe.unicodeScalars.append(scalar)
      case let other where isPlain(other): safe.unicodeScalars.append(scalar)
      default: continue
      }
    }
    return safe
  }
}
