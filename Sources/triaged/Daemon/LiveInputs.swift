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
    var gazetteer: Gazetteer
    /// Sentences on a gazetteer that is there and cannot be used.
    var gazetteerTrouble: String?
  }

  private let executor = SerialQueueExecutor(label: "triaged.inputs")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let logger: Logger
  nonisolated let areas: AreaKeeper
  private var register: RegisterState
  private var gazetteer: LoadedGazetteer
  /// Of the register file when it was read last, with the hour: entries end, and the file grows old.
  private var registerStamp = ""

  init(
    _ configuration: Configuration, areas: AreaKeeper, register: RegisterState,
    gazetteer: LoadedGazetteer = .none, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    self.areas = areas
    self.register = register
    self.gazetteer = gazetteer
  }

  /// Looks at the gazetteer and at the register.
  func look(now: Date) -> InForce {
    lookAtGazetteer()
    return inForce(now: now)
  }

  /// Looks at the register alone, which costs a `stat` while nobody has saved it.
  func inForce(now: Date) -> InForce {
    lookAtRegister(now: now)
    let inForce = areas.inForce(now: now)
    return InForce(
      areas: inForce.areas, index: inForce.index,
      areasFingerprint: areas.fingerprint(now: now) + "\n" + gazetteer.stamp, register: register,
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

  private func lookAtRegister(now: Date) {
    let path = configuration.registerFile
    let hour = Int(now.timeIntervalSince1970 / 3600)
    let stamp = "\(fileStamp(path)) \(hour)"
    guard stamp != registerStamp else { return }
    // Half a register is worse than none: while it is being saved nothing is announced.
    if let saved = savedAt(path), registerStamp != "",
      (0..<2).contains(now.timeIntervalSince(saved))
    {
      register = .notInForce(why: LiveInputs.beingSaved)
      return
    }
    registerStamp = stamp
    let problems = ProblemList()
    let fresh = readRegister(
      path, maxAge: configuration.registerMaxAge, now: now, problems: problems)
    if case .notInForce(let why) = fresh {
      if fresh != register {
        logger.error(
          "Nothing is announced and nothing can be claimed until the register is mended.",
          metadata: ["why": "\(why)"])
      }
    } else if case .notInForce(let why) = register, why != LiveInputs.beingSaved {
      logger.notice("The contact register is in force again.")
    }
    register = fresh
  }

  private static let beingSaved = "The contact register is being saved."
}
