import Foundation
import Triage

/// Marks gathered so that they can be told apart at a picture's scale, and placed in it.
struct MapMarks {
  struct Placed {
    var at: MapPoint
    var kind: AreaPicture.Kind
    var jobs: Int
    var size: Double

    var box: MapRect { MapRect(x: at.x - size, y: at.y - size, width: 2 * size, height: 2 * size) }
  }

  /// Metres: fifty, or so much that two squares are two places in the picture.
  let square: Double
  /// What lies beneath first.
  private(set) var placed: [Placed] = []
  /// Jobs by kind, also those that lie beyond the picture.
  private(set) var jobs: [AreaPicture.Kind: Int] = [:]

  private static let most = 3000
  private static let leastWide = 200.0

  /// Metres: the squares for which too few jobs are shown; `nil` where none are.
  private(set) var wideSquare: Double?

  /// - Parameter fewest: jobs of one kind that are shown for a square of ``square``; fewer are shown for one
  ///   of ``wideSquare``.
  init(_ marks: [AreaPicture.Mark], fewest: Int = 1, _ frame: MapFrame) {
    var square = AreaPicture.Mark.square
    while square * frame.scale < 5.5 { square *= 2 }
    self.square = square
    struct Key: Hashable {
      var at: GridPoint
      var kind: AreaPicture.Kind
    }
    var counts: [Key: Int] = [:]
    for mark in marks where mark.jobs > 0 && isDrawable(mark.at) {
      jobs[mark.kind, default: 0] += mark.jobs
      counts[Key(at: middle(of: square, around: mark.at), kind: mark.kind), default: 0] += mark.jobs
    }
    let wide = max(square, MapMarks.leastWide)
    if fewest > 1, wide > square {
      for (key, count) in counts where count < fewest {
        counts[key] = nil
        counts[Key(at: middle(of: wide, around: key.at), kind: key.kind), default: 0] += count
        wideSquare = wide
      }
    }
    var kinds: [GridPoint: [AreaPicture.Kind]] = [:]
    for key in counts.keys { kinds[key.at, default: []].append(key.kind) }
    let seen = frame.rect.grown(by: -4)
    let order = Dictionary(
      uniqueKeysWithValues: AreaPicture.Kind.allCases.enumerated().map { ($0.element, $0.offset) })
    for (at, kinds) in kinds {
      let kinds = kinds.sorted { order[$0]! < order[$1]! }
      let middle = frame.place(at)
      for (number, kind) in kinds.enumerated() {
        let count = counts[Key(at: at, kind: kind)]!
        let size = (kind.isPlain ? 2.4 : 4.2) + 1.1 * log2(Double(min(count, 1000)) + 1)
        // Those of one square stand round its middle, so that none hides another.
        let turn = 2 * .pi * Double(number) / Double(kinds.count) - .pi / 4
        let away = kinds.count == 1 ? 0 : max(square * frame.scale / 4, size * 0.8)
        let place = MapPoint(x: middle.x + away * cos(turn), y: middle.y + away * sin(turn))
        guard place.x >= seen.x, place.x <= seen.right, place.y >= seen.y, place.y <= seen.bottom
        else { continue }
        placed.append(Placed(at: place, kind: kind, jobs: count, size: min(size, 11)))
      }
    }
    placed.sort {
      (order[$0.kind]!, -$0.jobs, $0.at.x, $0.at.y) < (order[$1.kind]!, -$1.jobs, $1.at.x, $1.at.y)
    }
    placed = placed.prefix(MapMarks.most).reversed()
  }
}
