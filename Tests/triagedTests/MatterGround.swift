import Foundation
import Logging
import Storage
import Triage

@testable import triaged

/// The example configuration, of which a test spoils something, with the daemon's own parts over it.
final class MatterGround {
  let folder: TemporaryFolder
  let config: String
  let journal = RecordedJournal()
  private(set) var store: Store
  private(set) var live: LiveInputs
  private(set) var watch: MatterWatch
  private(set) var configuration: Configuration
  /// Told by the store of opt-outs.
  let said: [Place]

  /// - Parameter edit: spoils a copy of the example configuration.
  init(
    now: Date = .now, optOuts said: [Place] = [],
    _ edit: (_ config: String) throws -> Void = { _ in }
  ) throws {
    self.said = said
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    try edit(config)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state", withIntermediateDirectories: true)
    (store, live, watch, configuration) = try MatterGround.parts(
      config, folder.path + "/state", journal, said, now)
  }

  private static func parts(
    _ config: String, _ state: String, _ journal: RecordedJournal, _ said: [Place], _ now: Date
  ) throws -> (Store, LiveInputs, MatterWatch, Configuration) {
    let loaded = loadConfiguration(folder: config, state: state, now: now)
    let configuration = try loaded.usable()
    let logger = Logger(label: "test") { _ in journal.handler }
    let store = try Store(path: state + "/triaged.sqlite")
    let areas = try AreaKeeper(
      loaded, configuration, store: store, kept: nil, now: now, logger: logger)
    let live = LiveInputs(
      configuration, areas: areas, register: loaded.register, optOuts: { said },
      memory: RegisterMemory(store),
      clock: { .distantPast }, logger: logger)
    return (
      store, live,
      MatterWatch(
        configuration, store: store,
        sources: matterSources(configuration, live: live, store: store),
        logger: logger), configuration
    )
  }

  func restart(now: Date) throws {
    try store.close()
    (store, live, watch, configuration) = try MatterGround.parts(
      config, folder.path + "/state", journal, said, now)
  }

  /// Subjects of the mails that are due.
  func due(_ now: Date) async throws -> [String] {
    try await store.dueNotices(now: now).map(\.subject).sorted()
  }

  func open() async throws -> [Matter.Kind] {
    try await store.openMatters().map(\.matter.kind)
  }

  /// Two looks with some seconds between, in which nobody saves anything.
  func rounds(_ now: Date) async throws {
    try await watch.round(now: now)
    try await watch.round(now: now + RegisterStillness.settles)
  }

  func settled(_ now: Date) async -> LiveInputs.InForce {
    _ = await live.inForce(now: now)
    return await live.inForce(now: now + RegisterStillness.settles)
  }

  /// Saves the register as if that had been a minute ago.
  func save(_ register: String, at now: Date = .now) throws {
    try write(register, to: config + "/register.csv")
    try FileManager.default.setAttributes(
      [.modificationDate: now.addingTimeInterval(-60)], ofItemAtPath: config + "/register.csv")
  }
}
