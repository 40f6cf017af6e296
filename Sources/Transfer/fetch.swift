import CCurl

/// Fetches on the calling thread, which blocks. ``Transferrer`` says what it promises.
func fetch(_ request: FetchRequest, to path: String, stop: StopSign) throws(TransferError)
  -> FetchAnswer
{
  guard var url = RemoteURL(request.url) else {
    throw TransferError(
      why: "The address of the list is not a URL, or has a user name in it.", permanent: true)
  }
  guard url.scheme == "https" || (url.scheme == "http" && request.allowInsecureHTTP) else {
    throw TransferError(
      why: "The address at \(url.host) is not https, which is required.", permanent: true)
  }
  let secrets = try Secrets(request, for: url)
  if let key = secrets.queryKey {
    guard let whole = url.adding(query: key.name, key.value) else {
      throw TransferError(why: "The question to \(url.host) cannot be put.", permanent: true)
    }
    url = whole
  }
  let watch = Watch(seconds: request.totalSeconds, stop: stop)
  for _ in 0...mostRedirects {
    let download = try Download(path: path, maxBytes: request.maxBytes)
    try ask(request, url, secrets, download, watch)
    switch download.status {
    case 200:
      let bytes = try download.commit()
      return .fetched(
        etag: download.etag, lastModified: download.lastModified,
        contentType: download.contentType, bytes: bytes)
    case 304 where request.etag != nil || request.lastModified != nil: return .notModified
    case 301, 302, 303, 307, 308: url = try next(after: url, download)
    default: throw refusal(download, host: url.host, isKnown: secrets.areSome)
    }
  }
  throw TransferError(why: "\(url.host) redirects again and again.", permanent: true)
}

private let mostRedirects = 5

/// One question and its answer, into `download`.
private func ask(
  _ request: FetchRequest, _ url: RemoteURL, _ secrets: Secrets, _ download: Download,
  _ watch: Watch
) throws(TransferError) {
  // The callbacks point to them without holding them.
  defer { withExtendedLifetime((download, watch)) {} }
  var easy = try Easy()
  try easy.prepare(
    connectSeconds: request.connectSeconds, caFile: request.caFile, watch: watch)
  let protocols = request.allowInsecureHTTP ? "http,https" : "https"
  try easy.set(CURLOPT_PROTOCOLS_STR, protocols)
  try easy.set(CURLOPT_REDIR_PROTOCOLS_STR, protocols)
  try easy.set(CURLOPT_URL, url.text)
  try easy.set(CURLOPT_USERAGENT, request.userAgent)
  try easy.set(CURLOPT_ACCEPT_ENCODING, "")
  try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  try easy.set(CURLOPT_MAXFILESIZE_LARGE, large: request.maxBytes)
  try easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
  try easy.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(request.stallSeconds.rounded(.up))))
  try secrets.tell(easy, url)
  if url.isLoopback { try easy.set(CURLOPT_NOPROXY, "*") }
  let conditions = [
    request.etag.map { "If-None-Match: \($0)" },
    request.lastModified.map { "If-Modified-Since: \($0)" },
  ].compactMap { $0 }
  // They came from the other side, and a line end in one would begin a header of its choice.
  guard conditions.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 } }) else {
    throw TransferError(why: "What is known of \(url.host) is not usable.", permanent: true)
  }
  try easy.set(CURLOPT_HTTPHEADER, list: conditions)
  try easy.set(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, context: download) {
    bytes, size, count, context in
    let download = Unmanaged<Download>.fromOpaque(context!).takeUnretainedValue()
    download.take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
  }
  try easy.set(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, context: download) {
    bytes, size, count, context in
    let download = Unmanaged<Download>.fromOpaque(context!).takeUnretainedValue()
    let taken = download.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
    // Anything but the count stops the transfer; an empty write must not look like a stop.
    return taken ? size * count : size * count + 1
  }
  let result = easy.perform()
  if let failure = download.failure { throw failure }
  if result == CURLE_OK || download.isSettled { return }
  let isLate = result == CURLE_ABORTED_BY_CALLBACK && !watch.stop.isRaised
  throw TransferError(
    isLate ? CURLE_OPERATION_TIMEDOUT : result, host: url.host, detail: easy.detail)
}

private func next(after url: RemoteURL, _ download: Download) throws(TransferError) -> RemoteURL {
  guard let location = download.location, let next = RemoteURL(location, relativeTo: url) else {
    throw TransferError(
      why: "\(url.host) redirects without saying where to.", permanent: true,
      code: download.status)
  }
  guard url.mayLead(to: next) else {
    throw TransferError(
      why: "\(url.host) redirects to \(next.host), or another way to it; only the same host is "
        + "followed. If that is right, put the new address into the feed's file.",
      permanent: true, code: download.status)
  }
  return next
}

/// The answer was understood, and it is not the list.
/// - Parameter isKnown: whether credentials went along.
private func refusal(_ download: Download, host: String, isKnown: Bool) -> TransferError {
  let status = download.status
  let (words, permanent): (String, Bool) =
    switch status {
    case 401 where isKnown: ("did not accept the sign-in that the feed is given", true)
    case 401, 407: ("asks for a sign-in", true)
    case 403 where isKnown: ("knows who asks and does not allow it", true)
    case 403: ("does not allow it", true)
    case 404, 410: ("has no such list", true)
    case 408, 425, 429: ("asks to try again later", false)
    case 501, 505: ("cannot answer such a question", true)
    case 500...599: ("has trouble of its own", false)
    case 400...499: ("refuses the question", true)
    default: ("gave an answer without a list", false)
    }
  return TransferError(
    why: "\(host) \(words) (HTTP \(status)).", permanent: permanent,
    retryAfter: download.retryAfter, code: status)
}
