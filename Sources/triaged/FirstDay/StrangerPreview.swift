import FlareImport
import Foundation
import Synchronization
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

/// Reads the whole list and keeps the first jobs that can be placed: they are put into an area of
/// their own, the others beside it. So the memory does not grow with the list, and its counts are those
/// that any feed would have.
private func readFirst(
  _ count: Int, _ path: String, _ settings: FeedSettings, now: Date
) throws -> ImportedList {
  let inside = GridPoint(x: 500, y: 500)
  let beside = GridPoint(x: 5_000, y: 5_000)
  let left = Mutex(count)
  @Sendable func next() -> GridPoint {
    left.withLock { left in
      if left > 0 { left -= 1 }
      return left > 0 ? inside : beside
    }
  }
  left.withLock { $0 += 1 }
  let corners = [(0.0, 0.0), (1_000, 0), (1_000, 1_000), (0, 1_000)]
  let ring = corners.map { GridPoint(x: $0.0, y: $0.1) }
  let area = PilotArea(id: "first", name: "first", polygons: [Polygon(outer: ring)])
  let hasCoordinates = settings.columns.x != nil || settings.columns.point != nil
  let gazetteer =
    hasCoordinates
    ? Gazetteer.none : Gazetteer(point: { _ in next() }, centroid: { _ in next() })
  return try readExport(
    at: path, settings: settings, index: AreaIndex([area]),
    projection: Projection(source: settings.crs) { _, _ in next() }, gazetteer: gazetteer, now: now)
}
