import Foundation
import Triage

/// A picture of a polygon whose rings cross or are misplaced, the place in a red circle: SVG of 240 pixels, without
/// script, style sheet or link, readable on white and on black.
///
/// - Parameter inDegrees: whether a step east is shorter than a step north.
func draw(_ tangle: Tangle, of rings: [[SourcePoint]], inDegrees: Bool) -> String {
  let most = 4000
  let box = rings.joined().reduce(into: Box.nothing) { $0.add(GridPoint(x: $1.x, y: $1.y)) }
  let narrow = inDegrees ? max(0.05, cos((box.minY + box.maxY) / 360 * .pi)) : 1
  let (width, height) = ((box.maxX - box.minX) * narrow, box.maxY - box.minY)
  let scale = 220 / max(width, height, .leastNormalMagnitude)
  func place(_ point: SourcePoint) -> String {
    let x = 10 + (point.x - box.minX) * narrow * scale
    let y = 10 + (box.maxY - point.y) * scale
    return String(format: "%.1f %.1f", x.isFinite ? x : 0, y.isFinite ? y : 0)
  }
  // Of a long ring every so many points are drawn, so that a picture fits into a mail.
  let step = max(1, rings.reduce(0) { $0 + $1.count } / most)
  let outlines = rings.map { ring in
    let points = stride(from: 0, to: ring.count, by: step).map { place(ring[$0]) }
    return "M" + points.joined(separator: "L") + "Z"
  }
  let centre = place(tangle.place).split(separator: " ")
  return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240" \
    role="img"><title>\(tangle.title)</title>\
    <path d="\(outlines.joined())" fill="#8aa8c8" fill-opacity="0.4" fill-rule="evenodd" \
    stroke="#5b7fa6" stroke-width="1.5"/><circle cx="\(centre[0])" cy="\(centre[1])" r="9" \
    fill="none" stroke="#d4342c" stroke-width="3"/></svg>
    """
}
