import CCurl
import Glibc

extension Transferrer {
  /// Puts a question to another side, over HTTPS, at an allowed host and an allowed address.
  ///
  /// The host must be one that the configuration names; its name is looked up once, every address found is
  /// looked at, one that is not allowed refuses them all, and the connection goes to those addresses and no
  /// others, so that a name which answers differently a moment later leads nowhere (DNS rebinding). No redirect
  /// is followed and no proxy asked.
  /// - Parameters:
  ///   - resolver: finds the addresses of a name.
  ///   - clock: seconds since 1970.
  ///   - headersAt: further headers, made with the time of the clock when the post has its thread and its turn and
  ///     its addresses are known: for those that must not be old when they arrive.
  /// - Returns: an answer as soon as its status has been heard; whether it is a good one is the caller's to say.
  /// - Throws: ``TransferError``: permanent for an address, host or header that is not allowed, and for nothing
  ///   else. Its code is ``TransferError/nothingSent`` where the other side has heard nothing of the question.
  ///   `CancellationError` soon after the task was cancelled.
  package func post(
    _ request: PostRequest, resolver: @escaping Resolver = systemResolver,
    clock: @escaping @Sendable () -> Double = systemClock,
    headersAt: @escaping @Sendable (_ now: Double) -> [PostRequest.Header] = { _ in [] }
  ) async throws -> PostAnswer {
    while true {
      let turn = try await run { [pacer] stop throws(TransferError) -> Turn in
        if request.pace > 0, let wait = pacer.take(request.url, seconds: request.pace) {
          return .notYet(wait)
        }
        return .answered(
          try Transfer.post(
            request, resolver: resolver, clock: clock, headersAt: headersAt, stop: stop))
      }
      switch turn {
      case .answered(let answer): return answer
      case .notYet(let wait): try await Task.sleep(for: wait)
      }
    }
  }
}

private enum Turn: Sendable {
  case answered(PostAnswer)
  /// Another post to the same address is too near; no thread waits for that.
  case notYet(Duration)
}

extension TransferError {
  /// The code of an error of a post that has not been sent.
  package static let nothingSent = -2
}

/// Posts on the calling thread, which blocks. ``Transferrer`` says what it promises.
func post(
  _ request: PostRequest, resolver: Resolver, clock: @escaping () -> Double,
  headersAt: (_ now: Double) -> [PostRequest.Header], stop: StopSign
) throws(TransferError) -> PostAnswer {
  let target = try PostTarget(request.url)
  guard request.allowedHosts.contains(where: { $0.lowercased() == target.host }) else {
    throw TransferError(
      why: "The host of the address to post to is not among the allowed hosts.", permanent: true)
  }
  try check(request.headers)
  let addresses = try checkedAddresses(of: target, request, resolver)
  // The look-up may have taken a while.
  let timed = headersAt(clock())
  try check(timed)
  let watch = Watch(seconds: request.totalSeconds, stop: stop)
  let answer = AnswerInParts(most: request.mostAnswer, clock: clock)
  let upload = Upload(request.body)
  // The callbacks point to them without holding them.
  defer { withExtendedLifetime((answer, upload, watch)) {} }
  var easy = try Easy()
  try easy.prepare(connectSeconds: request.connectSeconds, caFile: request.caFile, watch: watch)
  try easy.set(CURLOPT_PROTOCOLS_STR, "https")
  try easy.set(CURLOPT_URL, target.text)
  try easy.set(CURLOPT_PROXY, "")
  try easy.set(CURLOPT_NOPROXY, "*")
  try easy.set(CURLOPT_USERAGENT, "triaged")
  try easy.set(CURLOPT_ACCEPT_ENCODING, "")
  if target.address == nil {
    let pinned = addresses.map(\.urlText).joined(separator: ",")
    try easy.set(CURLOPT_RESOLVE, list: ["\(target.host):\(target.port):\(pinned)"])
  }
  // Expect: a question of a few kilobytes is not worth a round of its own.
  let headers = (request.headers + timed).map { "\($0.name): \($0.value)" }
  try easy.set(CURLOPT_HTTPHEADER, list: headers + ["Expect:"])
  if request.method == .post { try send(upload, request.body.count, with: easy) }
  try take(answer, with: easy)
  let result = easy.perform()
  // Once the status has been heard it stands, also where the rest is long, late or lost.
  if answer.status >= 200 {
    return PostAnswer(status: answer.status, retryAfter: answer.retryAfter, body: answer.body)
  }
  throw failure(result, target.host, easy.detail, stop, isSent: upload.isBegun)
}

private func failure(
  _ result: CURLcode, _ host: String, _ detail: String, _ stop: StopSign, isSent: Bool
) -> TransferError {
  let isLate = result == CURLE_ABORTED_BY_CALLBACK && !stop.isRaised
  var error = TransferError(
    isLate ? CURLE_OPERATION_TIMEDOUT : result, host: host, detail: detail)
  switch result {
  case CURLE_OK, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR:
    error.why = "\(host) does not answer as a web server does."
  default: break
  }
  // It is the way that is at fault, not what was to be said, and somebody will mend it.
  error.permanent = false
  error.code = isSent ? 0 : TransferError.nothingSent
  return error
}

/// - Returns: what the name leads to, each of them allowed.
private func checkedAddresses(
  of target: PostTarget, _ request: PostRequest, _ resolver: Resolver
) throws(TransferError) -> [NetworkAddress] {
  let addresses: [NetworkAddress]
  if let address = target.address {
    addresses = [address]
  } else {
    do throws(TransferError) {
      addresses = try resolver(target.host)
    } catch {
      throw TransferError(
        why: error.why, permanent: false, code: TransferError.nothingSent)
    }
  }
  func refuse(_ why: String) throws(TransferError) -> Never {
    // Passing, since a name can be put right; an address in the settings cannot by itself.
    throw TransferError(
      why: why, permanent: target.address != nil, code: TransferError.nothingSent)
  }
  guard !addresses.isEmpty else {
    try refuse("The name \(target.host) could not be looked up.")
  }
  for address in addresses {
    switch address.reach {
    case .everywhere: continue
    case .inside:
      guard request.allowPrivate else {
        try refuse(
          "\(target.host) leads to this machine or into a private network; nothing was sent there.")
      }
    case .nowhere:
      try refuse("\(target.host) leads to an address that nothing is posted to.")
    }
  }
  return addresses
}

/// A line end in a header would begin one of somebody's choice (RFC 9110, 5.5).
private func check(_ headers: [PostRequest.Header]) throws(TransferError) {
  let areSafe = headers.allSatisfy { header in
    !header.name.isEmpty
      && header.name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == 0x2D
      }
      && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }
  guard areSafe else {
    throw TransferError(why: "A header to post has a control character in it.", permanent: true)
  }
}

private func send(
  _ upload: Upload, _ count: Int, with easy: borrowing Easy
) throws(TransferError) {
  try easy.set(CURLOPT_POST, 1)
  try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, large: count)
  try easy.read(from: upload)
}

private func take(
  _ answer: AnswerInParts, with easy: borrowing Easy
) throws(TransferError) {
  try easy.set(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, context: answer) {
    bytes, size, count, context in
    let answer = Unmanaged<AnswerInParts>.fromOpaque(context!).takeUnretainedValue()
    let taken = answer.take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : size * count + 1
  }
  try easy.set(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, context: answer) {
    bytes, size, count, context in
    let answer = Unmanaged<AnswerInParts>.fromOpaque(context!).takeUnretainedValue()
    let taken = answer.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : size * count + 1
  }
}
