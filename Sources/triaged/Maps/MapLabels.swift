import Foundation
import Triage

/// Places names on a map so that none lies over another: in the area or beside it, and where there is no
/// room a number stands in the area and the name in the key.
struct MapLabels {
  struct Label {
    /// The middle of the first line's baseline.
    var at: MapPoint
    var lines: [String]
    var box: MapRect
    var isNumber = false
    var hasDisc = false
  }

  /// What a name belongs to.
  struct Wish {
    var name: String
    var shape: MapShape
  }

  static let size = 14.0
  static let lineHeight = 16.0
  static let contextSize = 10.5
  static let numberSize = 10.0
  /// Names that are placed, and names that the key lists.
  static let mostNames = 60
  static let mostKeyed = 40

  private let rect: MapRect
  private var taken: [MapRect]
  private let marks: [MapRect]
  private(set) var labels: [Label] = []
  private(set) var contextLabels: [Label] = []
  /// What the key says: number and name.
  private(set) var key: [(number: Int, name: String)] = []
  /// Names that stand nowhere.
  private(set) var unnamed = 0

  /// - Parameters:
  ///   - taken: where no name may stand.
  ///   - marks: what a name should not hide.
  init(in rect: MapRect, taken: [MapRect], marks: [MapRect]) {
    self.rect = rect.grown(by: -2)
    self.taken = taken
    self.marks = marks
  }

  mutating func place(_ wishes: [Wish]) {
    unnamed = max(0, wishes.count - MapLabels.mostNames)
    let wishes = Array(wishes.prefix(MapLabels.mostNames))
    let rings = wishes.map { MapShape.largestRing($0.shape) }
    // The largest first: a small area's name finds room beside it.
    let order = wishes.indices.sorted {
      (rings[$1]?.box.width ?? 0, $0) < (rings[$0]?.box.width ?? 0, $1)
    }
    var homeless: [Int] = []
    for at in order {
      guard let ring = rings[at] else {
        unnamed += 1
        continue
      }
      let others = rings.enumerated().compactMap { $0.offset == at ? nil : $0.element }
      if let label = best(wishes[at].name, ring, others) {
        labels.append(label)
        taken.append(label.box)
      } else {
        homeless.append(at)
      }
    }
    for at in homeless.sorted() {
      // Where many are, a disc would hide what it stands for.
      guard let ring = rings[at], key.count < MapLabels.mostKeyed,
        let label = number(key.count + 1, in: ring, hasDisc: homeless.count < 10)
      else {
        unnamed += 1
        continue
      }
      key.append((key.count + 1, wishes[at].name))
      labels.append(label)
      taken.append(label.box)
    }
  }

  /// Small names, left out where there is no room.
  /// - Parameter areas: what they do not stand in.
  mutating func placeContext(_ wishes: [Wish], besides areas: [MapShape]) {
    let rings = areas.prefix(200).flatMap { $0.rings.prefix(50).compactMap { MapRing($0) } }
    for wish in wishes {
      guard let ring = MapShape.largestRing(wish.shape, cutTo: rect) else { continue }
      let lines = mapLines(wish.name, width: 110, size: MapLabels.contextSize, most: 2)
      for seat in ring.seats {
        let label = label(
          lines, middle: seat, size: MapLabels.contextSize, lineHeight: 12, isBold: false)
        guard rect.holds(label.box), ring.holds(label.box),
          !taken.contains(where: { $0.overlap(label.box) > 0 }),
          !marks.contains(where: { $0.overlap(label.box) > 0 }),
          !rings.contains(where: { $0.touches(label.box) })
        else { continue }
        contextLabels.append(label)
        taken.append(label.box)
        break
      }
    }
  }

  /// The place that hides least, or none where each hides too much.
  private func best(_ name: String, _ ring: MapRing, _ others: [MapRing]) -> Label? {
    let wide = mapLines(name, width: 150, size: MapLabels.size, isBold: true, most: 2)
    let narrow = mapLines(name, width: 84, size: MapLabels.size, isBold: true, most: 3)
    func make(_ lines: [String], _ middle: MapPoint) -> Label {
      label(
        lines, middle: middle, size: MapLabels.size, lineHeight: MapLabels.lineHeight, isBold: true)
    }
    // A name within the area is the area's without doubt.
    var candidates: [(label: Label, rank: Double, isInside: Bool)] = []
    let isCut = narrow.contains { $0.hasSuffix("…") }
    for (lines, rank) in [(wide, 0.0), (narrow, 0.05)] where rank == 0 || (lines != wide && !isCut)
    {
      for (number, seat) in ring.seats.prefix(5).enumerated() {
        candidates.append((make(lines, seat), rank + 0.02 * Double(number), true))
      }
    }
    let size = make(wide, MapPoint(x: 0, y: 0)).box
    let box = ring.box
    let (middleX, middleY) = (box.x + box.width / 2, box.y + box.height / 2)
    let (above, below) = (box.y - size.height / 2 - 2, box.bottom + size.height / 2 + 2)
    let (left, right) = (box.x - size.width / 2 - 3, box.right + size.width / 2 + 3)
    for (x, y, rank) in [
      (middleX, above, 0.1), (middleX, below, 0.2), (right, middleY, 0.3), (left, middleY, 0.3),
      (right, above, 0.5), (left, above, 0.5), (right, below, 0.5), (left, below, 0.5),
    ] {
      var label = make(wide, MapPoint(x: x, y: y))
      // A name at the rim moves along it.
      let shift = max(0, rect.x - label.box.x) - max(0, label.box.right - rect.right)
      if abs(shift) < label.box.width / 2 {
        label.at.x += shift
        label.box.x += shift
      }
      candidates.append((label, rank, false))
    }
    var best: (label: Label, cost: Double)?
    for (label, rank, isInside) in candidates {
      guard rect.holds(label.box), !taken.contains(where: { $0.overlap(label.box) > 0 }),
        !isInside || ring.holds(label.box)
      else { continue }
      let hidden =
        marks.reduce(0) { $0 + $1.overlap(label.box) } / (label.box.width * label.box.height)
      let crossed = min(1, others.reduce(0) { $0 + $1.share(of: label.box) })
      // In other areas, or nearer to one than to its own, it would be taken for another's.
      var doubt = 0.0
      if !isInside {
        let around = label.box.grown(by: 6)
        let isNearOthers = others.contains { $0.touches(around) }
        if crossed > 0.1 || !ring.touches(around) || (isNearOthers && rank >= 0.5) { continue }
        doubt = isNearOthers ? 0.4 : 0
      }
      let cost = rank + 1.5 * min(1, hidden) + 0.8 * crossed + doubt
      if cost < best?.cost ?? 1.3 { best = (label, cost) }
    }
    return best?.label
  }

  private func label(
    _ lines: [String], middle: MapPoint, size: Double, lineHeight: Double, isBold: Bool
  ) -> Label {
    let width = lines.map { textWidth($0, size: size, isBold: isBold) }.max() ?? 0
    let height = lineHeight * Double(lines.count)
    let box = MapRect(
      x: middle.x - width / 2 - 1, y: middle.y - height / 2, width: width + 2, height: height)
    return Label(
      at: MapPoint(x: middle.x, y: box.y + lineHeight * 0.78), lines: lines, box: box)
  }

  /// A number in the area, in a small disc where there is room; `nil` where there is none for a number.
  private func number(_ number: Int, in ring: MapRing, hasDisc: Bool) -> Label? {
    let text = "\(number)"
    let width = hasDisc ? 16 : textWidth(text, size: MapLabels.numberSize, isBold: true) + 1
    let height = hasDisc ? 16 : MapLabels.numberSize
    for seat in [ring.seat] + ring.seats {
      let box = MapRect(
        x: seat.x - width / 2, y: seat.y - height / 2, width: width, height: height)
      guard rect.holds(box), !taken.contains(where: { $0.overlap(box) > 0 }) else { continue }
      return Label(
        at: MapPoint(x: seat.x, y: seat.y + 3.6), lines: [text], box: box, isNumber: true,
        hasDisc: hasDisc)
    }
    return nil
  }
}
