import Glibc
import Triage

/// The SHA-256 of an export that a poll has found, without reading it as a list.
/// - Returns: 64 hexadecimal digits; `nil` when the file is another one by now or cannot be read.
package func fileHash(of export: Export) -> String? {
  guard let file = try? OpenedFile(export.path, followsLink: export.origin == .file),
    file.identity == export.identity
  else { return nil }
  let hash = FileHash(descriptor: file.descriptor, size: export.byteCount)
  let answer = hash.wait()
  return file.isUnchanged ? answer : nil
}
