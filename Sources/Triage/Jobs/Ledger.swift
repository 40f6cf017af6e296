import Foundation

/// What the lists of one feed have said so far.
///
/// Everything in it is a greatest value over the lists that were taken (the newest list that had a
/// job, and among equal ones the greatest content; the newest list that was complete), so it does not
/// depend on the order in which lists come, and a list that is taken twice changes nothing the second
/// time. In a snapshot feed a job is gone when a complete list is newer than the last one that had it;
/// it is gone since the last one that had it.
///
/// Lists that were held against what is known, and not believed, are taken as incomplete: that depends on
/// what came before. So does which jobs may be a row that nobody can read (``StandingRows``): they count as
/// listed without a place.
package struct Ledger: Hashable, Sendable {
  /// By what the newest row of a job is known.
  package enum Order: Hashable, Sendable {
    /// Each list says all: the newest list knows best.
    case snapshot
    /// Each list says what is new. The list that came last knows best, or the row that the council
    /// changed last where the rows tell it.
    case updates(byUpdate: Bool)
  }

  package let order: Order
  /// By reference.
  package private(set) var entries: [String: LedgerEntry]
  /// By ``referencePrint(_:)``: rows without a usable place. Their jobs, where there are any, are not
  /// gone.
  package private(set) var unplaced: [Int64: Listed]
  /// The instant of the newest complete list; `nil` before the first, and in a feed of updates.
  package private(set) var complete: Date?

  package init(
    order: Order, entries: [LedgerEntry] = [], unplaced: [Int64: Listed] = [:],
    complete: Date? = nil
  ) {
    self.order = order
    self.entries = Dictionary(
      entries.map { ($0.job.id.reference, $0) }, uniquingKeysWith: { one, _ in one })
    self.unplaced = unplaced
    self.complete = complete
  }

  /// Whether a list is older than the newest that is believed: then it tells history, and what it
  /// lacks says nothing.
  package func isHistory(_ instant: Date) -> Bool {
    guard let complete, order == .snapshot else { return false }
    return instant < complete
  }

  /// Jobs in today's areas that would be gone if the list were believed to be complete.
  package func vanishing(from list: Listing) -> [Job] {
    guard order == .snapshot, !isHistory(list.at) else { return [] }
    let listed = Set(list.jobs.map(\.id.reference))
    return entries.values.filter { entry in
      let reference = entry.job.id.reference
      return entry.isInArea && entry.job.gone == nil && !listed.contains(reference)
        && !list.unplaced.contains(reference) && lastListed(entry, complete) < list.at
        && !mayBeHidden(entry, in: list)
    }.map(\.job)
  }

  /// Whether an unreadable row of a list could be a job's that the list lacks.
  private func mayBeHidden(_ entry: LedgerEntry, in list: Listing) -> Bool {
    list.standing?.mayHide(
      entry.job.id.reference, listed: entry.listed.instant(complete)) ?? false
  }

  package mutating func take(_ list: Listing) -> LedgerChange {
    switch order {
    case .snapshot: takeSnapshot(list)
    case .updates(let byUpdate): takeUpdates(list, byUpdate: byUpdate)
    }
  }

  // MARK: - Snapshots

  private mutating func takeSnapshot(_ list: Listing) -> LedgerChange {
    var change = LedgerChange()
    var list = list
    if list.standing != nil {
      let listed = Set(list.jobs.map(\.id.reference))
      for (reference, entry) in entries
      where entry.job.gone == nil && !listed.contains(reference) && mayBeHidden(entry, in: list) {
        list.unplaced.insert(reference)
      }
    }
    let before = complete
    let isNewest = list.isComplete && list.at >= before ?? .distantPast
    let mark: Listed = isNewest ? .newestComplete : .at(list.at)
    var written: [String] = []
    var marked: [String: Listed] = [:]
    for job in list.jobs {
      let reference = job.id.reference
      guard let known = entries[reference] else {
        entries[reference] = LedgerEntry(job: job, listed: mark)
        written.append(reference)
        change.new += 1
        continue
      }
      let stated = known.listed.instant(before)
      let isSame = saysTheSame(job, known.job)
      let wins =
        list.at > stated || (list.at == stated && (list.isReread || isLater(job, than: known.job)))
      if isSame {
        change.unchanged += 1
      } else if wins {
        change.changed += 1
      } else {
        change.overtaken += 1
      }
      if wins, !isSame {
        var job = job
        job.gone = known.job.gone
        entries[reference] = LedgerEntry(job: job, listed: known.listed)
        written.append(reference)
      }
      if list.at > stated || (list.at == stated && isNewest) { marked[reference] = mark }
    }
    noteUnplaced(list, mark, into: &change)
    if isNewest {
      complete = list.at
      change.complete = list.at
    }
    sweep(from: before, marked, written, into: &change)
    return change
  }

  private mutating func noteUnplaced(
    _ list: Listing, _ mark: Listed, into change: inout LedgerChange
  ) {
    var seen: Set<Int64> = []
    for reference in list.unplaced {
      let print = referencePrint(reference)
      seen.insert(print)
      if let known = unplaced[print] {
        let stated = known.instant(complete)
        if known == mark || stated > list.at { continue }
        if stated == list.at, mark != .newestComplete { continue }
      }
      unplaced[print] = mark
      change.unplaced[print] = mark
    }
    // What the newest complete list had until now, and this one has not.
    guard mark == .newestComplete, let complete, list.at > complete else { return }
    for (print, listed) in unplaced where listed == .newestComplete && !seen.contains(print) {
      unplaced[print] = .at(complete)
      change.unplaced[print] = .at(complete)
    }
  }

  /// Brings every job in line with the lists that are known now.
  private mutating func sweep(
    from before: Date?, _ marked: [String: Listed], _ written: [String],
    into change: inout LedgerChange
  ) {
    let isNew = Set(written)
    let hasMoved = complete != before
    var returned: [String] = []
    for (reference, known) in entries {
      var entry = known
      if let mark = marked[reference] {
        entry.listed = mark
      } else if hasMoved, known.listed == .newestComplete, !isNew.contains(reference), let before {
        entry.listed = .at(before)
      }
      let last = lastListed(entry, complete)
      entry.job.gone = last < complete ?? .distantPast ? last : nil
      guard entry != known else { continue }
      entries[reference] = entry
      if isNew.contains(reference) { continue }
      if known.job.gone != nil, entry.job.gone == nil, marked[reference] != nil {
        returned.append(reference)
      } else {
        change.relisted.append(
          Relisting(
            id: entry.job.id, listed: entry.listed, gone: entry.job.gone,
            isNewlyGone: known.job.gone == nil && entry.job.gone != nil))
      }
    }
    change.unchanged -= returned.count
    change.changed += returned.count
    change.written = (written + returned.sorted()).compactMap { entries[$0] }
  }

  private func lastListed(_ entry: LedgerEntry, _ complete: Date?) -> Date {
    let listed = entry.listed.instant(complete)
    if unplaced.isEmpty { return listed }
    guard let other = unplaced[referencePrint(entry.job.id.reference)] else { return listed }
    return max(listed, other.instant(complete))
  }

  // MARK: - Updates

  private mutating func takeUpdates(_ list: Listing, byUpdate: Bool) -> LedgerChange {
    var change = LedgerChange()
    for job in list.jobs {
      let reference = job.id.reference
      let entry = LedgerEntry(job: job, listed: .at(list.at))
      guard let known = entries[reference] else {
        change.new += 1
        change.written.append(entry)
        entries[reference] = entry
        continue
      }
      let stated = known.listed.instant(complete)
      let isSame = saysTheSame(job, known.job) && known.job.gone == nil
      if isSame {
        change.unchanged += 1
        guard list.at > stated else { continue }
        entries[reference]?.listed = entry.listed
        change.relisted.append(
          Relisting(id: job.id, listed: entry.listed, gone: nil, isNewlyGone: false))
      } else if knowsBetter(entry, list.at, known, stated, byUpdate: byUpdate)
        || (list.isReread && list.at == stated)
      {
        change.changed += 1
        change.written.append(entry)
        entries[reference] = entry
      } else {
        change.overtaken += 1
      }
    }
    return change
  }

  private func knowsBetter(
    _ one: LedgerEntry, _ listed: Date, _ other: LedgerEntry, _ otherListed: Date, byUpdate: Bool
  ) -> Bool {
    if byUpdate {
      let (time, otherTime) = (eventTime(of: one.job), eventTime(of: other.job))
      if time != otherTime { return time > otherTime }
    }
    if listed != otherListed { return listed > otherListed }
    return isLater(one.job, than: other.job)
  }
}

private func saysTheSame(_ one: Job, _ other: Job) -> Bool {
  if other.gone == nil { return one == other }
  var other = other
  other.gone = nil
  return one == other
}

/// What a reference is remembered by where nothing else of its row is kept: FNV-1a over 64 bits
/// (Fowler, Noll, Vo) of its UTF-8.
package func referencePrint(_ reference: String) -> Int64 {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in reference.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return Int64(bitPattern: value)
}
