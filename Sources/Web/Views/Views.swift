import Mustache
import Triage

/// The built-in wording and layout of every page, compiled once.
struct Views: Sendable {
  private let library: MustacheLibrary
  private let serviceName: String

  /// - Throws: the parser's error where a template is broken.
  init(serviceName: String) throws {
    MustacheContentTypes.register(PageText(), named: "PAGETEXT")
    var library = MustacheLibrary()
    for (name, text) in Self.builtIn {
      // Each template escapes for itself: a partial begins anew with the library's own escaping.
      try library.register("{{% CONTENT_TYPE: PAGETEXT}}\n" + text, named: name)
    }
    self.library = library
    self.serviceName = serviceName
  }

  func render(_ model: any PageModel) -> String {
    let context: [String: Any] = ["service": serviceName, "page": model]
    return library.render(context, withTemplate: model.view) ?? ""
  }

  private static var builtIn: [String: String] {
    var views = [
      "frame": frameView, "masked": maskedView, "pick": pickView, "hidden": hiddenView,
      "outcome-questions": outcomeQuestionsView, "offer": offerView, "held": heldView,
      "claimed": claimedView, "household-top": householdTopView,
      "household-past": householdPastView, "outcome": outcomeView,
    ]
    for notice in Notice.allCases { views[notice.rawValue] = noticeView(notice) }
    return views
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
