import Foundation
import Testing
import Triage

@testable import Geography

private let kept = Box(minX: 0, minY: 0, maxX: 700_000, maxY: 1_300_000)

private func facts() -> GazetteerFacts {
  GazetteerFacts(
    grid: "EPSG:27700", made: 1_795_100_000,
    sources: [GazetteerSource(product: "OS Open UPRN", file: "some.csv", changed: 1)],
    within: 5000, kept: [kept])
}

/// Builds a file of batches in the given order.
private func build(
  at path: String, runEntries: Int = 1 << 20,
  _ batches: [(GazetteerKind, [GazetteerEntry])]
) throws -> GazetteerFacts {
  let builder = try GazetteerBuilder(at: path, runEntries: runEntries)
  for (kind, entries) in batches {
    try entries.withUnsafeBufferPointer { try builder.add(kind, $0) }
  }
  return try builder.finish(facts())
}

private func entry(_ key: UInt64, _ x: Int32 = 100, _ y: Int32 = 200) -> GazetteerEntry {
  GazetteerEntry(key: key, x: x, y: y)
}

private func names(_ folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
}

@Suite("A gazetteer file") struct GazetteerFileTests {
  @Test(
    "answers like a dictionary for 200,000 UPRNs and all that lie beside them",
    arguments: [
      (1 << 20, GazetteerFile.mostInMemory), (7_919, GazetteerFile.mostInMemory), (7_919, 0),
    ])
  func dictionary(runEntries: Int, inMemory: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "gazetteer.bin").path(percentEncoded: false)
      var random = Seeded(9)
      var expected: [UInt64: GazetteerEntry] = [:]
      var all = [entry(1), entry(999_999_999_999)]
      while all.count < 200_000 {
        // Half of them crowded, so that neighbours and repetitions are many.
        let most: UInt64 = all.count % 2 == 0 ? 999_999_999_999 : 300_000
        all.append(
          entry(
            .random(in: 1...most, using: &random), .random(in: 0...70_000_000, using: &random),
            .random(in: 0...130_000_000, using: &random)))
      }
      all.shuffle(using: &random)
      for entry in all where expected[entry.key] == nil { expected[entry.key] = entry }
      let batches = stride(from: 0, to: all.count, by: 4096).map {
        (GazetteerKind.uprn, Array(all[$0..<min($0 + 4096, all.count)]))
      }
      let made = try build(at: path, runEntries: runEntries, batches)
      #expect(made.uprns == expected.count)
      #expect(made.repeated == all.count - expected.count)

      let file = try GazetteerFile(path: path, mostInMemory: inMemory)
      #expect(file.facts == made)
      let gazetteer = file.gazetteer
      for (key, entry) in expected {
        #expect(
          gazetteer.point(key) == GridPoint(x: Double(entry.x) / 100, y: Double(entry.y) / 100))
      }
      for _ in 0..<200_000 {
        let key = UInt64.random(in: 0...310_000, using: &random)
        #expect((gazetteer.point(key) == nil) == (expected[key] == nil))
      }
      for key in [0, 1_000_000_000_000, .max] as [UInt64] { #expect(gazetteer.point(key) == nil) }
      #expect(gazetteer.centroid("NG179CM") == nil)
      #expect(!gazetteer.isEmpty)
      #expect(Set(file.sampleUPRNs(1000)).isSubset(of: Set(expected.keys)))
      #expect(file.sampleUPRNs(1000).count == 1000)
      #expect(try names(folder) == ["gazetteer.bin"], "nothing else is left")
    }
  }

  @Test("keeps of two places of one key the first, and of two postcodes the one in use")
  func repeated() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "g").path(percentEncoded: false)
      let (a, b) = (postcodeNumber("NG179CM"), postcodeNumber("NG179CO"))
      let made = try build(
        at: path, runEntries: 1,
        [
          (.terminatedPostcode, [entry(a, 1, 1), entry(b, 2, 2)]),
          (.uprn, [entry(5, 5, 5), entry(5, 6, 6)]),
          (.postcode, [entry(a, 3, 3), entry(a, 4, 4)]),
        ])
      #expect((made.uprns, made.postcodes, made.repeated) == (1, 2, 3))
      let file = try GazetteerFile(path: path)
      #expect(file.centroid(postcodeKey: "NG179CM") == GridPoint(x: 0.03, y: 0.03))
      #expect(file.centroid(postcodeKey: "NG179CO") == GridPoint(x: 0.02, y: 0.02))
      #expect(file.point(uprn: 5) == GridPoint(x: 0.05, y: 0.05))
    }
  }

  @Test("may be empty")
  func empty() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "g").path(percentEncoded: false)
      _ = try build(at: path, [])
      let gazetteer = try GazetteerFile(path: path).gazetteer
      #expect(gazetteer.isEmpty)
      #expect(gazetteer.point(1) == nil)
    }
  }

  @Test("that is cut off anywhere or has one byte changed is refused")
  func damage() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "g").path(percentEncoded: false)
      _ = try build(
        at: path,
        [
          (.uprn, (1...40).map { entry(UInt64($0) * 3) }),
          (.postcode, [entry(postcodeNumber("NG179CM"))]),
        ])
      let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let used = Array(0..<56) + Array(4096..<whole.count)
      func open(_ bytes: [UInt8]) throws {
        let bad = folder.appending(path: "bad")
        try Data(bytes).write(to: bad)
        _ = try GazetteerFile(path: bad.path(percentEncoded: false))
      }
      try open(whole)
      for end in [0, 1, 8, 55, 56, 4095, 4096] + Array(4096..<whole.count) {
        let error = #expect(throws: GazetteerError.self) { try open(Array(whole[..<end])) }
        if end >= 8 { #expect(error?.description.hasPrefix("It is cut short: \(end) ") == true) }
      }
      for at in used {
        var bytes = whole
        bytes[at] ^= 1 << UInt8(at % 8)
        #expect(throws: GazetteerError.self, "byte \(at)") { try open(bytes) }
      }
      #expect(throws: GazetteerError.self) { try open(whole + [0]) }
      #expect(throws: GazetteerError.self) { try open(Array("UPRN,X_COORDINATE\n".utf8)) }
      let nowhere = folder.appending(path: "none").path(percentEncoded: false)
      #expect(throws: GazetteerError.self) { try GazetteerFile(path: nowhere) }
      let itself = folder.path(percentEncoded: false)
      #expect(throws: GazetteerError.self) { try GazetteerFile(path: itself) }
    }
  }

  @Test("is there whole or not at all, and an import that is given up leaves the old one")
  func givenUp() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "g").path(percentEncoded: false)
      _ = try build(at: path, [(.uprn, [entry(7)])])
      let old = try GazetteerFile(path: path)
      do {
        let builder = try GazetteerBuilder(at: path, runEntries: 1)
        try [entry(8), entry(9)].withUnsafeBufferPointer { try builder.add(.uprn, $0) }
        #expect(throws: GazetteerError.self, "one import at a time") {
          try GazetteerBuilder(at: path)
        }
        #expect(try names(folder) == ["g", "g.new"], "the refused one leaves the other's file")
      }
      #expect(try names(folder) == ["g"])
      #expect(try GazetteerFile(path: path).point(uprn: 7) != nil)
      // What a killed process left is written over.
      for left in ["g.new", "g.runs"] {
        try Data("half a gazetteer".utf8).write(to: folder.appending(path: left))
      }
      _ = try build(at: path, [(.uprn, [entry(8)])])
      #expect(try names(folder) == ["g"])
      #expect(try GazetteerFile(path: path).point(uprn: 8) != nil)
      #expect(old.point(uprn: 7) != nil, "the one in force stays what it was")
    }
  }

  @Test("does not follow a link that lies under its name", arguments: ["g.new", "g.runs"])
  func link(name: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "g").path(percentEncoded: false)
      let victim = folder.appending(path: "victim")
      try Data("precious".utf8).write(to: victim)
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: name), withDestinationURL: victim)
      // The name of the runs is taken anew, that of the file is refused.
      if name == "g.new" {
        #expect(throws: GazetteerError.self) { try GazetteerBuilder(at: path) }
        #expect(try names(folder) == ["g.new", "victim"])
      } else {
        _ = try build(at: path, runEntries: 1, [(.uprn, [entry(8), entry(9)])])
        #expect(try names(folder) == ["g", "victim"])
      }
      #expect(try Data(contentsOf: victim) == Data("precious".utf8))
    }
  }

  @Test("says which areas reach beyond what was kept")
  func covered() {
    func area(_ id: String, _ x: Double) -> PilotArea {
      PilotArea(
        id: id, name: id,
        polygons: [
          Polygon(outer: [
            GridPoint(x: x, y: 10), GridPoint(x: x + 100, y: 10), GridPoint(x: x, y: 90),
          ])
        ])
    }
    var facts = facts()
    facts.kept = [
      Box(minX: 0, minY: 0, maxX: 200, maxY: 100), Box(minX: 500, minY: 0, maxX: 900, maxY: 100),
    ]
    let areas = [area("a", 0), area("b", 101), area("c", 600), area("d", 300)]
    #expect(facts.areasNotCovered(areas).map(\.id) == ["b", "d"])
  }

  @Test("Runs of any size sort like the standard library, equal keys in their order")
  func sorting() {
    var random = Seeded(4)
    for count in [0, 1, 2, 3, 100, 5000] {
      for most in [1, 100, UInt64(1) << 33, .max] {
        var entries = (0..<count).map {
          entry(.random(in: 0...most, using: &random), Int32($0), 0)
        }
        let expected = entries.sorted { ($0.key, $0.x) < ($1.key, $1.x) }
        var scratch: [GazetteerEntry] = []
        sortByKey(&entries, &scratch)
        #expect(entries == expected)
      }
    }
  }
}
