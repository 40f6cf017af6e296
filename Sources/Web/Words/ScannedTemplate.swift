/// A council's own template as one text: a tag may go over lines, so nothing is looked at line by line.
///
/// It looks at scalars and knows no delimiters but `{{` and `}}`: what would make a tag raw or change the delimiters is
/// told wherever it stands, in a comment too, so that no other reading of the text can find one that was not told.
struct ScannedTemplate {
  struct Tag {
    enum Kind: Equatable {
      /// `{{name}}`.
      case field
      /// `{{#name}}` and its like.
      case sign(Unicode.Scalar)
      case raw, unclosed
    }

    var kind: Kind
    var name: String
    var place: String.Index
  }

  private(set) var tags: [Tag] = []
  /// What stands between `[[` and `]]`.
  private(set) var marks: [(key: String, place: String.Index)] = []
  private let text: String

  init(_ text: String) {
    self.text = text
    let mark = /\[\[([^\[\]]*)\]\]/.matchingSemantics(.unicodeScalar)
    marks = text.matches(of: mark).map { (String($0.1), $0.range.lowerBound) }
    // A brace beside a mark would stand beside the tag that the words may begin or end with.
    let raw = /\{\{\s*&|\{\{\{|\}\}\}|\{\[\[|\]\]\}/.matchingSemantics(.unicodeScalar)
    tags = text.matches(of: raw).map { Tag(kind: .raw, name: "", place: $0.range.lowerBound) }
    let other = /\{\{\s*([=%*])/.matchingSemantics(.unicodeScalar)
    tags += text.matches(of: other).map {
      Tag(kind: .sign($0.1.unicodeScalars.first!), name: "", place: $0.range.lowerBound)
    }
    if tags.isEmpty { scan() }
  }

  private mutating func scan() {
    let scalars = text.unicodeScalars
    var rest = scalars[...]
    while let open = rest.firstRange(of: "{{".unicodeScalars) {
      guard let close = rest[open.upperBound...].firstRange(of: "}}".unicodeScalars) else {
        tags.append(Tag(kind: .unclosed, name: "", place: open.lowerBound))
        return
      }
      var inner = rest[open.upperBound..<close.lowerBound]
      var kind = Tag.Kind.field
      if let sign = inner.first, "#^/>$<!".unicodeScalars.contains(sign) {
        kind = .sign(sign)
        inner = inner.dropFirst()
      }
      let name = String(Substring(inner)).trimming()
      tags.append(Tag(kind: kind, name: name, place: open.lowerBound))
      rest = rest[close.upperBound...]
    }
  }

  /// From 1.
  func line(of place: String.Index) -> Int {
    1 + text.unicodeScalars[..<place].count { $0 == "\n" }
  }
}

extension String {
  fileprivate func trimming() -> String {
    let isSpace: (Unicode.Scalar) -> Bool = { " \t\r\n".unicodeScalars.contains($0) }
    let head = unicodeScalars.drop(while: isSpace)
    let end = head.lastIndex { !isSpace($0) }.map { head.index(after: $0) } ?? head.startIndex
    return String(head[..<end])
  }
}
