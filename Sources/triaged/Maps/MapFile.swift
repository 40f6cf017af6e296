import Foundation
import Geography

/// A map as a file: the picture alone, a page round it, or a PNG.
enum MapFile: String, CaseIterable {
  case svg, html, png

  /// By the ending of a name; `nil` for any other.
  init?(_ path: String) {
    self.init(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
  }

  /// Pixels that a PNG is wide.
  static let pixels = 1400

  /// Whether a file begins as the ones of this kind that we write.
  func isOurs(_ start: Data) -> Bool {
    switch self {
    case .svg: start.starts(with: Data(AreaPicture.start.utf8))
    case .html:
      start.starts(with: Data("<!doctype html>\n<html lang=\"en-GB\" data-by=\"triaged ".utf8))
    case .png: start.dropFirst(MapFile.afterHeader).starts(with: MapFile.mark)
    }
  }

  /// - Throws: ``PictureError`` where librsvg is not there or cannot draw it.
  static func png(_ svg: String) throws(PictureError) -> Data {
    var png = try convertToPNG(svg: svg, width: pixels)
    png.insert(contentsOf: mark, at: afterHeader)
    return Data(png)
  }

  /// Bytes of a PNG's signature and of its first chunk, IHDR (ISO/IEC 15948, 5.2 and 11.2.2).
  private static let afterHeader = 33

  /// A chunk that says what wrote the picture (ISO/IEC 15948, 11.3.4.3): by it an earlier one is known.
  private static let mark: [UInt8] = {
    let chunk = Array("tEXtSoftware\0triaged".utf8)
    return bigEndian(UInt32(chunk.count - 4)) + chunk + bigEndian(checksum(chunk))
  }()

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// CRC-32 as PNG has it (ISO/IEC 15948, annex D).
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1
      }
    }
  }
}
