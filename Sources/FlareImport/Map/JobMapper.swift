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
  private let closedWords: Set<String>
  private var cells: CellText
  private var dates: DateReader
  private var statuses = Interner()
  private var classes = Interner()
  private var types = Interner()
  private var callers = Interner()

  init(settings: FeedSettings, columns: Columns, dates: DateReader, areas: [PilotArea]) {
    self.settings = settings
    self.columns = columns
    self.areas = areas.map(\.id)
    closedWords = Set(settings.closedWords.map { $0.lowercased() })
    cells = CellText(nullWords: settings.nullWords)
    self.dates = dates
  }

  mutating func hasReference(_ row: RowFields) -> Bool {
    !cells.bytes(row, columns.reference).isEmpty
  }

  /// - Returns: `nil` when the row names no job.
  mutating func job(
    _ row: RowFields, number: Int, area: Int, at point: GridPoint, problems: inout ProblemBook
  ) -> Job? {
    let badBytes = cells.badBytes
    let reference = cells.string(row, columns.reference)
    if reference.isEmpty { return nil }
    let status = statuses.text(cells.bytes(row, columns.status))
    let received = date(row, columns.received, number, &problems)
    let due = date(row, columns.due, number, &problems)
    var closed = date(row, columns.closed, number, &problems)
    if closed == nil, !closedWords.isEmpty, closedWords.contains(status.lowercased()) {
      closed = received ?? due ?? Date(timeIntervalSince1970: 0)
    }
    let place = Place(
      address: cells.joined(row, columns.address),
      postcode: cells.string(row, columns.postcode), uprn: uprn(row, number, &problems),
      point: point, location: .coordinates)
    let job = Job(
      id: JobRef(feed: settings.name, reference: reference), received: received, due: due,
      closed: closed, status: status, jobClass: classes.text(cells.bytes(row, columns.jobClass)),
      type: types.text(cells.bytes(row, columns.type)),
      callerType: callers.text(cells.bytes(row, columns.callerType)),
      place: place,
      notes: settings.carryNotes ? cells.string(row, columns.notes) : "",
      contact: settings.carryContact ? cells.string(row, columns.contact) : "",
      area: areas[area])
    if cells.badBytes > badBytes {
      problems.note(
        .badBytes, row: number,
        "Row \(number) has bytes that stand for no character; they are shown as \u{FFFD}.")
    }
    return job
  }

  private mutating func date(
    _ row: RowFields, _ column: Int?, _ number: Int, _ problems: inout ProblemBook
  ) -> Date? {
    guard let column else { return nil }
    let text = cells.bytes(row, column)
    if text.isEmpty { return nil }
    switch dates.read(text) {
    case .date(let date): return date
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
    if let uprn = normalisedUPRN(text) { return uprn }
    let heading = columns.header[column]
    problems.note(
      .badUPRN, row: number, column: heading,
      "Row \(number) has no usable UPRN in '\(heading)'; the job is known by its address.")
    return ""
  }
}
