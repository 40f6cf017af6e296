import Foundation
import Geography
import Logging
import Triage

/// Boundaries and the contact register as they are in force: polled like exports.
///
/// A good edit takes effect when two looks have seen it alike; a bad boundary file leaves the last good set in
/// force and is said once; a bad register is out of force at once, because it fails closed.
actor LiveInputs {
  struct InForce: Sendable {
    var index: AreaIndex
    /// Changes with the boundaries and with the gazetteer: a list read by others may say more now.
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
  private var index: AreaIndex
  /// Of the files that ``index`` was made from.
  private var goodFingerprint: String
  /// Of the files that were looked at last, good or bad.
  private var seenFingerprint: String
  /// Of the files as the last look saw them.
  private var settlingFingerprint = ""
  private var register: RegisterState
  private var gazetteer: LoadedGazetteer
  /// Of the register file when it was read last, with the hour: entries end, and the file grows old.
  private var registerStamp = ""

  init(
    _ configuration: Configuration, areas: LoadedAreas, register: RegisterState,
    gazetteer: LoadedGazetteer = .none, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    index = AreaIndex(areas.areas)
    goodFingerprint = areas.fingerprint
    seenFingerprint = areas.fingerprint
    self.register = register
    self.gazetteer = gazetteer
  }

  /// Looks at the boundary files and at the register.
  func look(now: Date) -> InForce {
    lookAtAreas()
    lookAtGazetteer()
    return inForce(now: now)
  }

  /// Looks at the register alone, which costs a `stat` while nobody has saved it.
  func inForce(now: Date) -> InForce {
    lookAtRegister(now: now)
    return InForce(
      index: index, areasFingerprint: goodFingerprint + "\n" + gazetteer.stamp, register: register,
      gazetteer: gazetteer.gazetteer,
      gazetteerTrouble: gazetteer.trouble.map { why in
        let standing =
          gazetteer.file == nil
          ? "None is in force: jobs are placed by their coordinates alone."
          : "The last good one stays in force until the service ends."
        return "The gazetteer cannot be used. \(why) \(standing)"
      })
  }

  private func lookAtAreas() {
    let fingerprint = areasFingerprint(configuration.areasFolder, configuration.areaSettings)
    guard fingerprint != seenFingerprint else { return }
    // An editor may be between two files: only what two looks have seen alike is read.
    guard fingerprint == settlingFingerprint else {
      settlingFingerprint = fingerprint
      return
    }
    seenFingerprint = fingerprint
    let areas = loadAreas(
      folder: configuration.areasFolder, grid: configuration.grid,
      settings: configuration.areaSettings)
    if areas.hasErrors || areas.areas.isEmpty {
      logger.error(
        "The boundary files were edited and cannot be used; the last good areas stay in force.",
        metadata: ["problems": "\(areas.problems.map(\.description).joined(separator: " "))"])
      return
    }
    let ids = Set(areas.areas.map(\.id))
    let lost = configuration.team.areas.map(\.area).filter { !ids.contains($0) }
    if !lost.isEmpty {
      logger.error(
        "The boundary files lack areas that the team looks after; the last good areas stay in force.",
        metadata: ["areas": "\(lost.joined(separator: ","))"])
      return
    }
    index = AreaIndex(areas.areas)
    goodFingerprint = areas.fingerprint
    logger.notice(
      "The boundary files were edited and are in force.",
      metadata: ["areas": "\(areas.areas.map(\.id).joined(separator: ","))"])
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
