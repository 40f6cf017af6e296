/// A page with nothing to fill in: what happened, and what happens next.
struct NoticePage: PageModel {
  var view: String { notice.rawValue }
  let notice: Notice
  var name: String?
  var moment: String?
  /// A limit.
  var count: String?
  /// The link to go on with, where there is one.
  var back: String?
  /// The same by a form, for the holder's own page.
  var reopen: HiddenForm?
  var undo: UndoForm?
  /// A note for another agency, where there is consent.
  var handOff: HiddenForm?
  var withdraw: HiddenForm?
  /// For who is out on a visit still.
  var out: Out?
  /// For who recorded it, to open it again.
  var mine: NamedForm?

  init(
    _ notice: Notice, name: String? = nil, moment: String? = nil, count: String? = nil,
    back: String? = nil, reopen: HiddenForm? = nil
  ) {
    self.notice = notice
    self.name = name
    self.moment = moment
    self.count = count
    self.back = back
    self.reopen = reopen
  }

  /// The way to say that they are back.
  struct Out: Sendable {
    /// When they want to be.
    var by: String
    var form: HiddenForm
  }
}

/// Undoes the last change.
struct UndoForm: Sendable {
  /// The time until which it can be.
  var until: String
  var form: HiddenForm
}

/// A form in which a name is picked.
struct NamedForm: Sendable {
  var form: HiddenForm
  var fields: [Field]
  var problems: [FieldProblem]

  init(_ form: HiddenForm, _ fields: [Field]) {
    self.form = form
    self.fields = fields.map(\.described)
    problems = FieldProblem.all(of: fields)
  }
}

/// Everything that a person may be told. Each has its words, `notice.NAME.…`.
enum Notice: String, CaseIterable {
  /// After a change.
  case undone, released, recorded, recordedPrivately, passed, declined, consentWithdrawn
  /// Who set out, or is back, where the holder's page cannot be shown.
  case setOut, backFromVisit
  /// To who leads the area, or has recorded it and left: it can be taken back.
  case consentStands
  /// A change that could not be.
  case heldByOther, withdrawn, done, stale, staleOffer, notInTeam, onHold, tooMany, tooManyTogether
  case askedFirst, pinLocked, passedEnough, triedEnough, notThatDay, outsideConsent, notUndoable
  case noteMade, forbidden, noRoom
  /// A link or an address that leads nowhere.
  case noSuchLink, noSuchPage, wrongMethod
  /// A form that was not looked at.
  case oldForm, foreignForm, badForm
  case tooOften
  case failed
  /// At the way in to the board, and behind it.
  case signInSent, badSignInLink, notSignedIn, signedOut, everybodySignedOut, notYours
}
