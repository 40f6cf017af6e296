import Foundation
import Storage
import Triage

/// What stands on the board of an area. Judged as a pass would judge now; nothing is recorded.
struct BoardReader: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let office: AdminOffice
  let clock: @Sendable () -> Date

  /// Days for which what is done stays on the board.
  static let doneDays = 14.0

  /// - Throws: ``BoardError/notYours`` for an area that the person does not lead, whether there is one or not.
  func board(by person: SignedIn, area id: String) async throws -> BoardView {
    let now = clock()
    guard let area = person.areas.first(where: { $0.id == id }) else {
      // Whatever name was asked for: only an area that is the person's own is kept.
      try await store.audit(person.refusedAudit("board", now))
      throw BoardError.notYours
    }
    try await store.audit(
      AuditRow(
        at: now, actor: person.member, mark: AuditMark(person), action: "board \(id)",
        opportunity: nil))
    let inputs = await live.inForce(now: now)
    let today = CivilDay(now, in: configuration.timeZone)
    var queue = QueueReport.Area(
      id: id, name: area.name, weeklyCapacity: 0, usedThisWeek: 0, drawnThisWeek: 0,
      drawnPercent: 0)
    if inputs.areas.contains(where: { $0.id == id }),
      let judged = try await office.queue(area: id, now: now).areas.first
    {
      queue = judged
    }
    let stored = Dictionary(
      try await store.openOpportunities().map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    var squares = NumberedSquares()
    let open = queue.open.map { line($0, stored, &squares) }
    let held = queue.held.map { line($0, stored, &squares) }
    let waiting = queue.waiting.map { line($0, stored, &squares) }
    var onHold: String?
    if case .notInForce(let why) = inputs.register { onHold = why }
    var view = BoardView(
      area: area, now: now, onHold: onHold, paused: queue.paused, open: open, held: held,
      waiting: waiting + queue.onTrial.map { line($0, stored, &squares) },
      belowTheLine: queue.belowTheLine.map { line($0, stored) }, done: try await done(area, now),
      capacity: queue.weeklyCapacity, usedThisWeek: queue.usedThisWeek,
      feeds: try await office.feedLines(area: id, now: now),
      map: map(area, inputs.areas, squares, today),
      members: configuration.team.members(of: id, on: today),
      needsSecond: configuration.team.area(id)?.visitsNeedTwo ?? true)
    view.out = try await out(area)
    return view
  }

  /// Who is out, also for what somebody else holds by now, or nobody.
  private func out(_ area: SignedIn.Area) async throws -> [BoardOuting] {
    var out: [BoardOuting] = []
    for outing in try await store.outings() where outing.area == area.id && outing.backAt == nil {
      guard let opportunity = try await store.opportunity(outing.opportunity)?.opportunity else {
        continue
      }
      out.append(
        BoardOuting(
          id: outing.id, opportunity: outing.opportunity,
          whereabouts: whereabouts(
            street: opportunity.street, outwardCode: opportunity.place.outwardCode,
            otherwise: area.name),
          people: outing.people.map(person), since: outing.since, backBy: outing.backBy))
    }
    return out
  }

  private func line(
    _ line: QueueReport.Line, _ stored: [Int64: StoredOpportunity], _ squares: inout NumberedSquares
  ) -> BoardLine {
    var told = self.line(line, stored)
    told.number = squares.number(of: line.places)
    return told
  }

  private func line(_ line: QueueReport.Line, _ stored: [Int64: StoredOpportunity]) -> BoardLine {
    let known = line.opportunity.flatMap { stored[$0] }
    var told = BoardLine(
      opportunity: line.opportunity, generation: known?.generation ?? 0,
      whereabouts: line.whereabouts, jobType: line.jobType,
      offer: known?.opportunity.offer ?? .visit, since: line.since, points: line.points,
      band: line.band, isDrawn: line.isDrawn, isJoint: line.isJoint, reasons: line.reasons,
      why: line.why)
    if let known, known.state == .claimed { hold(&told, known) }
    return told
  }

  private func hold(_ line: inout BoardLine, _ stored: StoredOpportunity) {
    line.holder = stored.holder.map(person)
    line.heldSince = stored.claimedAt
    line.second = stored.claim?.second.map(person)
    line.heldUntil = stored.claim?.until
    line.snoozedUntil = stored.claim?.snoozedUntil
  }

  /// Of somebody who has left the team no more than that is known.
  private func person(_ id: String) -> Member {
    configuration.team.member(id)
      ?? Member(id: id, name: "somebody who has left the team", agency: "", email: "", channel: "")
  }

  private func done(_ area: SignedIn.Area, _ now: Date) async throws -> [BoardLine] {
    let since = now.addingTimeInterval(-BoardReader.doneDays * 86_400)
    return try await store.recentlyDone(area: area.id, since: since).map { stored in
      let opportunity = stored.opportunity
      var line = BoardLine(
        opportunity: stored.id, generation: stored.generation,
        whereabouts: whereabouts(
          street: opportunity.street, outwardCode: opportunity.place.outwardCode,
          otherwise: area.name),
        jobType: opportunity.jobType, offer: opportunity.offer, since: opportunity.since,
        points: opportunity.score.points, band: opportunity.band, isDrawn: stored.isDrawn,
        isJoint: opportunity.second != nil, reasons: opportunity.score.reasons)
      line.holder = stored.holder.map(person)
      line.endedAt = stored.endedAt
      line.outcome = stored.outcome.flatMap { $0.kind.isOfNobody ? $0.kind : nil }
      return line
    }
  }

  // MARK: - The map

  private func map(
    _ area: SignedIn.Area, _ areas: [PilotArea], _ squares: NumberedSquares, _ today: CivilDay
  ) -> String? {
    guard let own = areas.first(where: { $0.id == area.id }) else { return nil }
    return AreaPicture(
      title: area.name, areas: [own], context: areas.filter { $0.id != area.id },
      numbered: squares.squares, isBare: true, today: today,
      attribution: configuration.attribution
    ).svg(isInPage: true)
  }
}

/// The squares of a map in the order in which lines ask for them; lines of one square share its number.
struct NumberedSquares {
  private(set) var squares: [GridPoint] = []
  /// As many as can be told apart.
  private static let most = 99

  /// - Parameter places: of one line: it stands at the first; of two households either may be that.
  /// - Returns: `nil` where the line has no place on the map.
  mutating func number(of places: [GridPoint]) -> Int? {
    // The middle of both, so that the map does not tell which of two households is which.
    guard !places.isEmpty else { return nil }
    let middle = GridPoint(
      x: places.reduce(0) { $0 + $1.x } / Double(places.count),
      y: places.reduce(0) { $0 + $1.y } / Double(places.count))
    guard let square = AreaPicture.numberedSquare(around: middle) else { return nil }
    if let at = squares.firstIndex(of: square) { return at + 1 }
    guard squares.count < NumberedSquares.most else { return nil }
    squares.append(square)
    return squares.count
  }
}

extension OutcomeKind {
  /// Tells nothing of what somebody at the door has said: that stays with the holder, and a leader is told alike of
  /// "no, thank you" and of help that was accepted and is not to be shared.
  var isOfNobody: Bool {
    switch self {
    case .noAnswer, .couldNotVisit, .notADwelling, .declined: true
    case .notNow, .noThankYou, .accepted, .doNotContact: false
    }
  }
}
