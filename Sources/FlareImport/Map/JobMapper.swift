import Foundation
import Triage

/// Makes a ``Triage/Job`` of a row that lies in an area: the only place where a list's cells
/// become values, whatever format the row came from.
///
/// Columns that are not mapped are not looked at. Notes and contact are decoded only where the
/// feed may carry them.
struct JobMapper: ~Copyable {
  private let settings: FeedSettings
  private let columns: Columns
  private let areas: [String]
  /// Whether a status means closed; statuses repeat from row to row.
  private var isClosedStatus: [String: Bool] = [:]
  private var cells: CellText
  private var dates: DateReader
  private var statuses = Interner()
  private var classes = Interner()
  private var types = Interner()
  private var callers = Interner()
  /// Rows with a received date that could be read, and those of them later than ``latest``.
  private(set) var dated = 0
  private(set) var inFuture = 0
  /// A day from now: a clock that is fast or a zone that is wrong is no day taken for a month.
  private let latest: Date

  init(
    settings: FeedSettings, columns: Columns, dates: DateReader, areas: [PilotArea], now: Date
  ) {
    latest = now.addingTimeInterval(86_400)
    self.settings = settings
    self.columns = columns
    self.areas = areas.map(\.id)
    cells = CellText(nullWords: settings.nullWords)
    self.dates = dates
  }

  /// The council's name for the row's job, or an empty text.
  mutating func reference(_ row: RowFields) -> String {
    cells.string(row, columns.reference)
  }

  /// Whether a row says more of a job than a report's foot could: its name and when it came, or its name
  /// and two things more.
  mutating func namesJob(_ row: RowFields) -> Bool {
    guard cells.bytes(row, columns.reference).count > 0 else { return false }
    for column in columns.received {
      let text = cells.bytes(row, column)
      if !text.isEmpty, case .date = dates.read(text) { return true }
    }
    let others = [columns.jobClass, columns.type, columns.status, columns.uprn] + columns.address
    return others.count { $0.map { cells.bytes(row, $0).count > 0 } ?? false } >= 2
  }

  /// - Returns: `nil` when the row names no job, or by a number that a spreadsheet has rounded
  ///   ("1.23E+11"), which other jobs may bear as well.
  mutating func job(
    _ row: RowFields, number: Int, area: Int, at point: GridPoint, grade: LocationGrade,
    problems: inout ProblemBook
  ) -> Job? {
    let badBytes = cells.badBytes
    let reference = cells.string(row, columns.reference)
    if reference.isEmpty || isRounded(reference) { return nil }
    let status = statuses.text(cells.bytes(row, columns.status))
    let received = date(row, columns.received, number, &problems)
    if let received { count(received, number, &problems) }
    let due = date(row, columns.due, number, &problems)
    let updated = date(row, columns.updated, number, &problems)
    var closed = date(row, columns.closed, number, &problems)
    if closed == nil, meansClosed(status) {
      closed = received ?? due ?? Date(timeIntervalSince1970: 0)
    }
    let place = Place(
      address: cells.joined(row, columns.address),
      postcode: cells.string(row, columns.postcode), uprn: uprn(row, number, &problems),
      point: point, location: grade)
    let job = Job(
      id: JobRef(feed: settings.name, reference: reference), received: received, due: due,
      closed: closed, updated: updated, status: status,
      jobClass: classes.text(cells.bytes(row, columns.jobClass)),
      type: types.text(cells.bytes(row, columns.type)),
      callerType: callers.text(cells.bytes(row, columns.callerType)),
      place: place,
      notes: settings.carryNotes ? cells.lines(row, columns.notes) : "",
      contact: settings.carryContact ? cells.string(row, columns.contact) : "",
      area: areas[area], otherParty: columns.haveOtherParty ? otherParty(row) : nil)
    if cells.badBytes > badBytes {
      problems.note(
        .badBytes, row: number,
        "Row \(number) has bytes that stand for no character; they are shown as \u{FFFD}.")
    }
    return job
  }

  /// A fingerprint of the address that a complaint is about; the address itself goes no further than here.
  ///
  /// Without a postcode of its own it lies, as neighbours do, in that of the row.
  private mutating func otherParty(_ row: RowFields) -> Int64? {
    let postcode = cells.string(row, columns.otherPostcode)
    let place = Place(
      address: cells.joined(row, columns.otherAddress),
      postcode: postcode.isEmpty && columns.otherPostcode == nil
        ? cells.string(row, columns.postcode) : postcode,
      uprn: columns.otherUPRN.flatMap { normalisedUPRN(cells.bytes(row, $0)) } ?? "")
    return AddressKey(place)?.print
  }

  /// The words of the settings are patterns: `Closed*` covers "Closed - no access".
  private mutating func meansClosed(_ status: String) -> Bool {
    if settings.closedWords.isEmpty { return false }
    if let known = isClosedStatus[status] { return known }
    let answer = settings.closedWords.contains { wildcard($0, matches: status) }
    isClosedStatus[status] = answer
    return answer
  }

  private mutating func count(_ received: Date, _ number: Int, _ problems: inout ProblemBook) {
    dated += 1
    guard received > latest else { return }
    inFuture += 1
    let heading = columns.received.first.map { columns.header[$0] } ?? ""
    problems.note(
      .futureDate, row: number, column: heading,
      "Row \(number) has a date in '\(heading)' that is still to come; it is kept as it is.")
  }

  private mutating func date(
    _ row: RowFields, _ parts: [Int], _ number: Int, _ problems: inout ProblemBook
  ) -> Date? {
    guard let column = parts.first else { return nil }
    let reading: DateReading
    if parts.count == 1 {
      let text = cells.bytes(row, column)
      if text.isEmpty { return nil }
      reading = dates.read(text)
    } else {
      // A date without its time is a date all the same.
      var text = parts.map { cells.string(row, $0) }.filter { !$0.isEmpty }
        .enumerated().map { $0.offset == 0 ? withoutMidnight($0.element) : $0.element }
        .joined(separator: " ")
      if text.isEmpty { return nil }
      reading = text.withUTF8 { dates.read($0) }
    }
    switch reading {
    case .date(let date):
      if dates.isAmbiguous {
        let heading = columns.header[column]
        problems.note(
          .ambiguousTime, row: number, column: heading,
          "Row \(number) has a time in '\(heading)' that the clocks pass twice or leave out; the earlier "
            + "reading is taken.")
      }
      return date
    case .sentinel: return nil
    case .unreadable:
      let heading = columns.header[column]
      problems.note(
        .badDate, row: number, column: heading,
        "Row \(number) has no date of the feed's formats in '\(heading)'; it is read as empty.")
      return nil
    }
  }

  private mutating func uprn(
    _ row: RowFields, _ number: Int, _ problems: inout ProblemBook
  ) -> String {
    guard let column = columns.uprn else { return "" }
    let text = cells.bytes(row, column)
    if text.isEmpty { return "" }
    switch UPRNReading(text) {
    case .uprn(let number): return String(number)
    case .spoiled: noteSpoiledUPRN(number, columns.header[column], &problems)
    case .unusable: noteBadUPRN(number, columns.header[column], &problems)
    }
    return ""
  }
}

/// A date of its own column comes from some spreadsheets and systems with the time of midnight; the
/// time is in the next column.
private func withoutMidnight(_ date: String) -> String {
  for midnight in ["T00:00:00", " 00:00:00", "T00:00:00.000", "T00:00:00Z", " 00:00"]
  where date.hasSuffix(midnight) && date.utf8.count > midnight.utf8.count {
    return String(date.dropLast(midnight.count))
  }
  return date
}

func noteSpoiledUPRN(_ number: Int, _ heading: String, _ problems: inout ProblemBook) {
  problems.note(
    .spoiledUPRN, row: number, column: heading,
    "Row \(number) has a UPRN in '\(heading)' that a spreadsheet has rounded; it was not used. Export "
      + "the column as text.")
}

func noteBadUPRN(_ number: Int, _ heading: String, _ problems: inout ProblemBook) {
  problems.note(
    .badUPRN, row: number, column: heading,
    "Row \(number) has no usable UPRN in '\(heading)'; it was not used.")
}

/// Whether a reference is a number in scientific notation, as spreadsheets show long ones.
func isRounded(_ reference: String) -> Bool {
  guard let mark = reference.lastIndex(where: { $0 == "E" || $0 == "e" }) else { return false }
  let exponent = reference[reference.index(after: mark)...]
  return exponent.hasPrefix("+") && exponent.count > 1
    && exponent.dropFirst().allSatisfy(\.isNumber)
    && reference[..<mark].allSatisfy { $0.isNumber || $0 == "." }
    && reference.first?.isNumber == true
}
