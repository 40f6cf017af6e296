import Foundation
import Geography
import Logging
import Triage

/// Areas, contact register and gazetteer as they are in force. The register and the gazetteer are looked at
/// here, like exports; the areas are kept by an ``AreaKeeper``.
///
/// A bad register is out of force at once, because it fails closed.
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
  /// What the files say, and what is in force: that with the ``optOuts``.
  private var register: LoadedRegister
  private var joined: Joined?
  private var gazetteer: LoadedGazetteer
  /// Of the register's files when they were read last, with the hour: entries end, and the file grows old.
  private var registerStamp = ""

  private struct Joined {
    var places: [Place]
    var stamp: String
    var state: RegisterState
  }

  init(
    _ configuration: Configuration, areas: AreaKeeper, register: RegisterState,
    gazetteer: LoadedGazetteer = .none,
    optOuts: @escaping @Sendable () async throws -> [Place] = { [] }, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    self.areas = areas
    self.register = LoadedRegister(state: register)
    self.gazetteer = gazetteer
    self.optOuts = optOuts
  }

  /// Looks at the gazetteer and at the register.
  func look(now: Date) async -> InForce {
    lookAtGazetteer()
    return await inForce(now: now)
  }

  /// Looks at the register alone, which costs a few `stat`s and a query while nobody has saved it.
  func inForce(now: Date) async -> InForce {
    let said: [Place]?
    do { said = try await optOuts() } catch { said = nil }
    lookAtRegister(now: now)
    let inForce = areas.inForce(now: now)
    return InForce(
      areas: inForce.areas, index: inForce.index,
      areasFingerprint: areas.fingerprint(now: now) + "\n" + gazetteer.stamp,
      register: joined(with: said), registerDue: register.due,
      isRegisterBeingSaved: register == LiveInputs.beingSaved,
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

  /// The register of the files, with what was said at doors.
  /// - Parameter said: `nil` where that cannot be read: then nothing can be relied on.
  private func joined(with said: [Place]?) -> RegisterState {
    guard case .inForce(var all) = register.state else { return register.state }
    guard let said else {
      return .notInForce(
        why: "The database does not tell who asked at the door not to be contacted.")
    }
    if said.isEmpty { return register.state }
    if let joined, joined.stamp == registerStamp, joined.places == said { return joined.state }
    for place in said { all.add(.doNotContact, at: place) }
    joined = Joined(places: said, stamp: registerStamp, state: .inForce(all))
    return .inForce(all)
  }

  private func lookAtRegister(now: Date) {
    let places = configuration.register
    let hour = Int(now.timeIntervalSince1970 / 3600)
    let stamp = "\(fileStamp(places.path)) \(hour)\n\(places.polygons.stamp)"
    guard stamp != registerStamp else { return }
    // Half a register is worse than none: while it is being saved nothing is announced.
    let saved = [savedAt(places.path), places.polygons.saved].compactMap { $0 }
    if registerStamp != "",
      // A round that fetches for long still goes by the instant at which it began.
      saved.contains(where: { (-3600..<2).contains(now.timeIntervalSince($0)) })
    {
      register = LiveInputs.beingSaved
      return
    }
    registerStamp = stamp
    let fresh = readRegister(
      places, today: CivilDay(now, in: configuration.timeZone), now: now, problems: ProblemList())
    if case .notInForce(let why) = fresh.state {
      if fresh.state != register.state {
        logger.error(
          "Nothing is announced and nothing can be claimed until the register is mended.",
          metadata: ["why": "\(why)"])
      }
    } else if case .notInForce = register.state, register != LiveInputs.beingSaved {
      logger.notice("The contact register is in force again.")
    }
    // One that says the same stays, with what it has found already.
    if fresh.state == register.state {
      register.due = fresh.due
    } else {
      register = fresh
    }
  }

  private static let beingSaved = LoadedRegister.notInForce("The contact register is being saved.")
}
