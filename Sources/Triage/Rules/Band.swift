/// A name for scores from a number of points upward ("high" from 50).
package struct Band: Hashable, Sendable, Codable {
  package var name: String
  package var from: Int

  package init(name: String, from: Int) {
    self.name = name
    self.from = from
  }
}
