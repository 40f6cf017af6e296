import Foundation

/// A file, which may be empty.
///
/// `Data(contentsOf:)` and `FileManager.contents(atPath:)` lose 4 KiB of memory with each one that is, which LeakSanitizer tells of.
/// - Throws: Foundation's error where it is missing or cannot be read.
package func fileBytes(_ path: String) throws -> [UInt8] {
  [UInt8](try FileHandle(forReadingFrom: URL(filePath: path)).readToEnd() ?? Data())
}
