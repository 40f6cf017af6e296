import Foundation
import Synchronization

/// What the file with the shifts of OSTN15 is called in the data folder.
package let shiftsFileName = "ostn15.shifts"

/// The shifts from ETRS89 to OSGB36 that define the British National Grid (OSTN15): on nodes one
/// kilometre apart, east and north, in whole millimetres, and bilinear between the nodes.
///
/// The nodes cover the whole grid, 700 km by 1,250 km, and no node of OSTN15 is marked as empty;
/// beyond them there is no shift.
/// Source: Ordnance Survey, "Transformations and OSGM15 user guide" (2016). The file is made by
/// `scripts/make_ostn15.py`, which says how it is laid out.
final class ShiftTable: Sendable {
  static let fileName = shiftsFileName
  /// The checksum of the one file that holds OSTN15: the data have not changed since 2016.
  static let knownChecksum: UInt32 = 0x8969_86F2

  private static let magic = Array("triaged shifts\n\0".utf8)
  private static let headerSize = 48

  let columns: Int
  let rows: Int
  /// Metres between two nodes.
  private let spacing: Double
  private let base: SIMD2<Double>
  /// East and north, row by row from the south-west; millimetres above ``base``.
  private let nodes: [SIMD2<UInt16>]

  /// - Returns: `nil` where the folder holds no such file.
  /// - Throws: ``ProjectionError`` for a file that cannot be read, is damaged or is not OSTN15.
  static func load(dataFolder: String?) throws(ProjectionError) -> ShiftTable? {
    guard let dataFolder else { return nil }
    let path = dataFolder + "/" + fileName
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let stamp = ShiftTable.stamp(of: path)
    if let last = last.withLock({ $0 }), last.stamp == stamp { return last.table }
    let bytes: [UInt8]
    do throws(UnreadableAreas) {
      bytes = try boundedBytes(of: path, most: 8 << 20)
    } catch {
      throw refusal(of: path, "it cannot be read")
    }
    do throws(ProjectionError) {
      let table = try ShiftTable(bytes, checksum: knownChecksum)
      last.withLock { $0 = (stamp, table) }
      return table
    } catch {
      throw refusal(of: path, error.sentence)
    }
  }

  /// The table that was read last: each poll asks for it, and it never changes.
  private static let last = Mutex<(stamp: String, table: ShiftTable)?>(nil)

  private static func stamp(of path: String) -> String {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    let changed = (facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(path) \(facts?[.size] ?? 0) \(changed) \(facts?[.systemFileNumber] ?? 0)"
  }

  private static func refusal(of path: String, _ why: String) -> ProjectionError {
    ProjectionError(
      "The shifts of OSTN15 in '\(path)' are not used: \(why). Make the file anew with `make deps`; "
        + "without it the Helmert shift serves, to about 2 m.")
  }

  /// - Parameter checksum: what the file's must be; `nil` takes any.
  /// - Throws: ``ProjectionError`` whose sentence goes on after "the file is not used:".
  init(_ bytes: [UInt8], checksum: UInt32? = nil) throws(ProjectionError) {
    let start = ShiftTable.headerSize
    guard bytes.starts(with: ShiftTable.magic), bytes.count >= start else {
      throw ProjectionError("it is no file of shifts")
    }
    func number(at offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }
    func signed(at offset: Int) -> Double { Double(Int32(bitPattern: number(at: offset))) / 1000 }
    let version = number(at: 20)
    guard version == 1 else {
      throw ProjectionError("its version is \(version), and 1 is known")
    }
    let (columns, rows) = (Int(number(at: 24)), Int(number(at: 28)))
    let spacing = Double(number(at: 32))
    guard (2...10_000).contains(columns), (2...10_000).contains(rows), spacing > 0,
      bytes.count == start + 4 * columns * rows
    else {
      throw ProjectionError("its size is not what its beginning says, so it is cut off or damaged")
    }
    let found = crc32(bytes[20...])
    guard found == number(at: 16) else {
      throw ProjectionError("its checksum is wrong, so it is damaged")
    }
    if let checksum, checksum != found {
      throw ProjectionError("its checksum is not that of OSTN15 as it was published in 2016")
    }
    self.columns = columns
    self.rows = rows
    self.spacing = spacing
    base = SIMD2(signed(at: 36), signed(at: 40))
    nodes = bytes.withUnsafeBytes { raw in
      (0..<columns * rows).map { node in
        let at = start + 4 * node
        return SIMD2(
          UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt16.self)),
          UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: at + 2, as: UInt16.self)))
      }
    }
  }

  /// The shift at a point in eastings and northings on ETRS89, in metres; `nil` beyond the nodes.
  func shift(at point: SIMD2<Double>) -> SIMD2<Double>? {
    let place = point / spacing
    // Also false for what is no number.
    guard place.x >= 0, place.y >= 0, place.x <= Double(columns - 1), place.y <= Double(rows - 1)
    else { return nil }
    let (column, row) = (min(Int(place.x), columns - 2), min(Int(place.y), rows - 2))
    let t = place.x - Double(column)
    let u = place.y - Double(row)
    let at = row * columns + column
    return nodes.withUnsafeBufferPointer { nodes in
      let south = SIMD2<Double>(nodes[at]) * (1 - t) + SIMD2<Double>(nodes[at + 1]) * t
      let north =
        SIMD2<Double>(nodes[at + columns]) * (1 - t) + SIMD2<Double>(nodes[at + columns + 1]) * t
      return base + (south * (1 - u) + north * u) / 1000
    }
  }

  /// The point on ETRS89 that the shift brings to this one, to a hundredth of a millimetre; `nil`
  /// where there is none. Neighbouring shifts differ by some tens of centimetres in a kilometre, so
  /// each step makes the error a thousand times smaller.
  func unshifted(_ point: SIMD2<Double>) -> SIMD2<Double>? {
    guard var shift = shift(at: point) ?? shift(at: point - base) else { return nil }
    for _ in 0..<10 {
      guard let next = self.shift(at: point - shift) else { return nil }
      let change = next - shift
      shift = next
      if (change * change).sum() < 1e-10 { return point - shift }
    }
    return nil
  }
}

/// The cyclic redundancy check of ISO 3309, as in ZIP files.
private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
  }
  return ~bytes.withUnsafeBufferPointer { bytes in
    table.withUnsafeBufferPointer { table in
      var crc: UInt32 = 0xFFFF_FFFF
      for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
      return crc
    }
  }
}
