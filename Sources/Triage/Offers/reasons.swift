import Foundation

extension AddressJudge {
  /// A judgement with its sentences. The moment is the one that it was judged at, and its cluster the one that
  /// was judged last or with the same moment.
  package func opportunity(_ judged: JudgedAddress, at moment: Date) -> Opportunity {
    let now = moment.timeIntervalSinceReferenceDate
    let trigger = book.jobs[judged.trigger]
    let reasons = reasons(judged, now)
    guard let second = judged.second, let reciprocity = judged.reciprocity else {
      let type = input.rules.types[readings.type[judged.trigger]]
      return Opportunity(
        address: book.keys[judged.address], area: judged.area,
        offer: rule(judged.trigger).offer!, trigger: trigger.id, jobType: type.name,
        jobs: jobs(judged, now), since: judged.since, place: trigger.place,
        alsoAt: alsoAt(judged.address), score: Score(reasons: reasons), band: judged.band,
        rulesVersion: input.rules.version,
        isShadow: judged.isShadow)
    }
    let reciprocal = rules[readings.area[reciprocity.ofOne]].signals.reciprocal!
    return Opportunity(
      address: book.keys[judged.address], area: judged.area, offer: reciprocal.offer,
      trigger: trigger.id, jobType: reciprocal.name, jobs: jobs(judged, now),
      since: judged.since, place: book.jobs[reciprocity.ofOne].place,
      second: Household(
        address: book.keys[second], place: book.jobs[reciprocity.ofOther].place),
      alsoAt: alsoAt(judged.address) + alsoAt(second), score: Score(reasons: reasons),
      band: judged.band, rulesVersion: input.rules.version,
      isShadow: judged.isShadow)
  }

  /// In an order that does not depend on that of the jobs.
  private func alsoAt(_ address: Int) -> [Household] {
    let places = Set(
      book.positions(at: address).flatMap { book.reach.others(than: $0, book) }
        .map { book.jobs[$0].place })
    return places.sorted { one, other in
      (
        one.address, one.postcode, one.uprn, one.location.rawValue, one.point?.x ?? 0,
        one.point?.y ?? 0
      )
        < (
          other.address, other.postcode, other.uprn, other.location.rawValue, other.point?.x ?? 0,
          other.point?.y ?? 0
        )
    }.map { Household(address: book.keys[address], place: $0) }
  }

  func rule(_ at: Int) -> JobType { rules[readings.area[at]].types[readings.type[at]] }

  private func jobs(_ judged: JudgedAddress, _ now: Double) -> [JobRef] {
    var positions = history(of: judged.address, judged, now)
    if let second = judged.second { positions += history(of: second, judged, now) }
    if let reciprocity = judged.reciprocity {
      positions += [reciprocity.newer, reciprocity.older].filter { !positions.contains($0) }
    }
    return positions.map { book.jobs[$0].id }.sorted()
  }

  func history(of address: Int, _ judged: JudgedAddress, _ now: Double) -> [Int] {
    book.positions(at: address).filter {
      isInHistory($0, now, withTrials: judged.withTrials)
    }
  }

  // MARK: - Reasons

  private func reasons(_ judged: JudgedAddress, _ now: Double) -> [Reason] {
    var reasons: [Reason] = []
    if let reciprocity = judged.reciprocity {
      let rule = rules[readings.area[reciprocity.ofOne]].signals.reciprocal!
      reasons.append(
        Reason(
          code: "reciprocal", points: reciprocity.points,
          sentence: sentence(
            rule.reason, left: reciprocity.points, of: rule.points, age(reciprocity.newer, now))
            + " Two households, visit separately."))
    }
    if let strongest = judged.strongest {
      let rule = rule(strongest.job)
      reasons.append(
        Reason(
          code: "type:" + rule.id, points: strongest.points,
          sentence: sentence(
            rule.reason, left: strongest.points, of: rule.points, age(strongest.job, now))))
    }
    for signal in SignalCode.allCases {
      guard let points = judged.signals[keyPath: signal.points] else { continue }
      let sentence =
        judged.second == nil
        ? self.sentence(signal, judged, now) : signal.sentenceOfTwoHouseholds
      reasons.append(Reason(code: signal.rawValue, points: points, sentence: sentence))
    }
    return reasons + doubts(judged)
  }

  private func sentence(_ reason: String, left: Int, of points: Int, _ age: Double) -> String {
    if left == points { return reason }
    let days = Int(age / secondsOfDay)
    return reason + " After \(days) days \(left) of its \(points) points are left."
  }

  /// Why a signal holds at one address.
  func sentence(_ signal: SignalCode, _ judged: JudgedAddress, _ now: Double) -> String {
    let positions = history(of: judged.address, judged, now)
    switch signal {
    case .repeated: return "\(positions.count) jobs at this address in 12 months."
    case .secondKind:
      let kinds = Set(positions.map { readings.type[$0] }).count
      let feeds = Set(positions.map { readings.feed[$0] }).count
      return kinds > 1
        ? "\(kinds) different kinds of job." : "Jobs from \(feeds) different lists."
    case .lately:
      let (lately, before) = halves(positions, now)
      return "More often lately: \(lately) in the last 90 days, \(before) in the 90 before."
    case .first: return "The first job at this address in 12 months."
    case .neighbours:
      let rule = rules[readings.area[judged.trigger]].signals.neighbours!
      return """
        \(rule.complaints) or more complaints within \(Int(rule.metres)) m in \(rule.withinDays) days, \
        at two or more addresses.
        """
    case .several: return "Two or more of these signals come together."
    }
  }

  /// Jobs of the last 90 days, and of the 90 before.
  func halves(_ positions: [Int], _ now: Double) -> (lately: Int, before: Int) {
    let ages = positions.map { age($0, now) / secondsOfDay }
    return (ages.count { $0 <= 90 }, ages.count { $0 > 90 && $0 <= 180 })
  }

  // MARK: - Doubts

  /// Adds no points: geography decides whether, never how much.
  private func doubts(_ judged: JudgedAddress) -> [Reason] {
    let jobs = judged.reciprocity.map { [$0.ofOne, $0.ofOther] } ?? [judged.trigger]
    var doubts: [Reason] = []
    if jobs.contains(where: { book.jobs[$0].place.location == .postcode }) {
      doubts.append(
        Reason(
          code: "approximate", points: 0,
          sentence: "Approximate place: known by its postcode only."))
    }
    if let edge = jobs.lazy.compactMap(edge).first { doubts.append(edge) }
    return doubts
  }

  private func edge(_ at: Int) -> Reason? {
    let place = book.jobs[at].place
    guard place.location == .coordinates || place.location == .uprn, let areas = input.areas,
      let position = positionOfArea[readings.area[at]], let point = place.point,
      let edge = areas.edge(
        ofArea: position, near: point,
        within: areas.areas[position].margin ?? input.usualMargin)
    else { return nil }
    return Reason(code: "edge", points: 0, sentence: edge.sentence(areas.areas))
  }
}

/// The signals in the order in which a score lists them.
enum SignalCode: String, CaseIterable {
  case repeated = "repeat"
  case secondKind = "second-kind"
  case lately, first, neighbours, several

  var points: KeyPath<SignalPoints, Int?> {
    switch self {
    case .repeated: \.repeated
    case .secondKind: \.secondKind
    case .lately: \.lately
    case .first: \.first
    case .neighbours: \.neighbours
    case .several: \.several
    }
  }

  /// Says nothing that would tell one of the two households from the other.
  var sentenceOfTwoHouseholds: String {
    switch self {
    case .repeated: "More than one job at one of the two addresses in 12 months."
    case .secondKind: "Different kinds of job at one of the two addresses."
    case .lately: "More often lately at one of the two addresses."
    case .first: "The first job at one or both of the two addresses in 12 months."
    case .neighbours: "Several complaints near by, at two or more addresses."
    case .several: "Two or more of these signals come together."
    }
  }
}
