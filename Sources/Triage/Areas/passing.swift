/// How an edge of a boundary cell lies to the way from the cell's reference point to a point in it
/// (``Leaf/slots(holding:_:)``). The reference point r is left of and below all points of the cell.
///
/// r is thought of as moved by as good as nothing up, and by still less to the right, so that it is on
/// no edge and level with no vertex.
@inline(__always)
func crossesLevel(_ a: GridPoint, _ b: GridPoint, _ level: Double) -> Bool {
  (a.y > level) != (b.y > level)
}

/// For an edge that crosses the level of r: whether it does so right of r.
@inline(__always)
func isRight(_ a: GridPoint, _ b: GridPoint, of r: GridPoint) -> Bool {
  let (aRight, bRight) = (a.x > r.x, b.x > r.x)
  if aRight == bRight { return aRight }
  let side = orientation(a.x, a.y, b.x, b.y, r.x, r.y)
  if side != 0 { return (side > 0) == (b.y > a.y) }
  // On the edge, and moved up off it: to its left if it rises to the right.
  return (b.x > a.x) == (b.y > a.y)
}

/// For an edge that is above or below r: whether r is above it.
@inline(__always)
func isBelow(_ a: GridPoint, _ b: GridPoint, _ r: GridPoint) -> Bool {
  let (aAbove, bAbove) = (a.y > r.y, b.y > r.y)
  if aAbove == bAbove { return !aAbove }
  let side = orientation(a.x, a.y, b.x, b.y, r.x, r.y)
  return side == 0 || (side > 0) == (b.x > a.x)
}

/// The marks of an edge in the cell with the reference point r; `nil` for one that is on no way from
/// there into the cell.
@inline(__always)
func marks(_ a: GridPoint, _ b: GridPoint, _ r: GridPoint) -> UInt32? {
  let (aUp, bUp) = (a.y > r.y, b.y > r.y)
  if !aUp && !bUp { return nil }
  if a.x <= r.x && b.x <= r.x { return nil }
  let leftwards: UInt32 = b.x < a.x ? Leaf.Mark.turned : 0
  if aUp && bUp { return leftwards }
  if isRight(a, b, of: r) {
    let rising = (b.x > a.x) == (b.y > a.y)
    return Leaf.Mark.crossing | (rising ? leftwards ^ Leaf.Mark.turned : leftwards)
  }
  // It crosses the level left of r: what there is of it in the cell is all above the level, or below.
  return (a.x > b.x ? aUp : bUp) ? leftwards : nil
}
