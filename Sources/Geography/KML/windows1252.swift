import CExpat

/// Tells expat, which knows UTF-8, UTF-16, ISO 8859-1 and ASCII, what the bytes of Windows-1252 are, in which
/// older programs on Windows write.
/// Source: WHATWG Encoding Standard, index windows-1252.
/// - Returns: 1 where the encoding is known, else 0.
func windows1252(
  _ name: UnsafePointer<XML_Char>?, _ encoding: UnsafeMutablePointer<XML_Encoding>?
) -> Int32 {
  guard let name, let encoding,
    ["windows-1252", "cp1252"].contains(String(cString: name).lowercased())
  else { return 0 }
  withUnsafeMutableBytes(of: &encoding.pointee.map) { raw in
    let map = raw.bindMemory(to: Int32.self)
    for byte in 0..<256 { map[byte] = Int32(byte) }
    for (at, scalar) in upperControls.enumerated() { map[0x80 + at] = scalar }
  }
  encoding.pointee.data = nil
  encoding.pointee.convert = nil
  encoding.pointee.release = nil
  return 1
}

/// What stands at 0x80 to 0x9F; the five that are free are the controls that Latin 1 has there.
private let upperControls: [Int32] = [
  0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
  0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
]
