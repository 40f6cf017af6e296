import Foundation
import Mustache
import Triage

extension Wording.Part {
  /// Everything that is wrong with a template of this part, in the order of its lines.
  func problems(of text: String) -> [WordingProblems.Problem] {
    let sample = sampleFields(.pack)
    let known = fields(of: sample)
    let tags = tags(in: text)
    var problems = tags.compactMap { tag in
      tag.problem(known: known, canHaveItems: self != .subject).map {
        WordingProblems.Problem(file: file, line: tag.line, what: $0)
      }
    }
    // The parser goes down a level with each section.
    if tags.contains(where: \.isTooDeep) { return problems }
    let template: MustacheTemplate
    do {
      template = try parse(text)
    } catch let error as MustacheTemplate.ParserError {
      problems.append(
        .init(file: file, line: max(1, error.context.lineNumber - 1), what: words(for: error)))
      return problems
    } catch {
      problems.append(.init(file: file, line: 1, what: "is not a template"))
      return problems
    }
    for kind in SampleKind.allCases where problems.isEmpty {
      let sample = sampleFields(kind)
      let rendered = template.render(sample)
      if oneLine(rendered).isEmpty {
        problems.append(.init(file: file, line: 1, what: "says nothing \(kind.words)"))
      } else if let lacking = lacking(in: rendered, sample) {
        problems.append(.init(file: file, line: 1, what: "\(lacking) \(kind.words)"))
      }
    }
    return problems
  }

  /// The parts of a mail must say what they are for.
  private func lacking(in rendered: String, _ sample: DigestFields) -> String? {
    switch self {
    case .subject:
      // "Nothing new" and "one" say it too.
      return sample.count < 2 || rendered.contains(String(sample.count))
        ? nil : "leaves out {{count}}"
    case .text, .html:
      if !sample.items.allSatisfy({ rendered.contains($0.place) }) {
        return "leaves out {{place}} of an item"
      }
      if !sample.items.allSatisfy({ rendered.contains($0.link) }) {
        return "leaves out {{link}} of an item"
      }
      return nil
    }
  }

  private func words(for error: MustacheTemplate.ParserError) -> String {
    let what =
      switch error.error as? MustacheTemplate.Error {
      case .sectionCloseNameIncorrect: "a section is closed that was not opened here"
      case .expectedSectionEnd: "a section is not closed"
      // The parser's own error, which is not of this type, is that the text ended.
      case .unfinishedName, nil: "a tag is not closed with }}"
      default: "a tag is not understood"
      }
    return "\(what), near \"\(error.context.line.prefix(60))\""
  }
}

/// One `{{tag}}` of a template and where it stands.
private struct Tag {
  var sigil: Character?
  var name: String
  var line: Int
  /// The sections that it is in, outermost first.
  var sections: [String]

  var isTooDeep: Bool { sections.count > WordingProblems.mostSections }

  func problem(known: [String: Set<String>], canHaveItems: Bool) -> String? {
    if isTooDeep {
      return "sections stand more than \(WordingProblems.mostSections) deep in each other"
    }
    switch sigil {
    case "!": return nil
    case "{", "&": return "raw output ({{{ or {{&) is not allowed: write {{name}}"
    case nil, "#", "^", "/": break
    case .some(let sigil): return "tags with '\(sigil)' are not supported"
    }
    let lists = known.keys.filter { !$0.isEmpty }
    let scope = [""] + sections.filter(lists.contains)
    let allowed = scope.reduce(into: Set<String>()) { $0.formUnion(known[$1] ?? []) }
    if !allowed.contains(name) {
      let near = allowed.first { $0.lowercased() == name.lowercased() }
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      return "there is no field '\(name)' here\(hint)"
    }
    if lists.contains(name), !canHaveItems { return "a subject does not speak of single items" }
    if lists.contains(name), sigil == nil { return "'\(name)' is a list: write {{#\(name)}}" }
    // Each would repeat all of the others.
    if lists.contains(name), sigil == "#", sections.contains(name) {
      return "{{#\(name)}} stands within itself"
    }
    return nil
  }
}

/// All tags, read without regard to whether they fit together; up to the first that stands too deep.
private func tags(in text: String) -> [Tag] {
  var tags: [Tag] = []
  var sections: [String] = []
  var line = 1
  var rest = text[...]
  while let open = rest.firstRange(of: "{{") {
    line += rest[..<open.lowerBound].count(where: \.isNewline)
    rest = rest[open.upperBound...]
    guard let close = rest.firstRange(of: "}}") else { break }
    let inside = rest[..<close.lowerBound]
    let sigil = inside.first.flatMap { "!#^/{&><$=%*".contains($0) ? $0 : nil }
    let name = String(oneLine(String(sigil == nil ? inside : inside.dropFirst())))
    if sigil == "/" { _ = sections.popLast() }
    tags.append(Tag(sigil: sigil, name: name, line: line, sections: sections))
    if tags[tags.endIndex - 1].isTooDeep { break }
    if let sigil, "#^$<".contains(sigil) { sections.append(name) }
    line += inside.count(where: \.isNewline)
    rest = rest[close.upperBound...]
  }
  return tags
}

/// The names of the fields by the list they are in: `""` for those of the digest itself. No two lists bear one name.
private func fields(of sample: DigestFields) -> [String: Set<String>] {
  var names: [String: Set<String>] = [:]
  func add(_ value: Any, as list: String) {
    for child in Mirror(reflecting: value).children {
      guard let label = child.label else { continue }
      names[list, default: []].insert(label)
      if let first = (child.value as? [Any])?.first { add(first, as: label) }
    }
  }
  add(sample, as: "")
  return names
}
