import FlareImport

/// Stops a fuzz program at a broken promise; libFuzzer keeps the bytes that broke it.
package func demand(_ broken: String?) {
  if let broken { fatalError("Broken promise: \(broken)") }
}

extension FeedSettings {
  /// The columns of the lists in Fixtures/flaws.
  package static let fuzzed = feed(
    ColumnMap(
      reference: "Ref", received: ["Received"], status: "Status", jobClass: "Class", type: "Type",
      address: ["Address"], postcode: "Postcode", uprn: "UPRN", x: "Easting", y: "Northing",
      notes: "Notes"))

  package static let fuzzedHeadings = [
    "Ref", "Received", "Status", "Class", "Type", "Address", "Postcode", "UPRN", "Easting",
    "Northing", "Notes",
  ]

  /// Every meaning mapped, dates and addresses in parts, both coordinates in one column.
  package static let fuzzedWide = feed(
    ColumnMap(
      reference: "Ref", received: ["Date", "Time"], due: ["Due"], closed: ["Closed"],
      updated: ["Upd"], status: "St", jobClass: "Cl", type: "Ty", address: ["A1", "A2"],
      postcode: "PC", uprn: "UPRN", point: "At", callerType: "By", notes: "Notes",
      contact: "Tel"))

  package static let fuzzedWideHeadings = [
    "Ref", "Date", "Time", "Due", "Closed", "Upd", "St", "Cl", "Ty", "A1", "A2", "PC", "UPRN",
    "At", "By", "Notes", "Tel",
  ]

  /// Open311's names, in degrees.
  package static let fuzzedRequests = {
    var settings = feed(
      ColumnMap(
        reference: "service_request_id", received: ["requested_datetime"],
        updated: ["updated_datetime"], status: "status", type: "service_name",
        address: ["address"], postcode: "zipcode", x: "long", y: "lat"))
    settings.crs = "EPSG:4326"
    return settings
  }()

  private static func feed(_ columns: ColumnMap) -> FeedSettings {
    FeedSettings(
      name: "fuzz", source: .file(path: ""), maxBytes: 1 << 24, columns: columns,
      nullWords: ["N/A"], closedWords: ["Clo*"],
      dateFormats: FeedSettings.usualDateFormats + ["d MMM yyyy", "d/M/yy h:mm a"],
      carryNotes: true)
  }
}
