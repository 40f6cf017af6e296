import FlareImport
import Foundation
import Storage
import Triage

/// Tries rules on the history that is stored. One question at a time, on a thread of its own, so that neither
/// the poll loop nor a page waits for it. Records nothing.
actor RuleReplayer {
  private let executor = SerialQueueExecutor(label: "triaged.replay")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let judging: Judging
  /// One answer holds the jobs of more than a year in memory.
  private let answering = OneAtATime()

  init(_ configuration: Configuration, store: Store, live: LiveInputs) {
    self.configuration = configuration
    self.store = store
    self.live = live
    judging = Judging(configuration)
  }

  /// - Throws: ``AdminRefusal`` where it cannot be asked like that; what the store throws.
  func answer(_ wish: ReplayRulesWish, now: Date) async throws -> ReplayAnswer {
    await answering.enter()
    defer { answering.leave() }
    guard (1...ReplayRulesWish.mostDays).contains(wish.days) else {
      throw AdminRefusal(
        .misuse, "A replay goes over 1 to \(ReplayRulesWish.mostDays) days.")
    }
    let inputs = await live.inForce(now: now)
    if let area = wish.area, !inputs.areas.contains(where: { $0.id == area }) {
      let nearest = nearest(to: area, among: inputs.areas.map(\.id))
      throw AdminRefusal(
        .unknown,
        "There is no area '\(area)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "."))
    }
    guard case .inForce(let register) = inputs.register else {
      throw AdminRefusal(
        .conflict,
        "The contact register is not in force, so that nothing can be replayed: streets of people who "
          + "are not to be contacted would be listed. See 'triaged status'.")
    }
    let asked = try asked(wish)
    var answer = ReplayAnswer()
    guard let rules = read(wish, inputs, into: &answer) else { return answer }
    let days = days(wish.days, now: now)
    let known = try await store.known(
      since: now.addingTimeInterval(-Double(365 + wish.days) * 86_400),
      weekStart: weekStart(of: now, in: configuration.timeZone))
    let jobs = judging.relocated(known.jobs, inputs.index)
    let told = replay(
      ReplayInput(
        jobs: jobs, inForce: configuration.rules, new: rules,
        register: register, team: configuration.team, days: days,
        answered: known.past.answered, shadowFeeds: configuration.shadowFeeds,
        endedFeeds: configuration.endedFeeds(on: days[days.count - 1].day), asked: asked))
    if asked != nil, told.courses == nil {
      throw AdminRefusal(
        .unknown, "No job in an area is known at that address, so there is nothing to replay.")
    }
    answer.told = self.told(told, rules, jobs, days, inputs, wish)
    return answer
  }

  private func asked(_ wish: ReplayRulesWish) throws -> AddressKey? {
    if let uprn = wish.uprn {
      guard let digits = normalisedUPRN(uprn) else {
        throw AdminRefusal(.misuse, "A UPRN has up to twelve digits.")
      }
      return AddressKey(text: "uprn:" + digits)
    }
    guard let address = wish.address else { return nil }
    guard let key = AddressKey(Place(address: address)) else {
      throw AdminRefusal(
        .misuse,
        "That address cannot be told apart from others: number, street and postcode are wanted.")
    }
    return key
  }

  private func read(
    _ wish: ReplayRulesWish, _ inputs: LiveInputs.InForce, into answer: inout ReplayAnswer
  ) -> Rules? {
    let problems = ProblemList()
    let rules = Section.parse(wish.rules, file: wish.file, problems: problems)
      .map(readRules(in:))
    for area in rules?.overrides.map(\.area) ?? []
    where !inputs.areas.contains(where: { $0.id == area }) {
      problems.add(
        wish.file, "The rules name the area '\(area)', which no boundary file has.")
    }
    for problem in problems.sorted {
      if problem.severity == .error {
        answer.errors.append(problem.description)
      } else {
        answer.warnings.append(problem.description)
      }
    }
    return problems.hasErrors ? nil : rules
  }

  /// Each at the civil time that it is now, so that the last is a pass of this moment.
  private func days(_ count: Int, now: Date) -> [ReplayInput.Day] {
    let zone = configuration.timeZone
    let today = CivilDay(now, in: zone)
    let local = now.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: now))
    let minutes = Int(local - Double(today.number) * 86_400) / 60
    return (1..<max(count, 1)).reversed().map { back in
      let day = today.plus(-back)
      return ReplayInput.Day(day: day, moment: day.instant(minutes: minutes, in: zone))
    } + [ReplayInput.Day(day: today, moment: now)]
  }

  private func told(
    _ replay: Replay, _ rules: Rules, _ jobs: [Job], _ days: [ReplayInput.Day],
    _ inputs: LiveInputs.InForce, _ wish: ReplayRulesWish
  ) -> ReplayAnswer.Told {
    let (first, last) = (days[0], days[days.count - 1])
    let changes = replay.changes.filter { wish.area == nil || $0.area == wish.area }
    var listed: [ReplayAnswer.Change] = []
    for what in Replay.Change.What.allCases {
      listed += changes.filter { $0.what == what }.prefix(ReplayAnswer.most).map { change in
        ReplayAnswer.Change(
          what: what, area: change.area,
          whereabouts: whereabouts(
            street: change.place.street, outwardCode: change.place.outwardCode,
            otherwise: "somewhere in it"),
          jobType: change.jobType, inForce: change.inForce, new: change.new)
      }
    }
    let within = jobs.filter { job in
      job.received.map { $0 <= last.moment } ?? true
    }
    return ReplayAnswer.Told(
      inForce: configuration.rules.version, new: rules.version, from: first.day.description,
      until: last.day.description,
      clock: CivilDates(zone: configuration.timeZone).clock(last.moment), area: wish.area,
      jobs: within.count,
      closed: within.count { job in
        [job.closed, job.gone].compactMap(\.self).contains { $0 > first.moment }
      }, hasRegister: inputs.register.register != nil,
      counts: Dictionary(grouping: changes, by: \.what.rawValue).mapValues(\.count),
      same: wish.area.map { replay.same[$0, default: 0] } ?? replay.same.values.reduce(0, +),
      changes: listed,
      weeks: replay.weeks.filter { wish.area == nil || $0.area == wish.area }.map {
        .init(
          monday: $0.monday.description, days: $0.days, area: $0.area, capacity: $0.capacity,
          inForce: $0.inForce, new: $0.new)
      },
      course: replay.courses.map {
        .init(inForce: .init($0.inForce), new: .init($0.new))
      })
  }
}
