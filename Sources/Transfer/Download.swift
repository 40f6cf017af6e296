import Glibc

/// One HTTP answer as it comes in: headers kept by name, a body of status 200 written to the file,
/// any other body read past.
final class Download {
  private(set) var status = 0
  private(set) var etag: String?
  private(set) var lastModified: String?
  private(set) var contentType: String?
  private(set) var location: String?
  private(set) var retryAfter: Double?
  /// What stopped the transfer from this side.
  private(set) var failure: TransferError?
  /// The status has said everything and the rest of the body was not waited for.
  private(set) var isSettled = false
  private var file: DownloadFile
  private let maxBytes: Int
  private var bytes = 0

  init(path: String, maxBytes: Int) throws(TransferError) {
    file = try DownloadFile(path: path)
    self.maxBytes = maxBytes
  }

  /// - Returns: how many bytes lie at the path.
  func commit() throws(TransferError) -> Int {
    try file.commit()
    return bytes
  }

  func take(header: UnsafeRawBufferPointer) {
    let line = String(decoding: header, as: UTF8.self)
      .trimmingSuffix { $0 == "\r\n" || $0 == "\n" || $0 == " " }
    if line.hasPrefix("HTTP/") {
      // A new answer begins; the one before was interim (RFC 9110, 15.2).
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      (etag, lastModified, contentType, location, retryAfter) = (nil, nil, nil, nil, nil)
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
    switch line[..<colon].lowercased() {
    case "etag": etag = value
    case "last-modified": lastModified = value
    case "content-type": contentType = value
    case "location": location = value
    case "retry-after": retryAfter = Transfer.retryAfter(value, now: Double(time(nil)))
    default: break
    }
  }

  /// - Returns: whether to go on.
  func take(body: UnsafeRawBufferPointer) -> Bool {
    bytes += body.count
    guard status == 200 else {
      isSettled = bytes > mostOfAnErrorPage
      return !isSettled
    }
    do throws(TransferError) {
      guard bytes <= maxBytes else {
        throw TransferError(
          why: "The list is larger than the \(maxBytes) bytes that its feed allows.",
          permanent: true)
      }
      try file.write(body)
      return true
    } catch {
      failure = error
      return false
    }
  }
}

/// Bytes.
private let mostOfAnErrorPage = 65_536

extension String {
  fileprivate func trimmingSuffix(while isNoise: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, isNoise(last) { text = text.dropLast() }
    return String(text)
  }
}
