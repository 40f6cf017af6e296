import Foundation
import GRDB
import Triage

/// Of whom somebody asks what is held.
package enum SubjectQuery: Hashable, Sendable {
  /// Digits without leading zeros.
  case uprn(String)
  /// A written address that is complete: a number or a name, and a street or a postcode.
  case address(String, postcode: String)
  case reference(JobRef)
  /// A piece of text, wherever it stands; upper and lower case are one.
  case text(String)
}

/// By which words a row of any table is one of the subject's. The words are ``AddressKey`` texts.
struct SubjectMatch: Hashable, Sendable {
  var uprns: Set<String> = []
  /// "addr:…"
  var addresses: Set<String> = []
  var reference: JobRef?
  /// More than one UPRN stands at the written address: it is several dwellings, or one of them is wrong.
  var severalUPRNs: Set<String> = []

  /// As ``legal_hold`` and the fingerprints say it.
  var identifiers: [String] {
    (uprns.map { "uprn:" + $0 } + addresses + [reference.map(Self.identifier)].compactMap(\.self))
      .sorted()
  }

  static func identifier(_ reference: JobRef) -> String {
    "ref:\(reference.feed)/\(reference.reference)"
  }

  func holds(_ place: PlaceWords) -> Bool {
    if !place.uprn.isEmpty, uprns.contains(place.uprn) { return true }
    if let key = place.key, addresses.contains(key) || isUPRN(key) { return true }
    return mayBeWritten(place) && place.writtenKey.map(addresses.contains) ?? false
  }

  private func isUPRN(_ key: String) -> Bool {
    AddressKey(text: key).uprn.map(uprns.contains) ?? false
  }

  /// To take an address apart takes its time, and nearly every row has another postcode.
  private func mayBeWritten(_ place: PlaceWords) -> Bool {
    guard !addresses.isEmpty else { return false }
    let postcode = postcodeKey(place.postcode)
    return postcode.isEmpty || addresses.contains { $0.hasSuffix("|" + postcode) }
  }
}

/// The words by which a row says where it is.
struct PlaceWords {
  var key: String?
  var address: String
  var postcode: String
  var uprn: String

  var place: Place { Place(address: address, postcode: postcode, uprn: uprn) }

  /// The key that the written address alone would have.
  var writtenKey: String? { AddressKey(Place(address: address, postcode: postcode))?.text }
}

/// A row that says where something is.
struct PlacedRow {
  enum Table: String, CaseIterable {
    case job, opportunity
    case secondHousehold = "second_household"
    case reachedPlace = "reached_place"
    case optOut = "opt_out"

    /// The column that is handed on as ``PlacedRow/id``.
    fileprivate var id: String {
      switch self {
      case .job, .opportunity: "id"
      case .secondHousehold, .optOut: "opportunity"
      case .reachedPlace: "rowid"
      }
    }
  }

  var table: Table
  var id: Int64
  var words: PlaceWords
}

/// Hands on every row that says where something is.
func eachPlacedRow(_ db: Database, _ body: (PlacedRow) throws -> Void) throws {
  for table in PlacedRow.Table.allCases {
    let rows = try FastStatement(
      db, "SELECT \(table.id), address_key, address, postcode, uprn FROM \(table.rawValue)")
    while try rows.next() {
      try body(
        PlacedRow(
          table: table, id: rows.int(0),
          words: PlaceWords(
            key: rows.isNull(1) ? nil : rows.text(1), address: rows.text(2),
            postcode: rows.text(3), uprn: rows.text(4))))
    }
  }
}

/// Which words are the subject's: of a UPRN also the written addresses that are its alone, of a written address also
/// the one UPRN that stands there. What others have too is left to them.
/// - Returns: `nil` for a text, which says nothing of whose a row is.
func subjectMatch(_ db: Database, _ query: SubjectQuery) throws -> SubjectMatch? {
  var match = SubjectMatch()
  switch query {
  case .text: return nil
  case .reference(let reference): match.reference = reference
  case .uprn(let uprn):
    match.uprns = [uprn]
    try eachPlacedRow(db) { row in
      if match.holds(row.words), let key = row.words.writtenKey { match.addresses.insert(key) }
    }
    var others: Set<String> = []
    try eachPlacedRow(db) { row in
      let words = row.words
      if !words.uprn.isEmpty, words.uprn != uprn, match.holds(words), let key = words.writtenKey {
        others.insert(key)
      }
    }
    match.addresses.subtract(others)
  case .address(let address, let postcode):
    guard let key = PlaceWords(address: address, postcode: postcode, uprn: "").writtenKey else {
      return match
    }
    match.addresses = [key]
    var uprns: Set<String> = []
    try eachPlacedRow(db) { row in
      if !row.words.uprn.isEmpty, match.holds(row.words) { uprns.insert(row.words.uprn) }
    }
    if uprns.count == 1 { match.uprns = uprns } else { match.severalUPRNs = uprns }
  }
  return match
}
