/// Where in a row each mapped meaning stands: the ``ColumnMap`` found in one export's header.
struct Columns {
  /// The header as the list has it, trimmed.
  let header: [String]
  let reference: Int
  let x: Int?
  let y: Int?
  let point: Int?
  let received: [Int]
  let due: [Int]
  let closed: [Int]
  let updated: [Int]
  let status: Int?
  let jobClass: Int?
  let type: Int?
  let address: [Int]
  let postcode: Int?
  let uprn: Int?
  let callerType: Int?
  let notes: Int?
  let contact: Int?
  let otherUPRN: Int?
  let otherAddress: [Int]
  let otherPostcode: Int?

  /// Mapped headings that no record has, and that a list can be read without.
  let missing: [MissingHeading]

  /// - Parameter isRecords: whether the list's records name their own cells: what none of them has may
  ///   just not have happened (no job was closed), unless it says what and where a job is.
  /// - Throws: the headings that the header lacks.
  init(_ map: ColumnMap, header: [String], isRecords: Bool = false) throws(MissingHeadings) {
    var optional: Set<String> = []
    let missing = map.missing(in: header)
    if isRecords {
      optional = [
        "due", "closed", "updated", "address", "postcode", "uprn", "caller_type", "notes",
        "contact", "other_uprn", "other_address", "other_postcode",
      ]
      // Without coordinates these alone place a job.
      if map.x == nil, map.point == nil {
        let placing = Set(missing.map(\.meaning)).intersection(["uprn", "postcode"])
        let mapped = (map.uprn == nil ? 0 : 1) + (map.postcode == nil ? 0 : 1)
        if placing.count == mapped { optional.subtract(["uprn", "postcode"]) }
      }
    }
    guard missing.allSatisfy({ $0.times == 0 && optional.contains($0.meaning) }) else {
      throw MissingHeadings(headings: missing)
    }
    self.missing = missing
    self.header = header
    var positions: [String: Int] = [:]
    for (at, heading) in header.enumerated() { positions[headingKey(heading)] = at }
    func position(_ heading: String?) -> Int? { heading.flatMap { positions[headingKey($0)] } }
    reference = positions[headingKey(map.reference)]!
    x = position(map.x)
    y = position(map.y)
    point = position(map.point)
    received = map.received.compactMap(position)
    due = map.due.compactMap(position)
    closed = map.closed.compactMap(position)
    updated = map.updated.compactMap(position)
    status = position(map.status)
    jobClass = position(map.jobClass)
    type = position(map.type)
    address = map.address.compactMap(position)
    postcode = position(map.postcode)
    uprn = position(map.uprn)
    callerType = position(map.callerType)
    notes = position(map.notes)
    contact = position(map.contact)
    otherUPRN = position(map.otherUPRN)
    otherAddress = map.otherAddress.compactMap(position)
    otherPostcode = position(map.otherPostcode)
  }

  /// Whether the list tells of a complaint whom it is about.
  var haveOtherParty: Bool { otherUPRN != nil || !otherAddress.isEmpty }

  /// The fields that a short row must still have to be read: name and place of the job.
  var lastNeeded: Int { max(reference, x ?? 0, y ?? 0, point ?? 0) }
}

struct MissingHeadings: Error {
  let headings: [MissingHeading]
}
