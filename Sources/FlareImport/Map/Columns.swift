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

  /// - Throws: the headings that the header lacks.
  init(_ map: ColumnMap, header: [String]) throws(MissingHeadings) {
    let missing = map.missing(in: header)
    guard missing.isEmpty else {
      throw MissingHeadings(headings: missing)
    }
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
  }

  /// The fields that a short row must still have to be read: name and place of the job.
  var lastNeeded: Int { max(reference, x ?? 0, y ?? 0, point ?? 0) }
}

struct MissingHeadings: Error {
  let headings: [MissingHeading]
}
