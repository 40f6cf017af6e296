import CCurl

/// One connection with a ``RemoteSite``, over which several things are done one after the other.
/// Stays on one thread.
struct RemoteSession: ~Copyable {
  private var easy: Easy
  private let site: RemoteSite
  private let base: RemoteURL
  private let password: String?
  private let hosts: KnownHosts?
  private let sink: RemoteSink
  private let watch: Watch

  private var isSSH: Bool { base.scheme == "sftp" }

  /// - Parameters `sink` and `watch`: must outlive this session.
  init(_ site: RemoteSite, _ sink: RemoteSink, _ watch: Watch) throws(TransferError) {
    let base = try RemoteSession.base(of: site)
    guard isKnownUser(site.user) else {
      throw TransferError(
        why: "The user name for \(base.host) is empty, or has a line end in it.", permanent: true)
    }
    guard site.passwordFile != nil || (base.scheme == "sftp" && site.keyFile != nil) else {
      throw TransferError(
        why: "Neither a password nor a key is named for \(base.host).", permanent: true)
    }
    var password: String?
    if let file = site.passwordFile {
      password = try readSecret(file, "password", for: base.host)
    }
    if base.scheme == "sftp", let key = site.keyFile {
      _ = try readSecretFile(key, "key", for: base.host, limit: 65_536)
    }
    let hosts = base.scheme == "sftp" ? try RemoteSession.hosts(of: site, base) : nil
    self.init(try Easy(), site, base, password, hosts, sink, watch)
  }

  private init(
    _ easy: consuming Easy, _ site: RemoteSite, _ base: RemoteURL, _ password: String?,
    _ hosts: consuming KnownHosts?, _ sink: RemoteSink, _ watch: Watch
  ) {
    self.easy = easy
    self.site = site
    self.base = base
    self.password = password
    self.hosts = hosts
    self.sink = sink
    self.watch = watch
  }

  private static func hosts(
    of site: RemoteSite, _ base: RemoteURL
  ) throws(TransferError) -> KnownHosts {
    guard let file = site.knownHostsFile else {
      throw TransferError(
        why: "No known_hosts file is named for \(base.host), and without one any server would "
          + "pass for it; it is not spoken to.", permanent: true)
    }
    return try KnownHosts.read(file, for: base.host, port: base.port)
  }

  private static func base(of site: RemoteSite) throws(TransferError) -> RemoteURL {
    let text = site.url.hasSuffix("/") ? site.url : site.url + "/"
    guard let base = RemoteURL(text), ["sftp", "ftp", "ftps"].contains(base.scheme),
      !base.hasQueryOrFragment, let path = percentDecoded(base.path),
      path.unicodeScalars.allSatisfy({ $0.value > 0x1F })
    else {
      throw TransferError(
        why: "The address of the folder is not one of sftp, ftps or ftp with TLS, or has a user "
          + "name or a question mark in it.", permanent: true)
    }
    return base
  }

  // MARK: - What can be done

  /// Every name in the folder, and the server's lines on them: two listings.
  func list() throws(TransferError) -> RemoteListing {
    func listing(namesOnly: Bool) throws(TransferError) -> [UInt8] {
      try prepare(base.text)
      try easy.set(CURLOPT_DIRLISTONLY, namesOnly ? 1 : 0)
      sink.collect(limit: mostListed)
      defer { sink.discard() }
      let result = perform()
      // RFC 959 lets a server call an empty folder an absent file; an absent folder is told before.
      if !isSSH, result == CURLE_REMOTE_FILE_NOT_FOUND || result == CURLE_FTP_COULDNT_RETR_FILE {
        return []
      }
      try expect(result)
      return sink.text
    }
    return RemoteListing(
      names: try listing(namesOnly: true), lines: try listing(namesOnly: false))
  }

  /// - Returns: `nil` when there is no such file.
  func look(at name: String) throws(TransferError) -> RemoteFile? {
    try prepare(try address(of: name))
    try easy.set(CURLOPT_NOBODY, 1)
    try easy.set(CURLOPT_FILETIME, 1)
    sink.discard()
    let result = perform()
    if result == CURLE_REMOTE_FILE_NOT_FOUND { return nil }
    try expect(result)
    guard let size = easy.number(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) else {
      throw TransferError(
        why: "\(base.host) does not tell the size of a file, by which alone one can be told to be "
          + "whole; it cannot be watched.", permanent: true)
    }
    return RemoteFile(name: name, size: size, modified: easy.number(CURLINFO_FILETIME_T))
  }

  /// - Returns: whether the file lies at the path now; `false` when it is another one by now.
  func fetch(_ file: RemoteFile, to path: String, maxBytes: Int) throws(TransferError) -> Bool {
    if file.size > maxBytes {
      throw TransferError(
        why: "The list is larger than the \(maxBytes) bytes that its feed allows.",
        permanent: true)
    }
    try prepare(try address(of: file.name))
    // Else libcurl stops where SIZE said, and what a wrong SIZE leaves out is never missed.
    if !isSSH { try easy.set(CURLOPT_IGNORE_CONTENT_LENGTH, 1) }
    try sink.write(to: path, limit: maxBytes)
    defer { sink.discard() }
    let result = perform()
    if result == CURLE_REMOTE_FILE_NOT_FOUND {
      guard try isStill(file) else { return false }
      throw TransferError(why: "\(base.host) does not let it be read.", permanent: true)
    }
    try expect(result)
    let fetched = sink.bytes
    // It may have grown meanwhile: then what came is only its beginning.
    guard fetched == file.size, try isStill(file) else { return false }
    try sink.commit(modified: file.modified)
    return true
  }

  /// - Returns: whether it was deleted; `false` when it is another one by now, or gone.
  mutating func delete(_ file: RemoteFile) throws(TransferError) -> Bool {
    guard try look(at: file.name) == file else { return false }
    try prepare(base.text)
    try easy.set(CURLOPT_NOBODY, 1)
    try easy.set(CURLOPT_POSTQUOTE, list: [try deletion(of: file.name)])
    sink.discard()
    try expect(perform())
    return true
  }

  // MARK: - How

  /// As ``look(at:)``, without touching what is in the sink.
  private func isStill(_ file: RemoteFile) throws(TransferError) -> Bool {
    try prepare(try address(of: file.name))
    try easy.set(CURLOPT_NOBODY, 1)
    try easy.set(CURLOPT_FILETIME, 1)
    sink.pause()
    let result = perform()
    if result == CURLE_REMOTE_FILE_NOT_FOUND { return false }
    try expect(result)
    return easy.number(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) == file.size
      && easy.number(CURLINFO_FILETIME_T) == file.modified
  }

  private func address(of name: String) throws(TransferError) -> String {
    guard RemoteListing.isPlain(name), !name.isEmpty else {
      throw TransferError(why: "A file of \(base.host) has no plain name.", permanent: true)
    }
    return base.text + percentEncoded(name)
  }

  private func deletion(of name: String) throws(TransferError) -> String {
    _ = try address(of: name)
    guard isSSH else { return "DELE \(name)" }
    var path = percentDecoded(base.path) ?? "/"
    // libcurl's way to say "the user's home".
    if path.hasPrefix("/~/") { path.removeFirst(3) }
    let quoted = (path + name).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "rm \"\(quoted)\""
  }

  private func prepare(_ url: String) throws(TransferError) {
    easy.reset()
    try easy.prepare(connectSeconds: site.connectSeconds, caFile: site.caFile, watch: watch)
    try easy.set(CURLOPT_PROTOCOLS_STR, base.scheme)
    try easy.set(CURLOPT_URL, url)
    try easy.set(CURLOPT_PROXY, "")
    try easy.set(CURLOPT_USERNAME, site.user)
    if let password { try easy.set(CURLOPT_PASSWORD, password) }
    try easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try easy.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(site.stallSeconds.rounded(.up))))
    try easy.set(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, context: sink) {
      bytes, size, count, context in
      let sink = Unmanaged<RemoteSink>.fromOpaque(context!).takeUnretainedValue()
      let taken = sink.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return taken ? size * count : size * count + 1
    }
    if isSSH { try prepareSSH() } else { try prepareFTP() }
  }

  private func prepareSSH() throws(TransferError) {
    var kinds = 0
    if let key = site.keyFile {
      try easy.set(CURLOPT_SSH_PRIVATE_KEYFILE, key)
      kinds |= SSHSignIn.key
    }
    if password != nil { kinds |= SSHSignIn.password | SSHSignIn.keyboard }
    try easy.set(CURLOPT_SSH_AUTH_TYPES, kinds)
    // Without this libcurl takes any server for the right one.
    switch hosts {
    case .some(let hosts): try easy.set(CURLOPT_SSH_KNOWNHOSTS, hosts.path)
    case .none: throw TransferError(why: "No known hosts are at hand.", permanent: true)
    }
    try easy.setKeyCheck(context: sink) { _, _, _, match, context in
      Unmanaged<RemoteSink>.fromOpaque(context!).takeUnretainedValue().keyMatch = match
      return Int32(match == CURLKHMATCH_OK ? CURLKHSTAT_FINE.rawValue : CURLKHSTAT_REJECT.rawValue)
    }
  }

  private func prepareFTP() throws(TransferError) {
    try easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
    try easy.set(CURLOPT_FTPSSLAUTH, Int(CURLFTPAUTH_TLS.rawValue))
    // The address in a PASV answer may be anybody's; the data comes from who was asked.
    try easy.set(CURLOPT_FTP_SKIP_PASV_IP, 1)
  }

  private func perform() -> CURLcode { easy.perform() }

  private func expect(_ result: CURLcode) throws(TransferError) {
    if let failure = sink.failure { throw failure }
    if result == CURLE_OK { return }
    if result == CURLE_ABORTED_BY_CALLBACK, !watch.stop.isRaised {
      throw TransferError(CURLE_OPERATION_TIMEDOUT, host: base.host, detail: "")
    }
    throw TransferError(
      remote: result, host: base.host, isSSH: isSSH, usesKey: site.keyFile != nil && isSSH,
      keyMatch: sink.keyMatch, detail: easy.detail)
  }
}

/// `CURLSSH_AUTH_*`, whose macros Swift does not see.
private enum SSHSignIn {
  static let (key, password, keyboard) = (1 << 0, 1 << 1, 1 << 3)
}

/// Bytes of one listing: some ten thousands of files.
private let mostListed = 4 << 20

/// What can stand in a line of FTP.
private func isKnownUser(_ name: String) -> Bool {
  !name.isEmpty && name.unicodeScalars.allSatisfy { $0.value > 0x1F && $0.value != 0x7F }
}
