/// A coordinate system or an operation that cannot be used: the sentence says which and why.
package struct ProjectionError: Error, Hashable, Sendable, CustomStringConvertible {
  package var sentence: String

  package init(_ sentence: String) {
    self.sentence = sentence
  }

  package var description: String { sentence }
}
