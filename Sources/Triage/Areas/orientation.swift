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
/// as an expansion of non-overlapping parts. Exact unless a product overflows or underflows,
/// which coordinates in metres or degrees do not.
package func exactOrientation(
  _ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ cx: Double, _ cy: Double
) -> Double {
  var parts: [Double] = []
  parts.reserveCapacity(12)
  func add(_ value: Double) {
    guard value != 0 else { return }
    var carried = value
    for at in parts.indices {
      let sum = carried + parts[at]
      let virtual = sum - carried
      parts[at] = (carried - (sum - virtual)) + (parts[at] - virtual)
      carried = sum
    }
    parts.append(carried)
  }
  func addProduct(_ p: Double, _ q: Double) {
    let product = p * q
    add((-product).addingProduct(p, q))
    add(product)
  }
  addProduct(ax, by)
  addProduct(-ax, cy)
  addProduct(-cx, by)
  addProduct(-ay, bx)
  addProduct(ay, cx)
  addProduct(cy, bx)
  return parts.last(where: { $0 != 0 }) ?? 0
}
