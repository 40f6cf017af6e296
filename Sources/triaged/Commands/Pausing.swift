import ArgumentParser
import Foundation
import Transfer

struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Stops new offers and mails, in one area or in all, until somebody resumes them.",
    discussion: """
      What is owed goes out after the pause; what is on offer can be claimed all the while. 'triaged status'
      says what is paused and why.

      Example: triaged pause --area new-cross --why "Both leaders are on a course" --until 2026-12-01
      Ends with 2 if there is no such area or the day is not one to come.
      """)

  @Option(name: .long, help: "The area's id; without it every area is paused.")
  var area: String?

  @Option(name: .long, help: "The reason, for whoever looks.")
  var why: String

  @Option(name: .long, help: "The day on which offers go on by themselves, such as 2026-12-01.")
  var until: String?

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was done as JSON.")
  var json = false

  func run() async throws {
    let wish = PauseWish(area: area, why: why, by: whoAsks(), until: until)
    let body = Array(try adminJSON(wish))
    let done: AdminOffice.Done = try await withOffice(places, (.post, "/pause", body)) {
      try await $0.pause(wish, now: .now)
    }
    say(json ? try prettyJSON(done) : done.done)
  }
}

/// The person at the terminal, by their user's name.
func whoAsks() -> String {
  ProcessInfo.processInfo.environment["SUDO_USER"] ?? NSUserName()
}

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Ends a pause.",
    discussion: """
      Without --area it ends every pause. One that the team file states is ended there.

      Example: triaged resume --area new-cross
      Ends with 1 if nothing is paused there, with 2 if there is no such area.
      """)

  @Option(name: .long, help: "The area's id; without it all pauses end.")
  var area: String?

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was done as JSON.")
  var json = false

  func run() async throws {
    let wish = ResumeWish(area: area)
    let body = Array(try adminJSON(wish))
    let done: AdminOffice.Done = try await withOffice(places, (.post, "/resume", body)) {
      try await $0.resume(area: wish.area, now: .now)
    }
    say(json ? try prettyJSON(done) : done.done)
  }
}

struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "Shows what is on offer, held, waiting, on trial and below the line, and why.",
    discussion: """
      Judged as a pass would judge now; nothing is recorded by it. No address is shown: opportunities have
      their numbers and streets.

      Example: triaged queue --area new-cross
      Ends with 2 if there is no such area.
      """)

  @Option(name: .long, help: "The area's id; without it every area is shown.")
  var area: String?

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print everything as JSON.")
  var json = false

  func run() async throws {
    let wish = QueueWish(area: area)
    let body = Array(try adminJSON(wish))
    let report: QueueReport = try await withOffice(places, (.post, "/queue", body)) {
      try await $0.queue(area: wish.area, now: .now)
    }
    say(json ? try prettyJSON(report) : report.plainText())
  }
}
