import Foundation
import Storage
import Triage

/// What is asked for with `pause`.
struct PauseWish: Codable {
  /// `nil`: every area.
  var area: String?
  var why: String
  var by: String
  /// The civil day on which it ends by itself, `yyyy-MM-dd`.
  var until: String?
}

/// What is asked for with `resume`.
struct ResumeWish: Codable {
  var area: String?
}

/// What is asked for with `queue`.
struct QueueWish: Codable {
  var area: String?
}

/// One pause as `status` tells of it.
struct PauseStanding: Codable, Hashable {
  /// `nil`: every area.
  var area: String?
  var areaName: String?
  var why: String
  /// `nil`: the team file says it.
  var by: String?
  var began: Date?
  var until: String?

  func line(_ words: CivilWords) -> String {
    let what = area.map { areaName ?? $0 } ?? "every area"
    let end = until.flatMap { CivilDay($0) }.map { " until \($0.inWords) \($0.parts.year)" }
    let who =
      if let by, let began {
        "by \(by), \(words.moment(began))"
      } else {
        "by the team file"
      }
    return "Paused: \(what)\(end ?? ""), \(who): \(why)"
  }
}

extension AdminOffice {
  /// Nothing new is offered or announced from now on. What is offered can be claimed.
  func pause(_ wish: PauseWish, now: Date) async throws -> Done {
    let inputs = await live.inForce(now: now)
    if let area = wish.area { try known(area: area, inputs) }
    let why = plainLine(wish.why).trimmingCharacters(in: .whitespaces)
    if why.isEmpty { throw AdminRefusal(.misuse, "A pause wants a reason: --why \"…\".") }
    var until: CivilDay?
    if let text = wish.until {
      guard let day = CivilDay(text) else {
        throw AdminRefusal(.misuse, "'\(plainLine(text))' is no date; write it as 2026-12-01.")
      }
      let today = CivilDay(now, in: configuration.timeZone)
      if day <= today {
        throw AdminRefusal(.misuse, "A pause ends by itself on a day to come; \(day) is none.")
      }
      until = day
    }
    try await store.pause(
      Pause(area: wish.area, why: why, by: plainLine(wish.by), began: now, until: until))
    let end =
      until.map { "until \($0.inWords) \($0.parts.year)" } ?? "until somebody says 'triaged resume'"
    return Done(
      done:
        "\(subject(wish.area, inputs)) paused \(end). Nothing new is offered or announced; what is "
        + "on offer can be claimed.")
  }

  /// Offers go on, with a pass at once.
  func resume(area: String?, now: Date) async throws -> Done {
    let inputs = await live.inForce(now: now)
    if let area { try known(area: area, inputs) }
    let today = CivilDay(now, in: configuration.timeZone)
    let ended = try await store.resume(area: area).filter { $0.isInForce(on: today) }
    let still = configuration.team.paused(try await store.pauses(), on: today).areas.filter {
      $0.paused != nil && (area == nil || $0.area == area)
    }
    // What could be ended has been: the answer tells of the rest.
    if ended.isEmpty, let still = still.first {
      let isInFile = configuration.team.area(still.area)?.paused != nil
      throw AdminRefusal(
        .conflict,
        isInFile
          ? "\(subject(still.area, inputs)) paused by the team file: \(still.paused ?? "")"
          : "Every area is paused: 'triaged resume' without --area ends that.")
    }
    guard !ended.isEmpty else {
      throw AdminRefusal(.conflict, "\(subject(area, inputs)) not paused.")
    }
    try await poller.judgeAgain(now: now)
    if still.isEmpty {
      return Done(done: "Offers go on in \(area.map { name(of: $0, inputs) } ?? "every area").")
    }
    let rest = still.map { "\(subject($0.area, inputs)) still paused: \($0.paused ?? "")" }
    return Done(done: "The pause has ended. " + rest.joined(separator: " "))
  }

  /// What is paused today.
  func pauseStandings(
    _ pauses: [Pause], _ inputs: LiveInputs.InForce, now: Date
  ) -> [PauseStanding] {
    let today = CivilDay(now, in: configuration.timeZone)
    let inFile = configuration.team.areas.compactMap { area in
      area.paused.map {
        PauseStanding(
          area: area.area, areaName: name(of: area.area, inputs), why: $0)
      }
    }
    return inFile
      + pauses.filter { $0.isInForce(on: today) }.map { pause in
        PauseStanding(
          area: pause.area, areaName: pause.area.map { name(of: $0, inputs) }, why: pause.why,
          by: pause.by, began: pause.began, until: pause.until)
      }
  }

  private func name(of area: String, _ inputs: LiveInputs.InForce) -> String {
    inputs.areas.first { $0.id == area }?.name ?? area
  }

  private func subject(_ area: String?, _ inputs: LiveInputs.InForce) -> String {
    area.map { "\(name(of: $0, inputs)) is" } ?? "All areas are"
  }
}
