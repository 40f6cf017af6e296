import Foundation

/// Why there is no PNG, as a sentence.
package struct PictureError: Error, CustomStringConvertible {
  package let description: String
  /// Whether the program that makes it is not there.
  package let isNotInstalled: Bool
}

/// Lets librsvg's `rsvg-convert` make a PNG of an SVG, so many pixels wide; blocks its thread.
///
/// The picture goes in by standard input: there is no folder in which librsvg would look for files that it
/// names. A child without a shell, for 20 s and in a gigabyte at most.
/// - Throws: where the program is not there, or cannot draw the picture.
package func convertToPNG(
  svg: String, width: Int, program: String = "/usr/bin/rsvg-convert", seconds: Double = 20
) throws(PictureError) -> [UInt8] {
  func fail(_ why: String) -> PictureError {
    PictureError(description: why, isNotInstalled: false)
  }
  guard FileManager.default.isExecutableFile(atPath: program) else {
    throw PictureError(
      description: "A PNG is made by librsvg, which is not installed (there is no \(program)): "
        + "install librsvg2-bin, or take the SVG.", isNotInstalled: true)
  }
  let child = ChildProcess(
    program: program, arguments: ["--width", "\(width)", "--format", "png"], folder: "/",
    environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"],
    input: Array(svg.utf8), memory: 1 << 30)
  switch child.run(seconds: seconds, mostBytes: 16 << 20) {
  case .finished(let output, _, 0) where output.starts(with: pngSignature): return output
  case .finished: throw fail("librsvg cannot draw the picture; take the SVG.")
  case .tooSlow: throw fail("librsvg did not finish within \(Int(seconds)) s; take the SVG.")
  case .tooMuch: throw fail("The PNG would be larger than 16 MB; take the SVG.")
  case .notStarted: throw fail("librsvg's \(program) cannot be started; take the SVG.")
  }
}

/// The first bytes of every PNG (ISO/IEC 15948, 5.2).
package let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
