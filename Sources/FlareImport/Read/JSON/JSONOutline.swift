/// Finds where in a JSON text the records of a list are.
enum JSONOutline {
  private struct Candidate {
    var path: [[UInt8]]
    var count: Int
    /// Whether its first record has the key of the list's reference.
    var hasReference: Bool
  }

  private static let deepest = 8
  private static let mostCandidates = 256

  /// - Parameters:
  ///   - given: the feed's own word: keys with dots between them; "." for the top level.
  ///   - reference: the mapped heading of the reference.
  /// - Returns: the keys that lead to the array; none where the top level holds the records.
  static func path(
    given: String?, reference: String?, open: () throws(ReadTrouble) -> ByteSource
  ) throws(ReadTrouble) -> [[UInt8]] {
    if let given {
      return given.split(separator: ".").map { Array($0.utf8) }.filter { $0 != Array("$".utf8) }
    }
    var window = JSONWindow(try open())
    guard try window.peekBehindSpace() == UInt8(ascii: "{") else { return [] }
    let whole = reference.map { Array($0.lowercased().utf8) } ?? []
    let wanted = [whole, whole.prefix { $0 != UInt8(ascii: ".") }.map { $0 }]
    var candidates = [Candidate(path: [], count: 0, hasReference: false)]
    let isWhole = try object(&window, [], wanted, &candidates)
    // A second object on the top level: JSON lines, or pages.
    let behind = isWhole ? try window.peekBehindSpace() : nil
    let hasMore = behind == UInt8(ascii: "{")
    var top = candidates.removeFirst()
    top.count = hasMore ? .max : 0
    if top.hasReference, !candidates.contains(where: \.hasReference) { return [] }
    let likely = candidates.filter(\.hasReference)
    if top.hasReference || (hasMore && likely.isEmpty) { candidates.append(top) }
    let pool = likely.isEmpty ? candidates : candidates.filter(\.hasReference)
    var best: Candidate?
    for candidate in pool where candidate.count > best?.count ?? -1 { best = candidate }
    return best?.path ?? []
  }

  /// - Returns: whether the object came to its end.
  private static func object(
    _ window: inout JSONWindow, _ path: [[UInt8]], _ wanted: [[UInt8]],
    _ candidates: inout [Candidate]
  ) throws(ReadTrouble) -> Bool {
    window.position += 1
    while let byte = try window.peekBehindSpace() {
      if byte == UInt8(ascii: "}") {
        window.position += 1
        return true
      }
      if byte == UInt8(ascii: ",") {
        window.position += 1
        continue
      }
      guard let key = try window.takeKey(), let value = try window.peekBehindSpace() else {
        return false
      }
      if path.isEmpty, wanted.contains(lowercased(key)) { candidates[0].hasReference = true }
      let isOpen = path.count < deepest && candidates.count < mostCandidates
      switch value {
      case UInt8(ascii: "{") where isOpen:
        guard try object(&window, path + [key], wanted, &candidates) else { return false }
      case UInt8(ascii: "[") where isOpen:
        candidates.append(Candidate(path: path + [key], count: 0, hasReference: false))
        guard try array(&window, wanted, &candidates[candidates.count - 1]) else { return false }
      default:
        guard try window.skipValue() else { return false }
      }
    }
    return false
  }

  private static func array(
    _ window: inout JSONWindow, _ wanted: [[UInt8]], _ candidate: inout Candidate
  ) throws(ReadTrouble) -> Bool {
    window.position += 1
    while let byte = try window.peekBehindSpace() {
      switch byte {
      case UInt8(ascii: "]"):
        window.position += 1
        return true
      case UInt8(ascii: ","): window.position += 1
      case UInt8(ascii: "{"):
        candidate.count += 1
        if candidate.count == 1 {
          var keys = [Candidate(path: [], count: 0, hasReference: false)]
          // Looks at the first record's own keys.
          guard try record(&window, wanted, &keys[0]) else { return false }
          candidate.hasReference = keys[0].hasReference
        } else {
          guard try window.skipValue() else { return false }
        }
      default:
        guard try window.skipValue() else { return false }
      }
    }
    return false
  }

  private static func record(
    _ window: inout JSONWindow, _ wanted: [[UInt8]], _ candidate: inout Candidate
  ) throws(ReadTrouble) -> Bool {
    window.position += 1
    while let byte = try window.peekBehindSpace() {
      if byte == UInt8(ascii: "}") {
        window.position += 1
        return true
      }
      if byte == UInt8(ascii: ",") {
        window.position += 1
        continue
      }
      guard let key = try window.takeKey() else { return false }
      if wanted.contains(lowercased(key)) { candidate.hasReference = true }
      guard try window.skipValue() else { return false }
    }
    return false
  }

  private static func lowercased(_ key: [UInt8]) -> [UInt8] {
    Array(String(decoding: key, as: UTF8.self).lowercased().utf8)
  }
}
