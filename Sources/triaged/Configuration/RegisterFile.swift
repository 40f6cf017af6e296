import FlareImport
import Foundation
import Triage

/// `register.csv`: the contact register, with the columns `uprn`, `address`, `postcode`, `flag`
/// and `expires` (a civil date; empty for never). An entry past its date is said and left out.
///
/// - Returns: ``RegisterState/notInForce(why:)`` when the file is missing, unreadable, wrong or
///   older than `maxAge` seconds: then nothing may be announced.
func readRegister(
  _ path: String, maxAge: Double, now: Date, problems: ProblemList
) -> RegisterState {
  func notInForce(_ why: String, line: Int = 0) -> RegisterState {
    problems.add(path, line: line, column: line == 0 ? 0 : 1, why + " Nothing is announced.")
    return .notInForce(why: why)
  }
  guard let saved = savedAt(path) else { return notInForce("The contact register is missing.") }
  if now.timeIntervalSince(saved) > maxAge {
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
  let header = table.header.map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
  let missing = ["uprn", "address", "postcode", "flag", "expires"].filter { !header.contains($0) }
  if !missing.isEmpty {
    let columns = missing.joined(separator: ", ")
    return notInForce(
      "The contact register lacks the column\(missing.count == 1 ? "" : "s") \(columns).", line: 1)
  }
  // One entry that cannot be read might be the one that matters.
  if let row = table.malformed.first {
    return notInForce("Row \(row) of the contact register is no CSV.", line: row)
  }
  return readEntries(table, header, path, now: now, problems: problems)
}

/// When a file was last saved; `nil` where there is none.
func savedAt(_ path: String) -> Date? {
  try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
}

private func readEntries(
  _ table: Table, _ header: [String], _ path: String, now: Date, problems: ProblemList
) -> RegisterState {
  var register = Register()
  var unreadable: String?
  for row in table.rows {
    func cell(_ name: String) -> String {
      guard let column = header.firstIndex(of: name), column < row.cells.count else { return "" }
      return row.cells[column].trimmingCharacters(in: .whitespaces)
    }
    func refuse(_ why: String) {
      problems.add(path, line: row.number, column: 1, why)
      unreadable = "Row \(row.number) of the contact register cannot be read."
    }
    guard let flag = Register.Flag(rawValue: cell("flag")) else {
      let all = Register.Flag.allCases.map(\.rawValue).joined(separator: ", ")
      refuse("'flag' takes one of: \(all).")
      continue
    }
    guard
      normalisedUPRN(cell("uprn")) != nil
        || Address(cell("address"), postcode: cell("postcode")).isComplete
    else {
      refuse("This entry has neither a UPRN nor an address with a number that can be matched.")
      continue
    }
    if !cell("expires").isEmpty {
      guard let lastDay = civilDay(cell("expires")) else {
        refuse("'expires' takes a date such as 2027-03-31.")
        continue
      }
      // The whole last day counts, in whichever zone.
      if now.timeIntervalSince(lastDay) > 38 * 3600 {
        problems.add(
          path, severity: .warning, line: row.number, column: 1,
          "This entry has expired: check it.")
        continue
      }
    }
    register.add(
      flag, uprn: cell("uprn"), address: cell("address"), postcode: cell("postcode"))
  }
  return unreadable.map { .notInForce(why: $0) } ?? .inForce(register)
}

/// Midnight UTC of a civil date `yyyy-MM-dd`.
private func civilDay(_ text: String) -> Date? {
  try? Date(text, strategy: .iso8601.year().month().day())
}
