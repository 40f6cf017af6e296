import FlareImport
import Foundation
import Triage

/// The contact register as its files say it, and what of it a person should look at.
struct LoadedRegister: Hashable, Sendable {
  var state: RegisterState
  var due = RegisterDue()
  /// Rows of the file.
  var entries = 0

  /// - Parameter why: a sentence.
  static func notInForce(_ why: String) -> LoadedRegister {
    LoadedRegister(state: .notInForce(why: why))
  }
}

/// Entries whose date has passed. They go on holding, since that fails closed, and are said until somebody
/// renews or removes them. Rows as a spreadsheet counts them; nothing of what stands in them.
struct RegisterDue: Hashable, Sendable {
  var expired: [Int] = []
  var review: [Int] = []
  /// The latest of the dates that have passed.
  var latestExpired: CivilDay?
  var latestReview: CivilDay?
}

/// Where the register is and by what it is read.
struct RegisterPlaces: Sendable {
  /// `register.csv`.
  var path: String
  /// Seconds since it was saved, at most.
  var maxAge: Double
  /// The boundary files that its column `polygon` names.
  var polygons: RegisterPolygons
}

/// `register.csv`: the contact register. `uprn`, `address`, `postcode`, `flag` and `expires` must be there;
/// `polygon`, `scope`, `reason`, `owner` and `review` may be.
///
/// - Parameters:
///   - today: the civil day by which an entry's date has passed.
///   - clock: what this machine's clock says: a round that fetches for long goes by an earlier instant.
/// - Returns: not in force when the file is missing, unreadable, wrong, too old or of a time to come, or when a polygon that an
///   entry names is missing or wrong: then nothing may be announced.
func readRegister(
  _ places: RegisterPlaces, today: CivilDay, now: Date, clock: Date = .now, problems: ProblemList
) -> LoadedRegister {
  let path = places.path
  func notInForce(_ why: String, line: Int = 0) -> LoadedRegister {
    problems.add(path, line: line, column: line == 0 ? 0 : 1, why + " Nothing is announced.")
    return .notInForce(why)
  }
  guard let saved = savedAt(path) else { return notInForce("The contact register is missing.") }
  if saved.timeIntervalSince(max(now, clock)) > RegisterStillness.mostAhead {
    // It would never grow too old.
    return notInForce(
      "The contact register was last saved at a time that has not come yet, so nobody can tell how old it "
        + "is. Set the clocks right and save it again.")
  }
  if now.timeIntervalSince(saved) > places.maxAge {
    let days = Int(now.timeIntervalSince(saved) / 86_400)
    return notInForce(
      "The contact register was last saved \(days) days ago, which is longer than is allowed.")
  }
  let table: Table
  do {
    table = try readTable(at: path)
  } catch {
    return notInForce("The contact register cannot be read. \(error)")
  }
  if let why = RegisterColumns.problem(in: table.header) { return notInForce(why, line: 1) }
  // One entry that cannot be read might be the one that matters.
  if let row = table.malformed.first {
    return notInForce("Row \(row) of the contact register is no CSV.", line: row)
  }
  return readEntries(table, places, today: today, problems: problems)
}

/// When a file was last saved; `nil` where there is none.
func savedAt(_ path: String) -> Date? {
  try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
}

private func readEntries(
  _ table: Table, _ places: RegisterPlaces, today: CivilDay, problems: ProblemList
) -> LoadedRegister {
  let columns = RegisterColumns(table.header)
  var (register, due) = (Register(), RegisterDue())
  var unreadable: String?
  var polygons = places.polygons.reading(problems)
  for row in table.rows {
    func refuse(_ why: String) {
      problems.add(places.path, line: row.number, column: 1, why)
      unreadable = unreadable ?? "Row \(row.number) of the contact register cannot be read."
    }
    let entry: RegisterEntry
    do {
      entry = try columns.entry(row)
    } catch {
      for why in error.sentences { refuse(why) }
      continue
    }
    if let name = entry.polygon {
      guard let areas = polygons.areas(name) else {
        refuse(
          "The polygon that it names is no boundary file of the folder register, or cannot be read."
        )
        continue
      }
      register.add(entry.flag, inside: areas)
    }
    if entry.hasPlace {
      register.add(
        entry.flag, uprn: entry.uprn, address: entry.address, postcode: entry.postcode,
        scope: entry.scope)
    }
    if let day = entry.expires, day < today {
      due.expired.append(row.number)
      due.latestExpired = max(due.latestExpired ?? day, day)
      problems.add(
        places.path, severity: .warning, line: row.number, column: 1,
        "This entry expired on \(day). It goes on holding: renew or remove it.")
    } else if let day = entry.review, day < today {
      due.review.append(row.number)
      due.latestReview = max(due.latestReview ?? day, day)
      problems.add(
        places.path, severity: .warning, line: row.number, column: 1,
        "This entry was to be reviewed by \(day). It goes on holding.")
    }
  }
  for name in polygons.unnamed {
    problems.add(
      places.polygons.folder + "/" + name, severity: .warning,
      "No entry of the contact register names this polygon, so it holds for nothing.")
  }
  return LoadedRegister(
    state: unreadable.map { .notInForce(why: $0) } ?? .inForce(register), due: due,
    entries: table.rows.count)
}
