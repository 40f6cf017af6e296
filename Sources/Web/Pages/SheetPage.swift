import Triage

/// To print and take along. Nothing on it says why somebody calls: the lines on letters and pairs stand on every
/// sheet, whatever the register says.
struct SheetPage: PageModel {
  var view: String { "sheet" }
  var isVisit: Bool
  var isJoint: Bool
  var households: [Door]
  var holder: String
  var second: String?
  var made: String
  var hasEmergency: Bool
  var emergency: [Emergency]
  var back: HiddenForm

  struct Door: Sendable {
    var heading: String?
    var address: String
    var postcode: String?
    /// The one thing that is told of an address: nobody is to go there.
    var isForbidden: Bool
  }

  init(_ sheet: VisitSheet, _ speech: Speech, back: HiddenForm) {
    isVisit = sheet.isVisit
    isJoint = sheet.households.count > 1
    households = sheet.households.enumerated().map { at, household in
      let part = HouseholdPart(household, speech, heading: nil)
      return Door(
        heading: sheet.households.count > 1 ? speech.words[.household, at == 0 ? "1" : "2"] : nil,
        address: part.address, postcode: part.postcode,
        isForbidden: household.flags.contains(.doNotContact))
    }
    holder = sheet.holder.name
    second = sheet.second?.name
    made = speech.moment(sheet.made)
    emergency = sheet.emergency.map(Emergency.init)
    hasEmergency = !emergency.isEmpty
    self.back = back
  }
}

/// A note for another agency, inside what the resident agreed to.
struct HandOffPage: PageModel {
  var view: String { "note" }
  var to: String
  var from: String
  var agency: String?
  var made: String
  var jobType: String
  var since: String
  var households: [SheetPage.Door]
  var contact: String?
  var consent: String
  var scope: String
  var wording: String

  init(_ note: HandOffNote, _ speech: Speech) {
    let words = speech.words
    to = note.to
    from = note.from.name
    agency = note.from.agency.isEmpty ? nil : note.from.agency
    made = speech.moment(note.made)
    jobType = note.jobType
    since = speech.day(note.since)
    households = note.households.enumerated().map { at, household in
      let part = HouseholdPart(household, speech, heading: nil)
      return SheetPage.Door(
        heading: note.households.count > 1 ? words[.household, at == 0 ? "1" : "2"] : nil,
        address: part.address, postcode: part.postcode,
        isForbidden: household.flags.contains(.doNotContact))
    }
    contact = note.contact.isEmpty ? nil : note.contact
    let answers = note.consent.answers
    consent = words.filled(
      .consentGiven,
      [
        "day": speech.day(answers.on), "how": words[.how, answers.how.rawValue],
        "name": note.from.name,
      ])
    scope = Agency.Kind.allCases.filter(answers.scope.contains)
      .map { words[.agencies, $0.rawValue] }.joined(separator: ", ")
    wording = answers.wording
  }
}
