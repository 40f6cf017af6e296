import Foundation

/// The text of a file that was reviewed, to compare with what is made now.
///
/// `TRIAGED_UPDATE_GOLDEN=1 swift test` writes the file anew, so that the change is reviewed as a diff.
/// - Parameters:
///   - path: below `Tests`.
///   - made: what is made now.
package func goldenText(_ path: String, made: Data) throws -> String {
  let file = testsFolder.appending(path: path)
  if ProcessInfo.processInfo.environment["TRIAGED_UPDATE_GOLDEN"] == "1" {
    try made.write(to: file)
  }
  return String(decoding: try Data(contentsOf: file), as: UTF8.self)
}
