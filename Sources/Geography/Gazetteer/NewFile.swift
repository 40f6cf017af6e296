import Glibc

/// A file that is written beside its place and put there whole. It is locked while it is written, and
/// removed if it is given up; what a killed process left is written over.
final class NewFile {
  let descriptor: Int32
  private let path: String
  private var isInPlace = false

  init(_ path: String) throws(GazetteerError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw GazetteerError("\(path) cannot be written: \(systemWhy())")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, NewFile.isStill(descriptor, at: path) else {
      close(descriptor)
      throw GazetteerError("Another import is writing \(path); wait for its end.")
    }
    guard ftruncate(descriptor, 0) == 0 else {
      let why = systemWhy()
      close(descriptor)
      throw GazetteerError("\(path) cannot be written: \(why)")
    }
    // Only now: once every property has its value, an error here would bring on `deinit`, which removes another's file.
    (self.path, self.descriptor) = (path, descriptor)
  }

  deinit {
    if !isInPlace { unlink(path) }
    close(descriptor)
  }

  /// Renames it, once the disk has it.
  func replace(_ target: String, in folder: String) throws(GazetteerError) {
    guard fsync(descriptor) == 0, rename(path, target) == 0 else {
      throw GazetteerError("The gazetteer cannot be put in its place: \(systemWhy())")
    }
    isInPlace = true
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  /// Whether the name still leads to the file: between opening and locking another import may have
  /// put it in its place.
  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}
