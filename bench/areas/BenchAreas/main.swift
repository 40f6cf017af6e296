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

/// A line of the table at the end: what an index costs beside what it gives.
struct Row {
  let set: String
  let areas: Int
  let vertices: Int
  let milliseconds: Double
  let bytes: Double
  /// Nanoseconds, and how many times as long the fastest way to ask GEOS takes, by kind of points.
  var single: [String: (nanoseconds: Double, times: Double)] = [:]
  var batch: [String: (nanoseconds: Double, times: Double)] = [:]
}

/// - Returns: whether all answers agreed, and a line of the table.
func bench(
  _ set: DataSet, rounds: Int, pointCount: Int, samples: URL?
) throws -> (agree: Bool, row: Row) {
  let vertices = vertexCount(set.areas)
  let build = buildSeconds(set.areas, times: vertices > 100_000 ? 3 : 9)
  let index = AreaIndex(set.areas)
  let bytes = Double(index.byteCount)
  let sizes = set.areas.map { vertexCount([$0]) }
  print(
    "\n\(set.name): \(set.areas.count) areas, \(vertices) vertices, \(sizes.min()!) to \(sizes.max()!) each"
  )
  print("figure areas_\(set.name)_build \(text(build * 1e3)) ms")
  print("figure areas_\(set.name)_bytes \(text(bytes / 1e6)) MB")
  print("figure areas_\(set.name)_bytes_per_vertex \(text(bytes / Double(vertices))) B")
  var row = Row(
    set: set.name, areas: set.areas.count, vertices: vertices, milliseconds: build * 1e3,
    bytes: bytes)
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
      let figures = (each(ours), ratios.median)
      if ours == "single" { row.single[kind] = figures } else { row.batch[kind] = figures }
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
  return (agree, row)
}

func column(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

func printTable(_ table: [Row]) {
  print(
    "\nBuild and memory beside the speed; × is against the fastest way to ask GEOS, single look-ups"
  )
  let kinds = ["uniform", "clustered"]
  print(
    column("", 14) + column("areas", 7) + column("vertices", 10) + column("build", 10)
      + column("B/vertex", 9) + column("MB", 7)
      + kinds.map { column($0, 10) + column("×", 6) + column("batch", 8) }.joined())
  for row in table {
    print(
      column(row.set, 14) + column("\(row.areas)", 7) + column("\(row.vertices)", 10)
        + column(text(row.milliseconds) + " ms", 10)
        + column(text(row.bytes / Double(row.vertices)), 9) + column(text(row.bytes / 1e6), 7)
        + kinds.map { kind in
          guard let single = row.single[kind], let batch = row.batch[kind] else { return "" }
          return column(text(single.nanoseconds) + " ns", 10) + column(text(single.times), 6)
            + column(text(batch.nanoseconds), 8)
        }.joined())
  }
}

/// What 10,000 opportunities cost that are asked how near to their own area's edge they are.
func edges(_ set: DataSet) {
  let index = AreaIndex(set.areas)
  let inside = clusteredPoints(40_000, over: set.areas, seed: 6).lazy.compactMap { point in
    index.firstPosition(holding: point).map { (point, $0) }
  }.prefix(10_000)
  let asked = Array(inside)
  for margin in [25.0, 1_000] {
    var near = 0
    let seconds = measured {
      near = asked.count { index.edge(ofArea: $1, near: $0, within: margin) != nil }
    }
    print(
      "figure areas_edge_\(set.name)_\(Int(margin)) \(text(seconds * 1e3)) ms (\(asked.count) asked, \(near) near)"
    )
  }
}

/// How build and memory grow: one circle of ever more vertices, and countries of ever more areas.
func growth() {
  print("\nGrowth with vertices (a circle) and with areas (a synthetic country)")
  print(
    column("areas", 9) + column("vertices", 10) + column("build", 12) + column("ns/vertex", 11)
      + column("bytes", 11) + column("B/vertex", 10))
  func line(_ name: String, _ areas: [PilotArea]) {
    let vertices = vertexCount(areas)
    let build = buildSeconds(areas, times: vertices > 100_000 ? 3 : 15)
    let bytes = AreaIndex(areas).byteCount
    print(
      column("\(areas.count)", 9) + column("\(vertices)", 10)
        + column(String(format: "%.3f ms", build * 1e3), 12)
        + column(text(build * 1e9 / Double(vertices)), 11) + column("\(bytes)", 11)
        + column(text(Double(bytes) / Double(vertices)), 10))
    print("figure areas_growth_\(name)_build \(text(build * 1e9 / Double(vertices))) ns")
    print("figure areas_growth_\(name)_bytes \(text(Double(bytes) / Double(vertices))) B")
  }
  for vertices in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
    line("vertices_\(vertices)", [star(vertices: vertices, inner: 1)])
  }
  for count in [1, 10, 100, 1_000, 10_000] {
    line("areas_\(count)", syntheticCountry(areas: count, seed: 9))
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
var table: [Row] = []
for (name, make) in sets where only.isEmpty || only.split(separator: ",").contains(Substring(name))
{
  let set = make()
  let pointCount = set.areas.count > 1_000 ? 400_000 : set.areas.count > 1 ? 50_000 : 200_000
  let found = try bench(set, rounds: rounds, pointCount: pointCount, samples: samples)
  agree = found.agree && agree
  table.append(found.row)
}
if only.isEmpty || only == "growth" { growth() }
if only == "build" {
  // For a profiler: `perf record … BenchAreas --only build`.
  let areas = syntheticCountry(areas: 7_500, seed: 3)
  print("figure areas_build_7500 \(text(buildSeconds(areas, times: 15) * 1e3)) ms")
}
if only.isEmpty || only == "edge" {
  print("\nThe edge: 10,000 opportunities, margins of 25 m and 1,000 m")
  for name in ["ward", "output_areas", "country_7500"] { edges(sets.first { $0.0 == name }!.1()) }
}
if !table.isEmpty { printTable(table) }
print(agree ? "\nAll agree on every point." : "\nNot all agree.")
exit(agree ? 0 : 1)
