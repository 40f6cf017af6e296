import Foundation
import Logging
import Notify
import Storage
import Triage

/// The way in to the board: links by mail, sessions, and the names that a trusted proxy gives.
struct BoardDoor: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let links: Links
  let logger: Logger
  let pace: SteadyPace
  let clock: @Sendable () -> Date

  /// Seconds for which a link is good (OWASP ASVS 5.0, 6.5.5).
  static let linkLifetime = 600.0

  // MARK: - Links

  /// Says the same, and takes as long, whether or not the address is somebody's who may come in: also where the
  /// mail could not be written down, which the journal tells.
  func ask(_ email: String, browser: String?, _ visitor: Visitor) async throws -> String {
    let browser = browser ?? Links.newSecret()
    try await pace.run {
      do {
        try await owe(email, browser)
      } catch {
        logger.error(
          "A link to sign in could not be written down; who asked for it gets no mail.",
          metadata: ["error": "\(type(of: error))"])
      }
    }
    return browser
  }

  private func owe(_ email: String, _ browser: String) async throws {
    let now = clock()
    let found = await person(email: email, now: now)
    // The store is asked for nobody too, and writes as much: how busy it is must not tell who may come in.
    let person = found ?? Addressee(member: nil, email: "(nobody)", channel: "(none)")
    let id = UUID().uuidString.lowercased()
    let until = now.addingTimeInterval(BoardDoor.linkLifetime)
    let isOwed = try await store.oweSignIn(
      hash: Links.hash(links.signInToken(notice: id)), member: person.member,
      askedBy: Links.hash(browser), notice: mail(id, person, until: until, now: now),
      expires: until, now: now)
    if found == nil {
      logger.notice("A link to sign in was asked for an address of nobody who may come in.")
    } else if isOwed {
      logger.notice("A link to sign in was asked for; it is owed.", metadata: ["notice": "\(id)"])
    } else {
      logger.warning("Links to sign in were asked for too often for one member; none is sent.")
    }
  }

  /// The mail without its link: that is made when it is sent.
  private func mail(_ id: String, _ person: Addressee, until: Date, now: Date) -> Notice {
    let end = CivilWords(zone: configuration.timeZone, now: now).clock(until)
    return Notice(
      id: id, recipient: person.email, channel: person.channel, subject: "Your link to sign in",
      paragraphs: [
        "Somebody has asked for a link to sign in to \(configuration.mail.serviceName) with this address.",
        "If it was you, open the link and press its button before \(end). It can be used once, by you alone: "
          + "please do not pass it on.",
        "If it was not you, there is nothing to do: nobody comes in without the link.",
      ], created: now)
  }

  /// - Throws: ``BoardError/badLink``, whatever is the matter with it.
  func look(_ token: String) async throws -> SignInLink {
    let now = clock()
    guard let link = try await store.signIn(hash: Links.hash(token)),
      let person = await holder(of: link, now: now)
    else { throw BoardError.badLink }
    return SignInLink(name: person.name, until: link.expires)
  }

  /// Whom a link lets in now.
  private func holder(of link: StoredSignIn, now: Date) async -> SignedIn? {
    link.isGood(at: now) ? await signedIn(link.member, session: "", now: now) : nil
  }

  func enter(_ token: String, _ press: SignInPress, _ visitor: Visitor) async throws -> NewSession {
    let now = clock()
    // Of a link that never was there is nothing to tell but that somebody guesses (``Web/RequestLimits``).
    guard let link = try await store.signIn(hash: Links.hash(token)) else {
      throw BoardError.badLink
    }
    guard let person = await holder(of: link, now: now) else {
      throw try await refused(.badLink, link, token, visitor, now)
    }
    // Bound to the request for it (OWASP ASVS 5.0, 6.6.2); mails are read on other devices too, and there whose link it
    // is says what a machine that opens mails does not type.
    let isSameBrowser = press.browser.map(Links.hash) == link.askedBy
    guard isSameBrowser || plainEmail(press.email) == email(of: person) else {
      throw try await refused(.needsAddress, link, token, visitor, now)
    }
    let secret = Links.newSecret()
    guard
      try await store.enter(
        link: Links.hash(token), session: Links.hash(secret),
        former: press.former.map(Links.hash),
        audit: row(
          "sign-in", person, session: hexadecimal(Links.hash(secret)), visitor.network, now),
        now: now) != nil
    else { throw try await refused(.badLink, link, token, visitor, now) }
    logger.notice("Somebody has signed in.")
    return NewSession(
      secret: secret, until: now.addingTimeInterval(BoardDoor.sessionLimits.whole))
  }

  /// Whose link it is, and never what was typed.
  private func refused(
    _ error: BoardError, _ link: StoredSignIn, _ token: String, _ visitor: Visitor, _ now: Date
  ) async throws -> BoardError {
    let hash = hexadecimal(Links.hash(token)).prefix(12)
    try await store.audit(
      AuditRow(
        at: now, actor: link.member,
        mark: AuditMark(via: "sign-in link \(hash)", network: visitor.network.rawValue),
        action: "sign-in", opportunity: nil, result: error.name))
    return error
  }

  private func row(
    _ action: String, _ person: SignedIn, session: String, _ network: Visitor.Network, _ now: Date
  ) -> AuditRow {
    var person = person
    (person.session, person.network) = (session, network)
    return AuditRow(
      at: now, actor: person.member, mark: AuditMark(person), action: action, opportunity: nil)
  }

  private func email(of person: SignedIn) -> String? {
    person.member == SignedIn.admin
      ? configuration.admin.map { plainEmail($0.email) }
      : configuration.team.member(person.member).map { plainEmail($0.email) }
  }

  // MARK: - Sessions

  static let sessionLimits = SessionLimits()

  func who(_ secret: String?, _ visitor: Visitor) async throws -> SignedIn {
    let now = clock()
    if let member = visitor.proxyMember {
      // A proxy speaks of members alone; the admin's own word is no name of anybody.
      guard member != SignedIn.admin,
        var person = await signedIn(member, session: "proxy:\(member)", now: now)
      else {
        let isOurs = configuration.team.member(member) != nil
        try await store.audit(
          AuditRow(
            at: now, actor: isOurs ? member : "(nobody)",
            mark: AuditMark(via: "proxy", network: visitor.network.rawValue), action: "sign-in",
            opportunity: nil, result: BoardError.notYours.name))
        throw BoardError.notYours
      }
      person.network = visitor.network
      return person
    }
    guard let secret else { throw BoardError.signedOut }
    let hash = Links.hash(secret)
    guard
      let session = try await store.session(hash: hash, limits: BoardDoor.sessionLimits, now: now)
    else { throw BoardError.signedOut }
    guard var person = await signedIn(session.member, session: hexadecimal(hash), now: now) else {
      try await store.end(
        session: hash, .noLeader,
        audit: AuditRow(
          at: now, actor: session.member,
          mark: AuditMark(
            via: "session \(hexadecimal(hash).prefix(12))", network: visitor.network.rawValue),
          action: "sign-out", opportunity: nil, result: BoardError.notYours.name), now: now)
      throw BoardError.signedOut
    }
    person.network = visitor.network
    return person
  }

  func leave(_ secret: String) async throws {
    let (hash, now) = (Links.hash(secret), clock())
    let member = try await store.session(hash: hash, now: now)?.member
    try await store.end(
      session: hash, .signedOut,
      audit: member.map {
        AuditRow(
          at: now, actor: $0,
          mark: AuditMark(via: "session \(hexadecimal(hash).prefix(12))"), action: "sign-out",
          opportunity: nil)
      }, now: now)
    logger.notice("Somebody has signed out.")
  }

  func signEverybodyOut(by person: SignedIn) async throws -> Int {
    let now = clock()
    guard person.isAdmin else {
      try await store.audit(person.refusedAudit("sign-everybody-out", now))
      throw BoardError.notYours
    }
    let count = try await store.signEverybodyOut(
      audit: AuditRow(
        at: now, actor: person.member, mark: AuditMark(person), action: "sign-everybody-out",
        opportunity: nil), now: now)
    logger.notice("Everybody was signed out by the admin.", metadata: ["sessions": "\(count)"])
    return count
  }

  // MARK: - People

  private struct Addressee {
    /// A member's id, or the admin's; `nil`: nobody's.
    var member: String?
    var email: String
    var channel: String
  }

  /// Who is let in by that address today: somebody who leads an area, or stands in for who does, else the admin.
  private func person(email: String, now: Date) async -> Addressee? {
    let email = plainEmail(email)
    for member in configuration.team.members where plainEmail(member.email) == email {
      if await signedIn(member.id, session: "", now: now) != nil {
        return Addressee(member: member.id, email: member.email, channel: member.channel)
      }
    }
    guard let admin = configuration.admin, plainEmail(admin.email) == email else { return nil }
    return Addressee(member: SignedIn.admin, email: admin.email, channel: admin.channel)
  }

  /// - Returns: `nil` for whoever leads nothing today and is not the admin.
  private func signedIn(_ id: String, session: String, now: Date) async -> SignedIn? {
    if id == SignedIn.admin {
      return configuration.admin.map { admin in
        SignedIn(
          member: id, name: admin.name.isEmpty ? "Admin" : admin.name, areas: [], isAdmin: true,
          session: session)
      }
    }
    let today = CivilDay(now, in: configuration.timeZone)
    guard let member = configuration.team.member(id), configuration.team.isActive(member, on: today)
    else { return nil }
    let names = await live.inForce(now: now).areas
    let areas = configuration.team.areas.filter {
      configuration.team.leads(id, in: $0.area, on: today)
    }.map { area in
      SignedIn.Area(id: area.area, name: names.first { $0.id == area.area }?.name ?? area.area)
    }
    let isAdmin = configuration.admin.map { plainEmail($0.email) } == plainEmail(member.email)
    guard isAdmin || !areas.isEmpty else { return nil }
    return SignedIn(
      member: id, name: member.name, areas: areas, isAdmin: isAdmin, session: session)
  }
}

/// An address as it is compared: people write the same one in several ways.
private func plainEmail(_ text: String) -> String {
  text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
}

extension BoardError {
  /// For the audit.
  var name: String {
    switch self {
    case .signedOut: "signed out"
    case .badLink: "bad link"
    case .needsAddress: "needs address"
    case .notYours: "not theirs"
    case .onHold: "on hold"
    }
  }
}

extension SignedIn {
  /// A row for what was asked for and is not theirs.
  func refusedAudit(_ action: String, _ now: Date) -> AuditRow {
    AuditRow(
      at: now, actor: member, mark: AuditMark(self), action: action, opportunity: nil,
      result: BoardError.notYours.name)
  }
}
