import Foundation
import TestServers
import Testing

/// Compares with a file of `Golden`.
func compare(_ name: String, _ data: Data) throws {
  let golden = try goldenText("NotifyTests/Golden/\(name)", made: data)
  #expect(
    String(decoding: data, as: UTF8.self) == golden,
    "\(name) differs; look at it, then TRIAGED_UPDATE_GOLDEN=1")
}

/// The same for JSON, laid out so that a person can review it.
func compareJSON(_ name: String, _ bytes: [UInt8]) throws {
  let object = try JSONSerialization.jsonObject(with: Data(bytes))
  try compare(
    name,
    JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
      + Data("\n".utf8))
}
