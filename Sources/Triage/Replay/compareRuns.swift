/// What differs between two runs over the same jobs and days.
func compare(
  _ inForce: ReplayRun, _ new: ReplayRun, _ book: JobsByAddress, _ input: ReplayInput
) -> Replay {
  var replay = Replay()
  for address in book.keys.indices {
    let (one, other) = (inForce.peaks[address], new.peaks[address])
    guard let best = other ?? one else { continue }
    guard let what = change(one, other, inForce, new) else {
      replay.same[best.area, default: 0] += 1
      continue
    }
    replay.changes.append(
      Replay.Change(
        what: what, address: book.keys[address], area: best.area,
        place: place(of: address, best, book), jobType: best.jobType,
        inForce: one.map { Replay.Peak(points: $0.points, band: $0.band) },
        new: other.map { Replay.Peak(points: $0.points, band: $0.band) }))
  }
  replay.changes.sort { one, other in
    if one.what != other.what { return order(one.what) < order(other.what) }
    let points = (one.new ?? one.inForce)!.points - (other.new ?? other.inForce)!.points
    return points != 0 ? points > 0 : one.address.text < other.address.text
  }
  replay.weeks = weeks(inForce, new, input)
  if let asked = input.asked, book.keys.contains(book.aliases[asked] ?? asked) {
    replay.courses = (inForce.toldCourse(beside: new), new.toldCourse(beside: inForce))
  }
  return replay
}

private func order(_ what: Replay.Change.What) -> Int {
  Replay.Change.What.allCases.firstIndex(of: what)!
}

/// Up or down is told by the points where the band has the same name, else by the order of the bands in one set
/// of rules that knows both names: a new band below the others lifts nobody.
private func change(
  _ inForce: ReplayRun.Best?, _ new: ReplayRun.Best?, _ runInForce: ReplayRun, _ runNew: ReplayRun
) -> Replay.Change.What? {
  guard let inForce else { return .entered }
  guard let new else { return .left }
  var (before, after) = (inForce.points, new.points)
  if inForce.band != new.band {
    for (run, area) in [(runNew, new.area), (runInForce, inForce.area)] {
      if let was = run.rank(ofBand: inForce.band, in: area),
        let becomes = run.rank(ofBand: new.band, in: area)
      {
        (before, after) = (was, becomes)
        break
      }
    }
  }
  return before < after ? .up : before > after ? .down : nil
}

/// A job's place at this very address: of two households the trigger may be the other's.
private func place(of address: Int, _ best: ReplayRun.Best, _ book: JobsByAddress) -> Place {
  let own = book.positions(at: address)
  return book.jobs[own.contains(best.trigger) ? best.trigger : own.first ?? best.trigger].place
}

private func weeks(
  _ inForce: ReplayRun, _ new: ReplayRun, _ input: ReplayInput
) -> [Replay.Week] {
  var weeks: [Replay.Week] = []
  for week in inForce.counts.indices {
    let days = input.days.indices.filter { inForce.weekOf[$0] == week }
    guard let first = days.first else { continue }
    for (position, area) in input.team.areas.enumerated() {
      weeks.append(
        Replay.Week(
          monday: monday(of: input.days[first].day), days: days.count, area: area.area,
          capacity: area.weeklyCapacity, inForce: inForce.counts[week][position],
          new: new.counts[week][position]))
    }
  }
  return weeks
}
