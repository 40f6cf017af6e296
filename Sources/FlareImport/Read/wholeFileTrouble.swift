/// What a file is that is no list at all, as a sentence, judged by its first 4096 bytes; `nil`
/// when it may be one.
///
/// A login page saved under the list's name, a spreadsheet, an archive: each would otherwise be
/// read as a strange list.
func wholeFileTrouble(_ head: UnsafeRawBufferPointer) -> String? {
  func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
  if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
    return "It is a ZIP file (a spreadsheet .xlsx is one too), not a CSV list."
  }
  if begins([0xD0, 0xCF, 0x11, 0xE0]) { return "It is an old Excel file (.xls), not a CSV list." }
  if begins(Array("%PDF".utf8)) { return "It is a PDF file, not a CSV list." }
  if begins([0x1F, 0x8B]) { return "It is a gzip file, not a CSV list." }
  let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x00, 0x20, 0x09, 0x0A, 0x0D]
  let text = head.lazy.filter { $0 != 0 }.drop { marks.contains($0) }.prefix(64)
    .map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
  guard let first = text.first else { return head.count < 4096 ? "It has no rows." : nil }
  if first == UInt8(ascii: "<") {
    let tag = String(decoding: text.dropFirst().prefix(8), as: UTF8.self)
    return tag.hasPrefix("html") || tag.hasPrefix("!doctype")
      ? "It is an HTML page (perhaps a login or error page), not a CSV list."
      : "It begins with '<' like an XML or HTML page and is not a CSV list."
  }
  if first == UInt8(ascii: "{") { return "It is JSON, not a CSV list." }
  return nil
}
