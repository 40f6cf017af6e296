import Foundation
import Notify
import TestServers
import Testing
import Transfer
import Triage

/// Sends through a transferrer of its own.
@discardableResult
func send(_ delivery: Delivery, _ channel: Channel) async throws -> Notify.Receipt {
  let transferrer = Transferrer(threads: 1)
  do {
    let receipt = try await channel.send(delivery, via: transferrer)
    await transferrer.shutdown()
    return receipt
  } catch {
    await transferrer.shutdown()
    throw error
  }
}

/// A file of the server's folder that its owner alone may read.
@discardableResult
func write(_ text: String, _ name: String, in server: PythonServer) throws -> String {
  let path = server.folder.path + "/" + name
  try Data(text.utf8).write(to: URL(filePath: path))
  try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  return path
}

/// Compares JSON, laid out so that a person can review it, with a file of `Golden`:
/// `TRIAGED_UPDATE_GOLDEN=1 swift test` writes it anew.
func compareJSON(_ name: String, _ bytes: [UInt8]) throws {
  let object = try JSONSerialization.jsonObject(with: Data(bytes))
  let data =
    try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    + Data("\n".utf8)
  let file = testsFolder.appending(path: "NotifyTests/Golden/\(name)")
  if ProcessInfo.processInfo.environment["TRIAGED_UPDATE_GOLDEN"] == "1" {
    try data.write(to: file)
  }
  let golden = try Data(contentsOf: file)
  #expect(
    String(decoding: data, as: UTF8.self) == String(decoding: golden, as: UTF8.self),
    "\(name) differs; look at it, then TRIAGED_UPDATE_GOLDEN=1")
}
