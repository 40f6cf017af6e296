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
  /// The secret before it, for as long as the other side may still look for it. One that cannot be used holds up
  /// nothing: each post is then signed with the other alone.
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
  var secrets = [try webhookSecret(settings.secretFile)]
  if let file = settings.previousSecretFile, let previous = try? webhookSecret(file) {
    secrets.append(previous)
  }
  let body = try webhookBody(delivery.content, member: delivery.member)
  let request = settings.posting.request(
    settings.url, [PostRequest.Header("webhook-id", delivery.id)], body: body)
  let answer = try await post(request, via: transferrer, clock: delivery.clock) {
    [secrets, id = delivery.id] now in
    // Of the attempt: whoever checks it takes what is some minutes old for a repetition.
    let timestamp = Int(now.rounded(.down))
    let signatures = secrets.map { $0.sign(id: id, timestamp: timestamp, body: body) }
    return [
      PostRequest.Header("webhook-timestamp", String(timestamp)),
      PostRequest.Header("webhook-signature", signatures.joined(separator: " ")),
    ]
  }
  return try judge(answer, of: "The webhook")
}

private func webhookSecret(_ file: String) throws(DeliveryError) -> WebhookSecret {
  guard let secret = WebhookSecret(try secret(file, "secret", for: "the webhook")) else {
    throw DeliveryError(
      why: "A secret file of the webhook has no usable secret; it takes whsec_ and base64.",
      permanent: false)
  }
  return secret
}

/// Bytes; the specification wants less than 20 KB.
private let mostBody = 20_000

/// The thin payload: ids, counts, areas and links, no street, no type of job and nobody's name. The same content is the
/// same bytes; what was taken or withdrawn between two attempts is not in the second.
/// - Parameter member: to whom a notice is, where that is known.
func webhookBody(
  _ content: Delivery.Content, member: Member? = nil
) throws(DeliveryError) -> [UInt8] {
  switch content {
  case .digest(let digest):
    let shown = mostThatFit(digest.items.count) { event(digest, shown: $0).count < mostBody }
    return event(digest, shown: shown)
  case .notice(let notice, let isToAdmin):
    try refuseWhatOpens(notice)
    var fields = [
      JSONValue.Field(key: "id", value: .text(notice.id)),
      JSONValue.Field(key: "recipient", value: isToAdmin ? "admin" : "member"),
    ]
    if let member { fields.append(JSONValue.Field(key: "member", value: .text(member.id))) }
    fields.append(
      JSONValue.Field(
        key: "subject", value: .text(String(oneLine(notice.subject).prefix(150)))))
    return event("notice.created", notice.created, .object(fields))
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
