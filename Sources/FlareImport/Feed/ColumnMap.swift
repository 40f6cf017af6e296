import Triage

/// Which heading of the list holds what. `nil`: the list has no such column, and nothing of it is
/// stored. Columns that no meaning names are never stored either.
package struct ColumnMap: Hashable, Sendable {
  /// The council's own name for the job.
  package var reference: String
  /// A date in one column, or its parts in the order in which they are read (a date and a time).
  package var received: [String]
  package var due: [String]
  package var closed: [String]
  /// When the council last changed the job: the later row of two is the one with the later instant.
  package var updated: [String]
  package var status: String?
  package var jobClass: String?
  package var type: String?
  /// The address in one column, or its parts in the order in which they are written.
  package var address: [String]
  package var postcode: String?
  package var uprn: String?
  /// Easting, or longitude where the feed's `crs` is geographic.
  package var x: String?
  /// Northing, or latitude where the feed's `crs` is geographic.
  package var y: String?
  /// Both in one column: "latitude, longitude" in a geographic `crs`, "easting, northing" in a projected
  /// one, with or without brackets, or WKT ("POINT (x y)").
  package var point: String?
  package var callerType: String?
  package var notes: String?
  package var contact: String?
  /// Of a complaint: whom it is about. Only a fingerprint of the address is kept (``Triage/Job/otherParty``).
  package var otherUPRN: String?
  package var otherAddress: [String]
  package var otherPostcode: String?

  package init(
    reference: String, received: [String] = [], due: [String] = [], closed: [String] = [],
    updated: [String] = [], status: String? = nil, jobClass: String? = nil, type: String? = nil,
    address: [String] = [], postcode: String? = nil, uprn: String? = nil, x: String? = nil,
    y: String? = nil, point: String? = nil, callerType: String? = nil, notes: String? = nil,
    contact: String? = nil, otherUPRN: String? = nil, otherAddress: [String] = [],
    otherPostcode: String? = nil
  ) {
    self.reference = reference
    self.received = received
    self.due = due
    self.closed = closed
    self.updated = updated
    self.status = status
    self.jobClass = jobClass
    self.type = type
    self.address = address
    self.postcode = postcode
    self.uprn = uprn
    self.x = x
    self.y = y
    self.point = point
    self.callerType = callerType
    self.notes = notes
    self.contact = contact
    self.otherUPRN = otherUPRN
    self.otherAddress = otherAddress
    self.otherPostcode = otherPostcode
  }

  /// The fields of a request in GeoReport v2; its description is not among them. For a feed in
  /// `EPSG:4326` whose status "closed" means what it says.
  package static let open311 = ColumnMap(
    reference: "service_request_id", received: ["requested_datetime"], due: ["expected_datetime"],
    updated: ["updated_datetime"], status: "status", jobClass: "service_code",
    type: "service_name", address: ["address"], postcode: "zipcode", x: "long", y: "lat")

  /// Every mapped heading with its meaning. An export must have them all: an admin maps what is
  /// there, so a heading that has gone is a changed list.
  package var requiredHeadings: [(meaning: String, heading: String)] {
    let single: [(String, String?)] = [
      ("reference", reference), ("status", status), ("class", jobClass), ("type", type),
      ("postcode", postcode), ("uprn", uprn), ("x", x), ("y", y), ("point", point),
      ("caller_type", callerType), ("notes", notes), ("contact", contact),
      ("other_uprn", otherUPRN), ("other_postcode", otherPostcode),
    ]
    let several = [
      ("received", received), ("due", due), ("closed", closed), ("updated", updated),
      ("address", address), ("other_address", otherAddress),
    ]
    return single.compactMap { meaning, heading in heading.map { (meaning, $0) } }
      + several.flatMap { meaning, headings in headings.map { (meaning, $0) } }
  }

  /// The mapped headings that a header lacks or has more than once, each with the nearest name.
  ///
  /// A name is told only where half of the other headings are there as they are mapped: what comes
  /// without its headings begins with a row of somebody's particulars.
  package func missing(in header: [String]) -> [MissingHeading] {
    let keys = header.map(headingKey)
    let required = requiredHeadings.map { ($0.meaning, $0.heading, headingKey($0.heading)) }
    let there = Set(keys)
    let found = required.count { there.contains($0.2) }
    // A heading that is missing is not among those that were found.
    let isHeader = found > 0 && found * 2 >= required.count - 1
    return required.compactMap { meaning, heading, wanted in
      let times = keys.count { $0 == wanted }
      guard times != 1 else { return nil }
      return MissingHeading(
        meaning: meaning, heading: heading, times: times,
        nearest: times == 0 && isHeader ? nearest(to: wanted, keys).map { header[$0] } : nil)
    }
  }

  func problems() -> [(key: String, problem: String)] {
    var found: [(key: String, problem: String)] = []
    for (meaning, heading) in requiredHeadings where headingKey(heading).isEmpty {
      found.append(("columns.\(meaning)", "The heading for '\(meaning)' is empty."))
    }
    switch (x, y) {
    case (let x?, let y?) where headingKey(x) == headingKey(y):
      found.append(("columns.y", "'x' and 'y' name the same column '\(x)'."))
    case (nil, .some): found.append(("columns.x", "The heading for 'x' is missing."))
    case (.some, nil): found.append(("columns.y", "The heading for 'y' is missing."))
    case (nil, nil) where point == nil && uprn == nil && postcode == nil:
      found.append(("columns", "No column tells where a job is."))
    default: break
    }
    return found
  }
}

/// A mapped heading that an export's header does not have exactly once.
package struct MissingHeading: Hashable, Sendable, CustomStringConvertible {
  package let meaning: String
  package let heading: String
  /// How often the header has it: zero, or two and more.
  package let times: Int
  package let nearest: String?

  package var description: String {
    if times > 1 { return "'\(heading)' (\(meaning)) stands \(times) times in the header" }
    guard let nearest else { return "'\(heading)' (\(meaning)) is not in the header" }
    return "'\(heading)' (\(meaning)) is not in the header; the nearest is '\(nearest)'"
  }
}

/// Headings are compared without case and with runs of white space as one space.
func headingKey(_ heading: String) -> String {
  var heading = heading
  return heading.withUTF8(asciiKey)
    ?? heading.lowercased().split { $0.isWhitespace || $0 == "\u{FEFF}" }.joined(separator: " ")
}

/// Nearly all headings are ASCII, and sniffing asks for thousands of keys.
private func asciiKey(_ text: UnsafeBufferPointer<UInt8>) -> String? {
  var key: [UInt8] = []
  var isBehindSpace = false
  for byte in text {
    switch byte {
    case 0x80...: return nil
    case 0x09...0x0D, 0x20: isBehindSpace = !key.isEmpty
    default:
      if isBehindSpace { key.append(0x20) }
      isBehindSpace = false
      key.append(byte &- 0x41 <= 25 ? byte | 0x20 : byte)
    }
  }
  return String(decoding: key, as: UTF8.self)
}

/// The heading that holds the wanted one ("UPRNProperty_URN" for "UPRN") or is the fewest edits
/// away from it; `nil` when none is like it.
func nearestHeading(to wanted: String, in header: [String]) -> String? {
  nearest(to: headingKey(wanted), header.map(headingKey)).map { header[$0] }
}

/// Both as ``headingKey(_:)`` gives them. A header may have thousands of headings: most are told apart
/// by their length alone.
private func nearest(to wanted: String, _ keys: [String]) -> Int? {
  let length = wanted.utf8.count
  guard length > 0 else { return nil }
  let limit = max(2, length / 3)
  let bytes = Array(wanted.utf8)
  var best: (at: Int, distance: Int)?
  for (at, key) in keys.enumerated() {
    let longer = key.utf8.count - length
    guard longer >= -limit else { continue }
    let isGlued = length > 2 && longer > 0 && key.contains(wanted)
    if !isGlued, longer > limit { continue }
    let distance = isGlued ? 1 : editDistance(bytes, Array(key.utf8))
    if distance <= limit, distance < best?.distance ?? .max { best = (at, distance) }
  }
  return best?.at
}
