import FlareImport
import Foundation
import Testing
import Triage

/// The pilot area of these tests: one square kilometre of the British National Grid.
let square = PilotArea(
  id: "square", name: "Square",
  polygons: [
    Polygon(outer: [
      GridPoint(x: 450_000, y: 359_000), GridPoint(x: 451_000, y: 359_000),
      GridPoint(x: 451_000, y: 360_000), GridPoint(x: 450_000, y: 360_000),
    ])
  ])

/// A folder that is gone when the test is over.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "triaged-import-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// Settings for lists with the headings `Ref,Received,Status,Type,Address,UPRN,E,N,Notes`.
func settings(_ change: (inout FeedSettings) -> Void = { _ in }) -> FeedSettings {
  var settings = FeedSettings(
    name: "jobs", source: .file(path: ""),
    columns: ColumnMap(
      reference: "Ref", received: ["Received"], status: "Status", type: "Type",
      address: ["Address"], uprn: "UPRN", x: "E", y: "N", notes: "Notes"),
    nullWords: ["N/A"], closedWords: ["Cleared"], carryNotes: true)
  change(&settings)
  return settings
}

let heading = "Ref,Received,Status,Type,Address,UPRN,E,N,Notes"

/// A row that lies in the square.
func inside(_ reference: String, notes: String = "") -> String {
  "\(reference),13/03/2026 11:45,Open,Bulky waste,12 Mill Lane,10001,450500,359500,\(notes)"
}

/// A row that lies in no area.
func outside(_ reference: String) -> String {
  "\(reference),13/03/2026 11:45,Open,Bulky waste,12 Mill Lane,10001,440500,359500,"
}

/// Reads bytes as one export, with ``square`` as the only area.
func read(
  _ bytes: [UInt8], _ settings: FeedSettings = settings(), name: String = "list.csv"
) throws -> ImportedList {
  let folder = try TemporaryFolder()
  let list = try readExport(
    at: try folder.file(name, bytes), settings: settings, index: AreaIndex([square]),
    projection: .identity(.britishNational), spool: folder.path)
  #expect(
    try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name],
    "what was unpacked leaves nothing behind")
  return list
}

func read(_ text: String, _ settings: FeedSettings = settings()) throws -> ImportedList {
  try read(Array(text.utf8), settings)
}

func read(lines: String..., end: String = "\r\n") throws -> ImportedList {
  try read(lines.map { $0 + end }.joined())
}

extension ImportedList {
  var references: [String] { jobs.map(\.id.reference) }
  /// Kinds and rows of the problems, in order.
  var noted: [String] { report.problems.map { "\($0.kind.rawValue) \($0.row)" } }
}
