import Foundation
import Transfer
import Triage

/// Where a channel that posts may go, and how patiently it waits there.
package struct PostingSettings: Hashable, Sendable {
  /// The names, exactly, of which the host must be one.
  package var allowHosts: Set<String>
  /// Whether the host may lie on this machine or in the council's own network.
  package var allowPrivate: Bool
  /// PEM certificates to trust in place of the system's.
  package var caFile: String?
  /// From the connection to the last byte.
  package var totalSeconds: Double

  package init(
    allowHosts: Set<String>, allowPrivate: Bool = false, caFile: String? = nil,
    totalSeconds: Double = 20
  ) {
    self.allowHosts = allowHosts
    self.allowPrivate = allowPrivate
    self.caFile = caFile
    self.totalSeconds = totalSeconds
  }

  /// A post of JSON under these settings.
  func request(
    _ url: String, _ headers: [PostRequest.Header] = [], body: [UInt8], pace: Double = 0
  ) -> PostRequest {
    PostRequest(
      url: url, headers: [PostRequest.Header("Content-Type", "application/json")] + headers,
      body: body, allowedHosts: allowHosts, allowPrivate: allowPrivate, caFile: caFile,
      connectSeconds: min(10, totalSeconds), totalSeconds: totalSeconds, pace: pace)
  }
}

/// Posts, and says an error as the deliver loop reads it.
///
/// All that can be wrong before an answer comes is passing: an address, a host or a file of the settings is no fault of
/// the message, and somebody will mend it.
/// - Parameters:
///   - clock: read when the post has its turn.
///   - headersAt: further headers, by that time in seconds since 1970.
func post(
  _ request: PostRequest, via transferrer: Transferrer,
  clock: @escaping @Sendable () -> Date = { .now },
  headersAt: @escaping @Sendable (_ now: Double) -> [PostRequest.Header] = { _ in [] }
) async throws(DeliveryError) -> PostAnswer {
  do {
    return try await transferrer.post(
      request, clock: { clock().timeIntervalSince1970 }, headersAt: headersAt)
  } catch let error as TransferError {
    throw DeliveryError(why: error.why, permanent: false, retryAfter: error.retryAfter)
  } catch {
    throw DeliveryError(
      why: "The post was stopped from here; it is sent again later.", permanent: false)
  }
}

/// What an answer means, where the other side has no words of its own for it: by Standard Webhooks 1.0.0, which
/// most others agree with. Only 410 is for good there; all else is tried again.
/// - Parameters:
///   - who: begins the sentence.
///   - refusals: statuses by which this other side says that it will not take this message at any time.
func judge(
  _ answer: PostAnswer, of who: String, refusals: Set<Int> = []
) throws(DeliveryError) -> Receipt {
  let status = answer.status
  let permanent = status == 410 || refusals.contains(status)
  let words: String
  switch status {
  case 200...299: return Receipt(code: status, words: "\(who) has taken it.")
  case 300...399:
    words = "sends elsewhere, which is not followed; is its address still right?"
  case 401, 403, 407: words = "does not let us post; is what it knows us by still right?"
  case 404: words = "knows nothing at its address; is that still right?"
  case 408, 425, 429: words = "asks to try again later"
  case 410:
    words =
      "is gone and asks not to be used again; the channel rests until triaged is started anew"
  case 413: words = "says that the message is too large"
  case 400...499: words = "refuses the message"
  case 500...599: words = "has trouble of its own"
  default: words = "gave an answer that is none"
  }
  throw DeliveryError(
    why: "\(who) \(words) (HTTP \(status)).", permanent: permanent,
    retryAfter: permanent ? nil : answer.retryAfter, code: status, disablesChannel: status == 410)
}

/// Statuses of a chat by which it will not take a card at any time: it cannot be read, or is too large. What else it may
/// say (the address was taken back, the app may not post any more) is about the settings.
let cardRefusals: Set<Int> = [400, 413, 422]

/// Whose a notice is, on a card that many see.
func toWhom(_ delivery: Delivery, isToAdmin: Bool) -> String {
  if let member = delivery.member { return "For \(inert(member.name))." }
  return isToAdmin ? "For whoever runs the service." : "For somebody who leads an area."
}

/// The first line of a secret's file, read for this one time.
///
/// A file that cannot be read is passing: it is no fault of the message, and somebody will mend it.
/// - Parameter what: "secret", for the sentence.
func secret(
  _ path: String, _ what: String, for whom: String
) throws(DeliveryError) -> String {
  do throws(TransferError) {
    return try readSecret(path, what, for: whom)
  } catch {
    throw DeliveryError(why: error.why, permanent: false)
  }
}

/// Refuses a notice that opens something for the one person to whom it is: it goes by mail alone, since a
/// channel that posts is read by others too.
func refuseWhatOpens(_ notice: Notice) throws(DeliveryError) {
  guard notice.link == nil else {
    throw DeliveryError(
      why: "A link that signs one person in is sent by mail alone; this channel is none.",
      permanent: true)
  }
}
