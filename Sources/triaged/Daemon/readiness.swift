import Foundation
import Storage
import Triage
import Web

/// What a monitor asks: may the pages and the loops be relied on now? Holds no personal data.
func readiness(
  _ configuration: Configuration, store: Store, live: LiveInputs, health: FeedHealth,
  failures: OwnFailures, reloads: Reloads = Reloads(), now: Date
) async -> Readiness {
  var checks: [Readiness.Check] = []
  func check(_ name: String, _ ok: Bool, _ sentence: String) {
    checks.append(Readiness.Check(name: name, ok: ok, sentence: sentence))
  }
  let inputs = await live.inForce(now: now)
  switch inputs.register {
  case .inForce: check("register", true, "The contact register is in force.")
  case .notInForce(let why): check("register", false, why)
  }
  check(
    "areas", live.areas.trouble == nil,
    live.areas.trouble == nil
      ? "Nothing is wrong with them."
      : "An edit of them cannot take effect; the last good ones are in force, and status says more."
  )
  check(
    "gazetteer", inputs.gazetteerTrouble == nil,
    inputs.gazetteerTrouble ?? "Nothing is wrong with it.")
  for feed in configuration.feeds {
    // Anybody may ask: names of files, paths and headings are told by status and the journal.
    let trouble =
      failures[.feed(feed.name)].map { _ in
        "It cannot be polled for a reason on this machine; status and the journal say why."
      } ?? health.trouble(of: feed.name).map { "It \($0.predicate); status says more." }
    check("feed:\(feed.name)", trouble == nil, trouble ?? "Nothing is wrong with it.")
  }
  for loop in failures.loops.keys.sorted() {
    check(
      "loop:\(loop)", false,
      "\(nameOfLoop(loop)) fails for a reason on this machine; status and the journal say why.")
  }
  check(
    "configuration", reloads.refusal == nil,
    reloads.refusal == nil
      ? "What was read last is in force."
      : "Its files were changed and are refused; the earlier configuration stays in force, and status says more."
  )
  if let left = bytesLeft(at: configuration.state) {
    check(
      "disk", left >= leastBytesLeft,
      left >= leastBytesLeft
        ? "There is room on the disk." : "The disk of the state folder is full, or nearly so.")
  }
  do {
    try await store.writable(now: now)
    check("store", true, "The database can be written.")
    let counts = try await store.counts(configuration, try await store.pauses(), now: now)
    let age = counts.oldestOwed.map { Int(now.timeIntervalSince($0)) }
    check(
      "mail", (age ?? 0) < 3600 && counts.failedOpen == 0,
      counts.failedOpen > 0
        ? "\(counts.failedOpen) open opportunities have a mail that was refused for good."
        : age.map { "The oldest mail owed is \($0) seconds old." } ?? "Nothing is owed.")
  } catch {
    check("store", false, "The database cannot be written.")
  }
  return Readiness(checks: checks)
}

extension Store {
  /// - Parameter pauses: those that are written down; the team file may say more.
  func counts(_ configuration: Configuration, _ pauses: [Pause], now: Date) async throws -> Counts {
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(pauses, on: today)
    return try await counts(
      paused: team.pausedAreas, scheduled: team.scheduledAreas, quiet: team.quietAreas(at: now))
  }
}
