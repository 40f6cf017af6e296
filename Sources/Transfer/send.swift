import CCurl
import Glibc

/// Hands a mail to the first relay that takes it, on the calling thread, which blocks. ``Transferrer`` says what it
/// promises.
/// - Parameters:
///   - backups: asked after the mail's own relay, in this order.
///   - totalSeconds: from now, over all relays.
func send(
  _ mail: MailHandover, backups: [MailRelay], totalSeconds: Double, stop: StopSign
) throws(TransferError) -> MailAnswer {
  let relays = [mail.relay] + backups
  let watch = Watch(seconds: totalSeconds, stop: stop)
  var failures: [TransferError] = []
  for (position, relay) in relays.enumerated() {
    var mail = mail
    mail.relay = relay
    // A relay that hangs leaves those behind it their share of the time.
    mail.relay.totalSeconds = min(
      relay.totalSeconds, max(watch.secondsLeft, 0.1) / Double(relays.count - position))
    mail.relay.connectSeconds = min(relay.connectSeconds, mail.relay.totalSeconds)
    do throws(TransferError) {
      return try send(mail, stop: stop)
    } catch {
      failures.append(error)
      if error.permanent || error.mayBeTaken || watch.isOver { break }
    }
  }
  var whole = failures[failures.count - 1]
  whole.why = failures.map(\.why).joined(separator: " ")
  // What a relay before it may take later is not refused for good.
  whole.permanent = failures.allSatisfy(\.permanent)
  throw whole
}

/// Hands a mail to its own relay.
///
/// What is wrong with the relay (out of reach, encryption, sign-in) is passing, since it is not the
/// message's fault and somebody will mend it; only a 5xx reply to the message's own sender,
/// recipient or text is permanent.
func send(_ mail: MailHandover, stop: StopSign) throws(TransferError) -> MailAnswer {
  try check(mail)
  let upload = Upload(mail.message)
  let reply = SMTPReply(
    hiding: [mail.from, mail.to, mail.relay.user ?? ""], upload: upload,
    watch: Watch(seconds: mail.relay.totalSeconds, stop: stop))
  // The callbacks point to them without holding them, and are called until `easy` is gone.
  defer { withExtendedLifetime((upload, reply)) {} }
  try speak(mail, upload, reply)
  return reply.answer
}

private func speak(
  _ mail: MailHandover, _ upload: Upload, _ reply: SMTPReply
) throws(TransferError) {
  let relay = mail.relay
  var easy = try Easy()
  try easy.prepare(
    connectSeconds: relay.connectSeconds, caFile: relay.caFile, watch: reply.watch)
  // QUIT is then said while `watch` still looks, not by a clean-up that would wait two minutes.
  try easy.set(CURLOPT_FORBID_REUSE, 1)
  let scheme = relay.security == .implicitTLS ? "smtps" : "smtp"
  try easy.set(CURLOPT_PROTOCOLS_STR, scheme)
  // The path of an smtp URL is the name in EHLO.
  try easy.set(CURLOPT_URL, "\(scheme)://\(relay.urlHost):\(relay.port)/\(relay.urlGreeting)")
  try easy.set(CURLOPT_PROXY, "")
  let tls = relay.security == .plainForTestsOnly ? CURLUSESSL_NONE : CURLUSESSL_ALL
  try easy.set(CURLOPT_USE_SSL, Int(tls.rawValue))
  if let user = relay.user {
    try easy.set(CURLOPT_USERNAME, user)
    try easy.set(CURLOPT_PASSWORD, try password(relay))
  }
  try easy.set(CURLOPT_MAIL_FROM, "<\(mail.from)>")
  try easy.set(CURLOPT_MAIL_RCPT, list: ["<\(mail.to)>"])
  try easy.set(CURLOPT_UPLOAD, 1)
  try easy.set(CURLOPT_INFILESIZE_LARGE, large: mail.message.count)
  try easy.read(from: upload)
  try easy.set(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, context: reply) {
    bytes, size, count, context in
    let reply = Unmanaged<SMTPReply>.fromOpaque(context!).takeUnretainedValue()
    reply.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
  }
  let result = easy.perform()
  // Whatever goes wrong after the final positive reply, the mail is the relay's.
  if result == CURLE_OK || reply.isAccepted { return }
  throw failure(
    result, easy.responseCode, easy.detail, relay.host, isBodyBegun: upload.isBegun, reply)
}

/// Reads the result of a dialogue that did not end with the relay's acceptance.
private func failure(
  _ result: CURLcode, _ code: Int, _ detail: String, _ host: String, isBodyBegun: Bool,
  _ reply: SMTPReply
) -> TransferError {
  // libcurl gives SEND_ERROR when MAIL, RCPT or DATA was refused, and WEIRD_SERVER_REPLY for a
  // refusal after the body, but also for one in the greeting.
  let isAboutMessage =
    result == CURLE_SEND_ERROR || (result == CURLE_WEIRD_SERVER_REPLY && isBodyBegun)
  // RFC 4954, 6: the relay wants a sign-in, or a better one.
  let isAboutSignIn = result == CURLE_LOGIN_DENIED || [530, 534, 535, 538].contains(code)
  if isAboutSignIn {
    return TransferError(
      why: "\(host) did not accept the sign-in of the mail account (\(code)); mail waits until "
        + "that is put right.", permanent: false, code: code)
  }
  if isAboutMessage, (500...599).contains(code) {
    return TransferError(
      why: "\(host) refused the message for good: \(reply.text)", permanent: true, code: code)
  }
  if (400...599).contains(code) {
    var error = TransferError(
      why: "\(host) did not take the message now: \(reply.text)", permanent: false, code: code)
    // It has said that it does not have it; the body is not offered twice for one attempt all the same.
    error.mayBeTaken = isBodyBegun
    return error
  }
  var error = TransferError(result, host: host, detail: detail)
  error.permanent = false
  error.code = code
  if isBodyBegun {
    error.mayBeTaken = true
    error.why += " It may have the message already; it is sent again under the same Message-ID."
  }
  return error
}

/// Refuses what could change the dialogue: RFC 5321 commands are lines, so nothing here may hold one. What is wrong with
/// the settings is passing: it is no fault of the message, and somebody will mend it.
private func check(_ mail: MailHandover) throws(TransferError) {
  func fail(_ why: String, isOfSettings: Bool = false) throws(TransferError) -> Never {
    throw TransferError(why: why, permanent: !isOfSettings)
  }
  func isAddress(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
      && text.contains("@")
  }
  guard isAddress(mail.from) else {
    try fail("The sender of the mail is not a usable address.", isOfSettings: true)
  }
  guard isAddress(mail.to) else { try fail("The recipient of the mail is not a usable address.") }
  guard MailRelay.isGreeting(mail.relay.ehloName) else {
    try fail("The name to greet the relay with is not a host name.", isOfSettings: true)
  }
  guard MailRelay.isHost(mail.relay.host) else {
    try fail("The name of the relay is not a host name.", isOfSettings: true)
  }
  if mail.relay.security == .plainForTestsOnly, mail.relay.user != nil {
    try fail("A password is not sent over an unencrypted connection.", isOfSettings: true)
  }
  var before: UInt8 = 0
  for byte in mail.message {
    if (byte == 0x0A) != (before == 0x0D) || byte == 0 {
      try fail("The message has a bare CR or LF, or a NUL, in it.")
    }
    before = byte
  }
  guard before == 0x0A else { try fail("The message does not end with a line end.") }
}

/// A file that cannot be used is passing: it is no fault of the message, and somebody will mend it.
private func password(_ relay: MailRelay) throws(TransferError) -> String {
  guard let path = relay.passwordFile else { return "" }
  do throws(TransferError) {
    return try readSecret(path, "password", for: relay.host)
  } catch {
    throw TransferError(why: error.why, permanent: false)
  }
}
