import Foundation
import FoundationXML
import TestServers
import Testing
import Triage

@testable import triaged

/// The drawing of areas: what it says, what it may weigh, and that nothing foreign gets out of its text.
@Suite("A picture of areas") struct AreaPictureTests {
  private static let square = [(0.0, 0.0), (1, 0), (1, 1), (0, 1)]

  /// A square of so many metres, drawn to the north-east of a corner.
  static func area(
    _ id: String, _ name: String, x: Double, y: Double, side: Double, from: String? = nil
  ) -> PilotArea {
    let ring = square.map {
      GridPoint(x: 450_000 + x + side * $0.0, y: 359_000 + y + side * $0.1)
    }
    return PilotArea(
      id: id, name: name, polygons: [Polygon(outer: ring)], from: from.flatMap { CivilDay($0) })
  }

  private static func mark(
    _ x: Double, _ y: Double, _ kind: AreaPicture.Kind, _ jobs: Int = 1
  ) -> AreaPicture.Mark {
    AreaPicture.Mark(at: GridPoint(x: 450_000 + x, y: 359_000 + y), kind: kind, jobs: jobs)
  }

  /// An edit of a small set, with one of everything.
  static let edit = AreaPicture(
    title: "The areas before and after the edit",
    areas: [
      area("north", "North", x: 0, y: 700, side: 500),
      area("east", "Eastfield & Co", x: 620, y: 0, side: 480),
      area("next", "Next year", x: 0, y: 0, side: 300, from: "2027-01-01"),
    ],
    before: [
      area("north", "North", x: 100, y: 600, side: 500),
      area("east", "Eastfield & Co", x: 620, y: 0, side: 480),
      area("old", "Old Town", x: 700, y: 800, side: 260),
      area("lane", "The Lane", x: -10, y: 200, side: 200),
    ],
    context: [area("w", "West Ward", x: -3000, y: -2000, side: 3400)],
    marks: [
      mark(120, 820, .opportunity, 3), mark(130, 840, .claimed), mark(320, 1030, .belowTheLine),
      mark(760, 170, .open, 2), mark(880, 320, .closed, 12), mark(770, 180, .noReason),
      mark(900, 120, .unknownType),
    ],
    today: CivilDay("2026-11-23"), attribution: "Invented data.")

  @Test("of a small edit is the reviewed one")
  func golden() throws {
    let svg = Self.edit.svg()
    let golden = try goldenText("triagedTests/Golden/areas.svg", made: Data(svg.utf8))
    #expect(svg == golden, "areas.svg differs; look at it, then TRIAGED_UPDATE_GOLDEN=1")
  }

  @Test("is XML whose texts are text, whatever areas and title are called")
  func escaped() throws {
    let nasty = [
      "<script>alert(1)</script>", "\"><image href='http://example.org/x'/>",
      "]]></style>&amp;&lt;",
      "\u{0}\u{1}\u{8}\r\n\t", "\u{202E}abc\u{2066}",
      [UInt32(0xFFFE), 0xFFFF, 0xFDD0].compactMap(Unicode.Scalar.init).map { String($0) }.joined(),
      "' onload='x'",
      "漢字 ünïcödé 🏘️", "url(http://example.org)", String(repeating: "W", count: 4000), "", " ",
    ]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<30 {
      func text() -> String {
        (0..<3).map { _ in nasty.randomElement(using: &random)! }.joined(separator: " ")
      }
      let areas = (0..<4).map { number in
        Self.area(
          text(), text(), x: Double(number * 300), y: Double.random(in: 0...900, using: &random),
          side: 250)
      }
      let picture = AreaPicture(
        title: text(), areas: areas, before: [Self.area(text(), text(), x: 0, y: 0, side: 900)],
        context: [Self.area(text(), text(), x: -500, y: -500, side: 2000)], attribution: text())
      for svg in [picture.svg(), picture.svg(isInPage: true)] {
        let reading = SVGReading(svg)
        #expect(reading.error == nil, "\(reading.error ?? "")")
        #expect(reading.elements.isSubset(of: SVGReading.expected), "\(reading.elements)")
        #expect(reading.attributes.isSubset(of: SVGReading.expectedAttributes))
        #expect(reading.links == ["http://www.w3.org/2000/svg"])
        // A style's text is all that is ours.
        #expect(reading.style == pictureStyle.filter { $0 != "\n" })
      }
    }
  }

  @Test("speaks of nothing that has to be fetched or that rsvg does not know")
  func standsAlone() {
    let svg = Self.edit.svg()
    for word in ["<script", "href", "@import", "var(", "http://www.w3.org/1999", "<image", "<use"] {
      #expect(!svg.contains(word), "\(word)")
    }
    #expect(svg.hasPrefix(AreaPicture.start))
    #expect(svg.components(separatedBy: "http").count == 2)
    #expect(svg.contains("prefers-color-scheme:dark") && svg.contains("@media print"))
  }

  @Test("that goes with a mail shows a lone job for a square of 200 m, and says so")
  func loneJob() throws {
    func picture(_ marks: [AreaPicture.Mark], fewest: Int) -> AreaPicture {
      AreaPicture(
        title: "", areas: [Self.area("a", "A", x: 0, y: 0, side: 600)], marks: marks,
        fewest: fewest)
    }
    func places(_ svg: String) -> Set<String> {
      Set(svg.matches(of: /<circle class="tm-mark tm-opportunity" [^>]*>/).map { String($0.0) })
    }
    let words = "Fewer than 3 of a kind stand for a square of 200 m, in its middle."
    func flat(_ svg: String) -> String {
      svg.replacing(/<[^>]*>\s*/, with: " ").replacing(/\s+/, with: " ")
    }
    let (here, there) = (
      picture([Self.mark(20, 20, .opportunity)], fewest: 3).svg(),
      picture([Self.mark(180, 180, .opportunity)], fewest: 3).svg()
    )
    #expect(places(here) == places(there) && flat(here).contains(words))
    // As a map for whoever draws it, each where it is.
    let plain = picture([Self.mark(20, 20, .opportunity)], fewest: 1).svg()
    #expect(places(plain) != places(here) && !flat(plain).contains("Fewer than"))
    let three = picture([Self.mark(20, 20, .opportunity, 3)], fewest: 3).svg()
    #expect(!flat(three).contains("Fewer than"))
    let other = picture([Self.mark(180, 180, .opportunity, 3)], fewest: 3).svg()
    #expect(places(three) != places(other))
  }

  @Test("gives every kind of job a shape of its own, on the middles of squares")
  func shapes() {
    let shapes = AreaPicture.Kind.allCases.map { kind in
      kind.shape(0, 0, 10).replacing("tm-\(kind.rawValue)", with: "")
    }
    #expect(Set(shapes).count == AreaPicture.Kind.allCases.count)
    let words = AreaPicture.Kind.allCases.map(\.words)
    #expect(Set(words).count == words.count)
    let mark = AreaPicture.Mark(at: GridPoint(x: 449_333.2, y: 359_222.9), kind: .open)
    #expect(mark.at == GridPoint(x: 449_325, y: 359_225))
    #expect(AreaPicture.Mark(at: mark.at, kind: .open) == mark)
  }

  @Test("says in words which areas are there, which came and went, and how many jobs of which kind")
  func words() {
    let words = Self.edit.alternative
    for part in [
      "Areas: North, Eastfield & Co, Next year.", "New: Next year.", "With another outline: North.",
      "Gone: Old Town, The Lane.", "3 in an opportunity", "12 a closed job",
    ] { #expect(words.contains(part), "\(words)") }
    #expect(AreaPicture(title: "", areas: []).alternative.contains("No area."))
    #expect(AreaPicture(title: "", areas: []).svg().contains("There is no area to draw."))
  }

  @Test("of thousands of areas, or of a hundred thousand points, stays small")
  func bounded() {
    let many = (0..<5000).map { number in
      Self.area(
        "\(number)", "Area \(number)", x: Double(number % 70) * 220,
        y: Double(number / 70) * 220, side: 200)
    }
    func ring(_ radius: (Int) -> Double) -> Ring {
      (0..<100_000).map { number in
        let turn = 2 * .pi * Double(number) / 100_000
        return GridPoint(
          x: 450_000 + radius(number) * cos(turn), y: 359_000 + radius(number) * sin(turn))
      }
    }
    let smooth = PilotArea(
      id: "a", name: "A", polygons: [Polygon(outer: ring { 2000 + 0.01 * Double($0 % 7) })])
    // Every second point on the other side: nothing of it is nearly straight.
    let wild = PilotArea(
      id: "b", name: "B",
      polygons: [Polygon(outer: ring { $0.isMultiple(of: 2) ? 2000 : 10 + Double($0 % 1000) })])
    let marks = (0..<20_000).map { number in
      Self.mark(Double(number % 300) * 50, Double(number / 300) * 50, .closed)
    }
    for (picture, most) in [
      (AreaPicture(title: "Many", areas: many, before: many.reversed()), 2_000_000),
      (AreaPicture(title: "Smooth", areas: [smooth]), 20_000),
      (AreaPicture(title: "Wild", areas: [wild], before: [smooth], context: [wild]), 2_000_000),
      (AreaPicture(title: "Marks", areas: [smooth], marks: marks), 700_000),
    ] {
      let svg = picture.svg()
      #expect(svg.utf8.count < most, "\(picture.title): \(svg.utf8.count)")
    }
  }

  @Test("holds what cannot be drawn, and draws the rest")
  func undrawable() {
    let nan = PilotArea(
      id: "n", name: "Nowhere",
      polygons: [
        Polygon(outer: [
          GridPoint(x: .nan, y: 0), GridPoint(x: .infinity, y: 1), GridPoint(x: 1e300, y: -1e300),
        ])
      ])
    let dot = PilotArea(
      id: "d", name: "Dot",
      polygons: [Polygon(outer: Array(repeating: GridPoint(x: 450_000, y: 359_000), count: 4))])
    let none = PilotArea(id: "e", name: "Empty", polygons: [Polygon(outer: [])])
    for areas in [[nan], [dot], [none], [nan, dot, none, Self.edit.areas[0]]] {
      let picture = AreaPicture(
        title: "Odd", areas: areas, before: areas, context: areas,
        marks: [AreaPicture.Mark(at: GridPoint(x: .nan, y: .infinity), kind: .open)])
      let svg = picture.svg()
      #expect(SVGReading(svg).error == nil)
      #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("e+"))
    }
  }

  @Test("draws an outline so that no point lies further from it than half a pixel")
  func simplified() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      let count = 400
      let ring = (0..<count).map { number -> GridPoint in
        let turn = 2 * .pi * Double(number) / Double(count)
        let radius = 300 + Double.random(in: -8...8, using: &random)
        return GridPoint(x: 450_000 + radius * cos(turn), y: 359_000 + radius * sin(turn))
      }
      let area = PilotArea(id: "a", name: "A", polygons: [Polygon(outer: ring)])
      let frame = MapFrame(area.box, top: 10)
      let drawn = try #require(MapShape(area, frame).rings.first)
      #expect(drawn.count < count)
      for point in ring.map(frame.place) {
        #expect(distance(point, to: drawn) < 0.5)
      }
    }
  }

  private func distance(_ point: MapPoint, to ring: [MapPoint]) -> Double {
    zip(ring, ring.dropFirst() + ring.prefix(1)).map { a, b in
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = dx * dx + dy * dy
      let along = (point.x - a.x) * dx + (point.y - a.y) * dy
      let share = length > 0 ? min(max(along / length, 0), 1) : 0
      return hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)
    }.min() ?? .infinity
  }

  @Test("sets no name over another, and lists in its key what has no room")
  func labels() {
    var random = SystemRandomNumberGenerator()
    for count in [1, 5, 30, 80] {
      let areas = (0..<count).map { number in
        Self.area(
          "\(number)", "A name of \(number)", x: .random(in: 0...3000, using: &random),
          y: .random(in: 0...3000, using: &random), side: .random(in: 30...500, using: &random))
      }
      let box = areas.reduce(into: Box.nothing) { $0.add($1.box) }
      let frame = MapFrame(box, top: 10)
      var labels = MapLabels(in: frame.rect, taken: [], marks: [])
      labels.place(areas.map { MapLabels.Wish(name: $0.name, shape: MapShape($0, frame)) })
      let names = labels.labels.filter { !$0.isNumber }
      for (at, one) in names.enumerated() {
        #expect(frame.rect.holds(one.box))
        for other in names[(at + 1)...] { #expect(one.box.overlap(other.box) == 0) }
      }
      #expect(names.count + labels.key.count + labels.unnamed == count)
      #expect(labels.labels.count { $0.isNumber } == labels.key.count)
      #expect(labels.key.map(\.number) == Array(0..<labels.key.count).map { $0 + 1 })
    }
  }

  @Test(
    "becomes a PNG by which it is known again, and goes into a mail as one",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert"),
      "rsvg-convert is not installed (apt-get install librsvg2-bin)"))
  func png() throws {
    let svg = Self.edit.svg()
    let png = try MapFile.png(svg)
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count < 1_000_000)
    #expect(MapFile.png.isOurs(png) && MapFile.svg.isOurs(Data(svg.utf8)))
    #expect(!MapFile.png.isOurs(Data(svg.utf8)) && !MapFile.svg.isOurs(png))
    let picture = noticePicture(svg, alternative: "A map.")
    #expect(picture.format == .png && picture.alternative == "A map.")
    #expect(noticePicture("no picture", alternative: "").format == .svg)
  }
}

/// A picture as an XML parser reads it.
private final class SVGReading: NSObject, XMLParserDelegate {
  static let expected: Set<String> = [
    "svg", "title", "desc", "style", "defs", "clipPath", "pattern", "mask", "g", "rect", "path",
    "circle", "text",
  ]
  static let expectedAttributes: Set<String> = [
    "xmlns", "class", "viewBox", "width", "height", "role", "aria-labelledby", "id", "x", "y", "rx",
    "cx", "cy", "r", "d", "fill", "fill-rule", "clip-path", "mask", "maskUnits", "patternUnits",
    "patternTransform",
  ]
  var elements: Set<String> = []
  var attributes: Set<String> = []
  var links: Set<String> = []
  var style = ""
  var error: String?
  private var isInStyle = false

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() {
      error = "\(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes values: [String: String]
  ) {
    elements.insert(name)
    attributes.formUnion(values.keys)
    links.formUnion(values.values.filter { $0.contains("://") })
    isInStyle = name == "style"
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { isInStyle = false }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if isInStyle { style += text.filter { $0 != "\n" } }
  }
}
