import Triage

/// Two areas that share ground.
package struct AreaOverlap: Hashable, Sendable {
  /// Positions in the stated order; the first owns what both hold.
  package var first: Int
  package var second: Int
  /// About, see ``sharedSquareMetres(_:_:)``.
  package var squareMetres: Double
  /// Somewhere in the shared part, where it is wide.
  package var place: GridPoint
}

/// All pairs of areas that share a square metre or more, in the stated order.
///
/// Pairs are found by sorting the boxes from west to east. At most 100 are listed, and so many pairs are
/// looked at that 35,000 areas side by side are checked; beyond a million more they are not even counted.
/// - Returns: `firstUnlisted`, where there is one, is the position of the later area of a pair not looked at.
package func findOverlaps(
  _ areas: [PilotArea]
) -> (found: [AreaOverlap], unlisted: Int, firstUnlisted: Int?) {
  let mostListed = 100
  var budget = 1_000_000
  let boxes = areas.map(\.box)
  let order = boxes.indices.sorted { boxes[$0].minX < boxes[$1].minX }
  var found: [AreaOverlap] = []
  var unlisted = 0
  var firstUnlisted: Int?
  var open: [Int] = []
  looking: for at in order where !boxes[at].isNothing {
    open.removeAll { boxes[$0].maxX < boxes[at].minX }
    for other in open
    where boxes[other].minY <= boxes[at].maxY && boxes[at].minY <= boxes[other].maxY {
      guard budget > 0, found.count < mostListed else {
        unlisted += 1
        if firstUnlisted == nil { firstUnlisted = max(at, other) }
        if unlisted >= 1_000_000 { break looking }
        continue
      }
      budget -= 1
      let (first, second) = (min(at, other), max(at, other))
      let shared = sharedGround(areas[first], areas[second])
      if shared.squareMetres >= 1 {
        found.append(
          AreaOverlap(
            first: first, second: second, squareMetres: shared.squareMetres, place: shared.place))
      }
    }
    open.append(at)
  }
  return (found.sorted { ($0.first, $0.second) < ($1.first, $1.second) }, unlisted, firstUnlisted)
}

/// About how many square metres two areas share, and a place where they do.
///
/// Measured along 64 to 1,024 lines from west to east, evenly spread over the height that both have:
/// within a thousandth of the smaller area for outlines as they are drawn. Borders that are the same
/// points count as nothing shared, exactly. O(edges + lines · edges that a line meets).
func sharedGround(
  _ one: PilotArea, _ other: PilotArea
) -> (squareMetres: Double, place: GridPoint) {
  let (a, b) = (one.box, other.box)
  let (low, high) = (max(a.minY, b.minY), min(a.maxY, b.maxY))
  let none = (squareMetres: 0.0, place: GridPoint(x: 0, y: 0))
  guard low < high, (high - low).isFinite else { return none }
  let count = Int(max(64, min(1024, (high - low) / 0.5)))
  let lines = Lines(from: low, by: (high - low) / Double(count), count: count)
  let spans = (lines.spans(of: one), lines.spans(of: other))
  var sum = 0.0
  var widest = (width: 0.0, place: none.place)
  for line in 0..<count {
    var (at, with) = (0, 0)
    let (mine, theirs) = (spans.0[line], spans.1[line])
    while at < mine.count, with < theirs.count {
      let start = max(mine[at].lowerBound, theirs[with].lowerBound)
      let end = min(mine[at].upperBound, theirs[with].upperBound)
      if start < end {
        sum += end - start
        if end - start > widest.width {
          widest = (end - start, GridPoint(x: (start + end) / 2, y: lines.y(line)))
        }
      }
      if mine[at].upperBound < theirs[with].upperBound { at += 1 } else { with += 1 }
    }
  }
  return (sum * lines.step, widest.place)
}

/// Lines from west to east, each in the middle of a strip of equal height.
private struct Lines {
  let low: Double
  let step: Double
  let count: Int

  init(from low: Double, by step: Double, count: Int) {
    (self.low, self.step, self.count) = (low, step, count)
  }

  func y(_ line: Int) -> Double { low + step * (Double(line) + 0.5) }

  /// Where each line runs inside the area, from west to east, without two spans that touch.
  func spans(of area: PilotArea) -> [[ClosedRange<Double>]] {
    var spans = [[ClosedRange<Double>]](repeating: [], count: count)
    for polygon in area.polygons {
      var crossings = [[Double]](repeating: [], count: count)
      for ring in [polygon.outer] + polygon.holes where !ring.isEmpty {
        var from = ring[ring.count - 1]
        for to in ring {
          // From below, so that an edge crosses at the same place whichever way its ring winds.
          let (a, b) = from.y < to.y ? (from, to) : (to, from)
          from = to
          guard a.y < b.y else { continue }
          let first = max(
            0, Int(max(-1, min(Double(count), (a.y - low) / step - 0.5)).rounded(.up)))
          var line = first
          while line < count, y(line) < b.y {
            if y(line) >= a.y {
              crossings[line].append(a.x + (b.x - a.x) * ((y(line) - a.y) / (b.y - a.y)))
            }
            line += 1
          }
        }
      }
      for line in 0..<count {
        let sorted = crossings[line].sorted()
        for pair in stride(from: 0, to: sorted.count - 1, by: 2) {
          spans[line].append(sorted[pair]...sorted[pair + 1])
        }
      }
    }
    if area.polygons.count > 1 { for line in 0..<count { spans[line] = joined(spans[line]) } }
    return spans
  }

  private func joined(_ spans: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
    var result: [ClosedRange<Double>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, span.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
      } else {
        result.append(span)
      }
    }
    return result
  }
}
