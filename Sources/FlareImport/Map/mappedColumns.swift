import Foundation
import Triage

/// The columns of a list that its feed maps.
/// - Throws: `ImportError` for a header that lacks some of them.
func mappedColumns(
  _ settings: FeedSettings, _ header: [String], isRecords: Bool
) throws(ImportError) -> Columns {
  do {
    return try Columns(settings.columns, header: header, isRecords: isRecords)
  } catch {
    let missing = error.headings.map(\.description).joined(separator: "; ")
    let others = foundHeadings(header, mapped: settings.columns).map { " \($0)" } ?? ""
    let why =
      header.isEmpty
      ? "The export has no header row that can be read."
      : isRecords
        ? "Mapped columns are in no record: \(missing).\(others)"
        : "Mapped columns are missing: \(missing).\(others)"
    throw ImportError(
      feed: settings.name, why: why,
      next: "The last good list stays in force; correct the feed's columns or the export.",
      trouble: header.isEmpty ? .unreadable : .missingColumns)
  }
}

/// What reads the dates of a feed.
/// - Throws: `ImportError` for settings that no list can be read with.
func dateReader(_ settings: FeedSettings) throws(ImportError) -> DateReader {
  guard let zone = TimeZone(identifier: settings.timeZone) else {
    throw ImportError(
      feed: settings.name, why: "No time zone is called '\(settings.timeZone)'.",
      next: "Correct the feed's time_zone.")
  }
  do {
    return DateReader(
      patterns: try settings.dateFormats.map { format throws(DatePattern.Unusable) in
        try DatePattern(format)
      }, zone: zone, zoneMarksAreLocal: settings.zoneMarksAreLocal)
  } catch {
    throw ImportError(
      feed: settings.name, why: error.why, next: "Correct the feed's date_formats.")
  }
}
