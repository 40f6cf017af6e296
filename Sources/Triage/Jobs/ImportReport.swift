import Foundation

/// What was wrong with a row, and what was done about it. Holds no cell's content.
package struct RowProblem: Hashable, Sendable, Codable {
  /// As a spreadsheet counts: the header is row 1.
  package var row: Int
  /// The list's own heading of the column, empty where the whole row is meant.
  package var column: String
  package var kind: Kind
  /// A sentence: what happened, to what, what was done.
  package var text: String

  package enum Kind: String, Sendable, Codable, CaseIterable {
    case malformedQuotes, tooManyFields, tooFewFields, cutOff, repeatedHeader, noReference
    case repeatedReference, notLocated, badDate, badUPRN, badBytes, tooLong
  }

  package init(row: Int, column: String = "", kind: Kind, text: String) {
    self.row = row
    self.column = column
    self.kind = kind
    self.text = text
  }
}

/// Where the rows of one export went. Law 1: `rows` is the sum of the four others.
package struct RowCounts: Hashable, Sendable, Codable {
  package var rows = 0
  package var outside = 0
  package var inArea = 0
  package var notLocated = 0
  package var unreadable = 0

  package init() {}

  package var addsUp: Bool { rows == outside + inArea + notLocated + unreadable }
}

/// The account of one import, kept for the retention time. Holds no personal data.
package struct ImportReport: Sendable, Codable {
  package var feed: String
  /// The export's file name or URL without its query.
  package var source: String
  package var counts = RowCounts()
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

  package init(feed: String, why: String, next: String) {
    self.feed = feed
    self.why = why
    self.next = next
  }

  package var description: String { "Feed \(feed): \(why) \(next)" }
}
