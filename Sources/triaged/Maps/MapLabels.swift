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
  }

  /// What a name belongs to.
  struct Wish {
    var name: String
    var shape: MapShape
  }

  static let size = 14.0
  static let lineHeight = 16.0
  static let contextSize = 10.5
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
    let boxes = wishes.map { wish in
      MapShape.largestRing(wish.shape).map { ring in
        (box: ring.box, seat: ring.seat, ring: ring)
      }
    }
    // The largest first: a small area's name finds room beside it.
    let order = wishes.indices.sorted {
      (boxes[$1]?.box.width ?? 0, $0) < (boxes[$0]?.box.width ?? 0, $1)
    }
    var homeless: [Int] = []
    for at in order {
      guard let (box, seat, ring) = boxes[at] else {
        unnamed += 1
        continue
      }
      let lines = mapLines(
        wishes[at].name, width: 150, size: MapLabels.size, isBold: true, most: 2)
      let others = boxes.enumerated().compactMap { $0.offset == at ? nil : $0.element?.box }
      if let label = best(lines, box, seat, ring, others) {
        labels.append(label)
        taken.append(label.box)
      } else {
        homeless.append(at)
      }
    }
    for at in homeless.sorted() {
      guard let (_, seat, _) = boxes[at], key.count < MapLabels.mostKeyed else {
        unnamed += 1
        continue
      }
      let number = key.count + 1
      key.append((number, wishes[at].name))
      let label = badge("\(number)", at: seat)
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
  private func best(
    _ lines: [String], _ box: MapRect, _ seat: MapPoint, _ ring: MapRing, _ others: [MapRect]
  ) -> Label? {
    func make(_ middle: MapPoint) -> Label {
      label(
        lines, middle: middle, size: MapLabels.size, lineHeight: MapLabels.lineHeight, isBold: true)
    }
    let size = make(seat).box
    let (middleX, middleY) = (box.x + box.width / 2, box.y + box.height / 2)
    let (above, below) = (box.y - size.height / 2 - 2, box.bottom + size.height / 2 + 2)
    let (left, right) = (box.x - size.width / 2 - 3, box.right + size.width / 2 + 3)
    // By rank: above hides nothing of the area itself.
    let candidates: [(MapPoint, Double, Bool)] = [
      (seat, 0.05, true), (MapPoint(x: middleX, y: above), 0.1, false),
      (MapPoint(x: middleX, y: below), 0.2, false), (MapPoint(x: right, y: middleY), 0.3, false),
      (MapPoint(x: left, y: middleY), 0.3, false), (MapPoint(x: right, y: above), 0.5, false),
      (MapPoint(x: left, y: above), 0.5, false), (MapPoint(x: right, y: below), 0.5, false),
      (MapPoint(x: left, y: below), 0.5, false),
    ]
    var best: (label: Label, cost: Double)?
    for (middle, rank, isInside) in candidates {
      var label = make(middle)
      // A name at the rim moves along it.
      let shift = max(0, rect.x - label.box.x) - max(0, label.box.right - rect.right)
      if !isInside, abs(shift) < label.box.width / 2 {
        label.at.x += shift
        label.box.x += shift
      }
      guard rect.holds(label.box), !taken.contains(where: { $0.overlap(label.box) > 0 }),
        !isInside || ring.holds(label.box)
      else { continue }
      let room = label.box.width * label.box.height
      let hidden = marks.reduce(0) { $0 + $1.overlap(label.box) } / room
      let crossed = others.reduce(0) { $0 + $1.overlap(label.box) } / room
      let cost = rank + 1.5 * min(1, hidden) + (isInside ? 0 : 0.8 * min(1, crossed))
      if cost < best?.cost ?? 1.4 { best = (label, cost) }
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

  /// A number in a small disc, beside its seat where that is taken.
  private func badge(_ text: String, at seat: MapPoint) -> Label {
    func at(_ x: Double, _ y: Double) -> Label {
      let middle = MapPoint(x: seat.x + x, y: seat.y + y)
      return Label(
        at: MapPoint(x: middle.x, y: middle.y + 4), lines: [text],
        box: MapRect(x: middle.x - 8, y: middle.y - 8, width: 16, height: 16), isNumber: true)
    }
    let steps = [(0, 0), (0, -14), (14, 0), (-14, 0), (0, 14), (12, -12), (-12, -12)]
    let tried = steps.map { at(Double($0.0), Double($0.1)) }
    return tried.first { label in
      rect.holds(label.box) && !taken.contains { $0.overlap(label.box) > 0 }
    } ?? tried[0]
  }
}
