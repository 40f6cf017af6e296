import Foundation
import Transfer

/// What a source says of a list besides its bytes, by which two exports can be told that have the same.
///
/// A list that is merely asked for twice says the same both times, or nothing: it is one export.
package struct Delivery: Codable, Hashable, Sendable {
  /// Of a delivered file; a download has none.
  var name: String?
  /// The file's last change, or `Last-Modified` as the server wrote it; `nil` where that is not told.
  var modified: Date?
  var etag: String?

  static func file(_ name: String, modified: Date?) -> Delivery {
    Delivery(name: name, modified: modified)
  }

  /// - Returns: `nil` where the answer has neither.
  static func answer(lastModified: String?, etag: String?) -> Delivery? {
    let modified = lastModified.flatMap(httpDate).map { Date(timeIntervalSince1970: $0) }
    return modified == nil && etag == nil ? nil : Delivery(modified: modified, etag: etag)
  }

  /// The machines behind one address may each have got their copy of one file at another moment.
  private static let mirrorSeconds = 600.0

  /// Whether it was certainly made later than the other: under another name or changed since; of a
  /// download, changed a good while since, or with another entity tag where the change is not told both
  /// times.
  package func isAnother(than earlier: Delivery) -> Bool {
    if let name, let before = earlier.name, name != before { return true }
    if let modified, let before = earlier.modified {
      return modified.timeIntervalSince(before) > (name == nil ? Delivery.mirrorSeconds : 0)
    }
    if name != nil || earlier.name != nil { return false }
    guard let etag, let before = earlier.etag else { return false }
    return plainTag(etag) != plainTag(before)
  }

  /// Without the marks by which a server says that it packs its answer or compares loosely (RFC 9110, 8.8.3).
  private func plainTag(_ tag: String) -> String {
    var tag = tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
    for ending in ["-gzip\"", "-br\""] where tag.hasSuffix(ending) {
      tag = tag.dropLast(ending.count) + "\""
    }
    return tag
  }
}
