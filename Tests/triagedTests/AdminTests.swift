import Foundation
import Testing
import Triage

@testable import triaged

@Suite("What an administrator meets", .serialized)
struct AdminTests {
  @Test("A held list: one mail, one more when it is accepted, none again after a restart")
  func heldList() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...40)
    try await program.start()
    _ = try await eventually("the first list") {
      try await program.account().feed.status.listName == "monday.csv" ? true : nil
    }
    let well = try await program.triaged(["status"])
    #expect(well.code == 0, "\(well.output)\(well.errors)")
    #expect(well.output.contains("40 rows: 0 outside, 40 in area (New Cross 40), 0 not located."))
    #expect(well.output.hasSuffix("Nothing is wrong.\n"))
    let nothing = try await program.triaged(["feeds", "accept", "street-scene"])
    #expect(nothing.code == 1 && nothing.output.isEmpty && !nothing.errors.isEmpty)

    // 15 of 40 are missing at once.
    try program.put("tuesday.csv", jobs: 16...40)
    _ = try await eventually("the mail to the admin") { try program.notices().first }
    #expect(
      try program.notices() == ["ashfield: the feed street-scene lost many jobs at once"])
    let wrong = try await program.triaged(["status"])
    #expect(wrong.code == 1)
    #expect(wrong.output.contains("TROUBLE since"))
    let held = try #require(try await program.account().feed.status.held)
    #expect(wrong.output.contains("triaged feeds accept street-scene --list \(held.mark)\n"))
    #expect(try program.mails().contains("triaged feeds accept street-scene --list \(held.mark)"))
    let shown = try await program.triaged(["feeds", "show", "street-scene"])
    #expect(shown.code == 1)
    #expect(
      shown.output.contains("read 25 = 0 outside + 25 in area (New Cross 25) + 0 not located"))
    #expect(shown.output.contains("in area 25 = 0 new + 0 changed + 25 unchanged"))
    let metrics = try await program.metrics()
    let trouble = ["feed": "street-scene", "trouble": "vanished"]
    #expect(metrics.value("triaged_feed_trouble", trouble) == 1)
    #expect(metrics.value("triaged_feed_list_held", ["feed": "street-scene"]) == 1)
    #expect(
      metrics.value("triaged_feed_rows_total", ["feed": "street-scene", "state": "in_area"]) == 65)

    // Killed and started anew: it goes on, and the admin is not told again.
    try await program.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: program.socket), "nobody was there to remove it")
    let asleep = try await program.triaged(["status"])
    #expect(asleep.code == 1)
    #expect(asleep.output.hasPrefix("ashfield: the daemon is not running.\n"))
    #expect(asleep.output.contains("TROUBLE since"))
    try await program.start()
    #expect(try await program.triaged(["status"]).output.contains("TROUBLE since"))

    let accepted = try await program.triaged(["feeds", "accept", "street-scene"])
    #expect(accepted.code == 0, "\(accepted.errors)")
    #expect(accepted.output.contains("tuesday.csv") && accepted.output.contains("15 gone"))
    _ = try await eventually("the mail that it is over") {
      try program.notices().count > 1 ? true : nil
    }
    #expect(
      try program.notices() == [
        "ashfield: the feed street-scene lost many jobs at once",
        "ashfield: over: the feed street-scene lost many jobs at once",
      ])
    let after = try await program.account()
    #expect(after.feed.status.held == nil)
    #expect(after.feed.status.episodes == [])
    #expect(after.episodes.map(\.trouble) == [.vanished])
    #expect(try await program.triaged(["status"]).code == 0)
    try await program.stop()
    #expect(!FileManager.default.fileExists(atPath: program.socket))
    #expect(try program.notices().count == 2)
  }

  @Test("What is accepted is the list that was told of, never another one that came since")
  func anotherList() async throws {
    let program = try RunningProgram()
    func poll(_ name: String, _ jobs: ClosedRange<Int>) async throws -> HeldList? {
      try program.put(name, jobs: jobs)
      #expect(try await program.triaged(["run", "--once"]).code == 0)
      return try await program.account().feed.status.held
    }
    func accept(_ arguments: String...) async throws -> (Int32, String) {
      let run = try await program.triaged(["feeds", "accept", "street-scene"] + arguments)
      return (run.code, run.output + run.errors)
    }
    #expect(try await poll("monday.csv", 1...40) == nil)
    let half = try #require(try await poll("half.csv", 1...25))
    let third = try #require(try await poll("third.csv", 1...24))
    #expect(half.trouble == third.trouble, "so that no second mail was sent")
    #expect(try program.notices().count == 1)
    #expect(try program.mails().contains("--list \(half.mark)"))

    let unnamed = try await accept()
    #expect(unnamed.0 == 1 && unnamed.1.contains("No mail has told of the list that waits now"))
    #expect(unnamed.1.contains("triaged feeds accept street-scene --list \(third.mark)"))
    let old = try await accept("--list", half.mark)
    #expect(old.0 == 1 && old.1.contains("does not wait: the one that does is third.csv"))
    #expect(try await accept("--list", "half.csv").0 != 0)
    #expect(try await program.account().feed.status.held == third)
    let good = try await accept("--list", third.mark)
    #expect(good.0 == 0 && good.1.contains("third.csv is accepted"), "\(good.1)")

    // Headings alone: even with a mail about it nobody closes all by a slip.
    try program.put("header.csv", jobs: 1...1)
    let path = program.state + "/drop/header.csv"
    try write(FictionalTown.header.joined(separator: ",") + "\r\n", to: path)
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    let empty = try #require(try await program.account().feed.status.held)
    #expect(empty.trouble == .empty)
    #expect(try program.mails().contains("--list \(empty.mark)"))
    let slip = try await accept()
    #expect(slip.0 == 1 && slip.1.contains("closes every job that is open"), "\(slip.1)")
    #expect(try await accept("--list", empty.mark.uppercased()).1.contains("24 gone"))
  }

  @Test("A list that is read again and of which nothing is taken ends with 1")
  func replayHeld() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...40)
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    let year = Calendar(identifier: .gregorian).component(.year, from: .now) + 1
    let rows = (1...40).map {
      "SS\($0),01/06/\(year) 10:00,,,Bulky,Bulky waste quote,Open,Public,,\"\($0) Quince Avenue\",NG17 9CM,"
        + "450186,358989,"
    }
    let path = program.folder.path + "/future.csv"
    try write(
      ([FictionalTown.header.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n",
      to: path)
    let again = try await program.triaged(["feeds", "replay", path, "--feed", "street-scene"])
    #expect(again.code == 1 && again.output.isEmpty)
    #expect(again.errors.contains("nothing of it was taken: it is held."), "\(again.errors)")
    #expect(again.errors.contains("40 of the 40 dates of its rows in area are in the future"))
    #expect(try await program.account().feed.status.held?.trouble == .futureDates)
  }

  @Test("A renamed heading is told as that, in the mail's subject and advice")
  func renamedHeading() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...5)
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    try program.put("tuesday.csv", jobs: 1...5)
    try edit(program.state + "/drop/tuesday.csv", "Easting,", "East,")
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    #expect(try program.notices() == ["ashfield: the feed street-scene lacks columns"])
    let mail = try program.mails()
    #expect(mail.contains("'Easting'") && mail.contains("Compare the headings of the list"))
    #expect(mail.contains("How to have the list read again"))
    let shown = try await program.triaged(["feeds", "show", "street-scene"])
    let name = try #require(
      shown.output.firstMatch(of: /triaged feeds replay (\S+) --feed street-scene/))
    #expect(FileManager.default.fileExists(atPath: program.state + "/archive/\(name.1)"))
    #expect(!mail.contains("feeds accept"))
  }

  @Test("Without a daemon the same verbs do the same under the same lock")
  func withoutDaemon() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...40)
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    try program.put("tuesday.csv", jobs: 16...40)
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    #expect(try await program.account().feed.status.held?.trouble == .vanished)
    let mark = try #require(try await program.account().feed.status.held?.mark)
    let accepted = try await program.triaged(["feeds", "accept", "street-scene", "--list", mark])
    #expect(accepted.code == 0, "\(accepted.errors)")
    let account = try await program.account()
    #expect(account.feed.status.held == nil && account.feed.status.episodes == [])
    #expect(try await program.triaged(["feeds", "list"]).code == 0)
    #expect(try await program.triaged(["feeds", "show", "nobody"]).code == 2)
  }

  @Test("A list is read again from wherever it lies, and what is no list is refused")
  func replay() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...5)
    try await program.start()
    _ = try await eventually("the list") {
      try await program.account().feed.status.listName == "monday.csv" ? true : nil
    }
    let archived = try #require(
      FileManager.default.enumerator(atPath: program.state + "/archive")?.compactMap {
        $0 as? String
      }.first { $0.hasSuffix("monday.csv") || $0.contains("monday") })
    let path = program.state + "/archive/" + archived
    let again = try await program.triaged(["feeds", "replay", path, "--feed", "street-scene"])
    #expect(again.code == 0, "\(again.errors)")
    #expect(again.output.contains("5 rows: 0 outside, 5 in area"))
    let page = program.folder.path + "/page.csv"
    try write("<!DOCTYPE html><html></html>", to: page)
    let refused = try await program.triaged(["feeds", "replay", page, "--feed", "street-scene"])
    #expect(refused.code == 1 && refused.errors.contains("HTML"))
    for arguments in [[page, "--feed", "street-scenes"], [page + "x", "--feed", "street-scene"]] {
      #expect(try await program.triaged(["feeds", "replay"] + arguments).code == 2)
    }
    #expect(
      try await program.triaged(["status"]).code == 0, "a replay that was refused is no trouble")
    try await program.stop()
  }

  @Test("Where the database is in use and nobody answers, one sentence says so")
  func noSocket() async throws {
    let program = try RunningProgram()
    try await program.start()
    try FileManager.default.moveItem(
      atPath: program.socket, toPath: program.socket + ".away")
    let lost = try await program.triaged(["status"])
    #expect(lost.code == 1 && lost.output.isEmpty)
    #expect(lost.errors.contains("nobody answers at the admin socket"))
    #expect(lost.errors.split(separator: "\n").count == 1)
    try FileManager.default.moveItem(
      atPath: program.socket + ".away", toPath: program.socket)
    // A second daemon does not take the first one's socket away.
    #expect(try await program.triaged(["run"]).code == 75)
    #expect(try await program.triaged(["status"]).code == 0)
    try await program.stop()
  }

  @Test("A question where no daemon has ever run makes nothing")
  func neverRun() async throws {
    let program = try RunningProgram()
    let nowhere = program.folder.path + "/typo"
    let asked = try await runProgram(
      try triagedProgram, ["status", "--config", program.config, "--state", nowhere])
    #expect(asked.code == 1 && asked.errors.contains("has the daemon ever run?"))
    #expect(!FileManager.default.fileExists(atPath: nowhere))
  }

  @Test("A runtime folder is used by daemon and command alike")
  func runtime() async throws {
    let program = try RunningProgram()
    let runtime = program.folder.path + "/run"
    try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: true)
    try edit(
      program.config + "/triaged.yaml", "# admin_socket: ${state}/admin.sock",
      "admin_socket: \(runtime)/admin.sock")
    #expect(try await program.triaged(["status", "--runtime", runtime]).code == 1, "no daemon yet")
    let other = runtime + "/admin.sock"
    try await program.start()
    #expect(try await program.triaged(["status", "--runtime", runtime]).code == 0)
    try await program.stop()
    #expect(!FileManager.default.fileExists(atPath: other))
  }

  @Test("A mail to the admin goes out while the register holds everything else up")
  func withoutRegister() async throws {
    let program = try RunningProgram()
    try FileManager.default.removeItem(atPath: program.config + "/register.csv")
    try await program.start()
    try write("<html></html>", to: program.state + "/drop/page.csv")
    let subject = try await eventually("the mail") { try program.notices().first }
    #expect(subject == "ashfield: the feed street-scene sent what is no list")
    let status = try await program.triaged(["status"])
    #expect(status.code == 1 && status.output.contains("The contact register is missing."))
    try await program.stop()
  }
}
