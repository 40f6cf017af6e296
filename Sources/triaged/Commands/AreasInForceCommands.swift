import ArgumentParser
import Foundation
import Transfer
import Triage

struct ListAreas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the areas that are in force.",
    discussion: """
      What is in force, which is not what the boundary files say where an edit of them cannot take
      effect; 'triaged check' reads the files.

      Example: triaged areas list
      Ends with 1 if an edit of the boundary files cannot take effect.
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print them as JSON.")
  var json = false

  func run() async throws {
    let account: AreasAccount = try await withOffice(places, (.get, "/areas", [])) {
      $0.areas(now: .now)
    }
    say(json ? try prettyJSON(account) : account.plainText)
    if account.standing.trouble != nil { throw ExitCode(1) }
  }
}

struct AcceptAreas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Takes an edit that leaves next to nothing of an area, if it is meant.",
    discussion: """
      The mail, status and areas list give the command with the digits of the edit. Files with errors
      cannot be accepted.

      Example: triaged areas accept 3f2a9b1c
      Ends with 1 if nothing waits, or another edit does.
      """)

  @Argument(help: "The edit that is meant: 8 or more of the first digits of its SHA-256.")
  var set: String

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was done as JSON.")
  var json = false

  func validate() throws {
    guard set.utf8.count >= WrittenAreas.markLength, set.allSatisfy(\.isHexDigit) else {
      throw ValidationError(
        "The edit is named by the digits that 'triaged areas list' gives, such as 3f2a9b1c.")
    }
  }

  func run() async throws {
    let set = set
    let body = Array(try adminJSON(AcceptAreasWish(set: set)))
    let done: AdminOffice.Done = try await withOffice(places, (.post, "/areas/accept", body)) {
      try await $0.acceptAreas(set, now: .now)
    }
    say(json ? try prettyJSON(done) : done.done)
  }
}
