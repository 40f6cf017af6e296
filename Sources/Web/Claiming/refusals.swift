import HTTPTypes
import Triage

/// From why the desk refuses to a page with a next step.
extension ClaimRoom {
  /// - Parameter press: `nil`: the link was only looked at.
  func refusal(_ error: ClaimError, _ token: String, _ press: Press?) -> Page {
    // Who came from the holder's page goes back to it, without picking a name again.
    let reopen = press.flatMap { $0.isProven ? reopening($0) : nil }
    func notice(
      _ status: HTTPResponse.Status, _ notice: Notice, name: String? = nil, moment: String? = nil,
      count: String? = nil, isTheirs: Bool = false
    ) -> Page {
      let back = isTheirs ? reopen : nil
      return Page(
        status,
        NoticePage(
          notice, name: name, moment: moment, count: count, back: back == nil ? path(token) : nil,
          reopen: back))
    }
    switch error {
    case .heldBy(let name, let since):
      return Page(
        .conflict,
        NoticePage(.heldByOther, name: name, moment: speech.moment(since), back: path(token)))
    case .withdrawn: return Page(.gone, NoticePage(.withdrawn))
    case .done(let name, let at):
      // The outcome that somebody sends twice is recorded, and that is all that they want to know.
      let isFine = press == nil || press?.action == .outcome || press?.action == .open
      return Page(
        isFine ? .ok : .conflict, NoticePage(.done, name: name, moment: speech.moment(at)))
    // The two are told alike, so that nobody learns which links have existed.
    case .unknown, .expired: return Page(.notFound, NoticePage(.noSuchLink))
    case .stale:
      return notice(
        .conflict, press?.action == .claim || press?.action == .open ? .staleOffer : .stale)
    case .notInTeam: return notice(.forbidden, .notInTeam)
    case .tooMany(let limit, let agency):
      return notice(
        .conflict, agency == nil ? .tooMany : .tooManyTogether, name: agency,
        count: words.counted(limit, .offers))
    case .onHold: return notice(.serviceUnavailable, .onHold)
    case .noRoom: return notice(.serviceUnavailable, .noRoom)
    case .askedFirst(let name, let until):
      return notice(.conflict, .askedFirst, name: name, moment: speech.moment(until))
    // The two are told on the page of the offer, where they can be.
    case .needsSecond: return notice(.unprocessableContent, .stale)
    case .wrongPIN: return notice(.forbidden, .stale)
    case .pinLocked: return Page(.forbidden, NoticePage(.pinLocked))
    case .passedEnough(let leaders):
      return notice(
        .conflict, .passedEnough, name: leaders.joined(separator: ", "), isTheirs: true)
    case .triedEnough: return notice(.conflict, .triedEnough, isTheirs: true)
    case .notThatDay: return notice(.unprocessableContent, .notThatDay, isTheirs: true)
    case .outsideConsent(let agency):
      return notice(.forbidden, .outsideConsent, name: agency, isTheirs: true)
    case .notUndoable: return notice(.conflict, .notUndoable, isTheirs: true)
    case .noteMade: return notice(.conflict, .noteMade, isTheirs: true)
    case .forbidden: return notice(.conflict, .forbidden, isTheirs: true)
    }
  }
}
