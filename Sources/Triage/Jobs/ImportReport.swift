import Foundation

/// What was wrong with a row, and what was done about it. Holds no cell's content.
package struct RowProblem: Hashable, Sendable, Codable {
  /// As a spreadsheet counts: the header is row 1. A record of JSON or XML: the first is 1. The whole
  /// file: 0.
  package var row: Int
  /// The list's own heading of the column, empty where the whole row is meant.
  package var column: String
  package var kind: Kind
  /// A sentence: what happened, to what, what was done.
  package var text: String

  package enum Kind: String, Sendable, Codable, CaseIterable {
    case malformedQuotes, tooManyFields, tooFewFields, cutOff, repeatedHeader, noReference
    case repeatedReference, notLocated, badDate, badUPRN, badBytes, tooLong
    /// In area, and without a reference or with one that a spreadsheet has rounded: a job that nobody
    /// can name.
    case lostReference
    /// A total or a printed page's foot: no job.
    case footer
    /// A JSON or XML record that its format does not allow.
    case malformed
    /// A received date more than a day later than the moment of reading.
    case futureDate
    /// A UPRN that a spreadsheet has spoiled ("1.00E+11", or seven zeros at its end).
    case spoiledUPRN
    /// Placed by its postcode alone near an area's edge: a person decides.
    case placeUncertain
    /// A time that the clocks pass twice, or that they leave out.
    case ambiguousTime
    /// Coordinates of another system, or in each other's columns, told by their values; row 0 sums
    /// them up for the whole file.
    case wrongCoordinates
    /// A mapped column that no record of a JSON or XML list has.
    case missingColumn
  }

  package init(row: Int, column: String = "", kind: Kind, text: String) {
    self.row = row
    self.column = column
    self.kind = kind
    self.text = text
  }
}

/// Where the rows of one export went. Law 1: `rows` is the sum of outside, in area, not located and
/// unreadable; and `inArea` the sum of the five below it, once the list is recorded.
package struct RowCounts: Hashable, Sendable, Codable {
  package var rows = 0
  package var outside = 0
  package var inArea = 0
  package var notLocated = 0
  package var unreadable = 0
  /// In area: unknown before; known with other words; known just so; a reference that another row of
  /// the list has too, or a newer list knew better; not taken because the whole list is held.
  package var new = 0, changed = 0, unchanged = 0, repeated = 0, held = 0

  package init() {}

  package var addsUp: Bool { rows == outside + inArea + notLocated + unreadable }
  /// Only of a list that has been held against what is known.
  package var addsUpInArea: Bool { inArea == new + changed + unchanged + repeated + held }
}

/// The account of one import, kept for the retention time. Holds no personal data.
package struct ImportReport: Hashable, Sendable, Codable {
  package var feed: String
  /// The export's file name or URL without its query.
  package var source: String
  package var counts = RowCounts()
  /// Rows in area by ``LocationGrade``.
  package var byGrade: [String: Int] = [:]
  /// Rows in area with a received date that could be read, and those of them more than a day later
  /// than the moment of reading.
  package var dated = 0, inFuture = 0
  /// The instant of the list itself: from its name, else its last change.
  package var listed: Date?
  /// `csv`, `xlsx`, `json` or `xml`, with `gz` or `zip` before it where it was wrapped ("zip/csv").
  package var format = ""
  /// Why nothing was closed because of it, or why nothing of it was taken; empty for a list believed.
  package var heldBecause = ""
  /// `nil` for a list that came.
  package var again: ReadAgain?
  /// Rows in area, by area id.
  package var inAreaByArea: [String: Int] = [:]
  /// As found: `utf-8`, `utf-8 with BOM`, `utf-16le`, `utf-16be`, `windows-1252`.
  package var encoding = ""
  /// As found: `comma`, `semicolon`, `tab`, `bar`.
  package var delimiter = ""
  package var problemCounts: [String: Int] = [:]
  /// The first problems of each kind; `problemCounts` has them all.
  package var problems: [RowProblem] = []

  package init(feed: String, source: String) {
    self.feed = feed
    self.source = source
  }
}

/// A whole export that could not be read. Nothing is closed because of it.
package struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  package var feed: String
  /// What happened, as a sentence.
  package var why: String
  /// What happens next, as a sentence.
  package var next: String
  /// Which episode of the feed it begins.
  package var trouble: FeedTrouble

  package init(feed: String, why: String, next: String, trouble: FeedTrouble = .unreadable) {
    self.feed = feed
    self.why = why
    self.next = next
    self.trouble = trouble
  }

  package var description: String { "Feed \(feed): \(why) \(next)" }
}
