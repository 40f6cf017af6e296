import Crypto
import Foundation
import Geography
import Triage

/// The set of areas that is in force, and which of them count on a day.
struct AreasInForce: Sendable {
  /// The whole set in its stated order, also those that do not count today.
  let areas: [PilotArea]
  /// Equal where the set is.
  let setFingerprint: String
  /// When the set took effect; `nil` before it was written down.
  let since: Date?
  /// In the zone of the deployment.
  private(set) var day: CivilDay
  /// Of those that count on ``day``, in their stated order.
  private(set) var index: AreaIndex
  /// Changes with the set and with which of it count.
  private(set) var fingerprint: String

  init(_ areas: [PilotArea], setFingerprint: String, since: Date?, day: CivilDay) {
    self.areas = areas
    self.setFingerprint = setFingerprint
    self.since = since
    self.day = day
    let counting = areas.filter { $0.counts(on: day) }
    index = AreaIndex(counting)
    fingerprint = AreasInForce.fingerprint(setFingerprint, areas, day)
  }

  /// An area begins to count at midnight, and stops.
  mutating func turn(to day: CivilDay) {
    guard day != self.day else { return }
    self.day = day
    let fingerprint = AreasInForce.fingerprint(setFingerprint, areas, day)
    guard fingerprint != self.fingerprint else { return }
    self.fingerprint = fingerprint
    index = AreaIndex(areas.filter { $0.counts(on: day) })
  }

  private static func fingerprint(
    _ set: String, _ areas: [PilotArea], _ day: CivilDay
  ) -> String {
    set + areas.indices.filter { !areas[$0].counts(on: day) }.map { " -\($0)" }.joined()
  }
}

/// A set of areas as it is kept: the bytes, and their SHA-256 as its name.
struct WrittenAreas: Sendable {
  let areas: [PilotArea]
  let data: Data
  /// 64 hexadecimal digits.
  let fingerprint: String

  init(_ areas: [PilotArea], grid: Grid) {
    self.areas = areas
    data = Data(writeAreas(areas, grid: grid))
    fingerprint = SHA256.hash(data: data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined()
  }

  /// How a person names the set.
  var mark: String { String(fingerprint.prefix(WrittenAreas.markLength)) }

  static let markLength = 8
}
