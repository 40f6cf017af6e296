import Foundation
import Storage

/// Where backups go, when, for how long, and for whom they are encrypted.
struct BackupSettings: Hashable, Sendable {
  var folder: String
  /// Minutes after midnight of the civil day; `nil`: only when somebody asks for one.
  var minutes: Int?
  /// Days after which a backup is deleted.
  var keepDays: Int
  var encryption: BackupEncryption?
}

/// By which program a backup is encrypted, and for whom.
struct BackupEncryption: Hashable, Sendable {
  enum Recipient: Hashable, Sendable {
    /// Of age, such as "age1…".
    case key(String)
    /// A file of recipients of age, or a public key of GnuPG.
    case file(String)
  }

  var kind: BackupFile.Encryption
  var recipient: Recipient

  var program: String { "/usr/bin/\(kind.rawValue)" }
}

private let day = 86_400.0

/// `backup:` of triaged.yaml.
func readBackup(_ file: Section, _ paths: PathRules) -> BackupSettings {
  let section = file.section("backup")
  var settings = BackupSettings(
    folder: paths.resolve(section?.text("folder") ?? "${state}/backups"),
    keepDays: section?.days("keep", default: 14, in: 1...3650) ?? 14)
  if let text = section?.text("at") {
    settings.minutes = minutes(text, upTo: 1439)
    if settings.minutes == nil {
      section?.problem(at: "at", "'at' takes a time such as \"02:15\".")
    }
  }
  if let section, let text = section.text("encrypt_to") {
    settings.encryption = readEncryption(text, section, paths)
  }
  section?.finish()
  return settings
}

private func readEncryption(
  _ text: String, _ section: Section, _ paths: PathRules
) -> BackupEncryption? {
  let encryption: BackupEncryption
  if ["age1", "ssh-ed25519 ", "ssh-rsa "].contains(where: text.hasPrefix) {
    encryption = BackupEncryption(kind: .age, recipient: .key(text))
  } else {
    let path = paths.resolve(text)
    guard let beginning = FileHandle(forReadingAtPath: path)?.readData(ofLength: 4096),
      !beginning.isEmpty
    else {
      section.problem(
        at: "encrypt_to",
        "'encrypt_to' takes a recipient of age (age1…), or a file with recipients of age or with a public key of "
          + "GnuPG; this file cannot be read.")
      return nil
    }
    let text = String(decoding: beginning, as: UTF8.self)
    if ["AGE-SECRET-KEY-", "PRIVATE KEY"].contains(where: text.contains) {
      section.problem(
        at: "encrypt_to",
        "This file holds a secret key, which opens backups and must not lie on this machine; name the public one."
      )
      return nil
    }
    // A public key of GnuPG is armoured, or begins with a packet's tag, whose first bit is set (RFC 9580).
    let isGnuPG = text.contains("BEGIN PGP PUBLIC KEY BLOCK") || beginning[0] >= 0x80
    encryption = BackupEncryption(kind: isGnuPG ? .gpg : .age, recipient: .file(path))
  }
  if !FileManager.default.isExecutableFile(atPath: encryption.program) {
    section.problem(
      at: "encrypt_to", severity: .warning,
      "There is no \(encryption.program), so no backup can be made: install the package "
        + "\(encryption.kind == .age ? "age" : "gnupg").")
  }
  return encryption
}
