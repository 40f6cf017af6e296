import Foundation
import Geography
import Logging
import Triage

/// Areas, contact register and gazetteer as they are in force. The register and the gazetteer are looked at
/// here, like exports; the areas are kept by an ``AreaKeeper``, the register by a ``RegisterKeeper``.
actor LiveInputs {
  struct InForce: Sendable {
    /// The whole set, also those that do not count today.
    var areas: [PilotArea]
    /// Of those that count today.
    var index: AreaIndex
    /// Changes with the areas that count and with the gazetteer: a list read by others may say more now.
    var areasFingerprint: String
    var register: RegisterState
    /// Entries of the register that a person should look at.
    var registerDue = RegisterDue()
    /// Rows of its file, where it is in force.
    var registerEntries = 0
    /// Whether the register is out of force for the moment of its saving alone, which is nobody's matter.
    var isRegisterBeingSaved = false
    var gazetteer: Gazetteer
    /// Sentences on a gazetteer that is there and cannot be used.
    var gazetteerTrouble: String?
  }

  private let executor = SerialQueueExecutor(label: "triaged.inputs")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let logger: Logger
  nonisolated let areas: AreaKeeper
  /// Places where somebody asked not to be contacted: they join the register in force.
  private let optOuts: @Sendable () async throws -> [Place]
  /// Dwellings of whom nothing is stored any more: likewise.
  private let erased: @Sendable () async throws -> FingerprintedPlaces?
  private let memory: RegisterMemory
  private var register: RegisterKeeper
  private(set) var gazetteer: LoadedGazetteer

  /// - Parameters:
  ///   - optOuts: places where somebody asked not to be contacted.
  ///   - erased: dwellings of whom nothing is stored any more.
  ///   - clock: what this machine's clock says: a round that fetches for long asks by an earlier instant.
  init(
    _ configuration: Configuration, areas: AreaKeeper, register: RegisterState,
    gazetteer: LoadedGazetteer = .none,
    optOuts: @escaping @Sendable () async throws -> [Place] = { [] },
    erased: @escaping @Sendable () async throws -> FingerprintedPlaces? = { nil },
    memory: RegisterMemory = RegisterMemory(),
    clock: @escaping @Sendable () -> Date = { .now }, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    self.areas = areas
    self.register = RegisterKeeper(configuration, register, clock: clock, logger: logger)
    self.gazetteer = gazetteer
    self.optOuts = optOuts
    self.erased = erased
    self.memory = memory
  }

  /// Looks at the gazetteer and at the register.
  func look(now: Date) async -> InForce {
    lookAtGazetteer()
    return await inForce(now: now)
  }

  /// Looks at the register alone, which costs a few `stat`s and a query while nobody has saved it.
  func inForce(now: Date) async -> InForce {
    let said: AskedNotTo?
    let seen: Int??
    do { said = AskedNotTo(places: try await optOuts(), erased: try await erased()) } catch {
      said = nil
    }
    do { seen = try await memory.entries() } catch { seen = nil }
    register.look(now: now)
    let state = register.standing(said, seen)
    let (entries, due, isBeingSaved) = (register.entries, register.due, register.isBeingSaved)
    if state.register != nil, let seen, seen != entries {
      // Where it cannot be written the next look tries again.
      try? await memory.note(entries, now)
    }
    let inForce = areas.inForce(now: now)
    return InForce(
      areas: inForce.areas, index: inForce.index,
      areasFingerprint: areas.fingerprint(now: now) + "\n" + gazetteer.stamp,
      register: state, registerDue: due, registerEntries: entries,
      isRegisterBeingSaved: isBeingSaved,
      gazetteer: gazetteer.gazetteer,
      gazetteerTrouble: gazetteer.trouble.map { why in
        let standing =
          gazetteer.file == nil
          ? "None is in force: jobs are placed by their coordinates alone."
          : "The last good one stays in force until the service ends."
        return "The gazetteer cannot be used. \(why) \(standing)"
      })
  }

  /// A `stat` while nobody has made it anew. It takes its place whole, so one look is enough.
  private func lookAtGazetteer() {
    let path = configuration.gazetteerFile
    let stamp = fileStamp(path)
    guard stamp != gazetteer.stamp else { return }
    // One that went away leaves its places in force: they have not moved.
    if stamp.isEmpty {
      (gazetteer.stamp, gazetteer.trouble) = ("", nil)
      return
    }
    let fresh = LoadedGazetteer(path: path, grid: configuration.grid)
    if let trouble = fresh.trouble {
      (gazetteer.stamp, gazetteer.trouble) = (fresh.stamp, trouble)
      logger.error(
        "The gazetteer was made anew and cannot be used; the last good one stays in force.",
        metadata: ["why": "\(trouble)"])
      return
    }
    gazetteer = fresh
    if let facts = fresh.file?.facts {
      logger.notice(
        "The gazetteer was made anew and is in force.",
        metadata: ["uprns": "\(facts.uprns)", "postcodes": "\(facts.postcodes)"])
    }
  }

  /// Takes a register that has lost most of its entries, because a person says that it is meant.
  /// - Parameter entries: how many it has, as whoever accepts it has been told.
  /// - Returns: a sentence that says what is in force.
  /// - Throws: ``RegisterRefusal`` where nothing waits, or another register than is meant, or one that is wrong.
  func acceptRegister(entries: Int, now: Date) async throws -> String {
    let seen = try await memory.entries()
    register.look(now: now)
    try register.mustWait(of: entries, seen: seen)
    try await memory.note(entries, now)
    return registerInForce(entries: entries)
  }
}
