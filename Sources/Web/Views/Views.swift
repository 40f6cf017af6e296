import Mustache

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
      "claimed": claimedView, "outcome": outcomeView,
    ]
    for notice in Notice.allCases { views[notice.rawValue] = noticeView(notice) }
    return views
  }
}

/// Text for HTML, in elements and in quoted attributes.
///
/// It replaces scalar by scalar: swift-mustache's own escaping goes by `Character` and lets a quote
/// pass that has a combining mark behind it. Control characters and the marks that turn the
/// direction of writing (U+202A to U+202E, U+2066 to U+2069) are left out: they have no place in an
/// address and can make one read as another.
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
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        continue
      case let other where other.properties.isNoncharacterCodePoint: continue
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
