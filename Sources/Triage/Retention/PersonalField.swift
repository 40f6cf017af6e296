/// A kind of personal data that is kept. Of columns that hold none nothing is said.
package enum PersonalField: String, CaseIterable, Codable, Hashable, Sendable {
  /// Where somebody lives.
  case place
  /// What the council's job says of a household.
  case job
  case notes
  case contact
  /// Who the other party of a complaint is, as a fingerprint of the address.
  case otherParty = "other_party"
  /// Who was erased, as a fingerprint that only this instance's key makes.
  case erased
  /// Why an address comes up: points, sentences, the band.
  case reason
  /// What came of a visit, and what was agreed to.
  case outcome
  /// Which member of the team did something.
  case member
  /// Where somebody of the team is or will be.
  case whereabouts
  /// What somebody of the team has written.
  case remark
  /// The address of a mailbox, or whose it is.
  case recipient
  /// The text of a mail.
  case mail
  /// What another mail system answered.
  case answer
  /// By which link or session, and from which kind of network.
  case access
  /// Fingerprints of secrets.
  case secret
}

extension PersonalField {
  package enum Whose: String, Codable, Hashable, Sendable {
    case residents, team
  }

  package var whose: Whose {
    switch self {
    case .place, .job, .notes, .contact, .otherParty, .erased, .reason, .outcome: .residents
    case .member, .whereabouts, .remark, .recipient, .mail, .answer, .access, .secret: .team
    }
  }

  /// "Address, postcode, UPRN and coordinates".
  package var inWords: String {
    switch self {
    case .place: "address, postcode, UPRN and coordinates of a dwelling"
    case .job: "the council's job: reference, class, kind, status, who raised it, dates, list"
    case .notes: "notes of the job, where a list may carry them"
    case .contact: "name, telephone and mail address of a resident, where a list may carry them"
    case .otherParty: "fingerprint of the address that a complaint is about"
    case .erased: "fingerprint, by a key, of an address or reference that was erased"
    case .reason: "points and sentences that say why an address comes up"
    case .outcome: "what came of a visit, and the consent: to whom, on which day, how"
    case .member: "id of the member of the team who did something, or to whom it was sent"
    case .whereabouts: "when a member set out, wants to be back, plans the next visit"
    case .remark: "a reason that a member of the team has written"
    case .recipient: "mail address of a member of the team or the admin"
    case .mail:
      "text of a mail to the team or the admin, or what goes into one: number, area, street, kind of job, who holds it; no "
        + "house number of a resident"
    case .answer: "what another mail system answered, which may name a mailbox"
    case .access: "through which link or session, what, from which kind of network"
    case .secret: "SHA-256 of links and sessions"
    }
  }

  package var purpose: String {
    switch self {
    case .place:
      "to find the pilot area, to know jobs of one address as such, to ask the contact register, to visit"
    case .job: "to find a natural reason to call, and when it is over"
    case .notes: "to know what was asked for, before a visit"
    case .contact: "to call before a visit"
    case .otherParty: "to know complaints that go both ways, by comparing it"
    case .erased: "that who was erased comes back by no list and no backup"
    case .reason: "to put the most pressing first, and to say why"
    case .outcome: "not to call twice, to pass on only what was agreed to, to take it back"
    case .member: "exactly one holder, undo, who is asked next, who answers for it"
    case .whereabouts: "to notice that somebody has not come back"
    case .remark: "that others understand what was done"
    case .recipient: "to deliver the mail"
    case .mail: "to deliver it, with the same words at every attempt"
    case .answer: "to see why a mail was not delivered"
    case .access: "to say afterwards who looked at or changed what"
    case .secret: "to know a link or session again; the link itself is not kept"
    }
  }

  /// Who gets to see it, beside whoever may read the files of the daemon's user.
  package var seenBy: String {
    switch self {
    case .place:
      "the holder, in full; those who lead the area and whoever has a link: the street and the outward postcode"
    case .job:
      "those who lead the area and whoever has a link: kind, age; the holder: the year's jobs with date and status"
    case .notes, .contact: "the holder"
    case .otherParty, .erased: "nobody"
    case .reason: "those who lead the area and whoever has a link"
    case .outcome:
      "whoever recorded it, a later holder at the address where the consent reaches their agency, the agency to which "
        + "a note is handed; for the rest that it is done"
    case .member: "those who lead the area, whoever has a link, the administrator"
    case .whereabouts: "those who lead the area, the duty mailbox where they are late"
    case .remark: "those who lead the area, the administrator"
    case .recipient, .answer, .access: "the administrator"
    case .mail: "whoever it is sent to"
    case .secret: "nobody"
    }
  }
}
