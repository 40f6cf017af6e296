import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Backups by themselves")
struct BackupKeeperTests {
  /// A keeper on a store of its own, with a schedule at 02:15 London time.
  private final class Ground {
    let folder: TemporaryFolder
    let store: Store
    let keeper: BackupKeeper
    let journal = RecordedJournal()

    init(_ section: String = "backup: {at: \"02:15\", keep: 2d}") throws {
      folder = try TemporaryFolder()
      let config = try folder.exampleConfiguration()
      try edit(config + "/triaged.yaml", "deliver:\n", section + "\n\ndeliver:\n")
      let state = folder.path + "/state"
      let loaded = loadConfiguration(folder: config, state: state, now: .now)
      let configuration = try loaded.usable()
      store = try Store(path: state + "/triaged.sqlite")
      let journal = journal
      keeper = BackupKeeper(
        configuration, store: store, logger: Logger(label: "test") { _ in journal.handler })
    }

    deinit { try? store.close() }

    var names: [String] {
      BackupFile.list(in: folder.path + "/state/backups").map {
        ($0.path as NSString).lastPathComponent
      }
    }
  }

  /// 2026-11-22 at that time of a winter's day in London, which is UTC.
  private func at(_ hour: Int, _ minute: Int, day: Int = 22) -> Date {
    let seconds = (day - 22) * 86_400 + hour * 3600 + minute * 60
    return Date(timeIntervalSince1970: 1_795_305_600 + Double(seconds))
  }

  @Test("One is made when its time has come, one for each day, and also where its time was missed")
  func daily() async throws {
    let ground = try Ground()
    // Nothing was ever made: the one of yesterday is missing.
    try await ground.keeper.round(now: at(1, 0), mayExpire: true)
    #expect(ground.names == ["triaged-20261122T010000Z.sqlite"])
    try await ground.keeper.round(now: at(2, 14), mayExpire: true)
    #expect(ground.names.count == 1)
    try await ground.keeper.round(now: at(2, 16), mayExpire: true)
    try await ground.keeper.round(now: at(23, 0), mayExpire: true)
    #expect(ground.names.first == "triaged-20261122T021600Z.sqlite" && ground.names.count == 2)
    // The machine was off at the time.
    try await ground.keeper.round(now: at(9, 0, day: 23), mayExpire: true)
    #expect(ground.names.first == "triaged-20261123T090000Z.sqlite" && ground.names.count == 3)
    #expect(ground.keeper.list(now: at(9, 1, day: 23)).isOwed == false)
  }

  @Test(
    "They go when their days are over, but never the newest, and never by a clock that is not believed"
  )
  func expired() async throws {
    let ground = try Ground("backup: {keep: 2d}")
    for day in 20...22 { _ = try await ground.keeper.make(now: at(3, 0, day: day)) }
    try await ground.keeper.round(now: at(4, 0, day: 25), mayExpire: false)
    #expect(ground.names.count == 3)
    try await ground.keeper.round(now: at(2, 0, day: 24), mayExpire: true)
    #expect(ground.names.count == 1)
    try await ground.keeper.round(now: at(2, 0, day: 30), mayExpire: true)
    #expect(ground.names == ["triaged-20261122T030000Z.sqlite"])
  }

  @Test(
    "One that a clock has dated ahead goes once there is another, and not by a clock that is not believed"
  )
  func datedAhead() async throws {
    let ground = try Ground("backup: {keep: 2d}")
    _ = try await ground.keeper.make(now: at(3, 0, day: 30))
    try await ground.keeper.round(now: at(4, 0), mayExpire: true)
    #expect(ground.names == ["triaged-20261130T030000Z.sqlite"], "there is no other")
    _ = try await ground.keeper.make(now: at(5, 0))
    try await ground.keeper.round(now: at(6, 0), mayExpire: false)
    #expect(ground.names.count == 2)
    try await ground.keeper.round(now: at(6, 0), mayExpire: true)
    #expect(ground.names == ["triaged-20261122T050000Z.sqlite"])
    try await ground.keeper.round(now: at(6, 0, day: 29), mayExpire: true)
    #expect(ground.names.count == 1, "the newest stays, however old")
  }

  @Test("One that cannot be made is a matter that says why, and is tried again after ten minutes")
  func failed() async throws {
    let ground = try Ground()
    let blocked = ground.folder.path + "/state/backups"
    try write("in the way", to: blocked)
    try await ground.keeper.round(now: at(3, 0), mayExpire: true)
    let matters = await ground.keeper.matters(now: at(3, 0))
    #expect(matters.map(\.kind) == [.backup])
    #expect(
      matters[0].sentence
        == "The daily backup could not be made. The folder \(blocked) for backups cannot be made. There is none."
    )
    try FileManager.default.removeItem(atPath: blocked)
    try await ground.keeper.round(now: at(3, 9), mayExpire: true)
    #expect(ground.names.isEmpty)
    try await ground.keeper.round(now: at(3, 10), mayExpire: true)
    #expect(ground.names.count == 1)
    #expect(await ground.keeper.matters(now: at(3, 11)).isEmpty)
  }

  @Test("One that nobody has made for three hours is late")
  func late() async throws {
    let ground = try Ground()
    #expect(await ground.keeper.matters(now: at(5, 0)).isEmpty)
    #expect(
      await ground.keeper.matters(now: at(5, 16)).map(\.sentence)
        == ["The backup of 02:15 on Sunday 22 November 2026 was not made. There is none."])
  }

  @Test("Without a schedule none is made and nothing is the matter")
  func byHand() async throws {
    let ground = try Ground("backup: {keep: 3d}")
    try await ground.keeper.round(now: at(3, 0), mayExpire: true)
    #expect(ground.names.isEmpty)
    #expect(await ground.keeper.matters(now: at(23, 0)).isEmpty)
    let one = try await ground.keeper.make(now: at(3, 0))
    let two = try await ground.keeper.make(now: at(3, 0))
    #expect(one.file != two.file && ground.names.count == 2, "two of one second have two names")
  }

  @Test("What a stop has cut short, plain as it may be, is gone before the next one")
  func swept() async throws {
    let ground = try Ground("")
    let state = ground.folder.path + "/state"
    try write("plain", to: state + "/.partial-triaged-20261121T021500Z.sqlite")
    _ = try await ground.keeper.make(now: at(3, 0))
    let left = try FileManager.default.subpathsOfDirectory(atPath: state)
    #expect(!left.contains { $0.contains("partial") }, "\(left)")
  }

  @Test("At a start what an earlier run left is gone: plain copies, a secret key, half a restore")
  func sweptAtStart() async throws {
    let ground = try Ground("backup: {keep: 3d}")
    let state = ground.folder.path + "/state"
    for name in ["backups/.partial-triaged-x.sqlite", "aside/.partial-triaged-x.sqlite"] {
      try makePrivateFolder((state + "/" + name as NSString).deletingLastPathComponent)
      try write("plain", to: state + "/" + name)
    }
    try makePrivateFolder(state + "/.partial-gnupg")
    for name in [
      ".partial-gnupg/secret", ".partial-triaged-restore.sqlite", "triaged.sqlite.restored",
      "triaged.sqlite.restored-wal",
    ] {
      try write("plain", to: state + "/" + name)
    }
    try await ground.keeper.round(now: at(3, 0), mayExpire: true)
    let left = try FileManager.default.subpathsOfDirectory(atPath: state)
    #expect(!left.contains { $0.contains("partial") || $0.contains("restored") }, "\(left)")
  }

  @Test(
    "With what an erasure deletes of the archive goes the half of a copy that a stop has cut short")
  func cutShortCopies() async throws {
    let ground = try Ground()
    let archive = ground.folder.path + "/state/archive"
    try makePrivateFolder(archive)
    let names = ["20261121T080000Z-list-a.csv", "20261121T080000Z-list-b.csv"]
    for name in names + [".partial-" + names[0]] { try write("row", to: archive + "/" + name) }
    #expect(await ground.keeper.deleteArchived([names[0]]) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: archive) == [names[1]])
  }

  @Test("An erasure that was cut short is ended: in the archive, and in every backup of before")
  func endsErasures() async throws {
    let ground = try Ground("backup: {keep: 3d}")
    let state = ground.folder.path + "/state"
    let before = try await ground.keeper.make(now: at(1, 0))
    try makePrivateFolder(state + "/archive")
    try write("row", to: state + "/archive/20261121T080000Z-list-a.csv")
    let erasure = try #require(
      try await ground.store.erasure(
        of: .uprn("100031234567"), id: "cut", refuses: true, now: at(2, 0)))
    try ErasureLog(folder: state).add(erasure)
    _ = try await ground.store.erase(
      .uprn("100031234567"), as: erasure,
      audit: AuditRow(
        at: at(2, 0), actor: "", mark: AuditMark(), action: "subject erase", opportunity: nil))
    #expect(try await ground.store.erasuresWithFiles() == ["cut"])

    try await ground.keeper.round(now: at(3, 0), mayExpire: true)
    #expect(try await ground.store.erasuresWithFiles().isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/archive").isEmpty)
    #expect(ground.names.count == 2, "a fresh one, and the one of before")
    let backup = try Store(path: before.file)
    #expect(try await backup.refusals() != nil, "it knows of the erasure now")
    try backup.close()
  }

  @Test("A database that was kept aside goes with its log")
  func aside() async throws {
    let ground = try Ground("backup: {keep: 2d}")
    let aside = ground.folder.path + "/state/aside"
    try makePrivateFolder(aside)
    for ending in ["", "-wal"] {
      try write("x", to: aside + "/triaged-20261119T030000Z.sqlite" + ending)
    }
    try await ground.keeper.round(now: at(4, 0), mayExpire: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: aside).isEmpty)
  }

  @Test(
    "What a reload wires anew knows of a backup that could not be made, and tries it by other settings"
  )
  func reloaded() async throws {
    let ground = try Ground()
    let failure = Remembered<BackupKeeper.Failure>()
    func keeper(keepDays: Int) -> BackupKeeper {
      var configuration = ground.keeper.configuration
      configuration.backup.keepDays = keepDays
      return BackupKeeper(
        configuration, store: ground.store, failure: failure, logger: ground.keeper.logger)
    }
    let blocked = ground.folder.path + "/state/backups"
    try write("in the way", to: blocked)
    try await keeper(keepDays: 2).round(now: at(3, 0), mayExpire: true)
    try FileManager.default.removeItem(atPath: blocked)
    let same = keeper(keepDays: 2)
    #expect(await same.matters(now: at(3, 1)).count == 1)
    try await same.round(now: at(3, 1), mayExpire: true)
    #expect(ground.names.isEmpty, "it is not tried again yet")
    let other = keeper(keepDays: 3)
    try await other.round(now: at(3, 2), mayExpire: true)
    #expect(ground.names.count == 1)
    #expect(await other.matters(now: at(3, 3)).isEmpty)
  }

  @Test(
    "What is wrong in the section is told with its line",
    arguments: [
      ("backup: {at: noon}", "'at' takes a time such as \"02:15\"."),
      ("backup: {keep: 0d}", "'keep' takes"),
      ("backup: {encrypt_to: /nowhere}", "'encrypt_to' takes a recipient of age (age1…)"),
      ("backup: {folders: x}", "unknown key 'folders', did you mean 'folder'?"),
    ])
  func wrong(section: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/triaged.yaml", "deliver:\n", section + "\n\ndeliver:\n")
    let problems = loadConfiguration(folder: config, state: folder.path, now: .now).problems
    #expect(
      problems.contains { $0.text.localizedCaseInsensitiveContains(sentence) && $0.line > 0 },
      "\(problems)")
  }

  @Test("A secret key is not taken for a recipient")
  func secretKey() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try write("# a key\nAGE-SECRET-KEY-1QQQQ\n", to: config + "/key.txt")
    try edit(
      config + "/triaged.yaml", "deliver:\n", "backup: {encrypt_to: key.txt}\n\ndeliver:\n")
    let problems = loadConfiguration(folder: config, state: folder.path, now: .now).problems
    #expect(problems.contains { $0.text.hasPrefix("This file holds a secret key") })
  }
}
