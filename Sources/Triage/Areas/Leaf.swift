/// A boundary cell: the edges that pass through it, and which polygons hold its reference point.
///
/// In words of 8 bytes: the number of edges (32 bits), of slots (16) with ``Flag/more`` where a
/// further block follows, the state (16); the least position of the areas that cover the cell whole
/// (32, `Int32.max` if none) and the first of them in `covers` (32, −1 if none); for each slot the
/// position of its area (32 each); for each edge its marks (16 each); then vertices, two words each.
/// Edges follow each other from vertex to vertex; one marked ``Mark/start`` begins with a vertex of
/// its own.
///
/// A slot is one of the polygons whose border passes through the cell. A block has twelve at most.
struct Leaf {
  enum Mark {
    /// Which slots the edge belongs to.
    static let slots: UInt32 = 0x0FFF
    /// The edge crosses the level of the reference point to the right of it.
    static let crossing: UInt32 = 0x1000
    /// What is above the edge counts as below it.
    static let turned: UInt32 = 0x2000
    static let start: UInt32 = 0x4000
  }

  static let slotLimit = 12
  static let more: UInt16 = 0x8000

  private let base: UnsafePointer<UInt64>

  @inline(__always)
  init(_ base: UnsafePointer<UInt64>) { self.base = base }

  @inline(__always)
  var edgeCount: Int { Int(base[0] & 0xFFFF_FFFF) }
  @inline(__always)
  var slotCount: Int { Int((base[0] >> 32) & 0x7FFF) }
  @inline(__always)
  var isLast: Bool { (base[0] >> 32) & UInt64(Leaf.more) == 0 }
  @inline(__always)
  private var state: UInt32 { UInt32(truncatingIfNeeded: base[0] >> 48) }
  @inline(__always)
  var firstCover: Int32 { Int32(truncatingIfNeeded: base[1]) }
  @inline(__always)
  var covers: Int32 { Int32(truncatingIfNeeded: base[1] >> 32) }

  @inline(__always)
  func area(_ slot: Int) -> Int32 {
    Int32(truncatingIfNeeded: base[2 &+ slot >> 1] >> UInt64((slot & 1) &* 32))
  }

  @inline(__always)
  private var marks: UnsafePointer<UInt16> {
    UnsafeRawPointer(base + (2 &+ (slotCount &+ 1) >> 1)).assumingMemoryBound(to: UInt16.self)
  }

  @inline(__always)
  private var vertices: UnsafePointer<Double> {
    UnsafeRawPointer(base + (2 &+ (slotCount &+ 1) >> 1 &+ (edgeCount &+ 3) >> 2))
      .assumingMemoryBound(to: Double.self)
  }

  /// The block that follows this one, where ``isLast`` says that there is one.
  var next: Leaf {
    var vertexCount = edgeCount
    for at in 0..<edgeCount where UInt32(marks[at]) & Mark.start != 0 { vertexCount += 1 }
    return Leaf(base + (2 + (slotCount + 1) / 2 + (edgeCount + 3) / 4 + 2 * vertexCount))
  }

  /// Bits of the slots whose polygons hold the point, which must lie in the cell.
  ///
  /// The way from the reference point r leads along its level to below the point and then straight
  /// up. Both are thought of as moved by as good as nothing up and by still less to the right
  /// (simulation of simplicity), so no vertex is ever on that way, and an edge owns its left end and
  /// not its right one. With T: the point is above or below the edge, A: above, R: right of both its
  /// ends, an edge that stays above r's level is passed if T∧A. One that crosses the level right of r
  /// is passed on the level if R; else, if T, once or twice: rising it is passed an odd number of times
  /// if ¬A, falling if A. So one orientation an edge suffices, and all of it is counting.
  @inline(__always)
  func slots(holding x: Double, _ y: Double) -> UInt32 {
    // Bits and no branches: which way they went could not be foretold.
    let (marks, count) = (self.marks, edgeCount)
    var vertex = vertices - 2
    var state = self.state
    var on: UInt32 = 0
    for at in 0..<count {
      let mark = UInt32(marks[at])
      vertex += 2 &* Int((mark >> 14) & 1)
      let (ax, ay, bx, by) = (vertex[0], vertex[1], vertex[2], vertex[3])
      vertex += 2
      let rise = (bx - ax) * (y - ay)
      let run = (by - ay) * (x - ax)
      let side = rise - run
      var above: UInt32 = side > 0 ? 1 : 0
      // The bound of ``orientation``; also where there is no telling because something overflowed.
      if !(side.magnitude > 3.330_669_073_875_471_6e-16 * (rise.magnitude + run.magnitude)) {
        let exact = exactOrientation(ax, ay, bx, by, x, y)
        above = exact > 0 ? 1 : 0
        if exact == 0, min(ax, bx) <= x, x <= max(ax, bx), min(ay, by) <= y, y <= max(ay, by) {
          on |= mark
        }
      }
      let (right, nextRight): (UInt32, UInt32) = (ax > x ? 1 : 0, bx > x ? 1 : 0)
      let beside = ((right | nextRight) ^ 1) & (mark >> 12)
      let passed = ((right ^ nextRight) & (above ^ (mark >> 13))) | beside
      state ^= mark & (0 &- (passed & 1))
    }
    return (state | on) & Mark.slots
  }

  /// Calls with every edge of this block and the first area that it belongs to.
  func forEachEdge(_ body: (GridPoint, GridPoint, Int32) -> Void) {
    forEachMarked { a, b, slots in body(a, b, area(slots.trailingZeroBitCount)) }
  }

  /// Calls with every edge of this block that belongs to an area.
  func forEachEdge(ofArea position: Int32, _ body: (GridPoint, GridPoint) -> Void) {
    var wanted: UInt32 = 0
    for slot in 0..<slotCount where area(slot) == position { wanted |= 1 << UInt32(slot) }
    if wanted == 0 { return }
    forEachMarked { a, b, slots in if slots & wanted != 0 { body(a, b) } }
  }

  @inline(__always)
  private func forEachMarked(_ body: (GridPoint, GridPoint, _ slots: UInt32) -> Void) {
    var vertex = vertices
    var from = GridPoint(x: 0, y: 0)
    for at in 0..<edgeCount {
      let mark = UInt32(marks[at])
      if mark & Mark.start != 0 {
        from = GridPoint(x: vertex[0], y: vertex[1])
        vertex += 2
      }
      let to = GridPoint(x: vertex[0], y: vertex[1])
      vertex += 2
      body(from, to, mark & Mark.slots)
      from = to
    }
  }
}
