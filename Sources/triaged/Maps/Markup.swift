import Triage

/// HTML that is put together piece by piece: text is escaped unless it is markup already.
struct Markup {
  private(set) var text = ""

  /// An element with text in it, such as `<td class="n">12</td>`.
  mutating func add(_ element: String, _ attributes: String = "", _ content: String) {
    open(element, attributes)
    text += Markup.escaped(content)
    close(element)
  }

  mutating func open(_ element: String, _ attributes: String = "") {
    text += attributes.isEmpty ? "<\(element)>" : "<\(element) \(attributes)>"
  }

  mutating func close(_ element: String) {
    text += "</\(element)>"
    if !["td", "th", "span", "strong", "text", "title", "dt", "dd"].contains(element) {
      text += "\n"
    }
  }

  /// Markup of our own, with nothing of the list in it.
  mutating func raw(_ markup: String) { text += markup }

  /// Text fit for content and for attributes in quotes, on one line (``Triage/plainLine(_:)``).
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in plainLine(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
