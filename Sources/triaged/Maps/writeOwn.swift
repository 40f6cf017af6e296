import Foundation

/// Writes a file that must not be there yet.
/// - Throws: an exit code, after having said why.
func writeNew(_ data: Data, to path: String) throws {
  do {
    try data.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
  } catch {
    throw complain(
      FileManager.default.fileExists(atPath: path)
        ? "\(path) is there already and was not overwritten: choose another name."
        : "\(path) cannot be written: is its folder there, and may you write to it?")
  }
}

/// Writes a file; of what is there only an earlier one of ours is overwritten, and it stays until the new
/// one is whole.
///
/// - Parameters:
///   - force: overwrite whatever is there, unless it is a folder or a device.
///   - isOurs: told by the first kilobytes.
/// - Throws: an exit code, after having said why.
func writeOwn(_ data: Data, to path: String, force: Bool, isOurs: (Data) -> Bool) throws {
  let type = try? FileManager.default.attributesOfItem(
    atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
  guard let type = type as? FileAttributeType else { return try writeNew(data, to: path) }
  let start = type == .typeRegular ? firstBytes(of: path) : Data()
  guard type == .typeRegular, force || isOurs(start) else {
    throw complain(
      "\(path) is there already and was not written by this command: it was not overwritten.")
  }
  do {
    try data.write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw complain("\(path) cannot be written: may you write to its folder?")
  }
}

private func firstBytes(of path: String) -> Data {
  guard let file = FileHandle(forReadingAtPath: path) else { return Data() }
  defer { try? file.close() }
  return (try? file.read(upToCount: 4096)) ?? Data()
}
