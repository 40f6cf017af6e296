import FlareImport
import Foundation
import Triage

/// What must hold of every list, however strange: read through ``FlareImport/readExport(at:settings:index:projection:gazetteer:now:)``
/// as a feed reads it. Shared by the fuzz programs and the tests.
package final class ListInvariants {
  private let file = MemoryFile()
  private let settings: FeedSettings
  private let index: AreaIndex
  private let projection: Projection
  /// All is read at one moment, so that two readings can be compared.
  private let now = Date(timeIntervalSince1970: 1_790_000_000)

  package init(_ settings: FeedSettings) {
    self.settings = settings
    index = AreaIndex([ListInvariants.area(settings.crs)])
    projection = Projection(source: settings.crs) { GridPoint(x: $0, y: $1) }
  }

  /// - Returns: a sentence on the first promise that the reading of these bytes breaks.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    file.write(bytes)
    let first = outcome()
    // One list in four is read twice; which of them, the bytes themselves say.
    if checksum(bytes) & 192 == 0, first != outcome() {
      return "A second reading says something else."
    }
    switch first {
    case .failure(let error):
      if error.why.isEmpty || error.next.isEmpty { return "A list is refused without a reason." }
      return nil
    case .success(let list): return broken(by: list)
    }
  }

  package func broken(by bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { broken(by: $0) } }

  /// How many jobs a list comes to: a fuzz program whose lists are all refused proves little.
  package func jobs(in bytes: [UInt8]) -> Int {
    file.write(bytes)
    guard case .success(let list) = outcome() else { return 0 }
    return list.jobs.count
  }

  private func outcome() -> Result<ImportedList, ImportError> {
    do {
      return .success(
        try readExport(
          at: file.path, settings: settings, index: index, projection: projection, now: now))
    } catch let error as ImportError {
      return .failure(error)
    } catch {
      return .failure(ImportError(feed: "", why: "", next: ""))
    }
  }

  private func broken(by list: ImportedList) -> String? {
    let report = list.report
    let counts = report.counts
    if !counts.addsUp { return "The rows do not add up." }
    if min(counts.rows, counts.outside, counts.inArea, counts.notLocated, counts.unreadable) < 0 {
      return "A count is negative."
    }
    if report.inAreaByArea.values.reduce(0, +) != counts.inArea {
      return "The rows by area do not add up."
    }
    if list.jobs.count > counts.inArea { return "There are more jobs than rows in area." }
    if Set(list.jobs.map(\.id)).count != list.jobs.count { return "A reference comes twice." }
    if list.notLocated.count > counts.notLocated {
      return "More references than rows lack a place."
    }
    if report.encoding.isEmpty || report.format.isEmpty { return "Nobody knows what was read." }
    // It is shown as it is: no file may write what it likes there.
    if !report.encoding.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x3C }) {
      return "The encoding's name is none."
    }
    if list.sha256.utf8.count != 64 { return "The file's hash is none." }
    for problem in report.problems {
      if problem.text.isEmpty || problem.row < 0 { return "A problem says nothing." }
      if problem.row > counts.rows + 1_000_000 { return "A problem lies behind the last row." }
    }
    for (kind, count) in report.problemCounts
    where RowProblem.Kind(rawValue: kind) == nil
      || count < report.problems.count(where: { $0.kind.rawValue == kind })
    {
      return "Problems are miscounted."
    }
    return list.jobs.lazy.compactMap { self.broken(by: $0) }.first
  }

  private func broken(by job: Job) -> String? {
    if job.id.reference.isEmpty { return "A job has no reference." }
    if job.area != index.areas[0].id { return "A job lies in no area." }
    guard let point = job.place.point, index.firstPosition(holding: point) == 0 else {
      return "A job in area lies outside of it."
    }
    for date in [job.received, job.due, job.closed, job.updated].compactMap(\.self)
    where !ListInvariants.dates.contains(date) {
      return "A date is beyond all calendars."
    }
    let uprn = job.place.uprn
    if !uprn.isEmpty, normalisedUPRN(uprn) != uprn { return "A UPRN is in no normal spelling." }
    if !settings.carryNotes, !job.notes.isEmpty { return "Notes are carried against the rule." }
    if !settings.carryContact, !job.contact.isEmpty {
      return "Contact is carried against the rule."
    }
    return nil
  }

  /// From 1900 up to 2050, and a day for offsets from Greenwich.
  private static let dates =
    Date(timeIntervalSince1970: -2_209_075_200)...Date(timeIntervalSince1970: 2_524_694_400)

  private static func area(_ crs: String) -> PilotArea {
    let (x, y) = crs == "EPSG:27700" ? (450_000.0, 359_000.0) : (-180.0, -90.0)
    let (width, height) = crs == "EPSG:27700" ? (1000.0, 1000.0) : (360.0, 180.0)
    return PilotArea(
      id: "square", name: "Square",
      polygons: [
        Polygon(outer: [
          GridPoint(x: x, y: y), GridPoint(x: x + width, y: y),
          GridPoint(x: x + width, y: y + height), GridPoint(x: x, y: y + height),
        ])
      ])
  }
}

/// Compared field by field, so that a difference in any of them shows.
extension Result<ImportedList, ImportError> {
  fileprivate static func != (one: Self, other: Self) -> Bool {
    switch (one, other) {
    case (.failure(let one), .failure(let other)): return one != other
    case (.success(let one), .success(let other)):
      return one.jobs != other.jobs || one.notLocated != other.notLocated
        || one.sha256 != other.sha256 || one.report.counts != other.report.counts
        || one.report.problems != other.report.problems
        || one.report.problemCounts != other.report.problemCounts
        || one.report.inAreaByArea != other.report.inAreaByArea
        || one.report.byGrade != other.report.byGrade || one.report.dated != other.report.dated
        || one.report.inFuture != other.report.inFuture
        || one.report.encoding != other.report.encoding
        || one.report.delimiter != other.report.delimiter
        || one.report.format != other.report.format
    default: return true
    }
  }
}
