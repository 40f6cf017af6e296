import FlareImport

/// Stops a fuzz program at a broken promise; libFuzzer keeps the bytes that broke it.
package func demand(_ broken: String?) {
  if let broken { fatalError("Broken promise: \(broken)") }
}

extension FeedSettings {
  /// A feed with every meaning mapped, short headings that a fuzzer finds again, and all kinds of dates.
  package static let fuzzed = FeedSettings(
    name: "fuzz", source: .file(path: ""), maxBytes: 1 << 24,
    columns: ColumnMap(
      reference: "Ref", received: ["Date", "Time"], due: ["Due"], closed: ["Closed"],
      updated: ["Upd"], status: "St", jobClass: "Cl", type: "Ty", address: ["A1", "A2"],
      postcode: "PC", uprn: "UPRN", x: "E", y: "N", callerType: "By", notes: "Notes",
      contact: "Tel"),
    nullWords: ["N/A"], closedWords: ["Clo*"],
    dateFormats: FeedSettings.usualDateFormats + ["d MMM yyyy", "d/M/yy h:mm a"],
    carryNotes: true)

  /// The header of such a list.
  package static let fuzzedHeadings = [
    "Ref", "Date", "Time", "Due", "Closed", "Upd", "St", "Cl", "Ty", "A1", "A2", "PC", "UPRN", "E",
    "N", "By", "Notes", "Tel",
  ]
}
