import CCurl
import Glibc

/// What a fetch says of who asks, read from the files for this one time.
struct Secrets {
  private var user: String?
  private var password = ""
  private var token: String?
  private(set) var queryKey: (name: String, value: String)?

  /// - Throws: also when the way to `url` is not one for secrets.
  init(_ request: FetchRequest, for url: RemoteURL) throws(TransferError) {
    switch request.credentials {
    case .none: break
    case .basic(let name, let file):
      // RFC 7617, 2: the first colon ends the user name.
      guard !name.isEmpty, !name.contains(":"), name.unicodeScalars.allSatisfy({ $0.value > 0x1F })
      else {
        throw TransferError(
          why: "The user name for \(url.host) is empty, or has a colon in it.", permanent: true)
      }
      user = name
      password = try readSecret(file, "password", for: url.host)
    case .bearer(let file):
      let read = try readSecret(file, "token", for: url.host)
      // RFC 6750, 2.1: what stands in a header must not end it.
      guard read.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw TransferError(
          why: "The token for \(url.host) has a space or a letter beyond ASCII in it.",
          permanent: true)
      }
      token = read
    }
    if let key = request.queryKey {
      queryKey = (key.name, try readSecret(key.file, "key", for: url.host))
    }
    guard !areSome || url.scheme == "https" || url.isLoopback else {
      throw TransferError(
        why:
          "\(url.host) would be told a password without encryption; only https is used for that.",
        permanent: true)
    }
  }

  var areSome: Bool { user != nil || token != nil || queryKey != nil }

  /// - Parameter url: asked again, since a redirect may have led there.
  func tell(_ easy: borrowing Easy, _ url: RemoteURL) throws(TransferError) {
    guard url.scheme == "https" || url.isLoopback else { return }
    if let user {
      try easy.set(CURLOPT_HTTPAUTH, Int(CURLAUTH_BASIC_ONLY))
      try easy.set(CURLOPT_USERNAME, user)
      try easy.set(CURLOPT_PASSWORD, password)
    }
    if let token {
      try easy.set(CURLOPT_HTTPAUTH, Int(CURLAUTH_BEARER_ONLY))
      try easy.set(CURLOPT_XOAUTH2_BEARER, token)
    }
  }
}

/// `CURLAUTH_BASIC` and `CURLAUTH_BEARER`, whose macros Swift does not see.
private let (CURLAUTH_BASIC_ONLY, CURLAUTH_BEARER_ONLY) = (1 << 0, 1 << 6)

/// The first line of a file that holds a secret, without white space at its ends.
///
/// - Parameters:
///   - what: "password", for the sentence.
///   - host: whose secret it is, for the sentence. The file's path is never in one.
/// - Throws: when the file cannot be read, is empty, or may be read by everybody on this machine.
package func readSecret(
  _ path: String, _ what: String, for host: String
) throws(TransferError) -> String {
  let bytes = try readSecretFile(path, what, for: host, limit: 4096)
  let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
  let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
  let rest = line.drop(while: isBlank)
  let end = rest.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? rest.startIndex
  guard end > rest.startIndex,
    let text = String(validating: rest[rest.startIndex..<end], as: UTF8.self),
    text.unicodeScalars.allSatisfy({ $0.value > 0x1F && $0.value != 0x7F })
  else {
    throw TransferError(
      why: "The \(what) file for \(host) has no \(what) on its first line.", permanent: true)
  }
  return text
}

/// The bytes of a file that nobody but its owner and group may read.
func readSecretFile(
  _ path: String, _ what: String, for host: String, limit: Int
) throws(TransferError) -> [UInt8] {
  func fail(_ why: String) throws(TransferError) -> Never {
    throw TransferError(why: "The \(what) file for \(host) \(why)", permanent: true)
  }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { try fail("cannot be read: \(String(cString: strerror(errno))).") }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    try fail("is no regular file.")
  }
  guard status.st_mode & 0o004 == 0 else {
    try fail("may be read by everybody on this machine; close it with `chmod o-r`.")
  }
  var bytes = [UInt8](repeating: 0, count: limit)
  var count = 0
  while count < limit {
    let step = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if step < 0, errno == EINTR { continue }
    guard step >= 0 else { try fail("cannot be read: \(String(cString: strerror(errno))).") }
    if step == 0 { break }
    count += step
  }
  guard count > 0 else { try fail("is empty.") }
  guard count < limit else { try fail("is too long to be one.") }
  bytes.removeLast(limit - count)
  return bytes
}
