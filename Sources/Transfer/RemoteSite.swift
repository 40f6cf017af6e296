/// A folder on another machine, and how to reach it: by SFTP, or by FTP over TLS.
package struct RemoteSite: Hashable, Sendable {
  /// `sftp://host[:port]/path`, where `/path` is the path on that machine and `/~/path` begins at the
  /// user's home; `ftps://…` (TLS from the first byte) or `ftp://…` (TLS is asked for before
  /// anything else, and required), where the path begins at the folder of the sign-in. No user name
  /// in it.
  package var url: String
  package var user: String
  /// Read at every transfer, as ``keyFile`` is; neither may be readable by everybody.
  package var passwordFile: String?
  /// SFTP: a private key without a passphrase, ed25519 or ECDSA: libssh2 1.10 of Debian 12 knows no
  /// RSA signature that OpenSSH 8.8 and later accepts.
  package var keyFile: String?
  /// SFTP: in OpenSSH's format. A server whose key is not in it is not spoken to.
  package var knownHostsFile: String?
  /// FTPS: PEM certificates to trust in place of the system's.
  package var caFile: String?
  /// Until the connection stands, encryption included.
  package var connectSeconds: Double
  /// For one call, over all its steps.
  package var totalSeconds: Double
  /// A transfer that brings less than a byte a second for this long is given up.
  package var stallSeconds: Double

  package init(
    url: String, user: String, passwordFile: String? = nil, keyFile: String? = nil,
    knownHostsFile: String? = nil, caFile: String? = nil, connectSeconds: Double = 15,
    totalSeconds: Double = 300, stallSeconds: Double = 30
  ) {
    self.url = url
    self.user = user
    self.passwordFile = passwordFile
    self.keyFile = keyFile
    self.knownHostsFile = knownHostsFile
    self.caFile = caFile
    self.connectSeconds = connectSeconds
    self.totalSeconds = totalSeconds
    self.stallSeconds = stallSeconds
  }
}

/// One file of a ``RemoteSite``, as it was when it was looked at.
package struct RemoteFile: Hashable, Sendable {
  package var name: String
  /// Bytes.
  package var size: Int
  /// The last change by that machine's clock, in seconds since 1970; `nil` where it does not tell.
  package var modified: Int?

  package init(name: String, size: Int, modified: Int?) {
    self.name = name
    self.size = size
    self.modified = modified
  }
}

/// What a ``RemoteSite`` said that it holds. Folders, symbolic links and names that begin with a dot
/// are left out.
package struct RemoteListing: Hashable, Sendable {
  package var entries: [Entry] = []
  /// Names that are left out because they are no plain names: a slash or a control in them, not
  /// UTF-8, or longer than 255 bytes.
  package var unusableNames = 0

  package struct Entry: Hashable, Sendable {
    package var name: String
    /// The server's own line on it (size and time in some form): the same line again means that
    /// the file need not be looked at. `nil` where no line could be told to be this one's.
    package var line: String?
  }

  package init() {}

  /// - Parameters:
  ///   - names: one a line.
  ///   - lines: in the manner of `ls -l`, or of DOS; only their ends are relied on.
  init(names: [UInt8], lines: [UInt8]) {
    var plain: Set<String> = []
    for bytes in names.split(separator: 0x0A) {
      let bytes = bytes.last == 0x0D ? bytes.dropLast() : bytes
      if bytes.isEmpty || bytes.first == UInt8(ascii: ".") { continue }
      if let name = String(validating: bytes, as: UTF8.self), RemoteListing.isPlain(name) {
        plain.insert(name)
      } else {
        unusableNames += 1
      }
    }
    var found: [String: String] = [:]
    for bytes in lines.split(separator: 0x0A) {
      let line = String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
      let kind = RemoteListing.kind(line)
      guard let name = RemoteListing.name(at: kind.end, of: line, among: plain) else { continue }
      if kind.isFile { found[name] = line } else { plain.remove(name) }
    }
    entries = plain.sorted().map { Entry(name: $0, line: found[$0]) }
  }

  /// A name that is no path, and that looks the same wherever it is written.
  static func isPlain(_ name: String) -> Bool {
    name.utf8.count <= 255 && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy { scalar in
        scalar != "/" && scalar != "\u{FFFD}"
          && ![.control, .format, .lineSeparator, .paragraphSeparator]
            .contains(scalar.properties.generalCategory)
      }
  }

  /// Whether the line is of something else than a file, and where its name ends at the latest.
  private static func kind(_ line: String) -> (isFile: Bool, end: Substring) {
    let modes = line.prefix(10)
    let isUnix =
      modes.count == 10 && modes.dropFirst().allSatisfy { "rwxsStT-".contains($0) }
    guard isUnix, let kind = modes.first else {
      let words = line.split(separator: " ", maxSplits: 4)
      return (!words.contains("<DIR>"), line[...])
    }
    guard kind == "l" else { return (kind == "-", line[...]) }
    let target = line.firstRange(of: " -> ")
    return (false, target.map { line[..<$0.lowerBound] } ?? line[...])
  }

  /// The longest of the names that stands at the end of the line behind a space.
  private static func name(
    at text: Substring, of line: String, among names: Set<String>
  ) -> String? {
    var rest = text
    while let space = rest.firstIndex(of: " ") {
      rest = rest[rest.index(after: space)...]
      if names.contains(String(rest)) { return String(rest) }
    }
    return nil
  }
}
