/// Tells by four comparisons that a point in a source system's own coordinates lies outside every
/// area, so that most rows of a list need no conversion. It never says so of a point that a
/// conversion would bring into an area, nor of one that the conversion does not reach.
package struct FarAway: Sendable {
  /// Holds all areas, and more.
  package let near: Box
  /// Every point of it has an image on the grid.
  package let reached: Box

  @inline(__always)
  package func holds(_ x: Double, _ y: Double) -> Bool {
    reached.holds(x, y) && !near.holds(x, y)
  }

  /// The image of a box's inside lies within the image of its border, as the conversion is continuous.
  /// Between two of the points at which the border is followed it leaves their chord by κ·s²/8 at most:
  /// 16 m on a grid with κ = 5·10⁻⁷ per metre for areas that are 1,000 km apart (s = 16 km). The box
  /// is made wider by 1 % of its size and 200 m before, and by 1 % behind.
  /// - Parameters:
  ///   - areas: the box round all areas, on the grid.
  ///   - bounds: what can be coordinates at all in the source system; never left.
  /// - Returns: `nil` where nothing is to be gained, or the way back from the grid is not known.
  package init?(from areas: Box, by projection: Projection, within bounds: Box) {
    guard projection.kind != .grid, let fromGrid = projection.fromGrid, !areas.isNothing else {
      return nil
    }
    let size = max(areas.maxX - areas.minX, areas.maxY - areas.minY)
    let wide = areas.grown(by: 200 + size / 100)
    var near = Box.nothing
    let steps = 64
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = wide.minX + (wide.maxX - wide.minX) * share
      let y = wide.minY + (wide.maxY - wide.minY) * share
      for point in [
        GridPoint(x: x, y: wide.minY), GridPoint(x: x, y: wide.maxY),
        GridPoint(x: wide.minX, y: y), GridPoint(x: wide.maxX, y: y),
      ] {
        guard let source = fromGrid(point), bounds.holds(source.x, source.y) else { return nil }
        near.add(GridPoint(x: source.x, y: source.y))
      }
    }
    let (width, height) = (near.maxX - near.minX, near.maxY - near.minY)
    near = FarAway.widen(near, width / 100, height / 100)
    // In units of the source for each metre.
    let (scaleX, scaleY) = (
      width / (wide.maxX - wide.minX), height / (wide.maxY - wide.minY)
    )
    for metres in [800_000.0, 400_000, 200_000, 100_000, 50_000, 25_000] {
      let tried = FarAway.widen(near, metres * scaleX, metres * scaleY).clipped(to: bounds)
      if FarAway.isReached(tried, projection) {
        // Between the points that were tried the edge of what is reached may bulge by some metres.
        let (width, height) = (tried.maxX - tried.minX, tried.maxY - tried.minY)
        self.near = near
        reached = FarAway.widen(tried, -width / 50, -height / 50)
        return
      }
    }
    return nil
  }

  private static func widen(_ box: Box, _ x: Double, _ y: Double) -> Box {
    Box(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX + x, maxY: box.maxY + y)
  }

  private static func isReached(_ box: Box, _ projection: Projection) -> Bool {
    let steps = 24
    for row in 0...steps {
      for column in 0...steps {
        let x = box.minX + (box.maxX - box.minX) * Double(column) / Double(steps)
        let y = box.minY + (box.maxY - box.minY) * Double(row) / Double(steps)
        if projection.toGrid(x, y) == nil { return false }
      }
    }
    return true
  }
}

extension Box {
  fileprivate func clipped(to other: Box) -> Box {
    Box(
      minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
      maxY: min(maxY, other.maxY))
  }
}
