import Foundation
import Triage

/// An invented jobs list on a real map: the same seed and day give the same list.
///
/// Streets, people and references are invented; postcodes end in letters that Royal Mail does not
/// use in that place (C, I, K, M, O, V), UPRNs begin with 999.
struct FictionalTown {
  private var random: SplitMix64
  private let today: Date
  private let zone: TimeZone

  init(seed: UInt64, today: Date, zone: TimeZone) {
    random = SplitMix64(state: seed)
    self.today = today
    self.zone = zone
  }

  struct Home {
    var uprn: String
    var address: String
    var postcode: String
    var point: GridPoint
  }

  static let header = [
    "Job Ref", "Recorded", "Due", "Cleared", "Class", "Type", "Status", "Caller", "UPRN",
    "Address", "Postcode", "Easting", "Northing", "Notes",
  ]

  /// The list as a council's system would write it: CSV, CRLF, quoted where needed.
  mutating func list(areas: AreaIndex, homesInEachArea: Int, elsewhere: Int) -> String {
    var rows: [[String]] = []
    for (position, area) in areas.areas.enumerated() {
      let streets = FictionalTown.streets.dropFirst(position * 6).prefix(6)
      for _ in 0..<homesInEachArea {
        guard let point = point(in: area, areas) else { continue }
        let home = home(at: point, on: Array(streets))
        for _ in 0..<jobsAtHome() { rows.append(job(at: home)) }
      }
    }
    for _ in 0..<elsewhere {
      rows.append(job(at: home(at: pointElsewhere(areas), on: FictionalTown.streets)))
    }
    rows.shuffle(using: &random)
    for at in rows.indices { rows[at][0] = String(format: "SS%06d", 410_000 + at) }
    return ([FictionalTown.header] + rows).map { row in
      row.map(FictionalTown.quoted).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) }) else { return field }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  // MARK: - Places

  private mutating func point(in area: PilotArea, _ areas: AreaIndex) -> GridPoint? {
    let points = area.polygons.flatMap(\.outer)
    guard let x = points.map(\.x).range, let y = points.map(\.y).range else { return nil }
    for _ in 0..<1000 {
      let point = GridPoint(x: within(x), y: within(y))
      if areas.areas(holding: point).contains(where: { $0.id == area.id }) { return point }
    }
    return nil
  }

  private mutating func pointElsewhere(_ areas: AreaIndex) -> GridPoint {
    let points = areas.areas.flatMap(\.polygons).flatMap(\.outer)
    let (x, y) = (points.map(\.x).range ?? 0...1, points.map(\.y).range ?? 0...1)
    while true {
      let point = GridPoint(
        x: within(x.lowerBound - 3000...x.upperBound + 3000),
        y: within(y.lowerBound - 3000...y.upperBound + 3000))
      if areas.positions(holding: point).isEmpty { return point }
    }
  }

  private mutating func within(_ range: ClosedRange<Double>) -> Double {
    (Double.random(in: range, using: &random) * 10).rounded() / 10
  }

  private mutating func home(at point: GridPoint, on streets: [String]) -> Home {
    let street = streets.randomElement(using: &random) ?? "Larkspur Road"
    let number = Int.random(in: 1...140, using: &random)
    let flat = Int.random(in: 0..<8, using: &random) == 0
    let inward =
      "\(Int.random(in: 1...9, using: &random))"
      + String("CIKMOV".randomElement(using: &random)!)
      + String("CIKMOV".randomElement(using: &random)!)
    let uprn = String(999_000_000_000 + Int.random(in: 1...999_999_998, using: &random))
    return Home(
      uprn: Int.random(in: 0..<4, using: &random) == 0 || uprn.hasSuffix("0000000") ? "" : uprn,
      address: (flat ? "Flat \(Int.random(in: 1...6, using: &random)), " : "")
        + "\(number) \(street), Sutton in Ashfield",
      postcode: "NG17 \(inward)", point: point)
  }

  // MARK: - Jobs

  private mutating func jobsAtHome() -> Int {
    [1, 1, 1, 1, 2, 2, 3].randomElement(using: &random) ?? 1
  }

  private mutating func job(at home: Home) -> [String] {
    let kind = FictionalTown.kinds.randomElement(using: &random)!
    let age = Int.random(in: 1...kind.oldestDays, using: &random)
    let received = today.addingTimeInterval(
      -Double(age) * 86_400 - Double.random(in: 0...20_000, using: &random))
    let closed = age > 30 || (kind.mayBeClosed && Bool.random(using: &random))
    let due = received.addingTimeInterval(10 * 86_400)
    return [
      "", civil(received), civil(due),
      closed ? civil(min(today, received.addingTimeInterval(4 * 86_400))) : "",
      kind.jobClass, kind.type, closed ? "Closed" : kind.status,
      kind.type == "Fly-tipping" ? "Officer" : "Public", home.uprn, home.address, home.postcode,
      String(format: "%.1f", home.point.x), String(format: "%.1f", home.point.y),
      FictionalTown.notes.randomElement(using: &random) ?? "",
    ]
  }

  private func civil(_ date: Date) -> String {
    let style = Date.VerbatimFormatStyle(
      format: """
        \(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) \
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
        """, timeZone: zone, calendar: Calendar(identifier: .gregorian))
    return style.format(date)
  }

  private struct Kind {
    var jobClass: String
    var type: String
    var status: String
    var oldestDays: Int
    var mayBeClosed = true
  }

  private static let kinds = [
    Kind(
      jobClass: "Bulky", type: "Bulky waste quote", status: "Open", oldestDays: 20,
      mayBeClosed: false),
    Kind(jobClass: "Bulky", type: "Bulky waste collection", status: "Assigned", oldestDays: 90),
    Kind(jobClass: "Waste", type: "Assisted collection request", status: "Open", oldestDays: 40),
    Kind(jobClass: "Waste", type: "Missed bin refuse", status: "Open", oldestDays: 300),
    Kind(jobClass: "Waste", type: "Replacement bin 240L", status: "Open", oldestDays: 200),
    Kind(jobClass: "ASB", type: "Noise - domestic", status: "In progress", oldestDays: 300),
    Kind(jobClass: "Env", type: "Fly-tipping", status: "Open", oldestDays: 200),
    Kind(jobClass: "Env", type: "Accumulation of waste", status: "Open", oldestDays: 200),
    Kind(jobClass: "Pest", type: "Pest treatment - rats", status: "Open", oldestDays: 60),
    Kind(jobClass: "Licence", type: "Hoarding licence", status: "Open", oldestDays: 60),
    Kind(jobClass: "Waste", type: "Compost sack order", status: "Open", oldestDays: 60),
  ]

  private static let notes = [
    "", "", "Caller says sofa, mattress and \"a few bags\"", "Rang twice, no answer",
    "Side gate locked,\r\nplease call first", "As before",
  ]

  private static let streets = [
    "Larkspur Road", "Tanner Street", "Quince Avenue", "Pipit Lane", "Harebell Close",
    "Bobbin Terrace", "Weavers Row", "Foxglove Drive", "Cinder Street", "Plover Crescent",
    "Damson Grove", "Shuttle Street", "Old Kiln Lane", "Juniper Way", "Sparrow Gardens",
  ]
}

/// Small, seeded and the same on every machine. Source: G. Steele, D. Lea, C. Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension [Double] {
  fileprivate var range: ClosedRange<Double>? {
    guard let least = self.min(), let most = self.max() else { return nil }
    return least...most
  }
}
