/// Insertions, deletions and changes that turn one into the other (Levenshtein 1966); by it a slip of the
/// pen finds its word.
/// - Returns: `Int.max` where one is longer than 200: no word is, and the time grows with both.
@inlinable
package func editDistance<Element: Equatable>(_ one: [Element], _ other: [Element]) -> Int {
  guard one.count <= 200, other.count <= 200 else { return .max }
  var row = Array(0...other.count)
  for (at, element) in one.enumerated() {
    var diagonal = row[0]
    row[0] = at + 1
    for (column, against) in other.enumerated() {
      let change = diagonal + (element == against ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(change, row[column] + 1, diagonal + 1)
    }
  }
  return row[other.count]
}
