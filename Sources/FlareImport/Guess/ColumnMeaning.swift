/// What a column of an unknown list may hold. The first group can be mapped; the second is recognised
/// so that it can be said why it is not.
package enum ColumnMeaning: String, Hashable, Sendable, CaseIterable {
  case reference, received, due, closed, updated, status, jobClass, type, address, postcode, uprn
  case easting, northing, longitude, latitude, point, callerType

  /// A date's time of day in a column of its own; mapped behind its date.
  case timeOfDay
  case notes, contact
  /// What is nobody's business but the resident's: date of birth, age, marital status, next of kin.
  case personal
  /// Names a street (USRN, NSG reference, street name), which says less than the address.
  case street
  /// Ward, district, precinct, beat: a line on somebody else's map.
  case district
  case staff
  /// Another system's number for the job or for something beside it.
  case otherNumber
  case link
  /// The name of the coordinate system: a hint only (quirk 22 of FORMATS.md).
  case systemLabel
  /// Coordinates in a system of one American state, in feet.
  case statePlane
  /// Where the service is given, which is not where the resident lives.
  case serviceEasting, serviceNorthing

  /// Whether the guess puts it into the feed's column map.
  package var isMapped: Bool {
    switch self {
    case .reference, .received, .due, .closed, .updated, .status, .jobClass, .type, .address,
      .postcode, .uprn, .easting, .northing, .longitude, .latitude, .point, .callerType,
      .timeOfDay:
      true
    default: false
    }
  }

  /// As a person would say it.
  package var words: String {
    switch self {
    case .reference: "the job's reference"
    case .received: "when it was received"
    case .due: "when it is due"
    case .closed: "when it was closed"
    case .updated: "when it last changed"
    case .status: "the status"
    case .jobClass: "the class of the job"
    case .type: "the type of the job"
    case .address: "the address"
    case .postcode: "the postcode"
    case .uprn: "the UPRN"
    case .easting: "the easting"
    case .northing: "the northing"
    case .longitude: "the longitude"
    case .latitude: "the latitude"
    case .point: "both coordinates in one"
    case .callerType: "who raised it"
    case .timeOfDay: "a time of day"
    case .notes: "free text"
    case .contact: "a person's contact details"
    case .personal: "a person's particulars"
    case .street: "a street only"
    case .district: "a ward or district"
    case .staff: "a member of staff"
    case .otherNumber: "another number"
    case .link: "a link or file"
    case .systemLabel: "a label of the coordinates"
    case .statePlane: "State Plane coordinates"
    case .serviceEasting: "the service's easting"
    case .serviceNorthing: "the service's northing"
    }
  }

  /// Why a recognised column is not mapped; empty for those that are.
  var whyNotMapped: String {
    switch self {
    case .notes: "free text is not stored unless the feed is allowed to carry notes"
    case .contact: "contact details are not stored unless the feed is allowed to carry contact"
    case .personal: "a person's particulars are never stored"
    case .street: "a street alone does not tell one address from another"
    case .district: "the areas of the configuration decide, not the list's districts"
    case .staff: "names of staff are not needed"
    case .otherNumber: "another column names the job"
    case .link: "links are not needed"
    case .systemLabel: "a label is a hint only; the values decide"
    case .statePlane: "neither the National Grid nor degrees"
    case .serviceEasting, .serviceNorthing: "the premises' own coordinates are preferred"
    default: ""
    }
  }

  /// The meaning that a heading's words speak for most.
  static func best(for heading: String) -> (meaning: ColumnMeaning, weight: Int)? {
    let words = wordsOfHeading(heading)
    var best: (meaning: ColumnMeaning, weight: Int)?
    for meaning in allCases {
      let weight = meaning.weight(of: words)
      if weight > best?.weight ?? 0 { best = (meaning, weight) }
    }
    return best
  }

  /// How strongly a heading's words speak for this meaning: 0 to 100.
  func weight(of words: [String]) -> Int {
    guard let last = words.last, words.count <= 12 else { return 0 }
    let glued = words.joined()
    var best = 0
    for (phrase, weight) in headingPhrases[self] ?? [] {
      if weight <= best { continue }
      if phrase == words || phrase.joined() == glued {
        best = weight
      } else if phrase.count < words.count, words.contains(phrase),
        phrase.count > 1 || !saysNothingInCompany.contains(phrase[0]),
        !saysWhatItIs.contains(last) || phrase.contains(last)
      {
        // "Incident Address" says "address" with one word more.
        let over = words.count - phrase.count
        best = max(best, weight * max(40, 88 - 12 * over) / 100)
      }
    }
    return best
  }
}

/// Last words that say what the others only describe: an "Address Type" is no address.
private let saysWhatItIs: Set<String> = [
  "type", "uri", "url", "id", "date", "time", "count", "flag", "number", "name", "email", "licence",
]

/// Words that are a heading by themselves and tell nothing as one word of several: a "Site Name" is
/// nobody's name.
private let saysNothingInCompany: Set<String> = [
  "name", "x", "y", "e", "n", "east", "north", "key", "number", "no", "id", "ref", "title", "text",
  "query", "location", "job", "service", "group", "reason", "customer", "resident", "point",
  "position", "where", "house", "road", "area", "zone", "owner", "link", "long", "product",
  "request",
  "item", "contact", "source", "origin", "raised", "opened", "caller", "confirmed", "fixed",
  "closed", "created", "request", "subject", "stage", "state", "time", "date", "reported", "due",
  "property", "premises", "summary", "message", "division", "history", "completed", "finished",
  "reporter", "reference", "kind", "age", "born", "sex",
]
