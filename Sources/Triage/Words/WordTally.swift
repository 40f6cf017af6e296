/// The different words of a list's column with how many rows have each, parted into those that may be
/// named and the rest.
///
/// A word that many rows share is a kind or a state; one that stands in a row or two may be what a
/// resident wrote into a column that was taken for kinds. So only words met at least ``enough`` times
/// are named, wherever people or scripts read them, and the others are counted.
package struct WordTally: Hashable, Sendable {
  package struct Word: Hashable, Sendable {
    package let text: String
    package let rows: Int
  }

  /// How many rows a word needs before it is named.
  package static let enough = 3

  /// Most frequent first, then by their letters.
  package let named: [Word]
  /// How many different words are not named, and how many rows have one of them.
  package let others: Int
  package let otherRows: Int

  /// - Parameters:
  ///   - counts: rows by word; the empty word is no word of anybody's and is always named.
  ///   - whole: how many different words there are where `counts` does not hold them all, and
  ///     the rows that have any.
  ///   - known: words that may be named however few rows have them here, since the whole list has
  ///     them often enough.
  package init(
    _ counts: [String: Int] = [:], of whole: (different: Int, rows: Int)? = nil,
    known: Set<String> = []
  ) {
    named = counts.filter {
      $0.value >= WordTally.enough || $0.key.isEmpty || known.contains($0.key)
    }
    .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    .map { Word(text: $0.key, rows: $0.value) }
    let whole = whole ?? (counts.count, counts.values.reduce(0, +))
    others = max(0, whole.different - named.count)
    otherRows = max(0, whole.rows - named.reduce(0) { $0 + $1.rows })
  }

  package var isEmpty: Bool { named.isEmpty && others == 0 }

  /// Whether a word may be named.
  package func names(_ word: String) -> Bool { named.contains { $0.text == word } }

  /// "3 others met less often" for what is not named or not listed; `nil` where all is listed.
  /// - Parameter listed: how many of ``named`` were shown.
  package func othersWords(listed: Int) -> String? {
    let unlisted = max(0, named.count - listed)
    var parts: [String] = []
    if unlisted > 0 { parts.append("\(CivilWords.grouped(unlisted)) more") }
    if others > 0 {
      parts.append(
        named.isEmpty
          ? "\(CivilWords.counted(others, "word")) met less than \(WordTally.enough) times"
          : "\(CivilWords.counted(others, "other")) met less often")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }
}
