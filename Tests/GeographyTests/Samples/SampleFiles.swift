import Foundation
import Triage

/// Areas, points and the areas that hold each point as flat files for an oracle in Python
/// (`Tests/GeographyTests/covers.py` says how they are laid out).
package struct SampleFiles {
  package let folder: URL

  package init(in folder: URL) {
    self.folder = folder
  }

  package func write(_ areas: [PilotArea]) throws {
    var rings: [Int32] = []
    var vertices: [GridPoint] = []
    var polygons: Int32 = 0
    for (position, area) in areas.enumerated() {
      for polygon in area.polygons {
        for ring in [polygon.outer] + polygon.holes {
          rings += [Int32(position), polygons, Int32(ring.count)]
          vertices += ring
        }
        polygons += 1
      }
    }
    try write(rings, to: "rings")
    try write(vertices, to: "vertices")
  }

  package func write(_ points: [GridPoint]) throws { try write(points, to: "points") }

  /// Pairs: the number of a point, and the position of an area that holds it.
  package func write(held: [Int32]) throws { try write(held, to: "held") }

  private func write<Element>(_ elements: [Element], to name: String) throws {
    let data = elements.withUnsafeBytes { Data($0) }
    try data.write(to: folder.appending(path: name))
  }
}
