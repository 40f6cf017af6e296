import Foundation
import GRDB

/// A stored word as one of a closed set.
///
/// - Parameter column: table and column, for the error.
/// - Throws: SQLite's own error for a damaged file, which ``Store`` tells as
///   ``StoreError/damaged(file:why:)``, where the word is none of the set.
func word<Word: RawRepresentable>(
  _ text: String, _ column: String, as _: Word.Type = Word.self
) throws -> Word where Word.RawValue == String {
  guard let word = Word(rawValue: text) else {
    throw damage("\(column) holds a word that has no meaning there")
  }
  return word
}

/// What is to be thrown where the file holds what this program cannot have written.
/// - Parameter why: names tables and columns, never a value.
func damage(_ why: String) -> DatabaseError {
  DatabaseError(resultCode: .SQLITE_CORRUPT, message: why)
}
