import Foundation
import Notify
import Storage
import Triage

/// One side of the instance that is looked at.
struct MatterSource: Sendable {
  var look: @Sendable (_ now: Date) async throws -> MatterLook

  init(_ look: @escaping @Sendable (_ now: Date) async throws -> MatterLook) { self.look = look }
}

/// What a look at one side of the instance shows.
struct MatterLook: Sendable {
  /// All that is the matter there now.
  var matters: [Matter] = []
  /// Kinds that cannot be told of now: what is open of them stays as it is.
  var unseen: Set<Matter.Kind> = []

  init(_ matters: [Matter] = [], unseen: Set<Matter.Kind> = []) {
    self.matters = matters
    self.unseen = unseen
  }
}

/// Where matters come from. To have one more said in status, journal and mail: a kind in ``Matter/Kind``, and
/// a source here.
func matterSources(
  _ configuration: Configuration, live: LiveInputs, store: Store, backups: BackupKeeper? = nil,
  retention: RetentionWatch? = nil, audit: AuditWatch? = nil
) -> [MatterSource] {
  let zone = configuration.timeZone
  let retention = retention ?? RetentionWatch(configuration, store)
  return [
    MatterSource { now in registerMatters(await live.inForce(now: now)) },
    MatterSource { now in
      MatterLook(rulesMatters(configuration.rules, on: CivilDay(now, in: zone)))
    },
    MatterSource { now in MatterLook(agreementMatters(configuration, on: CivilDay(now, in: zone)))
    },
    MatterSource { now in MatterLook(teamMatters(configuration.team, on: CivilDay(now, in: zone)))
    },
    MatterSource { _ in MatterLook(try await aliveMatters(store, configuration.alive)) },
    MatterSource { _ in
      let isOpen = try await store.openMatters().contains { $0.matter.kind == .disk }
      return MatterLook(
        diskMatters(left: bytesLeft(at: configuration.state), isOpen: isOpen))
    },
    MatterSource { now in MatterLook(await backups?.matters(now: now) ?? []) },
    MatterSource { [mix = MixWatch(store)] now in
      let mix = try await mix.look(now: now)
      let isOpen = try await store.openMatters().contains { $0.matter.kind == .mix }
      return MatterLook(mixMatters(mix, isOpen: isOpen))
    },
    MatterSource { now in
      let dead = try await store.deadLetters(now: now)
      let lasting = try await store.lastingDeferrals(
        for: configuration.retry.troubleSeconds, now: now)
      return MatterLook(
        deadLetterMatters(dead, configuration)
          + deferralMatters(lasting, CivilWords(zone: zone, now: now)))
    },
    MatterSource { now in try await retention.matters(now: now) },
    MatterSource { _ in auditMatters(await audit?.last?.check) },
  ]
}

/// The mix of opportunities, counted once an hour at most: it takes all of four months.
private actor MixWatch {
  private let store: Store
  private var counted: (mix: Mix, at: Date)?

  init(_ store: Store) { self.store = store }

  func look(now: Date) async throws -> Mix {
    if let counted, (0..<3600).contains(now.timeIntervalSince(counted.at)) { return counted.mix }
    let mix = try await store.mix(now: now)
    counted = (mix, now)
    return mix
  }
}

/// One matter for all shares together: they are of one cause, and the moves of a week are one mail.
/// - Parameter isOpen: whether it is the matter already: then it is over only where every share has come back.
func mixMatters(_ mix: Mix, isOpen: Bool) -> [Matter] {
  let moves = mix.moves(beyond: isOpen ? Mix.pointsBack : Mix.points)
  return moves.isEmpty ? [] : [Matter(.mix, moves.map(\.sentence).joined(separator: " "))]
}

/// A register that is being saved tells nothing, and one that is out of force nothing of its entries.
func registerMatters(_ inputs: LiveInputs.InForce) -> MatterLook {
  if inputs.isRegisterBeingSaved {
    return MatterLook(unseen: [.register, .registerExpired, .registerReview])
  }
  if case .notInForce(let why) = inputs.register {
    return MatterLook(
      [Matter(.register, "\(why) Nothing is announced and nothing can be claimed.")],
      unseen: [.registerExpired, .registerReview])
  }
  func matter(
    _ kind: Matter.Kind, _ rows: [Int], _ latest: CivilDay?, _ one: String, _ several: String
  ) -> [Matter] {
    guard let first = rows.first else { return [] }
    let extent = Matter.Extent(
      count: rows.count, latest: latest?.description ?? "")
    if rows.count == 1 {
      return [
        Matter(
          kind,
          "An entry of the contact register \(one) (row \(first)). It goes on holding until somebody renews "
            + "or removes it.", extent: extent)
      ]
    }
    let listed = rows.prefix(10).map(String.init).joined(separator: ", ")
    return [
      Matter(
        kind,
        "\(rows.count) entries of the contact register \(several) (rows \(listed)"
          + "\(rows.count > 10 ? " and more" : "")). They go on holding until somebody renews or removes them.",
        extent: extent)
    ]
  }
  let due = inputs.registerDue
  return MatterLook(
    matter(.registerExpired, due.expired, due.latestExpired, "has expired", "have expired")
      + matter(
        .registerReview, due.review, due.latestReview, "was to be reviewed by now",
        "were to be reviewed by now"))
}

func rulesMatters(_ rules: Rules, on today: CivilDay) -> [Matter] {
  guard let day = CivilDay(rules.reviewOn), day < today else { return [] }
  return [
    Matter(
      .rulesReview,
      "The rules (version \(rules.version)) were to be reviewed by \(day). They stay in force.")
  ]
}

func agreementMatters(_ configuration: Configuration, on today: CivilDay) -> [Matter] {
  var matters: [Matter] = []
  func say(_ ends: CivilDay?, _ what: String, of whom: String, _ after: String) {
    guard let ends, ends < today.plus(Agreement.warningDays) else { return }
    matters.append(
      ends < today
        ? Matter(.agreementEnded, of: whom, "\(what) of the \(whom) ended on \(ends). \(after)")
        : Matter(
          .agreementEnds, of: whom,
          "\(what) of the \(whom) ends on \(ends). After that day: \(after)"
        ))
  }
  for feed in configuration.feeds {
    guard let agreement = feed.agreement else { continue }
    say(
      agreement.ends, "The agreement \(agreement.reference)", of: "feed \(feed.name)",
      "The feed is paused: it is not polled, and its jobs count for nothing.")
  }
  for agency in configuration.team.agencies {
    let after = "Its people are told of nothing and may claim nothing."
    let ends = agency.agreement?.ends
    // Of the two the one that ends first counts.
    if agency.kind == .enforcement, let exception = agency.exception,
      ends.map({ exception.until < $0 }) ?? true
    {
      say(exception.until, "The signed exception", of: "agency \(agency.name)", after)
    } else if let agreement = agency.agreement {
      say(ends, "The agreement \(agreement.reference)", of: "agency \(agency.name)", after)
    }
  }
  return matters
}

/// People are called by their ids in team.yaml: the journal has no names.
func teamMatters(_ team: Team, on today: CivilDay) -> [Matter] {
  var matters: [Matter] = []
  for member in team.members {
    guard let until = member.until else { continue }
    let leads = team.areas.filter { $0.leaders.contains(member.id) }.map(\.area)
    let isNamed = !leads.isEmpty || team.areas.contains { $0.members.contains(member.id) }
    if isNamed, (today...today.plus(14)).contains(until) {
      matters.append(
        Matter(
          .secondmentEnds, of: member.id,
          "The secondment of \(member.id) ends on \(until). After that day they are told of nothing and may "
            + "claim nothing."))
    } else if until < today, !leads.isEmpty {
      let deputy = member.deputy.flatMap(team.member)
      if deputy.map({ team.isActive($0, on: today) }) == true { continue }
      matters.append(
        Matter(
          .secondmentEnded, of: member.id,
          "The secondment of \(member.id), who leads \(leads.joined(separator: ", ")), ended on \(until), and "
            + "nobody stands in."))
    }
  }
  for area in team.areas where team.leaders(of: area.area, on: today).isEmpty {
    matters.append(
      Matter(
        .leaderless, of: area.area,
        "No leader of the area \(area.area) is there today, and no deputy: nobody is told of its opportunities."
      ))
  }
  return matters
}
