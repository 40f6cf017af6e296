import Transfer
import Triage

/// A watcher outside that is told once a day that all is well here, and rings by itself where it is not told.
package struct AliveSettings: Hashable, Sendable {
  package enum Address: Hashable, Sendable {
    case url(String)
    /// The address is its own secret, on the first line of this file.
    case file(String)
  }

  package var address: Address
  /// Minutes after midnight, civil time.
  package var minutes: Int
  package var posting: PostingSettings

  package init(address: Address, minutes: Int, posting: PostingSettings) {
    self.address = address
    self.minutes = minutes
    self.posting = posting
  }
}

/// Asks for the watcher's address, without a word of what there is here; any 2xx will do.
/// - Throws: in sentences that hold nothing of the address but the host's name.
package func sayAlive(
  _ settings: AliveSettings, via transferrer: Transferrer
) async throws(DeliveryError) {
  let url =
    switch settings.address {
    case .url(let url): url
    case .file(let file): try secret(file, "address", for: "the watcher outside")
    }
  var request = settings.posting.request(url, body: [])
  request.method = .get
  request.headers = []
  let answer = try await post(request, via: transferrer)
  guard (200...299).contains(answer.status) else {
    throw DeliveryError(
      why: "The watcher outside does not say that it has heard it (HTTP \(answer.status)).",
      permanent: false, retryAfter: answer.retryAfter, code: answer.status)
  }
}
