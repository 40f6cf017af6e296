import Foundation
import Mustache
import Transfer
import Triage

/// How a digest is worded: three Mustache templates, each the built-in one or a council's own.
package struct Wording: Sendable {
  private var templates: [Part: MustacheTemplate]

  /// The wording that comes with the program.
  package static let builtIn = Wording(
    templates: Dictionary(
      uniqueKeysWithValues: Part.allCases.map { part in
        // It is ours, and a test renders it.
        // swift-format-ignore: NeverUseForceTry
        (part, try! part.parse(part.builtIn))
      }))

  /// Takes `digest.txt.mustache`, `digest.html.mustache` and `subject.mustache` of a folder, and the
  /// built-in ones for those that are not there.
  /// - Throws: every problem of every file at once: what does not parse, a field that there is not,
  ///   raw output (`{{{`), a body that leaves out an item or its link.
  package static func load(folder: String) throws(WordingProblems) -> Wording {
    var wording = builtIn
    var problems: [WordingProblems.Problem] = []
    for part in Part.allCases {
      let path = folder + "/" + part.file
      guard FileManager.default.fileExists(atPath: path) else { continue }
      do {
        let text = try configurationText(at: path)
        let found = part.problems(of: text)
        problems += found
        if found.isEmpty { wording.templates[part] = try? part.parse(text) }
      } catch {
        problems.append(.init(file: part.file, line: 1, what: error.what))
      }
    }
    guard problems.isEmpty else { throw WordingProblems(problems: problems) }
    return wording
  }

  func subject(_ fields: DigestFields) -> String { templates[.subject]!.render(fields) }
  func text(_ fields: DigestFields) -> String { templates[.text]!.render(fields) }
  func html(_ fields: DigestFields) -> String { templates[.html]!.render(fields) }

  /// One of the three.
  enum Part: CaseIterable {
    case subject, text, html

    var file: String {
      switch self {
      case .subject: "subject.mustache"
      case .text: "digest.txt.mustache"
      case .html: "digest.html.mustache"
      }
    }

    var builtIn: String {
      switch self {
      case .subject: digestSubjectTemplate
      case .text: digestText
      case .html: digestHTML
      }
    }

    /// Its first line, which is not the file's, says how values are escaped.
    func parse(_ text: String) throws -> MustacheTemplate {
      HTMLText.register()
      let type = self == .html ? HTMLText.name : "TEXT"
      return try MustacheTemplate(string: "{{% CONTENT_TYPE: \(type)}}\n" + text)
    }
  }
}

/// Escapes values in HTML by Unicode scalar. The library's own way looks at whole characters, and a
/// quote with a combining accent is another character than a quote: it would let it through, and
/// the browser would end the attribute there.
private struct HTMLText: MustacheContentType {
  static let name = "TRIAGED_HTML"

  static func register() { MustacheContentTypes.register(HTMLText(), named: name) }

  func escapeText(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
