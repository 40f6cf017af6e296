import Crypto
import Foundation
import Transfer
import Triage

/// GOV.UK Notify, by its REST interface: the mail of a service that the council has there.
package struct GOVUKNotifySettings: Hashable, Sendable {
  /// `name-serviceid-secret` on its first line, as Notify shows it once; read at every attempt.
  package var apiKeyFile: String
  /// Of an e-mail template whose subject is `((subject))` and whose message is `((body))`.
  package var templateID: String
  /// Without a slash at its end.
  package var url: String
  package var posting: PostingSettings

  package init(
    apiKeyFile: String, templateID: String, url: String = usualURL, posting: PostingSettings
  ) {
    self.apiKeyFile = apiKeyFile
    self.templateID = templateID
    self.url = url
    self.posting = posting
  }

  package static let usualHost = "api.notifications.service.gov.uk"
  package static let usualURL = "https://\(usualHost)"
}

/// A key of Notify taken apart: its name is for people, the rest are two UUIDs.
package struct GOVUKNotifyKey: Sendable {
  private let service: String
  private let secret: String

  /// - Returns: `nil` for what is no key.
  package init?(_ text: String) {
    let (uuid, both) = (36, 36 + 1 + 36)
    guard text.utf8.count > both + 1, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    let tail = text.suffix(both)
    let (service, secret) = (String(tail.prefix(uuid)), String(tail.suffix(uuid)))
    guard UUID(uuidString: service) != nil, UUID(uuidString: secret) != nil,
      tail.dropFirst(uuid).first == "-", text.dropLast(both).last == "-"
    else { return nil }
    (self.service, self.secret) = (service, secret)
  }

  /// A token of RFC 7519 that Notify takes for half a minute.
  /// - Parameter issued: seconds since 1970.
  package func token(issued: Int) -> String {
    let header: JSONValue = ["typ": "JWT", "alg": "HS256"]
    let claims: JSONValue = ["iss": .text(service), "iat": .number(issued)]
    let signed = [header, claims].map { base64URL($0.bytes) }.joined(separator: ".")
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
    return signed + "." + base64URL(Array(code))
  }
}

/// RFC 7515, 2: without padding.
private func base64URL(_ bytes: [UInt8]) -> String {
  Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    .replacing("=", with: "")
}

/// Hands a mail to Notify, which answers 201 once it has taken it; whether it reached the mailbox is asked with
/// ``govukNotifyStatus(of:_:via:)``.
///
/// Notify sends whatever it is told twice twice. So a second attempt asks first, by our reference, whether the one
/// before has arrived.
func post(
  _ delivery: Delivery, to settings: GOVUKNotifySettings, via transferrer: Transferrer
) async throws(DeliveryError) -> Receipt {
  let mail = try notifyMail(delivery, settings)
  if delivery.attempts > 0 {
    switch try await govukNotifyStatus(of: delivery.id, settings, via: transferrer) {
    case .created, .sending, .delivered:
      return Receipt(code: 200, words: "GOV.UK Notify had it already.")
    case .permanentFailure:
      throw DeliveryError(why: GOVUKNotifyStatus.permanentFailure.sentence, permanent: true)
    case nil, .temporaryFailure, .technicalFailure: break
    }
  }
  let answer = try await post(
    settings.posting.request(
      settings.url + "/v2/notifications/email", [try authorization(settings)], body: mail),
    via: transferrer)
  guard answer.status != 201 else {
    return Receipt(code: 201, words: "GOV.UK Notify has taken it and sends it.")
  }
  throw notifyError(answer, now: delivery.now)
}

/// How far a mail has come, by Notify's words.
package enum GOVUKNotifyStatus: String, Hashable, Sendable, CaseIterable {
  case created, sending, delivered
  /// The address does not exist.
  case permanentFailure = "permanent-failure"
  /// The mailbox was full, or took it for spam.
  case temporaryFailure = "temporary-failure"
  /// Between Notify and its providers: it has to be sent again.
  case technicalFailure = "technical-failure"

  package var sentence: String {
    let what =
      switch self {
      case .created: "it has the mail and has not sent it yet"
      case .sending: "the mail is on its way"
      case .delivered: "the mail was delivered"
      case .permanentFailure: "the recipient's address does not exist"
      case .temporaryFailure: "the mailbox is full, or took the mail for spam"
      case .technicalFailure: "it could not send the mail, and that it has to be sent again"
      }
    return "GOV.UK Notify says that \(what)."
  }
}

/// Asks what became of the mail that was sent last under a reference; Notify knows it for seven days.
/// - Returns: `nil` where Notify knows of none.
package func govukNotifyStatus(
  of reference: String, _ settings: GOVUKNotifySettings, via transferrer: Transferrer
) async throws(DeliveryError) -> GOVUKNotifyStatus? {
  var request = settings.posting.request(
    settings.url + "/v2/notifications?reference=" + percentEncoded(reference),
    [try authorization(settings)], body: [])
  request.method = .get
  // A page of Notify has 250 mails at most; ours of one reference are few.
  request.mostAnswer = 1 << 20
  let answer = try await post(request, via: transferrer)
  guard answer.status == 200 else { throw notifyError(answer, now: .now) }
  guard
    let found = try? JSONDecoder().decode(NotifyList.self, from: Data(answer.body)).notifications
  else {
    throw DeliveryError(
      why: "GOV.UK Notify did not say what became of a mail in words that are known.",
      permanent: false)
  }
  // Newest first.
  return found.first { $0.reference == reference }.flatMap {
    GOVUKNotifyStatus(rawValue: $0.status) ?? .sending
  }
}

private struct NotifyList: Decodable {
  var notifications: [Notification]

  struct Notification: Decodable {
    var reference: String?
    var status: String
  }
}

/// Notify takes a token whose moment is within half a minute of its own clock: this one is of the clock, not of the
/// round, which may have waited.
private func authorization(
  _ settings: GOVUKNotifySettings
) throws(DeliveryError) -> PostRequest.Header {
  guard
    let key = GOVUKNotifyKey(try secret(settings.apiKeyFile, "key", for: "GOV.UK Notify"))
  else {
    throw DeliveryError(
      why: "The key file of GOV.UK Notify has no key on its first line.", permanent: false)
  }
  let token = key.token(issued: Int(Date.now.timeIntervalSince1970))
  return PostRequest.Header("Authorization", "Bearer " + token)
}

private func notifyMail(
  _ delivery: Delivery, _ settings: GOVUKNotifySettings
) throws(DeliveryError) -> [UInt8] {
  let (to, subject, text): (String, String, String)
  switch delivery.content {
  case .digest(let digest):
    let fields = DigestFields(
      inert(digest), delivery.identity, try delivery.civilDates(), shown: digest.items.count)
    to = digest.recipient.email
    (subject, text) = (delivery.wording.subject(fields), delivery.wording.text(fields))
  case .notice(let notice, let isToAdmin):
    to = notice.recipient
    subject = notice.subject
    text = noticeText(notice, delivery.identity, isToAdmin: isToAdmin)
  }
  guard isMailAddress(to) else {
    throw DeliveryError(why: "The recipient's e-mail address is not usable.", permanent: true)
  }
  // Notify reads Markdown, in which what stands further in is another kind of thing.
  let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    .map { $0.drop { $0 == " " } }
  let mail: JSONValue = [
    "email_address": .text(to), "template_id": .text(settings.templateID),
    "personalisation": [
      "subject": .text(String(oneLine(subject).prefix(150))),
      "body": .text(lines.joined(separator: "\n")),
    ],
    "reference": .text(delivery.id),
  ]
  return mail.bytes
}

private struct NotifyErrors: Decodable {
  var errors: [Problem]

  struct Problem: Decodable {
    var error: String
  }
}

/// By status and kind of error; Notify's message may change, and may speak of the recipient.
private func notifyError(_ answer: PostAnswer, now: Date) -> DeliveryError {
  let named = try? JSONDecoder().decode(NotifyErrors.self, from: Data(answer.body)).errors.first
  let kind = named?.error.filter { $0.isASCII && $0.isLetter }.prefix(40) ?? ""
  var (words, permanent, wish): (String, Bool, Double?) = ("", false, answer.retryAfter)
  switch answer.status {
  case 401, 403:
    words = "does not accept the key, or this machine's clock is more than 30 seconds off"
  case 429 where kind == "TooManyRequestsError":
    words = "has taken as many mails of the service as it takes in a day"
    // The day of Notify's limits is that of UTC.
    wish = wish ?? 86_400 - now.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400)
  case 429:
    words = "takes no more mails of the service this minute"
    wish = wish ?? 60
  case 408: words = "asks to try again later"
  case 300...399: words = "sends elsewhere, which is not followed"
  case 400...499: (words, permanent) = ("refuses the mail", true)
  case 500...599: words = "has trouble of its own"
  default: words = "gave an answer that is none"
  }
  let code = kind.isEmpty ? "HTTP \(answer.status)" : "HTTP \(answer.status), \(kind)"
  return DeliveryError(
    why: "GOV.UK Notify \(words) (\(code)).", permanent: permanent,
    retryAfter: permanent ? nil : wish, code: answer.status)
}
