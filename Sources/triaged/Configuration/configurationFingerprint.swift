import Crypto
import Foundation
import Transfer
import Triage

/// Tells one configuration from another: the first twelve hexadecimal digits of a SHA-256 over the names and contents of
/// the files that are read at a start or a reload. Boundary files and the contact register are not among them, which
/// take effect by themselves, nor are files with secrets.
func configurationFingerprint(_ folder: String) -> String {
  var hash = SHA256()
  for name in configurationFiles(folder) {
    let content = (try? configurationData(at: folder + "/" + name)).map {
      hexadecimal(SHA256.hash(data: $0))
    }
    hash.update(data: Data("\(name)\0\(content ?? "unreadable")\n".utf8))
  }
  return String(hexadecimal(hash.finalize()).prefix(12))
}

/// Paths within the folder, sorted by their bytes.
private func configurationFiles(_ folder: String) -> [String] {
  let manager = FileManager.default
  var names = [
    "triaged.yaml", "rules.yaml", "team.yaml", "cards.yaml", "glossary.yaml", "bank-holidays.json",
  ].filter { manager.fileExists(atPath: folder + "/" + $0) }
  for (part, endings) in [
    ("feeds", [".yaml", ".yml"]), ("templates", [".mustache"]), ("templates/pages", [".mustache"]),
    ("words", [".json"]),
  ] {
    let files = (try? manager.contentsOfDirectory(atPath: folder + "/" + part)) ?? []
    names += files.filter { file in endings.contains { file.hasSuffix($0) } }
      .map { "\(part)/\($0)" }
  }
  return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
}
