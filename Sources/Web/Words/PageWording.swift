import Mustache
import Synchronization
import Triage

/// What every page says and how it is laid out, in every language: the templates and words that come with
/// the program, overridden by a council's own where it has any.
///
/// A template holds marks, `[[offer.heading]]`. Before Mustache compiles it, each is replaced by the words of
/// the language, so there is one compiled library for each language: made when its first page is rendered, since
/// a command that shows no page would spend most of its time on them. The one mark `[[style]]` is the
/// stylesheet. In the templates `notice` and `question`, which serve many pages, a star stands for the page's name.
package struct PageWording: Sendable {
  let words: [Language: Words]
  private let libraries: Libraries

  /// The wording that comes with the program.
  // It is ours, and tests render all of it.
  // swift-format-ignore: NeverUseForceTry
  package static let builtIn = try! PageWording(templates: [:], words: [:])

  /// - Parameters:
  ///   - templates: texts by the name of the template that they override, such as `offer`.
  ///   - words: texts of files of words by the language that they override, such as `cy`. Such a file may
  ///     leave out what is to stay as it is.
  /// - Throws: every problem of every text at once.
  package init(
    templates own: [String: String], words ownWords: [String: String]
  ) throws(WordingProblems) {
    var problems: [WordingProblems.Problem] = []
    var words: [Language: Words] = [:]
    for language in Language.allCases {
      words[language] = Self.words(language, own: ownWords[language.rawValue], &problems)
    }
    for name in ownWords.keys.sorted() where Language(rawValue: name) == nil {
      let known = Language.allCases.map { $0.rawValue + ".json" }.joined(separator: ", ")
      problems.append(
        .init(
          file: name + ".json", line: 1, what: "is no language of the pages; there are \(known)"))
    }
    for (name, text) in own.sorted(by: { $0.key < $1.key }) {
      problems += templateProblems(name, text, words[.english]!)
    }
    guard problems.isEmpty else { throw WordingProblems(problems: problems) }

    self.words = words
    libraries = Libraries(
      templates: builtInTemplates.merging(own, uniquingKeysWith: { _, own in own }))
  }

  /// A template gives a view of its own name; the one of notices gives a view for each.
  static func views(of template: String) -> [(view: String, star: String?)] {
    switch template {
    case "notice": Notice.allCases.map { ($0.rawValue, $0.rawValue) }
    case "question": Question.allCases.map { ("ask-" + $0.rawValue, $0.rawValue) }
    default: [(template, nil)]
    }
  }

  func render(_ context: [String: Any], view: String, in language: Language) -> String {
    guard let words = words[language] else { return "" }
    return libraries.library(of: language, words).render(context, withTemplate: view) ?? ""
  }

  private static func words(
    _ language: Language, own: String?, _ problems: inout [WordingProblems.Problem]
  ) -> Words {
    // They are ours, and a test reads them.
    // swift-format-ignore: NeverUseForceTry
    let builtIn = try! WordsFile(builtInWords[language] ?? "{}").entries
    var texts = builtIn.mapValues(\.texts)
    if let own {
      do throws(WordsFile.Broken) {
        for (key, entry) in try WordsFile(own).entries {
          if let what = wordProblem(key, entry, builtIn[key], language) {
            problems.append(.init(file: language.rawValue + ".json", line: entry.line, what: what))
          } else {
            texts[key] = entry.texts
          }
        }
      } catch {
        problems.append(
          .init(file: language.rawValue + ".json", line: error.line, what: error.what))
      }
    }
    return Words(language, texts: texts)
  }

  /// What is wrong with an overriding text, held against the one that it overrides.
  private static func wordProblem(
    _ key: String, _ own: WordsFile.Entry, _ builtIn: WordsFile.Entry?, _ language: Language
  ) -> String? {
    guard let builtIn else { return "there are no words '\(key)'" }
    guard Set(own.texts.keys) == Set(builtIn.texts.keys) else {
      let wanted = builtIn.texts.keys.compactMap { $0?.rawValue }.sorted()
      return wanted.isEmpty
        ? "'\(key)' takes one text"
        : "'\(key)' takes a text for each of \(wanted.joined(separator: ", "))"
    }
    let known = builtIn.texts.values.reduce(into: Set()) { $0.formUnion(Words.tags(in: $1)) }
    for text in own.texts.values {
      if text.contains("{{{") || text.contains("}}}") {
        return "'\(key)': raw output ({{{) is not allowed: write {{name}}"
      }
      let tags = Words.tags(in: text)
      if let strange = tags.subtracting(known).min() {
        return "'\(key)' has no tag {{\(strange)}}"
          + (known.isEmpty
            ? "" : "; it has \(known.sorted().map { "{{\($0)}}" }.joined(separator: ", "))")
      }
      let bare = text.replacing(/\{\{[^{}]*\}\}/, with: "")
      // One brace too could make a tag of another kind out of the one that stands beside it.
      if bare.contains("{") || bare.contains("}") || bare.contains("[[") {
        return "'\(key)' has a tag that is not closed, or a mark"
      }
    }
    return nil
  }
}

/// The templates, compiled for each language when they are first asked for in it.
private final class Libraries: Sendable {
  private let templates: [String: String]
  private let made = Mutex<[Language: MustacheLibrary]>([:])

  init(templates: [String: String]) { self.templates = templates }

  func library(of language: Language, _ words: Words) -> MustacheLibrary {
    made.withLock { made in
      if let library = made[language] { return library }
      let library = compiled(words)
      made[language] = library
      return library
    }
  }

  private func compiled(_ words: Words) -> MustacheLibrary {
    MustacheContentTypes.register(PageText(), named: "PAGETEXT")
    var library = MustacheLibrary()
    for (name, text) in templates {
      for (view, star) in PageWording.views(of: name) {
        // What does not parse was told when it was read.
        try? library.register(compilable(text, words, star: star), named: view)
      }
    }
    return library
  }
}
