import Triage

/// The box round every position of a boundary file in longitude and latitude, in degrees: GeoJSON, and KML
/// or KMZ by its name. To choose a grid by, before there is one to read the file on.
///
/// - Returns: `nil` where the file cannot be read, holds no position, or its numbers are no degrees.
package func degreesBox(ofFile name: String, bytes: [UInt8]) -> Box? {
  let root: JSONNode?
  let isPacked = bytes.starts(with: [0x50, 0x4B, 3, 4])
  switch AreaFileKind(name) {
  case .kml where !isPacked:
    root = KMLScanner.read(bytes, settings: AreaFileSettings()).document
  case .kml, .kmz:
    let document = try? unpackKMZ(bytes)
    root = document.map { KMLScanner.read($0, settings: AreaFileSettings()).document }
  default: root = try? JSONScanner.read(bytes)
  }
  guard let root else { return nil }
  var box = Box.nothing
  var open = [root]
  while let node = open.popLast() {
    if let list = node.array {
      if list.count >= 2, let x = list[0].number, let y = list[1].number {
        box.add(GridPoint(x: x, y: y))
      } else {
        open += list
      }
      continue
    }
    for key in ["features", "geometry", "geometries", "coordinates"] {
      if let inner = node[key] { open.append(inner) }
    }
  }
  let isOfDegrees = box.minX >= -180 && box.maxX <= 180 && box.minY >= -90 && box.maxY <= 90
  return box.isNothing || !isOfDegrees ? nil : box
}
