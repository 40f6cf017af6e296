import Triage

@testable import Geography

/// What must hold of every boundary file, whatever the bytes: it is read to an end, says what is wrong in
/// bounds, and what it gives are areas that an index can be made of.
package final class AreaInvariants {
  private let conversions: Conversions
  private let form: AreaFileForm
  /// With one input in so many the areas are made into a set and an index, and their edges followed in short
  /// steps: both take most of the time, and the readers are what is tried.
  private let rarity: UInt8

  private init(_ form: AreaFileForm, rarity: UInt8 = 1) {
    (self.form, self.rarity) = (form, rarity)
    conversions = Conversions(grid: .britishNational, settings: AreaFileSettings())
  }

  package static func geoJSON(rarity: UInt8 = 1) -> AreaInvariants {
    AreaInvariants(.geoJSON, rarity: rarity)
  }
  package static func kml(rarity: UInt8 = 1) -> AreaInvariants {
    AreaInvariants(.kml, rarity: rarity)
  }

  package func broken(by bytes: UnsafeRawBufferPointer) -> String? { broken(by: Array(bytes)) }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: [UInt8]) -> String? {
    let isThorough = bytes.reduce(UInt8(0), &+) % rarity == 0
    conversions.spacing = isThorough ? densifySpacing : 20_000
    var reader = AreaFileReader(file: "fuzzed", bytes: bytes, form: form, conversions: conversions)
    let file = reader.read()
    let lines = bytes.count { $0 == 0x0A } + 1
    if file.problems.count > 2 * AreaFileSettings.mostProblems + 2 { return "It says too much." }
    for problem in file.problems {
      if problem.sentence.isEmpty || problem.file.isEmpty { return "A problem says nothing." }
      if let line = problem.line, !(1...lines).contains(line) {
        return "A line is not in the file."
      }
    }
    if file.areas.isEmpty && !file.hasErrors && form == .geoJSON {
      return "Nothing, and no reason."
    }
    for area in file.areas {
      if area.id.isEmpty || area.id.contains(",") || area.name.isEmpty {
        return "An area has no name."
      }
      if area.polygons.isEmpty { return "An area has no polygon." }
      if let from = area.from, let until = area.until, until < from, !file.hasErrors {
        return "An area ends before it begins."
      }
      for polygon in area.polygons {
        for ring in [polygon.outer] + polygon.holes {
          if ring.count < 3 { return "A ring has no inside." }
          if !ring.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) { return "A point is nowhere." }
        }
      }
    }
    guard isThorough else { return nil }
    let set = AreaSet([file])
    if set.areas.count != file.areas.count { return "The set has lost an area." }
    let index = AreaIndex(set.areas)
    for (position, area) in set.areas.enumerated() {
      guard let corner = area.polygons.first?.outer.first else { continue }
      if !index.positions(holding: corner).contains(position) {
        return "An area does not hold its own corner."
      }
    }
    return nil
  }
}

/// Ends the program where a promise was broken: libFuzzer keeps the input.
package func demand(_ broken: String?) {
  if let broken { fatalError(broken) }
}
