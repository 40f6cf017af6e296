import FlareImport
import Foundation
import Triage

/// What `preview` found in a list that no feed file describes.
struct StrangerPreview: Sendable {
  /// The file's own name.
  var file: String
  var guess: FeedGuess
  /// Of the whole list as the guess would read it; `nil` where it cannot be mapped.
  var report: ImportReport?
  /// The first rows that can be placed, as they would be stored: without notes and contact.
  var understood: [Job]
  var day: FirstDay?

  static let shown = 10

  var hasProblems: Bool { guess.hasProblems || day?.areaProblems.isEmpty == false }
}

/// Guesses what a file is and reads it as guessed.
/// - Throws: `ImportError` for what is no list at all.
func previewStranger(_ path: String, now: Date) throws -> StrangerPreview {
  let sample = try sampleList(at: path)
  let file = URL(fileURLWithPath: path).lastPathComponent
  var preview = StrangerPreview(
    file: file, guess: guess(sample: sample, now: now), understood: [])
  guard let settings = preview.guess.settings(name: feedName(from: file), path: path) else {
    return preview
  }
  let list = try readFirst(StrangerPreview.shown, path, settings, now: now)
  preview.report = list.report
  preview.understood = list.jobs
  return preview
}

/// Reads the whole list and keeps the first jobs that can be placed: each is put into the one area that
/// there is, so that its dates, UPRN and reference are looked at as any feed would.
private func readFirst(
  _ count: Int, _ path: String, _ settings: FeedSettings, now: Date
) throws -> ImportedList {
  let inside = GridPoint(x: 500, y: 500)
  let corners = [(0.0, 0.0), (1_000, 0), (1_000, 1_000), (0, 1_000)]
  let ring = corners.map { GridPoint(x: $0.0, y: $0.1) }
  let area = PilotArea(id: "first", name: "first", polygons: [Polygon(outer: ring)])
  let hasCoordinates = settings.columns.x != nil || settings.columns.point != nil
  let gazetteer =
    hasCoordinates
    ? Gazetteer.none : Gazetteer(point: { _ in inside }, centroid: { _ in inside })
  return try readExport(
    at: path, settings: settings, index: AreaIndex([area]),
    projection: Projection(source: settings.crs) { _, _ in inside },
    gazetteer: gazetteer, keeping: count, now: now)
}
