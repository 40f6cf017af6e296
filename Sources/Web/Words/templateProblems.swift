import Mustache
import Triage

/// Everything that is wrong with an overriding template: a name that there is not, marks and tags that no
/// template of ours has, raw output, and what does not parse.
func templateProblems(
  _ name: String, _ text: String, _ words: Words
) -> [WordingProblems.Problem] {
  let file = name + ".mustache"
  guard let builtIn = builtInTemplates[name] else {
    let known = builtInTemplates.keys.sorted().joined(separator: ", ")
    return [.init(file: file, line: 1, what: "is no template of the pages; there are \(known)")]
  }
  let scanned = ScannedTemplate(text)
  var problems: [WordingProblems.Problem] = []
  func problem(_ what: String, at place: String.Index) {
    problems.append(.init(file: file, line: scanned.line(of: place), what: what))
  }
  for (key, place) in scanned.marks {
    let keys = PageWording.views(of: name).map { view in
      key.replacing("*", with: view.star ?? "*")
    }
    if key != "style", keys.contains(where: { words.texts[$0]?[nil] == nil }) {
      problem("there are no words '\(key)'", at: place)
    }
  }
  for (what, place) in nestingProblems(scanned.tags) { problem(what, at: place) }
  for tag in scanned.tags {
    switch tag.kind {
    case .raw: problem("raw output ({{{ or {{&) is not allowed: write {{name}}", at: tag.place)
    case .unclosed: problem("a tag is not closed", at: tag.place)
    case .sign(let sign) where "%=*".unicodeScalars.contains(sign):
      problem("tags with '\(sign)' are not supported", at: tag.place)
    case .sign(">"), .sign("<"):
      if builtInTemplates[tag.name] == nil {
        problem("there is no template '\(tag.name)'", at: tag.place)
      }
    case .sign("!"), .sign("$"): break
    case .sign("/") where builtInTemplates[tag.name] != nil: break
    case .sign, .field:
      if !knownTags.contains(tag.name) { problem("there is no field '\(tag.name)'", at: tag.place) }
    }
  }
  problems.sort { $0.line < $1.line }
  guard problems.isEmpty else { return problems }
  MustacheContentTypes.register(PageText(), named: "PAGETEXT")
  do {
    for (_, star) in PageWording.views(of: name) {
      _ = try MustacheTemplate(string: compilable(text, words, star: star))
    }
  } catch let error as MustacheTemplate.ParserError {
    // The first line is ours.
    let line = max(1, error.context.lineNumber - 1)
    return [
      .init(
        file: file, line: line,
        what:
          "a tag or section is not closed, or not opened, near \"\(error.context.line.prefix(60))\""
      )
    ]
  } catch {
    return [.init(file: file, line: 1, what: "is not a template")]
  }
  // Without these a button of the page would do nothing.
  for needed in essentials(of: builtIn) where !text.contains(needed) {
    problems.append(.init(file: file, line: 1, what: "leaves out \(needed), which the page needs"))
  }
  return problems
}

/// What stands within itself, and what stands too deep: the parser goes down a level with each section.
private func nestingProblems(
  _ tags: [ScannedTemplate.Tag]
) -> [(what: String, place: String.Index)] {
  var problems: [(String, String.Index)] = []
  var open: [String] = []
  for tag in tags {
    switch tag.kind {
    case .sign("/"): _ = open.popLast()
    case .sign("#") where open.contains(tag.name):
      problems.append(("{{#\(tag.name)}} stands within itself", tag.place))
    case .sign("#"), .sign("^"), .sign("$"), .sign("<"): open.append(tag.name)
    default: break
    }
    if open.count > WordingProblems.mostSections {
      let what = "sections stand more than \(WordingProblems.mostSections) deep in each other"
      return problems + [(what, tag.place)]
    }
  }
  return problems
}

/// Fields, sections and blocks that any template of ours or its words have.
private let knownTags: Set<String> = {
  let texts =
    Array(builtInTemplates.values)
    + PageWording.builtInTexts
  return texts.reduce(into: []) { tags, text in
    for tag in text.matches(of: /\{\{\{?[#^\/$]?\s*([A-Za-z0-9_.]+)\s*\}\}/) {
      tags.insert(String(tag.1))
      for part in tag.1.split(separator: ".") { tags.insert(String(part)) }
    }
  }
}()

extension PageWording {
  fileprivate static var builtInTexts: [String] { Array(builtInWords.values) }
}

/// Where forms go, what they carry, and other templates.
private func essentials(of template: String) -> [String] {
  let found =
    template.matches(of: /action="[^"]*"/).map { String($0.0) }
    + template.matches(of: /name="[^"]*"/).map { String($0.0) }.filter { !$0.contains("viewport") }
    + template.matches(of: /\{\{[><][^{}]*\}\}/).map { String($0.0) }
  return Set(found).sorted()
}
