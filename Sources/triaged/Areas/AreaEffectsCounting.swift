import Foundation
import Geography
import Triage

extension AreaEffects {
  /// The areas and their ground alone, without anything to count.
  init(from: [PilotArea], to: [PilotArea], now: Date, timeZone: String) {
    let changes = AreaChanges(from: from, to: to)
    var found: [String: (Change, AreaChanges.Change)] = [:]
    for change in changes.added { found[change.id] = (.added, change) }
    for change in changes.removed { found[change.id] = (.removed, change) }
    for change in changes.changed { found[change.id] = (.changed, change) }
    let earlier = Dictionary(from.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    let later = Set(to.map(\.id))
    let today = CivilDay(now, in: TimeZone(identifier: timeZone) ?? .gmt)
    self.init(now: now, timeZone: timeZone, areas: [])
    areas = (to + from.filter { !later.contains($0.id) }).map { area in
      let (kind, change) = found[area.id] ?? (.same, nil)
      let size = area.squareMetres
      let details = change?.details ?? []
      return Area(
        id: area.id, name: area.name, change: kind,
        squareMetresBefore: change.map { $0.before } ?? size,
        squareMetresAfter: change.map { $0.after } ?? size,
        squareMetresGained: change?.gained ?? 0, squareMetresLost: change?.lost ?? 0,
        differs: details.map(\.rawValue),
        says: AreaEffects.sentences(details, before: earlier[area.id], after: area, kind),
        countsBefore: earlier[area.id]?.counts(on: today) ?? false,
        countsAfter: later.contains(area.id) && area.counts(on: today))
    }
  }

  /// What is different beside the boundary; of an added area when it counts.
  private static func sentences(
    _ details: [AreaChanges.Detail], before: PilotArea?, after: PilotArea, _ kind: Change
  ) -> [String] {
    func day(_ day: CivilDay) -> String { "\(day.inWords) \(day.parts.year)" }
    func date(_ what: String, _ before: CivilDay?, _ after: CivilDay?) -> String {
      guard let after else {
        return "It has no \(what) any more; it had \(before.map(day) ?? "none")."
      }
      return "Its \(what) is \(day(after)); it had \(before.map(day) ?? "none") before."
    }
    func metres(_ margin: Double?) -> String { margin.map { "\(short($0)) m" } ?? "the usual one" }
    if kind == .added {
      let from = after.from.map { "It counts from \(day($0)) on." }
      let until = after.until.map { "Its last day is \(day($0))." }
      return [from, until].compactMap(\.self)
    }
    guard let before, kind == .changed else { return [] }
    return details.map { detail in
      switch detail {
      case .name: "Its name was \(plainLine(before.name))."
      case .reason: "Why it was chosen is told in other words."
      case .from: date("first day", before.from, after.from)
      case .until: date("last day", before.until, after.until)
      case .margin: "Its margin is \(metres(after.margin)), and was \(metres(before.margin))."
      case .order: "Its place in the order is another: what overlaps may be another area's now."
      }
    }
  }

  private static func short(_ metres: Double) -> String {
    metres == metres.rounded() ? "\(Int(metres))" : "\(metres)"
  }

  /// Counts the jobs of the last ``days`` days, each by its newest word.
  mutating func count(_ words: [JobRef: ArchiveRead.Word], _ counting: Counting, now: Date) {
    struct Count {
      var dated = 0
      var undated = 0
    }
    let oldest = now.addingTimeInterval(-Double(AreaEffects.days) * 86_400)
    var before = [Count](repeating: Count(), count: counting.before.areas.count)
    var after = [Count](repeating: Count(), count: counting.after.areas.count)
    for word in words.values {
      let isDated = word.received.map { $0 <= now } ?? false
      if isDated, word.received! <= oldest { continue }
      let part: WritableKeyPath<Count, Int> = isDated ? \.dated : \.undated
      if word.before >= 0 { before[Int(word.before)][keyPath: part] += 1 }
      if word.after >= 0 { after[Int(word.after)][keyPath: part] += 1 }
    }
    func byArea(_ counts: [Count], _ index: AreaIndex) -> [String: Count] {
      Dictionary(zip(index.areas.map(\.id), counts), uniquingKeysWith: { one, _ in one })
    }
    let (old, new) = (byArea(before, counting.before), byArea(after, counting.after))
    for at in areas.indices {
      let id = areas[at].id
      areas[at].jobsBefore = old[id]?.dated ?? 0
      areas[at].jobsAfter = new[id]?.dated ?? 0
      areas[at].undatedBefore = old[id]?.undated ?? 0
      areas[at].undatedAfter = new[id]?.undated ?? 0
    }
  }
}
