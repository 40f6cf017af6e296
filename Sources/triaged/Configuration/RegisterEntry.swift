import FlareImport
import Foundation
import Triage

/// One row of the contact register that can be read.
struct RegisterEntry {
  var uprn: String
  var address: String
  var postcode: String
  /// The name of a boundary file.
  var polygon: String?
  var flag: Register.Flag
  var scope: Register.Scope
  var review: CivilDay?
  var expires: CivilDay?
  /// Whether it names a place by UPRN or address.
  var hasPlace: Bool
}

/// Why a row cannot be read, in sentences without anything that stands in it.
struct UnreadableEntry: Error {
  var sentences: [String]
}

/// Which column of `register.csv` is where.
struct RegisterColumns {
  private static let required = ["uprn", "address", "postcode", "flag", "expires"]
  private static let all =
    [
      "uprn", "address", "postcode", "polygon", "flag", "scope", "reason", "owner", "review",
      "expires",
    ]
  private let header: [String]

  init(_ header: [String]) {
    self.header = header.map(RegisterColumns.name)
  }

  private static func name(_ heading: String) -> String {
    heading.lowercased().trimmingCharacters(in: .whitespaces)
  }

  /// What is wrong with a header; `nil`: nothing. No heading of it is repeated, since the first row may be
  /// somebody's: pages, journal and mail say it.
  static func problem(in header: [String]) -> String? {
    let names = header.map(name)
    // What nobody reads might be what matters ("scop").
    for (at, given) in names.enumerated() where !given.isEmpty && !all.contains(given) {
      // A header that is somebody's row lacks more than this one.
      if !names.contains("flag"), nearest(to: given, among: all) == nil { break }
      return "Column \(at + 1) of the contact register has a heading that has no meaning here"
        + (nearest(to: given, among: all).map { ": is '\($0)' meant?" }
          ?? "; its columns are \(all.joined(separator: ", ")).")
    }
    if let twice = all.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
      return "The contact register has the column '\(twice)' twice."
    }
    let missing = required.filter { !names.contains($0) }
    if missing.isEmpty { return nil }
    return "The contact register lacks the column\(missing.count == 1 ? "" : "s") "
      + missing.joined(separator: ", ") + "."
  }

  func entry(_ row: Table.Row) throws(UnreadableEntry) -> RegisterEntry {
    func cell(_ name: String) -> String {
      guard let column = header.firstIndex(of: name), column < row.cells.count else { return "" }
      return row.cells[column].trimmingCharacters(in: .whitespaces)
    }
    var problems: [String] = []
    func word<Word: RawRepresentable & CaseIterable>(_ name: String, else usual: Word?) -> Word?
    where Word.RawValue == String {
      let text = cell(name).lowercased()
      if text.isEmpty, let usual { return usual }
      if let word = Word(rawValue: text) { return word }
      let words = Word.allCases.map(\.rawValue)
      problems.append(
        "'\(name)' takes one of: \(words.joined(separator: ", "))."
          + (nearest(to: text, among: words).map { " Did you mean '\($0)'?" } ?? ""))
      return nil
    }
    func day(_ name: String) -> CivilDay? {
      let text = cell(name)
      if text.isEmpty { return nil }
      let day = CivilDay(text)
      if day == nil { problems.append("'\(name)' takes a date such as 2027-03-31.") }
      return day
    }
    let flag: Register.Flag? = word("flag", else: nil)
    let scope: Register.Scope? = word("scope", else: .building)
    let _: Register.Reason? = word("reason", else: .other)
    let (review, expires) = (day("review"), day("expires"))
    let polygon = cell("polygon")
    let hasPlace =
      normalisedUPRN(cell("uprn")) != nil
      || Address(cell("address"), postcode: cell("postcode")).isComplete
    if !cell("uprn").isEmpty, normalisedUPRN(cell("uprn")) == nil {
      problems.append("This UPRN is none: digits, 12 at most, that no spreadsheet has rounded.")
    }
    if !hasPlace, polygon.isEmpty {
      problems.append(
        "This entry has neither a UPRN nor an address with a number that can be matched, nor a polygon."
      )
    }
    if !hasPlace, !polygon.isEmpty, !cell("address").isEmpty {
      problems.append("This entry has an address that cannot be matched beside its polygon.")
    }
    guard problems.isEmpty, let flag, let scope else {
      throw UnreadableEntry(sentences: problems)
    }
    return RegisterEntry(
      uprn: cell("uprn"), address: cell("address"), postcode: cell("postcode"),
      polygon: polygon.isEmpty ? nil : polygon, flag: flag, scope: scope, review: review,
      expires: expires, hasPlace: hasPlace)
  }
}
