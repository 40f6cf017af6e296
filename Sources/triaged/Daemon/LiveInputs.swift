import Foundation
import Geography
import Logging
import Storage
import Triage

/// Areas, contact register and gazetteer as they are in force. The register and the gazetteer are looked at
/// here, like exports; the areas are kept by an ``AreaKeeper``.
///
/// A bad register is out of force at once, because it fails closed; a new one is in force when two looks some
/// seconds apart have seen it alike, and when it has not lost most of its entries (law 9).
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
  private let memory: RegisterMemory
  private let clock: @Sendable () -> Date
  /// What the files say, and what is in force: that with the ``optOuts``.
  private var register: LoadedRegister
  private var joined: Joined?
  private var gazetteer: LoadedGazetteer
  /// Of the register's files when they were read last, with the hour: entries end, and the file grows old.
  private var registerStamp = ""
  /// The same without the hour; `nil`: they were not read yet.
  private var registerFiles: String?
  /// Other files than those that were read, and since when every look has seen them alike.
  private var settling: (files: String, since: Date)?
  /// Since when no look has found the register still, and whether that is longer than any saving takes.
  private var restless: (since: Date, isLong: Bool)?
  /// Why the journal says that the register is out of force; `nil`: it does not.
  private var told: String?

  private struct Joined {
    var places: [Place]
    var stamp: String
    var state: RegisterState
  }

  /// - Parameters:
  ///   - optOuts: places where somebody asked not to be contacted.
  ///   - clock: what this machine's clock says: a round that fetches for long asks by an earlier instant.
  init(
    _ configuration: Configuration, areas: AreaKeeper, register: RegisterState,
    gazetteer: LoadedGazetteer = .none,
    optOuts: @escaping @Sendable () async throws -> [Place] = { [] },
    memory: RegisterMemory = RegisterMemory(),
    clock: @escaping @Sendable () -> Date = { .now }, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    self.areas = areas
    self.register = LoadedRegister(state: register)
    self.gazetteer = gazetteer
    self.optOuts = optOuts
    self.memory = memory
    self.clock = clock
    if case .notInForce(let why) = register { told = why }
  }

  /// Looks at the gazetteer and at the register.
  func look(now: Date) async -> InForce {
    lookAtGazetteer()
    return await inForce(now: now)
  }

  /// Looks at the register alone, which costs a few `stat`s and a query while nobody has saved it.
  func inForce(now: Date) async -> InForce {
    let said: [Place]?
    let seen: Int??
    do { said = try await optOuts() } catch { said = nil }
    do { seen = try await memory.entries() } catch { seen = nil }
    lookAtRegister(now: now)
    let (state, entries, isSettling) = (
      standing(said, seen), register.entries, settling != nil && restless?.isLong != true
    )
    let due = register.due
    if state.register != nil, let seen, seen != entries {
      // Where it cannot be written the next look tries again.
      try? await memory.note(entries, now)
    }
    let inForce = areas.inForce(now: now)
    return InForce(
      areas: inForce.areas, index: inForce.index,
      areasFingerprint: areas.fingerprint(now: now) + "\n" + gazetteer.stamp,
      register: state, registerDue: due, registerEntries: entries,
      isRegisterBeingSaved: isSettling,
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

  // MARK: - The register

  /// Seconds that a register must have been still to be read.
  static let settles = 5.0
  /// Seconds after which a register that is never still is a matter.
  static let restlessAfter = 600.0
  /// Seconds by which another machine's clock may be ahead of ours when it saves a file.
  static let mostAhead = 600.0

  /// The register of the files, with what was said at doors.
  /// - Parameters:
  ///   - said: `nil` where that cannot be read: then nothing can be relied on.
  ///   - seen: how many entries were in force last, if any were; `nil` where that cannot be read.
  private func standing(_ said: [Place]?, _ seen: Int??) -> RegisterState {
    if settling != nil {
      guard restless?.isLong == true else {
        return .notInForce(why: "The contact register is being saved.")
      }
      let state = RegisterState.notInForce(
        why:
          "The contact register, or a boundary file beside it, has been saved again and again for more than "
          + "\(CivilWords.counted(Int(LiveInputs.restlessAfter / 60), "minute")), so that it was never still for "
          + "\(Int(LiveInputs.settles)) seconds.")
      tell(state)
      return state
    }
    var state = register.state
    if let seen, case .inForce = state,
      let why = LiveInputs.shrunken(to: register.entries, from: seen)
    {
      state = .notInForce(why: why)
    }
    tell(state)
    guard case .inForce(var all) = state else { return state }
    guard let said, seen != nil else {
      return .notInForce(
        why: "The database does not tell who asked at the door not to be contacted.")
    }
    if said.isEmpty { return state }
    if let joined, joined.stamp == registerStamp, joined.places == said { return joined.state }
    for place in said { all.add(.doNotContact, at: place) }
    joined = Joined(places: said, stamp: registerStamp, state: .inForce(all))
    return .inForce(all)
  }

  /// Why a register of so few entries must wait for a person's word: an export that died, or an upload that was
  /// cut between two rows, looks like any other file.
  private static func shrunken(to entries: Int, from seen: Int?) -> String? {
    guard let seen, entries * 2 < seen, seen - entries >= 3 else { return nil }
    return
      "The contact register has \(CivilWords.counted(entries, "entry", "entries")), where \(seen) were in "
      + "force: it may have been cut short. Put the whole file back, or, where so few are meant, say: "
      + "triaged register accept \(entries)."
  }

  /// Once for each reason.
  private func tell(_ state: RegisterState) {
    var why: String?
    if case .notInForce(let reason) = state { why = reason }
    defer { told = why }
    guard why != told else { return }
    if let why {
      logger.error(
        "Nothing is announced and nothing can be claimed until the register is mended.",
        metadata: ["why": "\(why)"])
    } else {
      logger.notice(
        "The contact register is in force again.", metadata: ["entries": "\(register.entries)"])
    }
  }

  private func lookAtRegister(now: Date) {
    let places = configuration.register
    let files = "\(fileStamp(places.path))\n\(places.polygons.stamp)"
    let stamp = "\(Int(now.timeIntervalSince1970 / 3600)) \(files)"
    guard stamp != registerStamp else {
      (settling, restless) = (nil, nil)
      return
    }
    // Half a register is worse than none: while it is being saved nothing is announced.
    let instant = max(now, clock())
    guard files == registerFiles || isSettled(files, places, at: instant) else {
      let since = restless?.since ?? instant
      restless = (since, instant.timeIntervalSince(since) >= LiveInputs.restlessAfter)
      return
    }
    (settling, restless) = (nil, nil)
    (registerStamp, registerFiles) = (stamp, files)
    let fresh = readRegister(
      places, today: CivilDay(now, in: configuration.timeZone), now: now, problems: ProblemList())
    // One that says the same stays, with what it has found already.
    if fresh.state == register.state {
      (register.due, register.entries) = (fresh.due, fresh.entries)
    } else {
      register = fresh
    }
  }

  /// Whether two looks some seconds apart have seen the files alike. At the start those count as settled that
  /// nobody has saved for some seconds, and always one that is away.
  private func isSettled(_ files: String, _ places: RegisterPlaces, at instant: Date) -> Bool {
    guard let saved = savedAt(places.path) else { return true }
    if registerFiles == nil, settling == nil {
      let ages = [saved, places.polygons.saved].compactMap { $0 }.map(instant.timeIntervalSince)
      if !ages.contains(where: { (-LiveInputs.mostAhead..<LiveInputs.settles).contains($0) }) {
        return true
      }
    }
    guard let settling, settling.files == files, settling.since <= instant else {
      settling = (files, instant)
      return false
    }
    return instant.timeIntervalSince(settling.since) >= LiveInputs.settles
  }

  /// Takes a register that has lost most of its entries, because a person says that it is meant.
  /// - Parameter entries: how many it has, as whoever accepts it has been told.
  /// - Returns: a sentence that says what is in force.
  /// - Throws: ``RegisterRefusal`` where nothing waits, or another register than is meant, or one that is wrong.
  func acceptRegister(entries: Int, now: Date) async throws -> String {
    let seen = try await memory.entries()
    lookAtRegister(now: now)
    let waiting = register.entries
    if settling != nil {
      throw RegisterRefusal("The contact register is being saved; ask again in some seconds.")
    }
    if case .notInForce(let why) = register.state {
      throw RegisterRefusal("\(why) Such a register cannot be accepted; mend it.")
    }
    guard LiveInputs.shrunken(to: waiting, from: seen) != nil else {
      throw RegisterRefusal(
        "Nothing waits to be accepted. \(registerInForce(entries: waiting))")
    }
    guard waiting == entries else {
      throw RegisterRefusal(
        "The register that waits has \(CivilWords.counted(waiting, "entry", "entries")) and not \(entries)."
      )
    }
    try await memory.note(waiting, now)
    return registerInForce(entries: waiting)
  }
}

/// How many entries the register's file had when it was in force last.
struct RegisterMemory: Sendable {
  var entries: @Sendable () async throws -> Int? = { nil }
  var note: @Sendable (_ entries: Int, _ now: Date) async throws -> Void = { _, _ in }
}

extension RegisterMemory {
  /// Over restarts.
  init(_ store: Store) {
    self.init(
      entries: { try await store.registerSeen() },
      note: { try await store.noteRegister(entries: $0, now: $1) })
  }
}

/// Why a person's request about the register was not done: a sentence.
struct RegisterRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

func registerInForce(entries: Int) -> String {
  "The contact register is in force, with \(CivilWords.counted(entries, "entry", "entries"))."
}
