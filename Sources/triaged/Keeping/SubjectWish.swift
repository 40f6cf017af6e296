import Foundation
import Storage
import Triage

/// Of whom is asked with `subject`, and by whom.
struct SubjectWish: Codable, Sendable {
  var uprn: String?
  var address: String?
  var postcode: String?
  /// "FEED:REFERENCE"
  var reference: String?
  var text: String?
  /// Who asks, for the audit: a user's name on the daemon's machine.
  var by: String
  /// Of an erasure: whether it is done, and whether later rows are refused.
  var isMeant = false
  var refuses = false
  /// Of a legal hold.
  var why: String?

  /// - Throws: a refusal where it names nobody, or more than one.
  func query() throws -> SubjectQuery {
    guard [uprn, address, reference, text].count(where: { $0 != nil }) == 1 else {
      throw AdminRefusal(
        .misuse, "Say of whom: one of --uprn, --address with --postcode, --ref and --text.")
    }
    if let uprn {
      guard let digits = normalisedUPRN(uprn) else {
        throw AdminRefusal(.misuse, "'\(plainLine(uprn))' is no UPRN: it has 1 to 12 digits.")
      }
      return .uprn(digits)
    }
    if let reference {
      let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw AdminRefusal(
          .misuse, "A job is meant by its feed and reference, such as street-scene:SS1042.")
      }
      return .reference(JobRef(feed: parts[0], reference: parts[1]))
    }
    if let text {
      guard text.count >= 3 else {
        throw AdminRefusal(.misuse, "A text of fewer than three characters stands everywhere.")
      }
      return .text(text)
    }
    let code = postcode ?? postcodeKey(inAddress: address ?? "")
    guard !postcodeKey(code).isEmpty, Address(address ?? "", postcode: code).isComplete else {
      throw AdminRefusal(
        .misuse,
        "An address wants its number or name, its street and --postcode: by less, neighbours would be meant too."
      )
    }
    return .address(address ?? "", postcode: code)
  }

  /// "by UPRN", for what is kept: never whose.
  var how: String {
    uprn != nil ? "uprn" : address != nil ? "address" : reference != nil ? "reference" : "text"
  }
}
