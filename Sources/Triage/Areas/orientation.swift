/// Which side of the line from `a` to `b` the point `c` lies on, exactly.
///
/// Above zero: left of it; below: right; zero: on the line through both. A floating-point
/// filter answers nearly always; what it cannot decide is computed without rounding.
/// Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust
/// Geometric Predicates", Discrete & Computational Geometry 18 (1997).
package func orientation(
  _ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ cx: Double, _ cy: Double
) -> Double {
  let left = (ax - cx) * (by - cy)
  let right = (ay - cy) * (bx - cx)
  let determinant = left - right
  // (3 + 16ε)ε of the paper, with ε = 2^-53.
  let bound = 3.330_669_073_875_471_6e-16 * (left.magnitude + right.magnitude)
  if determinant > bound || -determinant > bound { return determinant }
  return exactOrientation(ax, ay, bx, by, cx, cy)
}

/// The sign of ax·by − ax·cy − cx·by − ay·bx + ay·cx + cy·bx (the terms in cx·cy cancel), summed
/// as an expansion of non-overlapping parts, on the stack. Exact unless a product overflows or
/// underflows, which coordinates in metres or degrees do not.
@inline(never)
package func exactOrientation(
  _ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ cx: Double, _ cy: Double
) -> Double {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: 12) { parts in
    var sum = Expansion(parts: parts)
    sum.addProduct(ax, by)
    sum.addProduct(-ax, cy)
    sum.addProduct(-cx, by)
    sum.addProduct(-ay, bx)
    sum.addProduct(ay, cx)
    sum.addProduct(cy, bx)
    // Every part is greater than all before it together.
    var at = sum.count - 1
    while at >= 0 {
      if parts[at] != 0 { return parts[at] }
      at -= 1
    }
    return 0
  }
}

/// A number as the sum of parts that do not overlap, the least first.
private struct Expansion {
  let parts: UnsafeMutableBufferPointer<Double>
  var count = 0

  /// Grows by one part (Shewchuk's Grow-Expansion).
  private mutating func add(_ value: Double) {
    guard value != 0 else { return }
    var carried = value
    for at in 0..<count {
      let sum = carried + parts[at]
      let virtual = sum - carried
      parts[at] = (carried - (sum - virtual)) + (parts[at] - virtual)
      carried = sum
    }
    parts.initializeElement(at: count, to: carried)
    count += 1
  }

  mutating func addProduct(_ p: Double, _ q: Double) {
    let product = p * q
    add((-product).addingProduct(p, q))
    add(product)
  }
}
