/// The complaints that may count for ``Signals/neighbours``, in square cells on the grid.
///
/// Only places graded by their own coordinates or their UPRN are in it: the middle of a postcode is nobody's
/// neighbour.
struct ComplaintGrid: Sendable {
  struct Complaint: Sendable {
    let point: GridPoint
    /// Seconds since the reference date.
    let received: Double
    let address: Int
    let isOnTrial: Bool
  }

  private struct Cell: Hashable {
    let x: Int
    let y: Int
  }

  /// Newest first in each cell.
  private var cells: [Cell: [Complaint]] = [:]
  /// Metres.
  private let side: Double

  /// - Parameter side: at least as long as the furthest that is asked for.
  init(_ complaints: [Complaint], side: Double) {
    self.side = max(side, 1)
    for complaint in complaints {
      if let cell = cell(complaint.point) { cells[cell, default: []].append(complaint) }
    }
    for cell in cells.keys { cells[cell]!.sort { $0.received > $1.received } }
  }

  private func cell(_ point: GridPoint) -> Cell? {
    guard let x = Int(exactly: (point.x / side).rounded(.down)),
      let y = Int(exactly: (point.y / side).rounded(.down)), abs(x) < 1 << 40, abs(y) < 1 << 40
    else { return nil }
    return Cell(x: x, y: y)
  }

  /// Whether there are as many complaints as the signal asks for near one of the points, at two or more
  /// addresses.
  func holds(
    _ signal: Neighbours, near points: [GridPoint], now: Double, withTrials: Bool
  ) -> Bool {
    if cells.isEmpty { return false }
    let oldest = now - Double(signal.withinDays) * secondsOfDay
    return points.contains { point in
      var count = 0
      var first = -1
      var isAtTwo = false
      visit(near: point, within: signal.metres, from: oldest, to: now) { complaint in
        if complaint.isOnTrial, !withTrials { return true }
        count += 1
        if first < 0 { first = complaint.address }
        if complaint.address != first { isAtTwo = true }
        return count < signal.complaints || !isAtTwo
      }
      return count >= signal.complaints && isAtTwo
    }
  }

  /// - Parameter body: gives `false` when it has seen enough.
  func visit(
    near point: GridPoint, within metres: Double, from oldest: Double, to newest: Double,
    _ body: (Complaint) -> Bool
  ) {
    guard let middle = cell(point) else { return }
    for x in (middle.x - 1)...(middle.x + 1) {
      for y in (middle.y - 1)...(middle.y + 1) {
        for complaint in cells[Cell(x: x, y: y)] ?? [] {
          if complaint.received < oldest { break }
          if complaint.received > newest { continue }
          let (dx, dy) = (complaint.point.x - point.x, complaint.point.y - point.y)
          if dx * dx + dy * dy <= metres * metres, !body(complaint) { return }
        }
      }
    }
  }
}
