import Mustache

/// Everything that is wrong with an overriding template: a name that there is not, marks and tags that no
/// template of ours has, raw output, and what does not parse.
func templateProblems(
  _ name: String, _ text: String, _ words: Words
) -> [PageWordingProblems.Problem] {
  let file = name + ".mustache"
  guard let builtIn = builtInTemplates[name] else {
    let known = builtInTemplates.keys.sorted().joined(separator: ", ")
    return [.init(file: file, line: 1, what: "is no template of the pages; there are \(known)")]
  }
  var problems: [PageWordingProblems.Problem] = []
  for (at, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    func problem(_ what: String) { problems.append(.init(file: file, line: at + 1, what: what)) }
    for mark in line.matches(of: /\[\[([^\[\]]*)\]\]/) {
      let keys = PageWording.views(of: name).map { view in
        String(mark.1).replacing("*", with: view.star ?? "*")
      }
      if String(mark.1) != "style", keys.contains(where: { words.texts[$0]?[nil] == nil }) {
        problem("there are no words '\(mark.1)'")
      }
    }
    for tag in line.matches(of: /\{\{\{?([&>#^\/!<$%=*]?)\s*([^{}]*?)\s*\}\}/) {
      if tag.0.hasPrefix("{{{") || tag.1 == "&" {
        problem("raw output ({{{ or {{&) is not allowed: write {{name}}")
      } else if tag.1 == "%" || tag.1 == "=" || tag.1 == "*" {
        problem("tags with '\(tag.1)' are not supported")
      } else if tag.1 == ">" || tag.1 == "<" {
        if builtInTemplates[String(tag.2)] == nil { problem("there is no template '\(tag.2)'") }
      } else if tag.1 != "!", tag.1 != "$", !knownTags.contains(String(tag.2)),
        !(tag.1 == "/" && builtInTemplates[String(tag.2)] != nil)
      {
        problem("there is no field '\(tag.2)'")
      }
    }
  }
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
