import Foundation
import Glibc
import Triage

/// The folder where exports lie for a while as they were received, readable by the daemon alone.
///
/// A file's name there is `YYYYMMDDTHHMMSSZ-<feed>-<original name>`, with the instant (UTC) at which
/// the poll found it. Putting the same export away a second time changes nothing.
package struct Archive: Sendable {
  package let path: String
  /// How long files stay, for ``purge(now:sparing:refused:)``; 0 keeps nothing but lists that wait for a person,
  /// held or refused: what else was taken from a drop folder or downloaded is deleted then.
  package let days: Int

  /// A step that the system refused; `why` is its reason in words.
  struct Refused: Error {
    let why: String

    init(_ code: Int32) { why = String(cString: strerror(code)) }
  }

  package init(path: String, days: Int = 30) {
    self.path = path
    self.days = days
  }

  /// - Parameter isHeld: whether it waits for a person: then it is kept whatever ``days`` are.
  /// - Returns: its name here; `nil` where it is not kept.
  @discardableResult
  func keep(_ export: Export, isHeld: Bool = false) throws(Refused) -> String? {
    // Gone already, or another file under the same name: not ours to touch.
    guard export.origin == .file || FileIdentity(regularFileAt: export.path) == export.identity
    else { return nil }
    if days == 0, !isHeld {
      if export.origin != .file, unlink(export.path) != 0 { throw Refused(errno) }
      return nil
    }
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw Refused(errno) }
    let target = target(for: export)
    if export.origin == .file {
      if FileIdentity(regularFileAt: target) == nil { _ = try copy(export, to: target) }
    } else if rename(export.path, target) == 0 {
      putBackStranger(export, target)
    } else if errno == EXDEV {
      guard try copy(export, to: target) else { return nil }
      // The file may have been written over while it was copied.
      if FileIdentity(regularFileAt: export.path) == export.identity { unlink(export.path) }
    } else {
      throw Refused(errno)
    }
    // Not ours to change when another user put it there; the folder is closed in any case.
    chmod(target, 0o600)
    syncFolder()
    guard FileIdentity(regularFileAt: target) != nil else { return nil }
    return String(target.dropFirst(path.count + 1))
  }

  /// Whether something received then is still to be found here.
  func stillKeeps(_ received: Date, now: Date) -> Bool {
    now.timeIntervalSince(received) < Double(days) * 86_400
  }

  /// Deletes what was received more than ``days`` ago, and copies that never came to an end. Only
  /// files with a name as ``keep(_:isHeld:)`` gives them are touched.
  /// - Parameters:
  ///   - held: by feed, the lists that wait for a person: their copies stay.
  ///   - refused: by feed, those that could not be read, and that a person may still want to see.
  /// - Returns: how many files were deleted.
  @discardableResult
  package func purge(
    now: Date, sparing held: [String: HeldList] = [:], refused: [String: [RefusedList]] = [:]
  ) -> Int {
    look(now: now, sparing: held, refused: refused).due.count { unlink(path + "/" + $0) == 0 }
  }

  /// What ``purge(now:sparing:refused:)`` would delete.
  package struct Look: Hashable, Sendable {
    /// Names of files.
    package var due: [String] = []
    /// When the oldest was received that goes by its age.
    package var oldest: Date?
    /// Files that should have gone two days ago.
    package var overdue = 0
  }

  package func look(
    now: Date, sparing held: [String: HeldList] = [:], refused: [String: [RefusedList]] = [:]
  ) -> Look {
    // The copy may lie here before its name is written down.
    var spared = Set(held.values.map(\.archived)).union(
      held.map { Archive.name(feed: $0, name: $1.name, received: $1.received) })
    for (feed, lists) in refused {
      for list in lists {
        let name = Archive.name(feed: feed, name: list.name, received: list.received)
        // Another list of that second may have the name.
        spared.formUnion([name] + (2..<10).map { Archive.numbered(name, $0) })
      }
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var look = Look()
    for name in names {
      let isPartial = name.hasPrefix(Archive.partial)
      let rest = isPartial ? String(name.dropFirst(Archive.partial.count)) : name
      guard let received = Archive.received(rest), !spared.contains(name) else { continue }
      look.oldest = min(look.oldest ?? received, received)
      // A list that is held this moment is not yet known to be.
      let limit = isPartial ? 86_400 : max(Double(days) * 86_400, 3600)
      let age = now.timeIntervalSince(received)
      if age >= limit { look.due.append(name) }
      if age >= limit + 2 * 86_400 { look.overdue += 1 }
    }
    return look
  }

  /// Whether a copy of this file of another machine lies here.
  func holds(_ file: FeedState.FarFile, of feed: String) -> Bool {
    let name = Archive.name(feed: feed, name: file.name, received: file.received)
    for number in 1..<1000 {
      let path = path + "/" + (number == 1 ? name : Archive.numbered(name, number))
      guard let there = FileIdentity(regularFileAt: path) else { return false }
      if there.size == file.size,
        file.modified.map({ Int64($0) * 1_000_000_000 == there.modified }) ?? true
      {
        return true
      }
    }
    return false
  }

  // MARK: - Moving and copying

  /// The export's place here; a number is added where another file has the name.
  private func target(for export: Export) -> String {
    let name = Archive.name(export)
    for number in 1..<1000 {
      let target = path + "/" + (number == 1 ? name : Archive.numbered(name, number))
      guard let there = FileIdentity(regularFileAt: target),
        there.size != export.identity.size || there.modified != export.identity.modified
      else { return target }
    }
    return path + "/" + name
  }

  /// Between the look at the file and its moving, another one may have come under its name: that
  /// one goes back.
  private func putBackStranger(_ export: Export, _ target: String) {
    guard FileIdentity(regularFileAt: target) != export.identity else { return }
    // link() refuses where yet another file has the name; then this one stays here.
    if link(target, export.path) == 0 { unlink(target) }
  }

  /// Copies whole or not at all, with the time of the last change.
  /// - Returns: `false` when the source is another file by now.
  private func copy(_ export: Export, to target: String) throws(Refused) -> Bool {
    let source: OpenedFile
    do {
      source = try OpenedFile(export.path, followsLink: export.origin == .file)
    } catch {
      return false
    }
    guard source.identity == export.identity else { return false }
    let partial = path + "/" + Archive.partial + target.split(separator: "/").last!
    let output = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard output >= 0 else { throw Refused(errno) }
    defer { close(output) }
    do throws(Refused) {
      try Archive.copy(source.descriptor, output)
      let modified = timespec(
        tv_sec: Int(export.identity.modified / 1_000_000_000),
        tv_nsec: Int(export.identity.modified % 1_000_000_000))
      guard futimens(output, [modified, modified]) == 0, fsync(output) == 0 else {
        throw Refused(errno)
      }
      guard source.isUnchanged else {
        unlink(partial)
        return false
      }
      guard rename(partial, target) == 0 else { throw Refused(errno) }
      return true
    } catch {
      unlink(partial)
      throw error
    }
  }

  private static func copy(_ source: Int32, _ target: Int32) throws(Refused) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { buffer.deallocate() }
    var offset = 0
    while true {
      let count: Int
      do {
        count = try ByteSource.read(source, buffer, at: offset)
      } catch {
        throw Refused(EIO)
      }
      if count == 0 { return }
      var written = 0
      while written < count {
        let step = write(target, buffer.baseAddress! + written, count - written)
        if step < 0 {
          if errno == EINTR { continue }
          throw Refused(errno)
        }
        written += step
      }
      offset += count
    }
  }

  private func syncFolder() {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  // MARK: - Names

  static let partial = ".partial-"

  static func name(_ export: Export) -> String {
    name(feed: export.feed, name: export.name, received: export.received)
  }

  static func name(feed: String, name: String, received: Date) -> String {
    var seconds = time_t(received.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day =
      digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
    let time = digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
    return "\(day)T\(time)Z-\(safeName(feed))-\(safeName(name))"
  }

  /// The instant that a name begins with; `nil` for a file that is not of the archive's making.
  static func received(_ name: String) -> Date? {
    let bytes = Array(name.utf8.prefix(17))
    guard bytes.count == 17, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
      bytes[16] == UInt8(ascii: "-")
    else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      guard bytes[range].allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
      let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = daysFromCivil(year: year, month: month, day: day)
    return Date(
      timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second))
  }

  /// Plain and without slashes, and short enough to stand in a file name with others.
  static func safeName(_ name: String) -> String {
    let safe = plainName(name).replacing("/", with: "_")
    var short = safe[...]
    // The end holds the extension, the rest tells little.
    while short.utf8.count > 100 { short = short.dropFirst() }
    return String(short)
  }

  static func numbered(_ name: String, _ number: Int) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "\(name)-\(number)" }
    return "\(name[..<dot])-\(number)\(name[dot...])"
  }
}
