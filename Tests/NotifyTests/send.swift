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
  try writeSecret(text, to: path)
  return path
}
