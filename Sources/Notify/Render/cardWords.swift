import Foundation
import Triage

/// What a card says of an item in one line: "Bulky waste quote, received 3 days ago (18 November). Priority high. …".
func cardLine(_ item: DigestFields.Item) -> String {
  var line =
    "\(item.jobType), received \(item.age) (\(item.received)). Area: \(item.area). Priority: \(item.band)."
  if item.isVisit { line += " A visit, always in a pair." }
  if item.isCall { line += " A telephone call first." }
  if item.isJoint { line += " Two households, visit separately." }
  return line + " The link works until \(item.linkExpires)."
}

/// The first line of a card: "Street Scene: 3 new in New Cross".
func cardHeading(_ fields: DigestFields, isTest: Bool) -> String {
  "\(isTest ? "TEST: " : "")\(fields.service): \(fields.count) new in \(fields.area)"
}

/// How the areas stand, one line for each; of more than a few areas the first.
func factWords(_ fields: DigestFields) -> [String] {
  var lines = fields.isPack ? ["For the meeting at \(fields.meeting)."] : []
  lines += fields.facts.prefix(10).map { "\($0.name): \($0.summary)" }
  if fields.facts.count > 10 { lines.append("… and \(fields.facts.count - 10) more areas") }
  return lines
}

/// What did not fit is counted, and where it is.
func moreWords(_ fields: DigestFields) -> String {
  "… and \(fields.more) more; all \(fields.count) are on the board: \(fields.publicURL)"
}

extension Delivery {
  /// The identity's civil times.
  /// - Throws: a permanent error where its zone is none.
  func civilDates() throws(DeliveryError) -> CivilDates {
    guard let zone = TimeZone(identifier: identity.timeZone) else {
      throw DeliveryError(
        why: "The time zone is not known to this system.", permanent: true)
    }
    return CivilDates(zone: zone)
  }
}
