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

  init(
    _ notice: Notice, name: String? = nil, moment: String? = nil, count: String? = nil,
    back: String? = nil
  ) {
    self.notice = notice
    self.name = name
    self.moment = moment
    self.count = count
    self.back = back
  }
}

/// Everything that a person may be told. Each has its words, `notice.NAME.…`.
enum Notice: String, CaseIterable {
  /// After a change.
  case undone, released, recorded, recordedPrivately
  /// A change that could not be.
  case heldByOther, withdrawn, done, stale, staleOffer, notInTeam, onHold, tooMany, tooManyTogether
  /// A link or an address that leads nowhere.
  case noSuchLink, noSuchPage, wrongMethod
  /// A form that was not looked at.
  case oldForm, foreignForm, badForm
  case failed
  /// At the way in to the board, and behind it.
  case signInSent, badSignInLink, notSignedIn, signedOut, everybodySignedOut, notYours
}
