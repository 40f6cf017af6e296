import FlareImport
import Triage

/// What a column of a list can be mapped to, and who sees it at which stage.
enum ListField: String, CaseIterable, Codable {
  case reference, received, due, closed, updated, status, jobClass, type, address, postcode, uprn,
    coordinates, caller, notes, contact, otherParty

  /// The headings of the list that feed it; empty: none is mapped.
  func headings(in map: ColumnMap) -> [String] {
    switch self {
    case .reference: map.reference.isEmpty ? [] : [map.reference]
    case .received: map.received
    case .due: map.due
    case .closed: map.closed
    case .updated: map.updated
    case .status: one(map.status)
    case .jobClass: one(map.jobClass)
    case .type: one(map.type)
    case .address: map.address
    case .postcode: one(map.postcode)
    case .uprn: one(map.uprn)
    case .coordinates: one(map.x) + one(map.y) + one(map.point)
    case .caller: one(map.callerType)
    case .notes: one(map.notes)
    case .contact: one(map.contact)
    case .otherParty: one(map.otherUPRN) + map.otherAddress + one(map.otherPostcode)
    }
  }

  private func one(_ heading: String?) -> [String] { heading.map { [$0] } ?? [] }

  var inWords: String {
    switch self {
    case .reference: "Reference of the job"
    case .received: "When it was received"
    case .due: "When it is due"
    case .closed: "When it was closed"
    case .updated: "When it was changed last"
    case .status: "Status"
    case .jobClass: "Class"
    case .type: "Kind of job"
    case .address: "Address"
    case .postcode: "Postcode"
    case .uprn: "UPRN"
    case .coordinates: "Coordinates"
    case .caller: "Who raised it (a role)"
    case .notes: "Notes"
    case .contact: "Name, telephone, mail address of the resident"
    case .otherParty: "Whom a complaint is about"
    }
  }

  /// Which kind of personal data it is kept as.
  var personal: PersonalField {
    switch self {
    case .reference, .received, .due, .closed, .updated, .status, .jobClass, .type, .caller: .job
    case .address, .postcode, .uprn, .coordinates: .place
    case .notes: .notes
    case .contact: .contact
    case .otherParty: .otherParty
    }
  }

  /// Whether it is kept at all: some only where the list may carry it.
  func isKept(_ settings: FeedSettings) -> Bool {
    switch self {
    case .notes: settings.carryNotes
    case .contact: settings.carryContact
    default: true
    }
  }

  struct Stages: Codable, Hashable {
    var mail: String
    /// On the page of a link, before a claim.
    var page: String
    /// After a claim, to the holder.
    var claimed: String
  }

  var stages: Stages {
    switch self {
    case .reference, .due, .updated, .caller:
      Stages(mail: "no", page: "no", claimed: "no")
    case .received: Stages(mail: "as its age", page: "as its age", claimed: "the day")
    case .closed: Stages(mail: "no", page: "no", claimed: "the day")
    case .status: Stages(mail: "no", page: "no", claimed: "open, closed or off the list")
    case .jobClass, .type:
      Stages(mail: "the kind in plain words", page: "the same", claimed: "the same")
    case .address:
      Stages(mail: "the street without a number", page: "the same", claimed: "in full")
    case .postcode: Stages(mail: "its first half", page: "the same", claimed: "in full")
    case .uprn: Stages(mail: "no", page: "no", claimed: "in full")
    case .coordinates:
      Stages(
        mail: "a square of fifty metres or more", page: "a square of 200 metres, to leaders",
        claimed: "no")
    case .notes, .contact: Stages(mail: "no", page: "no", claimed: "in full")
    case .otherParty: Stages(mail: "no", page: "no", claimed: "no")
    }
  }
}
