/// Gives the same `String` for the same bytes, so that the few statuses, classes and types of a
/// list are decoded and allocated once and not once a row.
///
/// Open addressing over FNV-1a. Columns that hardly repeat would only fill it: above
/// ``limit`` entries it takes in no more.
struct Interner {
  private var slots: [Int32]
  private var entries: [(hash: UInt64, text: String)] = []

  static let limit = 1024

  init() {
    slots = []
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    if bytes.isEmpty { return "" }
    if slots.isEmpty { slots = Array(repeating: -1, count: 4 * Interner.limit) }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, Interner.equal(entry.text, bytes) { return entry.text }
      slot = (slot + 1) & (slots.count - 1)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if entries.count < Interner.limit {
      slots[slot] = Int32(entries.count)
      entries.append((hash, text))
    }
    return text
  }

  private static func equal(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var text = text
    return text.withUTF8 { $0.count == bytes.count && $0.elementsEqual(bytes) }
  }
}
