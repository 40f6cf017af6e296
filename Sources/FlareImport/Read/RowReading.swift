import Foundation
import Triage

/// One pass over the rows of one export: every row goes to one place and is counted there.
struct RowReading: ~Copyable {
  private let columns: Columns
  private var locator: Locator
  private let index: AreaIndex
  private var mapper: JobMapper
  private var header: RepeatedHeader
  private var collector: JobCollector
  private var problems = ProblemBook()
  private var counts = RowCounts()
  private var inAreaByArea: [Int]
  private var notLocatedReferences: Set<String> = []
  private var lost = LostRowsBook()
  private let feed: String
  private let crs: String
  /// Lines above the header, which may come again.
  private let titles: Set<String>
  /// Whether rows are records that name their own cells.
  private let isRecords: Bool
  private var grades: [LocationGrade: Int] = [:]
  /// References of rows without a place that are remembered.
  private static let mostReferences = 100_000
  /// How many headings there are.
  private let width: Int

  /// - Throws: `ImportError` for a header that lacks mapped columns, or settings that no list can
  ///   be read with.
  init(
    settings: FeedSettings, header place: HeaderPlace, ground: Ground, isRecords: Bool = false
  ) throws(ImportError) {
    let dates = try dateReader(settings)
    let columns = try mappedColumns(settings, place.fields, isRecords: isRecords)
    self.columns = columns
    header = RepeatedHeader(columns.header)
    mapper = JobMapper(
      settings: settings, columns: columns, dates: dates,
      areas: ground.index.areas, now: ground.now)
    locator = Locator(
      columns: columns, settings: settings, ground: ground)
    index = ground.index
    collector = JobCollector(mostJobs: ground.mostJobs)
    inAreaByArea = Array(repeating: 0, count: ground.index.areas.count)
    feed = settings.name
    crs = settings.crs
    width = place.fields.count
    titles = place.titles
    self.isRecords = isRecords
    for missing in columns.missing {
      problems.note(
        .missingColumn, row: 0, column: missing.heading,
        "No record has '\(missing.heading)' (\(missing.meaning)); it reads as empty.")
    }
  }

  /// - Parameter headerNumber: the header's row number, 1 unless blank lines precede it.
  mutating func readAll(
    _ reader: inout some RowReader & ~Copyable, headerNumber: Int
  ) throws(ReadTrouble) {
    var number = headerNumber
    let isRecords = isRecords
    while true {
      let event = try reader.next()
      number += 1
      switch event {
      case .end: return
      case .row: read(reader.fields, number)
      case .malformedQuotes:
        lost.add(reader.passed)
        unreadable(.malformedQuotes, number, "has a quote that opens or closes in a wrong place")
      case .malformed:
        lost.add(reader.passed)
        unreadable(.malformed, number, "is not well formed")
      case .cutOff:
        lost.addCut(reader.passed, behind: counts)
        unreadable(
          .cutOff, number,
          isRecords
            ? "is where the list breaks off: it is cut off, or damaged and nothing behind can be read"
            : "is cut off: the file ends in the middle of it")
      case .tooLong:
        lost.add(nil)
        unreadable(.tooLong, number, "is longer than \(CSVReader.rowLimit) bytes")
      }
    }
  }

  @inline(__always)
  private mutating func read(_ row: RowFields, _ number: Int) {
    if row.total != width, !accept(row, number) { return }
    if header.isRepeated(by: row) {
      unreadable(.repeatedHeader, number, "repeats the header")
      return
    }
    switch locator.locate(row) {
    case .outside:
      counts.rows += 1
      counts.outside += 1
      if locator.trouble != nil { noteUPRN(number) }
    case .notLocated: notLocated(row, number)
    case .inArea(let area, let point, let grade): inArea(row, number, area, point, grade)
    }
  }

  /// A row whose number of fields is not the header's. Only mapped columns that name and place
  /// the job must be there; the others read as empty.
  @inline(never)
  private mutating func accept(_ row: RowFields, _ number: Int) -> Bool {
    let width = width
    // A line that is blank or of nothing but delimiters is no row, though a spreadsheet counts it.
    if isBlank(row) { return false }
    if row.total < width, isFooter(row, titles: titles), !mapper.namesJob(row) {
      footer(number)
      return false
    }
    if row.total > width {
      if row.total == row.count, (width..<row.count).allSatisfy(row.isBlank) { return true }
      lost.add(row, reference: mapper.reference(row))
      unreadable(.tooManyFields, number, "has \(row.total) fields under \(width) headings")
      return false
    }
    if row.endsWithFile {
      lost.addCut(nil, behind: counts)
      unreadable(.cutOff, number, "is cut off: the file ends in the middle of it")
      return false
    }
    if row.count <= columns.lastNeeded {
      lost.add(row, reference: mapper.reference(row))
      unreadable(.tooFewFields, number, "has \(row.count) fields under \(width) headings")
      return false
    }
    problems.note(
      .tooFewFields, row: number,
      "Row \(number) has \(row.count) fields under \(width) headings; the others read as empty.")
    return true
  }

  @inline(never)
  private mutating func notLocated(_ row: RowFields, _ number: Int) {
    if isBlank(row) { return }
    if !isRecords, isFooter(row, titles: titles), !mapper.namesJob(row) { return footer(number) }
    let reference = mapper.reference(row)
    guard !reference.isEmpty else { return noReference(number) }
    guard !isRounded(reference) else { return lostReference(row, number, isRounded: true) }
    counts.rows += 1
    counts.notLocated += 1
    if notLocatedReferences.count < RowReading.mostReferences {
      notLocatedReferences.insert(reference)
    }
    noteUPRN(number)
    problems.note(
      .notLocated, row: number,
      column: columns.header[columns.x ?? columns.point ?? columns.uprn ?? columns.postcode ?? 0],
      "Row \(number) \(locator.trouble?.sentence(crs: crs) ?? "has no place"); it is listed under "
        + "'not located'.")
  }

  /// Of a row that becomes no job; ``JobMapper`` says the same of one that does.
  @inline(never)
  private mutating func noteUPRN(_ number: Int) {
    guard let column = columns.uprn else { return }
    switch locator.trouble?.uprn {
    case .spoiled: noteSpoiledUPRN(number, columns.header[column], &problems)
    case .unusable: noteBadUPRN(number, columns.header[column], &problems)
    case .unknown, .some(.none), nil: return
    }
  }

  @inline(never)
  private mutating func inArea(
    _ row: RowFields, _ number: Int, _ area: Int, _ point: GridPoint, _ grade: LocationGrade
  ) {
    guard
      let job = mapper.job(
        row, number: number, area: area, at: point, grade: grade, problems: &problems)
    else { return lostReference(row, number, isRounded: !mapper.reference(row).isEmpty) }
    if grade == .postcodeNearEdge {
      problems.note(
        .placeUncertain, row: number,
        "Row \(number) is known by its postcode alone, close to the edge of an area; it is offered to "
          + "nobody until a person decides.")
    }
    counts.rows += 1
    counts.inArea += 1
    inAreaByArea[area] += 1
    grades[job.place.location, default: 0] += 1
    if collector.add(job) {
      problems.note(
        .repeatedReference, row: number, column: columns.header[columns.reference],
        "Row \(number) has a reference that came before; the later of the two rows is kept.")
    }
  }

  private mutating func footer(_ number: Int) {
    unreadable(.footer, number, "is a title, a total or the foot of a page")
  }

  private mutating func noReference(_ number: Int) {
    counts.rows += 1
    counts.unreadable += 1
    problems.note(
      .noReference, row: number, column: columns.header[columns.reference],
      "Row \(number) has no reference; it was left out.")
  }

  /// A job that is there, and that nobody can name: unlike a line of totals it is one that the list has
  /// lost, so nothing is closed because of this list.
  private mutating func lostReference(_ row: RowFields, _ number: Int, isRounded: Bool) {
    lost.add(row, reference: "")
    unreadable(
      .lostReference, number,
      isRounded
        ? "has a reference that a spreadsheet has rounded" : "has a place and no reference")
  }

  private mutating func unreadable(
    _ kind: RowProblem.Kind, _ number: Int, _ what: @autoclosure () -> String
  ) {
    counts.rows += 1
    counts.unreadable += 1
    problems.note(kind, row: number, "Row \(number) \(what()); it was left out.")
  }

  /// The outcome, once all rows are read.
  /// - Throws: `refused` if rows went uncounted, which would be our fault: better no list than a wrong one.
  consuming func list(
    name: String, _ reader: ReaderAccount
  ) throws(ReadTrouble) -> ImportedList {
    if reader.zeroBytes > 0 {
      problems.note(.badBytes, row: 0, "\(reader.zeroBytes) zero bytes were left out of the file.")
    }
    if reader.badCharacters > 0 {
      problems.note(
        .badBytes, row: 0,
        "\(reader.badCharacters) characters of the file are broken; they are shown as \u{FFFD}.")
    }
    for sentence in locator.wrongWays.sentences(isGeographic: locator.isGeographic) {
      problems.note(.wrongCoordinates, row: 0, sentence)
    }
    guard counts.addsUp else {
      assertionFailure("Rows of an export went uncounted.")
      throw .noList(
        "Its rows were not counted right, which is a fault of this program.",
        next: "The last good list stays in force; please report it with the list's format.")
    }
    var report = ImportReport(feed: feed, source: name)
    report.counts = counts
    report.format = reader.format.rawValue
    report.encoding = reader.encoding
    report.delimiter = reader.delimiter
    for (area, count) in zip(index.areas, inAreaByArea) where count > 0 {
      report.inAreaByArea[area.id, default: 0] += count
    }
    for (grade, count) in grades { report.byGrade[grade.rawValue] = count }
    (report.dated, report.inFuture) = (mapper.dated, mapper.inFuture)
    problems.write(to: &report)
    var list = ImportedList(
      jobs: collector.jobs, report: report, notLocated: notLocatedReferences, sha256: "")
    list.lost = lost.rows(of: counts)
    return list
  }
}
