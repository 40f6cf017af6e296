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
  guard let data = FileManager.default.contents(atPath: path) else {
    problems.add(
      path, "The contact register is missing or cannot be read, so nothing would be announced.")
    return .notInForce(why: "The contact register is missing or cannot be read.")
  }
  if let saved = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    as? Date, now.timeIntervalSince(saved) > maxAge
  {
    problems.add(
      .warning, path,
      "The contact register was last saved \(Int(now.timeIntervalSince(saved) / 86_400)) days ago, which is too long: nothing is announced until it is saved again."
    )
    return .notInForce(why: "The contact register is too old.")
  }
  guard let text = String(data: data, encoding: .utf8) else {
    problems.add(path, "The contact register is not UTF-8 text, so nothing would be announced.")
    return .notInForce(why: "The contact register is not UTF-8 text.")
  }
  return readRegisterTable(text, path, now: now, problems: problems)
}

private func readRegisterTable(
  _ text: String, _ path: String, now: Date, problems: ProblemList
) -> RegisterState {
  let table = readTable(text)
  let header = (table.first ?? []).map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
  let wanted = ["uprn", "address", "postcode", "flag", "expires"]
  let missing = wanted.filter { !header.contains($0) }
  guard missing.isEmpty else {
    problems.add(
      path, line: 1, column: 1,
      "The contact register lacks the column\(missing.count == 1 ? "" : "s") \(missing.joined(separator: ", ")), so nothing would be announced."
    )
    return .notInForce(why: "The contact register lacks a column.")
  }
  var register = Register()
  var broken = false
  for (at, row) in table.enumerated().dropFirst() {
    if row.allSatisfy({ $0.trimmingCharacters(in: .whitespaces).isEmpty }) { continue }
    func cell(_ name: String) -> String {
      guard let column = header.firstIndex(of: name), column < row.count else { return "" }
      return row[column].trimmingCharacters(in: .whitespaces)
    }
    guard let flag = Register.Flag(rawValue: cell("flag")) else {
      let all = Register.Flag.allCases.map(\.rawValue).joined(separator: ", ")
      problems.add(path, line: at + 1, column: 1, "'flag' takes one of: \(all).")
      broken = true
      continue
    }
    let address = Address(cell("address"), postcode: cell("postcode"))
    if normalisedUPRN(cell("uprn")) == nil, !address.isComplete {
      problems.add(
        path, line: at + 1, column: 1,
        "This entry has neither a UPRN nor a number, street and postcode that can be matched.")
      broken = true
      continue
    }
    let expires = cell("expires")
    if !expires.isEmpty {
      guard let end = civilDay(expires) else {
        problems.add(path, line: at + 1, column: 1, "'expires' takes a date such as 2027-03-31.")
        broken = true
        continue
      }
      // The whole last day counts, in whichever zone.
      if now.timeIntervalSince(end) > 38 * 3600 {
        problems.add(.warning, path, line: at + 1, column: 1, "This entry has expired: check it.")
        continue
      }
    }
    register.add(
      flag, uprn: cell("uprn"), address: cell("address"), postcode: cell("postcode"))
  }
  // One entry that cannot be read might be the one that matters.
  return broken
    ? .notInForce(why: "The contact register has an entry that cannot be read.")
    : .inForce(register)
}

/// Midnight UTC of a civil date `yyyy-MM-dd`.
private func civilDay(_ text: String) -> Date? {
  try? Date(text, strategy: .iso8601.year().month().day())
}
