import Triage

/// Point in polygon by brute force in whole numbers: slow, and exact by construction.
///
/// Coordinates are taken as multiples of 2⁻³⁴ metre (what a Double holds at an easting of
/// 450,000 m), so that every product fits into 128 bits.
enum ExactOracle {
  struct Whole {
    let x: Int128
    let y: Int128

    init(_ point: GridPoint) {
      x = Int128(point.x * 0x1p34)
      y = Int128(point.y * 0x1p34)
    }
  }

  /// The nearest coordinate that the oracle can hold.
  static func round(_ value: Double) -> Double {
    (value * 0x1p34).rounded() * 0x1p-34
  }

  static func side(_ a: Whole, _ b: Whole, _ c: Whole) -> Int {
    ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).signum().asInt
  }

  static func isOn(_ a: Whole, _ b: Whole, _ p: Whole) -> Bool {
    side(a, b, p) == 0 && p.x >= min(a.x, b.x) && p.x <= max(a.x, b.x)
      && p.y >= min(a.y, b.y) && p.y <= max(a.y, b.y)
  }

  /// An area in whole numbers: for each polygon its rings.
  struct Area {
    let polygons: [[[Whole]]]

    init(_ area: PilotArea) {
      polygons = area.polygons.map { polygon in
        ([polygon.outer] + polygon.holes).map { $0.map(Whole.init) }
      }
    }

    func holds(_ point: GridPoint) -> Bool {
      let point = Whole(point)
      return polygons.contains { ExactOracle.holds($0, point) }
    }
  }

  /// On a border, or enclosed by an odd number of turns (counted on a ray downwards, unlike the
  /// index, which looks to the right).
  private static func holds(_ rings: [[Whole]], _ p: Whole) -> Bool {
    var crossings = 0
    for ring in rings {
      for (index, b) in ring.enumerated() {
        let a = ring[(index + ring.count - 1) % ring.count]
        if isOn(a, b, p) { return true }
        guard (a.x <= p.x) != (b.x <= p.x) else { continue }
        if (b.x > a.x) == (side(a, b, p) > 0) { crossings += 1 }
      }
    }
    return crossings % 2 == 1
  }
}

extension Int128 {
  fileprivate var asInt: Int { Int(self) }
}

/// SplitMix64: the same numbers on every run. Source: Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
