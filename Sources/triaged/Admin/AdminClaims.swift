import Foundation
import Storage
import Triage

/// What is asked for with `claims`.
struct ClaimsWish: Codable, Sendable {
  /// An area's id; `nil`: every area.
  var area: String?
}

/// What is asked for with `claims release`.
struct ReleaseWish: Codable, Sendable {
  /// Who asks, for the audit: a user's name on the daemon's machine.
  var by: String
}

extension AdminOffice {
  /// Who holds what until when.
  func claims(area: String?, now: Date) async throws -> ClaimsReport {
    let inputs = await live.inForce(now: now)
    if let area { try known(area: area, inputs) }
    let out = try await store.outings().filter { $0.backAt == nil }
    let held = try await store.openOpportunities().filter {
      $0.state == .claimed && (area == nil || $0.opportunity.area == area)
    }
    return ClaimsReport(
      timeZone: configuration.timeZone.identifier, now: now,
      claims: held.map { stored in
        ClaimsReport.Line(
          stored, areaName: name(of: stored.opportunity.area, inputs), team: configuration.team,
          outUntil: out.filter { $0.opportunity == stored.id }.map(\.backBy).min())
      }.sorted {
        ($0.until ?? .distantFuture, $0.opportunity) < ($1.until ?? .distantFuture, $1.opportunity)
      })
  }

  /// One opportunity: who was told of it, who holds it, and who has seen its details or changed something.
  func claimStory(of id: Int64, now: Date) async throws -> ClaimStory {
    guard let stored = try await store.opportunity(id) else { throw unknown(opportunity: id) }
    let inputs = await live.inForce(now: now)
    let claim: ClaimsReport.Line? =
      stored.state == .claimed
      ? ClaimsReport.Line(
        stored, areaName: name(of: stored.opportunity.area, inputs), team: configuration.team,
        outUntil: nil) : nil
    return ClaimStory(
      timeZone: configuration.timeZone.identifier, now: now, opportunity: id, state: stored.state,
      area: stored.opportunity.area, claim: claim,
      links: try await store.issuedLinks(.opportunity(id)).map { LinksReport.Line($0, now: now) },
      views: try await store.audit(of: id).map(ClaimStory.View.init))
  }

  /// Frees what somebody holds who cannot say so themselves: they are told, and it is open again for others.
  func release(_ id: Int64, by name: String, now: Date) async throws -> Done {
    guard let stored = try await store.opportunity(id) else { throw unknown(opportunity: id) }
    let area = stored.opportunity.area
    guard stored.state == .claimed, let holder = stored.holder else {
      throw AdminRefusal(
        .conflict, "Nobody holds opportunity \(id); it is \(stored.state.rawValue).")
    }
    let today = CivilDay(now, in: configuration.timeZone)
    let inputs = await live.inForce(now: now)
    var change = DeskChange(
      opportunity: id, seen: stored.generation, by: SignedIn.admin, action: .release, now: now,
      mark: AuditMark(command: name),
      leaders: Set(configuration.team.leaders(of: area, on: today).map(\.id)), isByLeader: true,
      undoWindow: configuration.desk.undo)
    if let member = configuration.team.member(holder) {
      let notices = DeskNotices(
        instance: configuration.instance,
        words: CivilWords(zone: configuration.timeZone, now: now),
        newID: { UUID().uuidString.lowercased() })
      change.tells = [
        notices.takenFromYou(
          DeskItem(
            opportunity: id, areaName: self.name(of: area, inputs),
            jobType: stored.opportunity.jobType, offer: stored.opportunity.offer,
            since: stored.opportunity.since),
          by: configuration.admin?.name.isEmpty == false
            ? configuration.admin!.name : "Whoever runs the service", to: member)
      ]
    }
    switch try await store.change(change) {
    case .done:
      let told = change.tells.isEmpty ? "" : "; they are told by mail"
      return Done(
        done: "Opportunity \(id), which \(holder) held, is open again for others\(told).")
    case .refused:
      throw AdminRefusal(
        .conflict, "Something has changed at opportunity \(id) just now; look again: triaged claims"
      )
    }
  }

  private func name(of area: String, _ inputs: LiveInputs.InForce) -> String {
    inputs.areas.first { $0.id == area }?.name ?? area
  }
}

/// What is held, for a person at a terminal and for scripts. No address is in it: places are told by street.
struct ClaimsReport: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  /// Those whose time ends first come first.
  var claims: [Line]

  struct Line: Codable, Hashable {
    var opportunity: Int64
    var area: String
    /// "Mill Lane, NG17".
    var whereabouts: String
    var jobType: String
    /// Members' ids; whoever goes along.
    var holder: String
    var second: String?
    /// The holder is in team.yaml.
    var isInTeam: Bool
    var since: Date?
    /// The end of the lease.
    var until: Date?
    /// The civil day (`yyyy-MM-dd`) before which nothing is due.
    var snoozedUntil: String?
    /// When somebody who is out on a visit there is to be back.
    var outUntil: Date?
  }

  var plainText: String {
    if claims.isEmpty { return "Nobody holds anything." }
    let words = words(of: timeZone, at: now)
    return claims.map { $0.text(words, now: now) }.joined(separator: "\n")
  }
}

extension ClaimsReport.Line {
  init(_ stored: StoredOpportunity, areaName: String, team: Team, outUntil: Date?) {
    let opportunity = stored.opportunity
    self.opportunity = stored.id
    area = opportunity.area
    whereabouts = Triage.whereabouts(
      street: opportunity.street, outwardCode: opportunity.place.outwardCode, otherwise: areaName)
    jobType = opportunity.jobType
    holder = stored.holder ?? ""
    second = stored.claim?.second
    isInTeam = stored.holder.flatMap(team.member) != nil
    since = stored.claimedAt
    until = stored.claim?.until
    snoozedUntil = stored.claim?.snoozedUntil?.description
    self.outUntil = outUntil
  }

  fileprivate func text(_ words: CivilWords, now: Date) -> String {
    var parts = ["\(opportunity) (\(area)): \(jobType), \(whereabouts): \(holder)"]
    if !isInTeam { parts[0] += " (not in team.yaml any more)" }
    if let second { parts[0] += " with \(second)" }
    if let since { parts.append("since \(words.moment(since))") }
    if let until { parts.append("until \(words.fullMoment(until))") }
    if let day = snoozedUntil.flatMap({ CivilDay($0) }) {
      parts.append("put off to \(day.inWords)")
    }
    if let outUntil {
      parts.append(
        outUntil < now
          ? "NOT BACK from the visit, due \(words.moment(outUntil))"
          : "out until \(words.moment(outUntil))")
    }
    return parts.joined(separator: ", ")
  }
}

/// Who was told of one opportunity, who holds it, and who has seen its details.
struct ClaimStory: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  var opportunity: Int64
  var state: OpportunityState
  var area: String
  /// While it is held.
  var claim: ClaimsReport.Line?
  /// To whom links were sent.
  var links: [LinksReport.Line]
  /// The rows of the audit, the oldest first: who has opened the details or changed something, or tried to.
  var views: [View]

  struct View: Codable, Hashable {
    var at: Date
    /// A member's id; `(admin)` for whoever runs the service; empty for what happens by itself, or for a name that
    /// nobody has.
    var who: String
    /// `claim` opens the details, `sheet`, `calendar` and `hand-off` are papers with them.
    var action: String
    /// `ok`, or why not.
    var result: String
    /// `link 12`, `session …`, `proxy`, `command by …` or `desk`.
    var via: String
    /// `public`, `private`, `this machine` or `unknown`.
    var network: String

    init(_ row: AuditRow) {
      at = row.at
      who = row.actor
      action = row.action
      result = row.result
      via = row.mark.via
      network = row.mark.network
    }
  }

  var plainText: String {
    let words = words(of: timeZone, at: now)
    var lines = ["Opportunity \(opportunity) in \(area): \(state.rawValue)."]
    if let claim { lines.append("Held: \(claim.text(words, now: now))") }
    lines.append("")
    lines.append(links.isEmpty ? "No link was sent." : "Links were sent to:")
    lines += links.map { "  " + $0.text(words) }
    lines.append("")
    lines.append(
      views.isEmpty
        ? "Nobody has opened its details." : "Who has opened its details or changed something:")
    lines += views.map { view in
      let who = view.who.isEmpty ? "(nobody)" : view.who
      return
        "  \(words.fullMoment(view.at)): \(who), \(view.action), \(view.result), by \(view.via) from "
        + "\(view.network)"
    }
    return lines.joined(separator: "\n")
  }
}
