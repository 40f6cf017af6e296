import CCurl
import Glibc

/// The lines of a known_hosts file that matter for one server, in a file of memory that libssh2 reads.
///
/// libssh2 1.10 asks the server for the kind of key that it finds first; an RSA line before the
/// others, as ssh-keyscan likes to put it, then ends in a failure, since it knows only the RSA
/// signature that today's servers refuse. So the best line is chosen here: ed25519, then ECDSA.
struct KnownHosts: ~Copyable {
  private let descriptor: CInt

  /// Good for as long as this value lives.
  var path: String { "/proc/self/fd/\(descriptor)" }

  /// - Throws: when the file cannot be read, or holds nothing on the host. A hashed name is not
  ///   understood here; such lines go along, for libssh2 to compare.
  static func read(
    _ file: String, for host: String, port: String
  ) throws(TransferError) -> KnownHosts {
    let text = try KnownHosts.text(of: file, host)
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    let names = port == "22" ? [bare, "[\(bare)]:22"] : ["[\(bare)]:\(port)"]
    let lines = KnownHosts.lines(text, for: names)
    guard !lines.isEmpty else {
      throw TransferError(
        why: "\(host) is not in the known_hosts file of the feed, and a server whose key is not "
          + "known is not spoken to; add the line that its administrator vouches for.",
        permanent: true)
    }
    let descriptor = memory_file("known_hosts")
    let bytes = Array(lines.joined(separator: "\n").utf8) + [0x0A]
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
      if descriptor >= 0 { close(descriptor) }
      throw TransferError(why: "The known hosts could not be prepared.", permanent: false)
    }
    return KnownHosts(descriptor: descriptor)
  }

  private init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// - Returns: the plain line of the best kind, if there is one, and every hashed line.
  static func lines(_ text: String, for names: [String]) -> [String] {
    var (plain, hashed): ([[Substring]], [String]) = ([], [])
    var revoked: Set<Substring> = []
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      if first == "@revoked", words.count >= 4 { revoked.insert(words[3]) }
      // Certificates of hosts are beyond libssh2.
      guard !first.hasPrefix("@"), words.count >= 3 else { continue }
      if first.hasPrefix("|1|") {
        hashed.append(words.prefix(3).joined(separator: " "))
      } else if first.split(separator: ",").contains(where: { names.contains($0.lowercased()) }) {
        plain.append(words)
      }
    }
    let isGood: (Substring) -> Bool = { !revoked.contains($0) }
    hashed.removeAll { line in !isGood(line.split(separator: " ")[2]) }
    plain.removeAll { !isGood($0[2]) }
    func rank(_ kind: Substring) -> Int {
      kind == "ssh-ed25519" ? 0 : kind.hasPrefix("ecdsa-") ? 1 : 2
    }
    guard let best = plain.map({ rank($0[1]) }).min() else { return hashed }
    // One name a line is all that libssh2 has to look at.
    return plain.filter { rank($0[1]) == best }.map { words in
      ([Substring(names[0])] + words[1...2]).joined(separator: " ")
    }
  }

  private static func text(of path: String, _ host: String) throws(TransferError) -> String {
    let most = 4 << 20
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw TransferError(
        why:
          "The known_hosts file for \(host) cannot be read: \(String(cString: strerror(errno))).",
        permanent: true)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < most {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
