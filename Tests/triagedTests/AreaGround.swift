import Foundation
import Geography
import Logging
import Storage
import Testing
import Triage

@testable import triaged

/// A square on the British National Grid.
func square(_ centre: GridPoint, _ half: Double) -> Ring {
  [(-half, -half), (half, -half), (half, half), (-half, half)].map {
    GridPoint(x: centre.x + $0.0, y: centre.y + $0.1)
  }
}

func area(
  _ id: String, _ polygons: [Triage.Polygon], reason: String = "", from: CivilDay? = nil,
  until: CivilDay? = nil
) -> PilotArea {
  PilotArea(
    id: id, name: "Area \(id)", polygons: polygons, reason: reason, from: from, until: until)
}

/// A boundary file that says just these areas.
func write(areas: [PilotArea], to path: String) throws {
  try Data(writeAreas(areas, grid: .britishNational)).write(to: URL(fileURLWithPath: path))
}

/// The example's New Cross with a hole of 4 m around ``pointInNewCross``: nearly all of it is left.
func holed() throws -> String {
  let areas = loadConfiguration(folder: root + "/config", state: "/nowhere", now: .now).areas.areas
  let whole = try #require(areas.first { $0.id == "new-cross" })
  let hole = square(pointInNewCross, 2)
  let polygons = whole.polygons.map { Triage.Polygon(outer: $0.outer, holes: $0.holes + [hole]) }
  return String(
    decoding: writeAreas(
      [PilotArea(id: whole.id, name: whole.name, polygons: polygons)], grid: .britishNational),
    as: UTF8.self)
}

/// The keeper of the areas on a folder of its own, driven look by look at given instants. Two areas that the
/// team names, `new-cross` and `stanton-hill`, each in a file of its name.
final class AreaGround {
  static let north = GridPoint(x: 450_000, y: 360_000)
  static let south = GridPoint(x: 450_000, y: 350_000)
  static let monday = WatchedFeed.monday

  let folder: TemporaryFolder
  let config: String
  let journal = RecordedJournal()
  private(set) var store: Store
  private(set) var keeper: AreaKeeper
  private var looks = 0.0

  var state: String { folder.path + "/state" }
  var file: String { config + "/areas/new-cross.geojson" }
  var now: Date { AreaGround.monday + looks * 10 }

  init() async throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state", withIntermediateDirectories: true)
    try write(
      areas: [area("stanton-hill", [Polygon(outer: square(AreaGround.south, 500))])],
      to: config + "/areas/stanton-hill.geojson")
    try write(areas: [AreaGround.good()], to: config + "/areas/new-cross.geojson")
    (store, keeper) = try await AreaGround.start(
      config, folder.path + "/state", AreaGround.monday, journal)
    try await keeper.look(now: now)
  }

  private static func start(
    _ config: String, _ state: String, _ now: Date, _ journal: RecordedJournal
  ) async throws -> (Store, AreaKeeper) {
    let loaded = loadConfiguration(folder: config, state: state, now: now)
    let store = try Store(path: state + "/triaged.sqlite")
    let logger = Logger(label: "test") { _ in journal.handler }
    do {
      let keeper = try AreaKeeper(
        loaded, try loaded.usableWithKeptAreas(), store: store, kept: try await store.areaSet(),
        now: now, logger: logger)
      return (store, keeper)
    } catch {
      try store.close()
      throw error
    }
  }

  static func good(_ half: Double = 500) -> PilotArea {
    area("new-cross", [Polygon(outer: square(north, half))])
  }

  /// Ends the program and starts it anew on the same state, up to its first look.
  func restart(look: Bool = true) async throws {
    try? store.close()
    (store, keeper) = try await AreaGround.start(config, state, now, journal)
    if look { try await keeper.look(now: now) }
  }

  func edit(_ areas: PilotArea...) throws { try write(areas: areas, to: file) }

  /// Two looks, ten seconds apart.
  /// - Parameter seconds: that pass before, in tens.
  @discardableResult
  func look(after seconds: Double = 0) async throws -> Bool {
    looks += 1 + seconds / 10
    let first = try await keeper.look(now: now)
    looks += 1
    let second = try await keeper.look(now: now)
    return first || second
  }

  var inForce: [PilotArea] { keeper.inForce(now: now).areas }
  var trouble: AreaTrouble? { keeper.trouble }

  /// Subjects of the mails that are due, each then taken by the other side.
  func mails() async throws -> [String] { try await letters().map(\.subject) }

  /// As two minutes later: a mail about a bad edit waits for that long.
  func letters() async throws -> [Notice] {
    let due = try await store.dueNotices(now: now + Store.areaTroubleRest)
    for notice in due {
      _ = try await store.noticeAttempting(id: notice.id, next: now, now: now)
      try await store.noticeAccepted(id: notice.id, now: now)
    }
    return due
  }
}

extension WatchedFeed {
  /// As the loop of the areas does, twice: two looks must see the files alike.
  func look(at now: Date) async throws {
    _ = try await areas.look(now: now)
    if try await areas.look(now: now + 5) { try await poller.areasChanged(now: now + 5) }
  }
}
