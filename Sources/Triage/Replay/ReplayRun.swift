import Foundation

/// A stretch of the past by one set of rules.
struct ReplayRun {
  /// By address: the most that it was worth on a day above the line.
  private(set) var peaks: [Best?]
  /// By week and then by area, in the order of ``weeks`` and of the team.
  private(set) var counts: [[Replay.Count]]
  private(set) var course = Replay.Course()
  /// Of each day, the position of its week.
  let weekOf: [Int]

  struct Best {
    var points: Int
    var band: String
    /// The job that makes it.
    var trigger: Int
    var area: String
    var jobType: String
  }

  /// One that is offered.
  private struct Offer {
    var week: Int
    var isDrawn: Bool
  }

  private let input: ReplayInput
  private let team: Team
  private let book: JobsByAddress
  private var judge: AddressJudge
  private let asked: Int?
  private let askedCluster: Int?
  /// By the first address of each.
  private var current: [JudgedAddress?]
  /// Of the second household of a joint one, its first address.
  private var firstOf: [Int: Int] = [:]
  private var offers: [Int: Offer] = [:]

  init(_ book: JobsByAddress, _ input: ReplayInput, by rules: Rules) {
    self.book = book
    self.input = input
    let triage = input.triage(by: rules)
    team = triage.team
    judge = AddressJudge(book, triage, isReplay: true)
    peaks = Array(repeating: nil, count: book.keys.count)
    current = Array(repeating: nil, count: book.keys.count)
    let mondays = input.days.map { monday(of: $0.day) }
    var weeks: [CivilDay] = []
    weekOf = mondays.map { monday in
      if weeks.last != monday { weeks.append(monday) }
      return weeks.count - 1
    }
    counts = Array(
      repeating: Array(repeating: Replay.Count(), count: team.areas.count), count: weeks.count)
    let asked = input.asked.flatMap { key in
      book.keys.firstIndex(of: book.aliases[key] ?? key)
    }
    self.asked = asked
    askedCluster = asked.flatMap { asked in
      book.clusters.firstIndex { $0.addresses.contains(asked) }
    }
    course.isPaired =
      askedCluster.map { book.clusters[$0].pairs.contains { $0.one == asked || $0.other == asked } }
      ?? false
  }

  mutating func run() {
    let moments = input.days.map(\.moment.timeIntervalSinceReferenceDate)
    let due = judge.turnDays(moments)
    for at in input.days.indices {
      let moment = input.days[at].moment
      judge.input.past = past
      for cluster in due[at] { judge(book.clusters[cluster], at: moment) }
      endOffers()
      offer(on: at)
      if let asked { note(asked, on: at) }
      if at + 1 == input.days.count || weekOf[at + 1] != weekOf[at] { countWaiting(on: at) }
    }
    if let asked, let last = input.days.last { settle(asked, at: last.moment) }
  }

  // MARK: - Judging

  private mutating func judge(_ cluster: JobsByAddress.Cluster, at moment: Date) {
    for address in cluster.addresses {
      if let second = current[address]?.second { firstOf[second] = nil }
      current[address] = nil
    }
    for judged in judge.judge(cluster, at: moment) where !judged.isShadow {
      current[judged.address] = judged
      if let second = judged.second { firstOf[second] = judged.address }
      guard judged.isAboveLine else { continue }
      keepBest(judged, at: judged.address)
      if let second = judged.second { keepBest(judged, at: second) }
    }
  }

  private mutating func keepBest(_ judged: JudgedAddress, at address: Int) {
    if let known = peaks[address], known.points >= judged.points { return }
    peaks[address] = Best(
      points: judged.points, band: judged.band, trigger: judged.trigger, area: judged.area,
      jobType: judge.jobType(of: judged))
  }

  /// How high a band is among those of an area, counted from the lowest; `nil` where the area has none of that
  /// name.
  func rank(ofBand name: String, in area: String) -> Int? {
    judge.rank(ofBand: name, in: area)
  }

  /// What a pass would be told of the days before it: complaints that went both ways stay together for as long
  /// as they are offered together.
  private var past: PastOffers {
    var past = PastOffers(answered: input.answered)
    for (address, offer) in offers {
      let key = book.keys[address]
      past.open[key] = .offered
      if offer.isDrawn { past.drawn.insert(key) }
      if let second = current[address]?.second { past.joint[book.keys[second]] = key }
    }
    return past
  }

  // MARK: - Offering

  /// What has lost its reason gives its place in the week back.
  private mutating func endOffers() {
    var kept: [Int: Offer] = [:]
    for (address, offer) in offers {
      guard let first = current[address] == nil ? firstOf[address] : address,
        let judged = current[first], judged.isAboveLine || offer.isDrawn
      else { continue }
      kept[first] = kept[first] ?? offer
    }
    offers = kept
  }

  /// Hands the free places of the week out, as a pass does.
  private mutating func offer(on at: Int) {
    let (day, week) = (input.days[at], weekOf[at])
    var past = PastOffers()
    for (address, offer) in offers where offer.week == week {
      guard let area = current[address]?.area else { continue }
      past.offeredThisWeek[area, default: 0] += 1
      if offer.isDrawn { past.drawnThisWeek[area, default: 0] += 1 }
    }
    // By area: whether the lot may still draw, so that those below the line ask as well.
    var open: [String: Bool] = [:]
    for area in team.areas
    where past.offeredThisWeek[area.area, default: 0] < area.weeklyCapacity {
      let places = drawnPlaces(
        of: weekNumber(of: day.day), capacity: area.weeklyCapacity, percent: area.drawnPercent)
      open[area.area] = places > past.drawnThisWeek[area.area, default: 0]
    }
    if open.isEmpty { return }
    let waiting = bestFirst(
      current.compactMap { judged in
        guard let judged, offers[judged.address] == nil, let mayDraw = open[judged.area]
        else { return nil }
        return judged.isAboveLine || mayDraw ? judged : nil
      }, book.jobs)
    if waiting.isEmpty { return }
    let paced = pace(
      waiting.map { judge.contender($0) }, team: team, past: past, today: day.day,
      now: day.moment)
    for judged in waiting {
      let key = book.keys[judged.address]
      guard paced.offered.contains(key) else { continue }
      let isDrawn = paced.drawn.contains(key)
      offers[judged.address] = Offer(week: week, isDrawn: isDrawn)
      guard let area = team.areas.firstIndex(where: { $0.area == judged.area }) else { continue }
      counts[week][area].offered += 1
      if isDrawn { counts[week][area].drawn += 1 }
    }
  }

  private mutating func countWaiting(on at: Int) {
    var waiting: [String: Int] = [:]
    for judged in current {
      guard let judged, judged.isAboveLine, offers[judged.address] == nil else { continue }
      waiting[judged.area, default: 0] += 1
    }
    for (position, area) in team.areas.enumerated() {
      counts[weekOf[at]][position].waiting = waiting[area.area, default: 0]
    }
  }

  // MARK: - One address

  private mutating func note(_ asked: Int, on at: Int) {
    let first = current[asked] == nil ? firstOf[asked] : asked
    var step = Replay.Step(
      day: input.days[at].day, standing: .noReason, points: 0, band: "", isJoint: false, reasons: []
    )
    if let first, let judged = current[first], judged.second != nil || !course.isPaired {
      step.points = judged.points
      step.band = judged.band
      step.isJoint = judged.second != nil
      step.standing =
        offers[first].map { $0.isDrawn ? .drawn : .offered }
        ?? (judged.isAboveLine ? .waiting : .belowTheLine)
      if let last = course.steps.last, last.isSame(as: step) { return }
      // Its sentences want it to have been judged last.
      if let cluster = askedCluster {
        _ = judge.judge(book.clusters[cluster], at: input.days[at].moment)
      }
      step.reasons = judge.opportunity(judged, at: input.days[at].moment).score.reasons
    } else {
      if course.isPaired { step.standing = .notTold }
      if (course.steps.last?.standing ?? step.standing) == step.standing { return }
    }
    course.steps.append(step)
  }

  private mutating func settle(_ asked: Int, at moment: Date) {
    guard let cluster = askedCluster else { return }
    _ = judge.judge(book.clusters[cluster], at: moment)
    for position in book.positions(at: asked) {
      course.jobs.append(book.jobs[position].id)
      course.standings.append(judge.standings[position])
    }
  }

  /// Of two households no complaint is told to be the one's.
  /// - Parameter other: the run by the other rules: what is a complaint by either is none that may be told.
  func toldCourse(beside other: ReplayRun) -> Replay.Course {
    var told = course
    guard told.isPaired, let asked else { return told }
    let complaints = Set(
      book.positions(at: asked).filter { judge.isComplaint($0) || other.judge.isComplaint($0) }
        .map { book.jobs[$0].id })
    let kept = zip(course.jobs, course.standings).filter { !complaints.contains($0.0) }
    told.jobs = kept.map(\.0)
    told.standings = kept.map(\.1)
    return told
  }
}

extension Replay.Step {
  fileprivate func isSame(as other: Replay.Step) -> Bool {
    (standing, points, band, isJoint)
      == (other.standing, other.points, other.band, other.isJoint)
  }
}

func monday(of day: CivilDay) -> CivilDay { day.plus(-((day.number + 3) % 7 + 7) % 7) }

/// Weeks since that of 1 January 1970.
private func weekNumber(of day: CivilDay) -> Int {
  Int((Double(monday(of: day).number) / 7).rounded(.down))
}

extension AddressJudge {
  func isComplaint(_ at: Int) -> Bool {
    book.jobs[at].otherParty != nil || (readings.type[at] >= 0 && facts(at).isComplaint)
  }

  func jobType(of judged: JudgedAddress) -> String {
    guard let reciprocity = judged.reciprocity else { return rule(judged.trigger).name }
    return rules[readings.area[reciprocity.ofOne]].signals.reciprocal?.name ?? ""
  }

  /// Counted from the lowest.
  func rank(ofBand name: String, in area: String) -> Int? {
    let bands = input.rules.inForce(in: area).bands.sorted { $0.from < $1.from }
    return bands.firstIndex { $0.name == name }
  }
}
