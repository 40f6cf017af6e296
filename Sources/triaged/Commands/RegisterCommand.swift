import ArgumentParser
import Foundation
import Transfer

struct RegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Speaks of the contact register.",
    subcommands: [AcceptRegister.self])
}

struct AcceptRegister: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Takes a contact register that has become much shorter, if it is meant.",
    discussion: """
      A register with fewer than half the entries that were in force may have been cut short, so it is out of
      force until the whole file is back or somebody says this. Status and the mail give the command.

      Example: triaged register accept 12
      Ends with 1 if nothing waits, or a register with another number of entries does.
      """)

  @Argument(help: "The number of entries of the register that is meant.")
  var entries: Int

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was done as JSON.")
  var json = false

  func validate() throws {
    if entries < 0 { throw ValidationError("A register has no fewer than 0 entries.") }
  }

  func run() async throws {
    let entries = entries
    let body = Array(try adminJSON(AcceptRegisterWish(entries: entries)))
    let done: AdminOffice.Done = try await withOffice(places, (.post, "/register/accept", body)) {
      try await $0.acceptRegister(entries: entries, now: .now)
    }
    say(json ? try prettyJSON(done) : done.done)
  }
}
