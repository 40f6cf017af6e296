import AreaSamples
import Foundation
import Geography
import Triage

// Measures the area index against GEOS: `make bench-areas`. bench/README.md says what the lines mean.

func threadSeconds() -> Double {
  // Processor time of this thread: others on the machine lengthen it less than they do a clock's.
  var now = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}

func measured(_ work: () -> Void) -> Double {
  let began = threadSeconds()
  work()
  return threadSeconds() - began
}

extension [Double] {
  var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}

struct DataSet {
  let name: String
  let areas: [PilotArea]
  /// Also ask each prepared geometry in turn: only where they are few.
  var loops = false
}

func boundaries(_ path: String, _ property: String) throws -> [PilotArea] {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let bytes = [UInt8](try Data(contentsOf: root.appending(path: path)))
  return readAreas(
    file: path, bytes: bytes, grid: .britishNational,
    settings: .init(idProperty: property, nameProperty: property)
  ).areas
}

func text(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }

func vertexCount(_ areas: [PilotArea]) -> Int {
  areas.reduce(0) { sum, area in
    sum + area.polygons.reduce(0) { $0 + ([$1.outer] + $1.holes).reduce(0) { $0 + $1.count } }
  }
}

/// The least of some builds, in seconds: what others on the machine take only adds to it.
func buildSeconds(_ areas: [PilotArea], times: Int) -> Double {
  (0..<times).map { _ in measured { _ = AreaIndex(areas).byteCount } }.min()!
}

func oneByOne(
  _ index: AreaIndex, _ points: UnsafeBufferPointer<GridPoint>,
  _ positions: UnsafeMutableBufferPointer<Int32>
) {
  for at in 0..<points.count {
    positions[at] = Int32(truncatingIfNeeded: index.firstPosition(holding: points[at]) ?? -1)
  }
}

/// - Returns: whether all answers agreed.
func bench(_ set: DataSet, rounds: Int, pointCount: Int, samples: URL?) throws -> Bool {
  let vertices = vertexCount(set.areas)
  let build = buildSeconds(set.areas, times: vertices > 100_000 ? 3 : 9)
  let index = AreaIndex(set.areas)
  let bytes = Double(index.byteCount)
  print("\n\(set.name): \(set.areas.count) areas, \(vertices) vertices")
  print("figure areas_\(set.name)_build \(text(build * 1e3)) ms")
  print("figure areas_\(set.name)_bytes \(text(bytes / 1e6)) MB")
  print("figure areas_\(set.name)_bytes_per_vertex \(text(bytes / Double(vertices))) B")
  let geos = Geos(set.areas)
  var agree = true
  for (kind, points) in [
    ("uniform", uniformPoints(pointCount, over: set.areas, seed: 1)),
    ("clustered", clusteredPoints(pointCount, over: set.areas, seed: 2)),
  ] {
    // GEOS's points are heavy; in chunks they stay in the cache, and the contenders take turns.
    let chunk = set.areas.count > 1_000 ? 10_000 : 50_000
    var single = [Int32](repeating: 0, count: chunk)
    var batch = single
    var theirs = single
    var seconds: [String: [Double]] = [:]
    for round in 0...rounds {
      var sums: [String: Double] = [:]
      for start in stride(from: 0, to: points.count, by: chunk) {
        let range = start..<min(start + chunk, points.count)
        geos.makePoints(points[range])
        var rivals: [(String, () -> Void)] = [("tree", { geos.tree(into: &theirs) })]
        if set.loops {
          rivals.append(("covers", { geos.loop(into: &theirs, covers: true) }))
          rivals.append(("intersects", { geos.loop(into: &theirs, covers: false) }))
        }
        points.withUnsafeBufferPointer { points in
          let some = UnsafeBufferPointer(rebasing: points[range])
          let turns = [
            ("single", { single.withUnsafeMutableBufferPointer { oneByOne(index, some, $0) } }),
            (
              "batch",
              { batch.withUnsafeMutableBufferPointer { index.firstPositions(of: some, into: $0) } }
            ),
          ]
          // The second finds the cache warm: they take turns in that, too.
          let isOdd = (round + start / chunk) % 2 == 1
          for (name, work) in isOdd ? turns.reversed() : turns {
            sums[name, default: 0] += measured(work)
          }
        }
        for (name, work) in rivals {
          sums[name, default: 0] += measured(work)
          if single[..<range.count] != theirs[..<range.count] {
            agree = false
            print("\(set.name) \(kind): GEOS (\(name)) says otherwise")
          }
        }
        if single[..<range.count] != batch[..<range.count] {
          agree = false
          print("\(set.name) \(kind): the batch says otherwise")
        }
      }
      // The first round warms up.
      if round > 0 { for (name, sum) in sums { seconds[name, default: []].append(sum) } }
    }
    let each = { (name: String) in seconds[name]!.median / Double(points.count) * 1e9 }
    for name in seconds.keys.sorted() {
      let label = ["single", "batch"].contains(name) ? name : "geos_\(name)"
      print("figure areas_\(set.name)_\(kind)_\(label) \(text(each(name))) ns")
    }
    let best = seconds.keys.filter { !["single", "batch"].contains($0) }.min {
      each($0) < each($1)
    }!
    for ours in ["single", "batch"] {
      let ratios = zip(seconds[best]!, seconds[ours]!).map { $0 / $1 }
      print("ratio areas_\(set.name)_\(kind)_\(ours)_against_\(best) \(text(ratios.median))")
    }
    if let samples, kind == "clustered" {
      let folder = samples.appending(path: set.name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let some = Array(points.prefix(200_000))
      let files = SampleFiles(in: folder)
      try files.write(set.areas)
      try files.write(some)
      try files.write(
        held: some.enumerated().flatMap { at, point in
          index.positions(holding: point).flatMap { [Int32(at), Int32($0)] }
        })
      try Data("\(each("single")) \(each("batch"))".utf8).write(to: folder.appending(path: "ours"))
    }
    fflush(nil)
  }
  return agree
}

func growth() {
  print("\nGrowth: build and bytes a vertex, as vertices and as areas grow")
  for vertices in [100, 1_000, 10_000, 100_000, 1_000_000] {
    let areas = [star(vertices: vertices, inner: 1)]
    let build = buildSeconds(areas, times: 3) * 1e9 / Double(vertices)
    let bytes = Double(AreaIndex(areas).byteCount) / Double(vertices)
    print("figure areas_growth_vertices_\(vertices)_build \(text(build)) ns")
    print("figure areas_growth_vertices_\(vertices)_bytes \(text(bytes)) B")
  }
  for count in [100, 1_000, 4_000, 16_000] {
    let areas = syntheticCountry(areas: count, seed: 9)
    let vertices = Double(vertexCount(areas))
    let build = buildSeconds(areas, times: 3) * 1e9 / vertices
    print("figure areas_growth_areas_\(count)_build \(text(build)) ns")
    print(
      "figure areas_growth_areas_\(count)_bytes \(text(Double(AreaIndex(areas).byteCount) / vertices)) B"
    )
  }
}

let arguments = CommandLine.arguments
func option(_ name: String, _ otherwise: String) -> String {
  arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
    ?? otherwise
}
let rounds = Int(option("--rounds", "5")) ?? 5
let only = option("--only", "")
let samples = arguments.contains("--samples") ? URL(filePath: option("--samples", ".")) : nil
let wards = try boundaries("config/context/ashfield-wards.geojson", "WD13CD")
let outputAreas = try boundaries(
  "Tests/GeographyTests/Fixtures/ashfield-output-areas.geojson", "OA11CD")
let sets: [(String, () -> DataSet)] = [
  ("ward", { DataSet(name: "ward", areas: [wards[0]], loops: true) }),
  ("wards", { DataSet(name: "wards", areas: wards, loops: true) }),
  ("output_areas", { DataSet(name: "output_areas", areas: outputAreas, loops: true) }),
  (
    "circle_1000",
    { DataSet(name: "circle_1000", areas: [star(vertices: 1_000, inner: 1)], loops: true) }
  ),
  (
    "circle_10000",
    { DataSet(name: "circle_10000", areas: [star(vertices: 10_000, inner: 1)], loops: true) }
  ),
  (
    "star_1000",
    { DataSet(name: "star_1000", areas: [star(vertices: 1_000, inner: 0.5)], loops: true) }
  ),
  (
    "star_10000",
    { DataSet(name: "star_10000", areas: [star(vertices: 10_000, inner: 0.5)], loops: true) }
  ),
  (
    "country_7500",
    { DataSet(name: "country_7500", areas: syntheticCountry(areas: 7_500, seed: 3)) }
  ),
  (
    "country_35000",
    { DataSet(name: "country_35000", areas: syntheticCountry(areas: 35_000, seed: 4)) }
  ),
]
var agree = true
for (name, make) in sets where only.isEmpty || only.split(separator: ",").contains(Substring(name))
{
  let set = make()
  let pointCount = set.areas.count > 1_000 ? 400_000 : set.areas.count > 1 ? 50_000 : 200_000
  agree = try bench(set, rounds: rounds, pointCount: pointCount, samples: samples) && agree
}
if only.isEmpty || only == "growth" { growth() }
print(agree ? "\nAll agree on every point." : "\nNot all agree.")
exit(agree ? 0 : 1)
