import Crypto
import Foundation
import Storage
import Triage

/// Tells the admin, once, of a gazetteer that is there and cannot be used.
actor GazetteerWatch {
  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  /// Of the trouble that was told last.
  private var told = ""

  init(_ configuration: Configuration, store: Store, live: LiveInputs) {
    self.configuration = configuration
    self.store = store
    self.live = live
  }

  func round(now: Date) async throws {
    guard let admin = configuration.admin,
      let trouble = await live.inForce(now: now).gazetteerTrouble
    else { return }
    // The same file tells of itself once, however often the program is started.
    let id = uuid(of: "\(fileStamp(configuration.gazetteerFile)) \(trouble)")
    guard id != told else { return }
    try await store.oweOnce(
      .gazetteerUnusable(
        trouble, id: id, to: admin, instance: configuration.instance,
        words: CivilWords(zone: configuration.timeZone, now: now)))
    told = id
  }
}

/// A UUID in lower case that is the same for the same text.
private func uuid(of text: String) -> String {
  var bytes = Array(SHA256.hash(data: Data(text.utf8)).prefix(16))
  // Version 8, "custom", and the variant (RFC 9562).
  bytes[6] = bytes[6] & 0x0F | 0x80
  bytes[8] = bytes[8] & 0x3F | 0x80
  let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  var rest = digits[...]
  return [8, 4, 4, 4, 12].map { count in
    defer { rest = rest.dropFirst(count) }
    return String(rest.prefix(count))
  }.joined(separator: "-")
}
