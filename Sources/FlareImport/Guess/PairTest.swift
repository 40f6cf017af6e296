/// Pairs of numbers, and in how many ways they could be places.
struct PairTest {
  let xs: [Double]
  let ys: [Double]
  /// Metres of the British National Grid: in its box, and on or near land this way or turned.
  private(set) var inBox = 0
  private(set) var onLand = 0
  private(set) var onLandTurned = 0
  /// Whole numbers of six digits, or nearly: what grid coordinates look like.
  private(set) var inSixDigits = 0
  private(set) var inDegrees = 0
  private(set) var inBritishDegrees = 0
  private(set) var onEarthsParts = 0
  private(set) var onEarthsPartsTurned = 0
  private(set) var inMercator = 0
  /// The part of the world in which most are.
  private(set) var part: WorldPart?

  init(xs: [Double], ys: [Double]) {
    self.xs = xs
    self.ys = ys
    var parts: [WorldPart: Int] = [:]
    for (x, y) in zip(xs, ys) {
      if (1_000...700_000).contains(x), (1_000...1_300_000).contains(y) { inBox += 1 }
      if isOnBritishLand(x, y) { onLand += 1 }
      if isOnBritishLand(y, x) { onLandTurned += 1 }
      if (10_000..<1_000_000).contains(x), (1_000..<1_300_000).contains(y) { inSixDigits += 1 }
      if abs(x) <= 180, abs(y) <= 90 { inDegrees += 1 }
      if let part = WorldPart.holding(x, y) {
        parts[part, default: 0] += 1
        onEarthsParts += 1
      }
      if WorldPart.holding(y, x) != nil { onEarthsPartsTurned += 1 }
      if WorldPart.holding(x, y) == .britain, x != 0 || y != 0 { inBritishDegrees += 1 }
      // Britain and its surroundings in Web Mercator's metres.
      if (-1_000_000...250_000).contains(x), (6_270_000...8_700_000).contains(y) {
        inMercator += 1
      }
    }
    part = parts.max { $0.value < $1.value }?.key
  }

  var count: Int { xs.count }
  func share(_ number: Int) -> Double { count == 0 ? 0 : Double(number) / Double(count) }

  var isSwappedInDegrees: Bool { share(onEarthsPartsTurned) > 0.8 && share(onEarthsParts) < 0.2 }

  var middleX: Double? { xs.isEmpty ? nil : xs.sorted()[xs.count / 2] }

  /// "45 to 53 and -9 to 2", rounded outward so far that no house can be told from it.
  func ranges(_ system: PlaceSystem?) -> String {
    func range(_ values: [Double]) -> String {
      guard let low = values.min(), let high = values.max() else { return "nothing" }
      let step = abs(low) <= 180 && abs(high) <= 180 ? 0.1 : 1000
      let (from, to) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
      return "\(plain(from)) to \(plain(to))"
    }
    return "\(range(xs)) and \(range(ys))"
  }
}

/// A number with one decimal at most, without an exponent.
func plain(_ number: Double) -> String {
  guard abs(number) < 1e15 else { return "a number beyond all maps" }
  let tenths = Int((number * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
  return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
}
