import Foundation
import Logging
import Triage

/// Who is not to be contacted as far as the database knows.
struct AskedNotTo: Hashable, Sendable {
  /// Where somebody said so at the door.
  var places: [Place]
  /// Of whom nothing is stored any more.
  var erased: FingerprintedPlaces?

  var isEmpty: Bool { places.isEmpty && erased == nil }
}

/// Keeps the contact register that is in force.
///
/// A bad register is out of force at once, because it fails closed; a new one is in force when two looks some
/// seconds apart have seen it alike, and when it has not lost most of its entries (law 9).
struct RegisterKeeper {
  private let configuration: Configuration
  private let clock: @Sendable () -> Date
  private let logger: Logger
  /// What the files say.
  private var file: LoadedRegister
  /// That with what was said at doors: what is in force.
  private var joined: Joined?
  /// Of the register's files when they were read last, with the hour: entries end, and the file grows old.
  private var stamp = ""
  /// The same without the hour; `nil`: they were not read yet.
  private var files: String?
  private var stillness = RegisterStillness()
  /// Why the journal says that the register is out of force; `nil`: it does not.
  private var told: String?

  private struct Joined {
    var said: AskedNotTo
    var stamp: String
    var state: RegisterState
  }

  /// - Parameter clock: what this machine's clock says: a round that fetches for long asks by an earlier instant.
  init(
    _ configuration: Configuration, _ state: RegisterState, clock: @escaping @Sendable () -> Date,
    logger: Logger
  ) {
    self.configuration = configuration
    self.clock = clock
    self.logger = logger
    file = LoadedRegister(state: state)
    if case .notInForce(let why) = state { told = why }
  }

  /// Rows of the file.
  var entries: Int { file.entries }
  /// Entries that a person should look at.
  var due: RegisterDue { file.due }
  /// Whether it is out of force for the moment of its saving alone, which is nobody's matter.
  var isBeingSaved: Bool { stillness.isSettling && !stillness.isRestless }

  /// A few `stat`s while nobody has saved it.
  mutating func look(now: Date) {
    let places = configuration.register
    let files = "\(fileStamp(places.path))\n\(places.polygons.stamp)"
    let stamp = "\(Int(now.timeIntervalSince1970 / 3600)) \(files)"
    guard stamp != self.stamp else { return stillness.rest() }
    // While it is being saved nothing is announced.
    guard files == self.files || isStill(files, places, now: now) else { return }
    stillness.rest()
    (self.stamp, self.files) = (stamp, files)
    let fresh = readRegister(
      places, today: CivilDay(now, in: configuration.timeZone), now: now, problems: ProblemList())
    // One that says the same stays, with what it has found already.
    if fresh.state == file.state {
      (file.due, file.entries) = (fresh.due, fresh.entries)
    } else {
      file = fresh
    }
  }

  private mutating func isStill(_ files: String, _ places: RegisterPlaces, now: Date) -> Bool {
    stillness.isStill(
      files, saved: savedAt(places.path).map { [$0, places.polygons.saved].compactMap(\.self) },
      isFirst: self.files == nil, at: max(now, clock()))
  }

  /// The register of the files, with what was said at doors.
  /// - Parameters:
  ///   - said: `nil` where that cannot be read: then nothing can be relied on.
  ///   - seen: how many entries were in force last, if any were; `nil` where that cannot be read.
  mutating func standing(_ said: AskedNotTo?, _ seen: Int??) -> RegisterState {
    if isBeingSaved { return .notInForce(why: "The contact register is being saved.") }
    let state = ofFiles(seen)
    tell(state)
    guard case .inForce(var all) = state else { return state }
    guard let said, seen != nil else {
      return .notInForce(
        why: "The database does not tell who asked at the door not to be contacted.")
    }
    if said.isEmpty { return state }
    if let joined, joined.stamp == stamp, joined.said == said { return joined.state }
    for place in said.places { all.add(.doNotContact, at: place) }
    if let erased = said.erased { all.add(.doNotContact, at: erased) }
    joined = Joined(said: said, stamp: stamp, state: .inForce(all))
    return .inForce(all)
  }

  private func ofFiles(_ seen: Int??) -> RegisterState {
    if stillness.isRestless {
      return .notInForce(
        why:
          "The contact register, or a boundary file beside it, has been saved again and again for more than "
          + "\(CivilWords.counted(Int(RegisterStillness.restlessAfter / 60), "minute")), so that it was never still for "
          + "\(Int(RegisterStillness.settles)) seconds.")
    }
    if let seen, case .inForce = file.state, let why = whyShrunken(from: seen) {
      return .notInForce(why: why)
    }
    return file.state
  }

  /// Why a register of so few entries must wait for a person's word: an export that died, or an upload that was
  /// cut between two rows, looks like any other file.
  private func whyShrunken(from seen: Int?) -> String? {
    guard let seen, entries * 2 < seen, seen - entries >= 3 else { return nil }
    return
      "The contact register has \(CivilWords.counted(entries, "entry", "entries")), where \(seen) were in "
      + "force: it may have been cut short. Put the whole file back, or, where so few are meant, say: "
      + "triaged register accept \(entries)."
  }

  /// Once for each reason.
  private mutating func tell(_ state: RegisterState) {
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
        "The contact register is in force again.", metadata: ["entries": "\(entries)"])
    }
  }

  /// - Parameters:
  ///   - meant: how many entries it has, as whoever accepts it has been told.
  ///   - seen: how many were in force last, if any were.
  /// - Throws: ``RegisterRefusal`` unless a register of so many entries waits for a person's word.
  func mustWait(of meant: Int, seen: Int?) throws {
    if stillness.isSettling {
      throw RegisterRefusal("The contact register is being saved; ask again in some seconds.")
    }
    if case .notInForce(let why) = file.state {
      throw RegisterRefusal("\(why) Such a register cannot be accepted; mend it.")
    }
    guard whyShrunken(from: seen) != nil else {
      throw RegisterRefusal("Nothing waits to be accepted. \(registerInForce(entries: entries))")
    }
    guard entries == meant else {
      throw RegisterRefusal(
        "The register that waits has \(CivilWords.counted(entries, "entry", "entries")) and not \(meant)."
      )
    }
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
