import Glibc

/// Why a file could not be had at all, as a sentence.
package struct UnreadableAreas: Error, CustomStringConvertible {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }

  package var description: String { sentence }
}

/// A whole file, and one byte more than allowed where it is larger, so that its reader sees that.
///
/// Only a regular file, or a link to one: a pipe or device would keep the reader for ever. What was opened
/// is asked what it is, so that nothing else can take its place in between.
/// - Throws: ``UnreadableAreas``
package func boundedBytes(of path: String, most: Int) throws(UnreadableAreas) -> [UInt8] {
  // Without blocking, since to open a pipe waits for its writer.
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
  guard file >= 0 else { throw UnreadableAreas("The file cannot be opened.") }
  defer { close(file) }
  var facts = stat()
  guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
    throw UnreadableAreas("This is no file but a folder, pipe or device, and cannot be read.")
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(min(most, max(0, Int(facts.st_size))) + 1)
  var buffer = [UInt8](repeating: 0, count: 256 << 10)
  while bytes.count <= most {
    let wanted = min(buffer.count, most + 1 - bytes.count)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, wanted) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw UnreadableAreas("The file cannot be read.") }
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  return bytes
}
