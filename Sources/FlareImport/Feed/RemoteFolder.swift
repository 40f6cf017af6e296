/// A folder on another machine, reached by SFTP or FTPS.
package struct RemoteFolder: Hashable, Sendable {
  /// `sftp://host[:port]/path` or `ftps://host[:port]/path` (`ftp://` with TLS required), without a
  /// user name in it.
  package var url: String
  /// Glob of the file names that are lists; case is ignored.
  package var pattern: String
  package var user: String
  /// File with the password on its first line.
  package var passwordFile: String?
  /// SFTP: file with the private key (ed25519), without a passphrase.
  package var keyFile: String?
  /// SFTP: file in OpenSSH's format. A host that is not in it is not spoken to.
  package var knownHostsFile: String?
  /// Whether a file that was taken and recorded is deleted on the far side.
  package var deletesTaken: Bool

  package init(
    url: String, pattern: String = "*", user: String, passwordFile: String? = nil,
    keyFile: String? = nil, knownHostsFile: String? = nil, deletesTaken: Bool = false
  ) {
    self.url = url
    self.pattern = pattern
    self.user = user
    self.passwordFile = passwordFile
    self.keyFile = keyFile
    self.knownHostsFile = knownHostsFile
    self.deletesTaken = deletesTaken
  }
}
