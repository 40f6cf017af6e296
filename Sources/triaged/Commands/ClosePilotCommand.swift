import ArgumentParser
import Foundation
import Transfer

struct ClosePilotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close-pilot",
    abstract: "Ends the pilot of an area, or of all, and erases what is held of it.",
    discussion: """
      Without --yes it prints what came of the pilot, in numbers of which small ones are hidden, and ends nothing. With it
      nothing of the area is stored, offered or announced any more, what is open or held is ended, all links end, the
      admin and those who lead the area get a mail, and the data are erased at once or after some days. It cannot be
      taken back: a new pilot there needs an area with another id.

      Example: triaged close-pilot --area new-cross --erase-after 30
      Ends with 1 if somebody is out there or it was closed before, with 2 if there is no such area.
      """)

  @Option(name: .long, help: "The area's id.")
  var area: String?

  @Flag(name: .long, help: "Every area.")
  var all = false

  @Option(name: .long, help: "Days until the data are erased; 0, at once, if left out.")
  var eraseAfter = 0

  @Flag(name: .long, help: "Do it.")
  var yes = false

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print the numbers as JSON.")
  var json = false

  func validate() throws {
    if (area == nil) != all { throw ValidationError("Say which: --area ID or --all.") }
  }

  func run() async throws {
    let wish = ClosePilotWish(area: area, eraseAfter: eraseAfter, isMeant: yes, by: whoAsks())
    let body = Array(try adminJSON(wish))
    let closing: PilotClosing = try await withOffice(places, (.post, "/close-pilot", body)) {
      try await $0.closePilot(wish, now: .now)
    }
    say(json ? try prettyJSON(closing) : closing.plainText)
    if !closing.left.isEmpty { throw ExitCode(1) }
  }
}
