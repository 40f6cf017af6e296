import Crypto
import Foundation
import Transfer
import Triage

/// A program of the council's that is told by Standard Webhooks 1.0.0 (standardwebhooks.com).
package struct WebhookSettings: Hashable, Sendable {
  /// `https:`; it is no secret.
  package var url: String
  /// `whsec_` and base64 of 24 to 64 bytes on its first line, read at every attempt.
  package var secretFile: String
  /// The secret before it, for as long as the other side may still look for it.
  package var previousSecretFile: String?
  package var posting: PostingSettings

  package init(
    url: String, secretFile: String, previousSecretFile: String? = nil, posting: PostingSettings
  ) {
    self.url = url
    self.secretFile = secretFile
    self.previousSecretFile = previousSecretFile
    self.posting = posting
  }
}

/// What signs a webhook.
package struct WebhookSecret: Sendable {
  private let key: SymmetricKey

  /// - Parameter text: `whsec_` and base64 of 24 to 64 bytes; `nil` for anything else.
  package init?(_ text: String) {
    guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))),
      (24...64).contains(bytes.count)
    else { return nil }
    key = SymmetricKey(data: bytes)
  }

  /// - Parameter timestamp: of the attempt, in seconds since 1970.
  /// - Returns: `v1,` and the base64 of HMAC-SHA256 over id, timestamp and body with full stops between.
  package func sign(id: String, timestamp: Int, body: [UInt8]) -> String {
    var signed = HMAC<SHA256>(key: key)
    signed.update(data: Data("\(id).\(timestamp).".utf8))
    signed.update(data: body)
    return "v1," + Data(signed.finalize()).base64EncodedString()
  }
}

/// Tells the other side that there is something, and where, and nothing of whom it is about.
func post(
  _ delivery: Delivery, to settings: WebhookSettings, via transferrer: Transferrer
) async throws(DeliveryError) -> Receipt {
  var secrets: [WebhookSecret] = []
  for file in [settings.secretFile, settings.previousSecretFile].compactMap(\.self) {
    guard let secret = WebhookSecret(try secret(file, "secret", for: "the webhook")) else {
      throw DeliveryError(
        why: "A secret file of the webhook has no usable secret; it takes whsec_ and base64.",
        permanent: false)
    }
    secrets.append(secret)
  }
  let body = try webhookBody(delivery.content)
  let timestamp = Int(delivery.now.timeIntervalSince1970.rounded(.down))
  let signatures = secrets.map { $0.sign(id: delivery.id, timestamp: timestamp, body: body) }
  let answer = try await post(
    settings.posting.request(
      settings.url,
      [
        PostRequest.Header("webhook-id", delivery.id),
        PostRequest.Header("webhook-timestamp", String(timestamp)),
        PostRequest.Header("webhook-signature", signatures.joined(separator: " ")),
      ], body: body), via: transferrer)
  return try judge(answer, of: "The webhook")
}

/// Bytes; the specification wants less than 20 KB.
private let mostBody = 20_000

/// The thin payload: ids, counts, areas and links, no street, no type of job and nobody's name. The same bytes on
/// every attempt.
func webhookBody(_ content: Delivery.Content) throws(DeliveryError) -> [UInt8] {
  switch content {
  case .digest(let digest):
    let shown = mostThatFit(digest.items.count) { event(digest, shown: $0).count < mostBody }
    return event(digest, shown: shown)
  case .notice(let notice, let isToAdmin):
    try refuseWhatOpens(notice)
    return event(
      "notice.created", notice.created,
      [
        "id": .text(notice.id), "recipient": isToAdmin ? "admin" : "member",
        "subject": .text(String(oneLine(notice.subject).prefix(150))),
      ])
  }
}

private func event(_ digest: Triage.Digest, shown: Int) -> [UInt8] {
  var areas: [String] = []
  for area in digest.areas where !areas.contains(area.id) { areas.append(area.id) }
  let items = digest.items.prefix(shown).map { item -> JSONValue in
    [
      "opportunity": .number(Int(item.opportunity)), "area": .text(item.area),
      "link": .text(item.link), "link_expires": .text(item.linkExpires.formatted(.iso8601)),
    ]
  }
  return event(
    digest.isTest ? "digest.test" : "digest.created", digest.created,
    [
      "id": .text(digest.id), "recipient": .text(digest.recipient.id),
      "count": .number(digest.items.count), "areas": .list(areas.map(JSONValue.text)),
      "items": .list(items), "more": .number(digest.items.count - items.count),
    ])
}

private func event(_ type: String, _ created: Date, _ data: JSONValue) -> [UInt8] {
  let whole: JSONValue = [
    "type": .text(type), "timestamp": .text(created.formatted(.iso8601)), "data": data,
  ]
  return whole.bytes
}
