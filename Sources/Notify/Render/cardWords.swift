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
