import Geography
import Triage

/// A picture that goes with a mail: as PNG, which every mail program shows, by `rsvg-convert` where it is
/// installed, can draw it and makes no more bytes of it than a mail bears, else the SVG itself. Holds its thread while that runs.
///
/// - Parameter alternative: what it shows, in words.
func noticePicture(_ svg: String, alternative: String) -> NoticePicture {
  // Twice as wide as it is shown, for fine screens.
  if let png = try? convertToPNG(svg: svg, width: 2 * noticePictureWidth),
    png.count <= noticePictureMostBytes
  {
    return NoticePicture(format: .png, bytes: png, alternative: alternative)
  }
  return NoticePicture(format: .svg, bytes: Array(svg.utf8), alternative: alternative)
}

/// Pixels in which a mail shows a picture: its column is 600 wide.
private let noticePictureWidth = 560

/// What one mail bears, as Notify has it: a larger PNG would be left out, and the SVG is far smaller.
private let noticePictureMostBytes = 2_000_000
