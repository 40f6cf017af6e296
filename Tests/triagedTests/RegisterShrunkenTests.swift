import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("A contact register that has become much shorter")
struct RegisterShrunkenTests {
  private func register(_ entries: Int) -> String {
    "uprn,address,postcode,flag,expires\n"
      + (0..<entries).map { "\(100 + $0),,,do_not_contact,\n" }.joined()
  }

  /// With so many entries in force.
  private func ground(_ entries: Int, now: Date) async throws -> MatterGround {
    let instance = try MatterGround(now: now)
    try instance.save(register(entries), at: now)
    #expect(await instance.live.inForce(now: now).registerEntries == entries)
    return instance
  }

  private func why(_ instance: MatterGround, _ now: Date) async -> String? {
    guard case .notInForce(let why) = await instance.settled(now).register else { return nil }
    return why
  }

  @Test("A bare header or a file that was cut between two rows is out of force", arguments: [0, 4])
  func cut(entries: Int) async throws {
    let now = Date.now
    let instance = try await ground(10, now: now)
    try instance.save(register(entries), at: now)
    let sentence =
      "The contact register has \(entries) entries, where 10 were in force: it may have been cut short. Put "
      + "the whole file back, or, where so few are meant, say: triaged register accept \(entries)."
    #expect(await why(instance, now + 60) == sentence)
    // Neither time nor a restart makes it good.
    #expect(await why(instance, now + 4000) == sentence)
    try instance.restart(now: now + 4100)
    #expect(await why(instance, now + 4100) == sentence)
    try await instance.watch.round(now: now + 4200)
    #expect(try await instance.open() == [.register])
    #expect(instance.journal.lines.contains { $0.contains("register accept \(entries)") })
    // Put back, it is in force without a word.
    try instance.save(register(10), at: now)
    #expect(await why(instance, now + 4300) == nil)
  }

  @Test("Half of them, or two fewer, is no slip; an empty one from the first day on neither")
  func meant() async throws {
    let now = Date.now
    let instance = try await ground(10, now: now)
    for (at, entries) in [5, 3, 1, 0].enumerated() {
      try instance.save(register(entries), at: now - Double(at))
      #expect(await why(instance, now + 60 * Double(at + 1)) == nil)
      #expect(try await instance.store.registerSeen() == entries)
    }
    let empty = try await ground(0, now: now)
    #expect(await why(empty, now + 60) == nil)
  }

  @Test("A person's word takes it, for this number of entries and for good")
  func accepted() async throws {
    let now = Date.now
    let instance = try await ground(10, now: now)
    await #expect(
      throws: RegisterRefusal(
        "Nothing waits to be accepted. The contact register is in force, with 10 entries.")
    ) { try await instance.live.acceptRegister(entries: 10, now: now + 1) }
    try instance.save(register(2), at: now)
    await #expect(
      throws: RegisterRefusal("The contact register is being saved; ask again in some seconds.")
    ) { try await instance.live.acceptRegister(entries: 2, now: now + 60) }
    #expect(await why(instance, now + 60) != nil)
    await #expect(
      throws: RegisterRefusal("The register that waits has 2 entries and not 1.")
    ) { try await instance.live.acceptRegister(entries: 1, now: now + 70) }
    #expect(
      try await instance.live.acceptRegister(entries: 2, now: now + 70)
        == "The contact register is in force, with 2 entries.")
    #expect(await instance.live.inForce(now: now + 71).registerEntries == 2)
    #expect(await instance.live.inForce(now: now + 71).register.register != nil)
    try instance.restart(now: now + 80)
    #expect(await why(instance, now + 80) == nil)
    try instance.save("nonsense", at: now)
    _ = await instance.settled(now + 100)
    await #expect(throws: RegisterRefusal.self) {
      try await instance.live.acceptRegister(entries: 0, now: now + 110)
    }
  }

  @Test("One that was saved within seconds of the start is looked at twice")
  func start() async throws {
    let now = Date.now
    let instance = try MatterGround(now: now)
    let path = instance.config + "/register.csv"
    try write(register(1), to: path)
    try FileManager.default.setAttributes([.modificationDate: now - 1], ofItemAtPath: path)
    #expect(await instance.live.inForce(now: now).isRegisterBeingSaved)
    #expect(await instance.live.inForce(now: now + 4).register.register == nil)
    // Somebody is at it still.
    try write(register(2), to: path)
    #expect(await instance.live.inForce(now: now + 5).isRegisterBeingSaved)
    #expect(await instance.live.inForce(now: now + 10).registerEntries == 2)
  }

  @Test("One that is never still is a matter after ten minutes, and over when it is")
  func restless() async throws {
    let now = Date.now
    let instance = try MatterGround(now: now)
    let path = instance.config + "/register.csv"
    #expect(await instance.live.inForce(now: now).register.register != nil)
    for second in stride(from: 4.0, through: 596, by: 4) {
      try write(register(Int(second)), to: path)
      let inputs = await instance.live.inForce(now: now + 60 + second)
      #expect(inputs.isRegisterBeingSaved && inputs.register.register == nil)
      #expect(registerMatters(inputs).matters.isEmpty)
    }
    try write(register(5), to: path)
    let inputs = await instance.live.inForce(now: now + 60 + 604)
    #expect(!inputs.isRegisterBeingSaved && inputs.register.register == nil)
    #expect(registerMatters(inputs).matters.first?.sentence.contains("again and again") == true)
    let still = await instance.live.inForce(now: now + 60 + 609)
    #expect(still.registerEntries == 5 && still.register.register != nil)
    #expect(registerMatters(still).matters.isEmpty)
  }

  @Test("The daemon's status tells of it, and takes the word at its socket")
  func verb() async throws {
    let program = try RunningProgram()
    let path = program.config + "/register.csv"
    try write(register(10), to: path)
    try settle(path)
    try await program.start()
    #expect(
      try await program.triaged(["status"]).output.contains(
        "\nRegister: The contact register is in force, with 10 entries.\n"))
    try write(register(3), to: path)
    _ = try await eventually("the register to be out of force") {
      let status = try await program.triaged(["status"])
      return status.code == 1 && status.output.contains("triaged register accept 3") ? true : nil
    }
    #expect(try await program.triaged(["register", "accept", "2"]).code == 1)
    let done = try await program.triaged(["register", "accept", "3"])
    #expect(done.code == 0 && done.output == "The contact register is in force, with 3 entries.\n")
    #expect(try await program.triaged(["status"]).code == 0)
    try await program.stop()
  }
}
