import Foundation
import GRDB
import Triage

extension Store {
  /// Pauses that have not ended by a word; whether a day has ended one is for ``Pause/isInForce(on:)``.
  package func pauses() async throws -> [Pause] {
    try await read { try readPauses($0) + closedPilots($0) }
  }

  /// Begins a pause, or puts it in the place of one for the same area (or for every area).
  package func pause(_ pause: Pause) async throws {
    try await write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO pause (area, why, by, began, until) VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          pause.area ?? everyArea, pause.why, pause.by, milliseconds(pause.began), pause.until,
        ])
    }
  }

  /// Ends a pause.
  /// - Parameter area: `nil` ends the one for every area, and those of single areas with it.
  /// - Returns: what was paused.
  package func resume(area: String?) async throws -> [Pause] {
    try await write { db in
      let ended = try readPauses(db).filter { area == nil || $0.area == area }
      for pause in ended {
        try db.execute(
          sql: "DELETE FROM pause WHERE area = ?", arguments: [pause.area ?? everyArea])
      }
      return ended
    }
  }
}

extension Store {
  /// Forgets pauses that a day has ended.
  package func forgetPauses(endedBy today: CivilDay) async throws {
    try await write { db in
      try db.execute(sql: "DELETE FROM pause WHERE until <= ?", arguments: [today.description])
    }
  }
}

/// A pilot that is closed is paused for good, whatever is resumed.
private func closedPilots(_ db: Database) throws -> [Pause] {
  try Row.fetchAll(db, kept(sql: "SELECT area, closed_at, by FROM closed_pilot ORDER BY area")).map
  {
    Pause(
      area: $0["area"], why: "The pilot here is closed.", by: $0["by"],
      began: instant($0["closed_at"]), until: nil)
  }
}

func readPauses(_ db: Database) throws -> [Pause] {
  try Row.fetchAll(db, kept(sql: "SELECT area, why, by, began, until FROM pause ORDER BY area")).map
  {
    let (area, until): (String, String?) = ($0["area"], $0["until"])
    return Pause(
      area: area == everyArea ? nil : area, why: $0["why"], by: $0["by"],
      began: instant($0["began"]), until: until.flatMap { CivilDay($0) })
  }
}

/// In the place of an area's id: no id is empty.
private let everyArea = ""
