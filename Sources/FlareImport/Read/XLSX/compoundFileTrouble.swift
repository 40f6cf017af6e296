import Glibc

/// What a compound file (D0 CF 11 E0) is, as a sentence: an encrypted workbook is put in one, and the
/// Excel of before 2007 wrote one; `nil` for any other file.
///
/// Source: MS-CFB 2.2 (header) and 2.6 (directory), MS-OFFCRYPTO 2.3 ("EncryptedPackage").
func compoundFileTrouble(_ descriptor: Int32) throws(ReadTrouble) -> String? {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  defer { buffer.deallocate() }
  let count = try ByteSource.read(descriptor, buffer, at: 0)
  guard count >= 512, buffer.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) else { return nil }
  let shift = UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: 30, as: UInt16.self))
  let sector = UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 48, as: UInt32.self))
  if shift == 9 || shift == 12 {
    let place = (Int(sector) + 1) << Int(shift)
    let got = try ByteSource.read(descriptor, buffer, at: place)
    let name = "EncryptedPackage".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(0)] }
    // Entries of the directory are 128 bytes long and begin with their name.
    for entry in stride(from: 0, to: got - name.count, by: 128) {
      if buffer[entry...].starts(with: name) {
        return "It is a workbook locked with a password; export it without one."
      }
    }
  }
  return "It is an old Excel file (.xls); save it as .xlsx or .csv."
}
