import Triage

/// What the signs of a map mean, the names that did not fit, and whose data are drawn: below the map.
struct MapLegend {
  private enum Sign {
    case mark(AreaPicture.Kind)
    case swatch(String)
    case hatch(String)
    case number(Int)
  }

  private struct Entry {
    var sign: Sign
    var lines: [String]
    var at: MapPoint
  }

  private var entries: [Entry] = []
  private var notes: [(at: MapPoint, line: String)] = []
  /// Where the picture ends.
  private(set) var bottom: Double

  private static let left = 10.0
  private static let lineHeight = 15.0
  private static let size = 12.0

  /// Ground that came, went, and changed its area: each hatched in a way of its own.
  static let hatches = ["came", "went", "moved"]

  init(
    _ picture: AreaPicture, marks: MapMarks, labels: MapLabels, top: Double, isChanged: Bool,
    isMoved: Bool, hasContext: Bool
  ) {
    bottom = top
    var wishes: [(Sign, String)] = []
    let idle = picture.today.map { day in picture.areas.count { !$0.counts(on: day) } } ?? 0
    if picture.areas.count > idle {
      wishes.append((.swatch("tm-area"), isChanged ? "area after the edit" : "pilot area"))
    }
    if idle > 0 { wishes.append((.swatch("tm-idle"), "area that does not count today")) }
    if isChanged {
      wishes.append((.swatch("tm-before"), "outline before the edit"))
      wishes.append((.hatch("came"), "ground that came"))
      wishes.append((.hatch("went"), "ground that went"))
      if isMoved { wishes.append((.hatch("moved"), "ground that was another area's")) }
    }
    for kind in AreaPicture.Kind.allCases {
      guard let jobs = marks.jobs[kind] else { continue }
      wishes.append((.mark(kind), "\(kind.words) (\(CivilWords.grouped(jobs)))"))
    }
    if hasContext { wishes.append((.swatch("tm-context"), "neighbouring ward")) }
    flow(wishes)
    flow(labels.key.map { (.number($0.number), $0.name) })
    if picture.areas.isEmpty, picture.before.isEmpty { note("There is no area to draw.") }
    if labels.unnamed > 0 {
      note(
        "\(CivilWords.counted(labels.unnamed, "area")) more \(labels.unnamed == 1 ? "is" : "are") "
          + "drawn without a name.")
    }
    if !marks.placed.isEmpty {
      note(
        "A mark stands for the jobs in a square of \(Int(marks.square)) m, not at a house; a larger "
          + "one for more jobs."
          + (marks.wideSquare.map {
            " Fewer than \(picture.fewest) of a kind stand for a square of \(Int($0)) m, in its middle."
          } ?? ""))
    }
    note(picture.attribution)
    bottom += 4
  }

  /// Entries side by side while there is room, each at most as wide as the picture.
  private mutating func flow(_ wishes: [(Sign, String)]) {
    if wishes.isEmpty { return }
    let right = MapFrame.width - MapLegend.left
    var (x, y, rows) = (MapLegend.left, bottom, 1)
    for (sign, words) in wishes {
      let lines = mapLines(words, width: MapFrame.width - 60, size: MapLegend.size, most: 2)
      let width = 24 + (lines.map { textWidth($0, size: MapLegend.size) }.max() ?? 0) + 12
      if x > MapLegend.left, x + width > right {
        (x, y, rows) = (MapLegend.left, y + MapLegend.lineHeight * Double(rows) + 5, 1)
      }
      entries.append(Entry(sign: sign, lines: lines, at: MapPoint(x: x, y: y)))
      rows = max(rows, lines.count)
      x += width
    }
    bottom = y + MapLegend.lineHeight * Double(rows) + 6
  }

  private mutating func note(_ words: String) {
    for line in mapLines(words, width: MapFrame.width - 20, size: 11, most: 4) {
      notes.append((MapPoint(x: MapLegend.left, y: bottom + 11), line))
      bottom += 14
    }
  }

  func draw(into text: inout Markup) {
    for entry in entries {
      let (x, y) = (entry.at.x, entry.at.y)
      switch entry.sign {
      case .mark(let kind): text.raw(kind.shape(x + 9, y + 7, 5))
      case .swatch(let kind): text.raw(box(x, y, "class=\"\(kind)\""))
      case .hatch(let kind):
        text.raw(box(x, y, "fill=\"url(#tm-\(kind))\"") + box(x, y, "class=\"tm-edge\""))
      case .number(let number):
        text.raw(
          "<circle class=\"tm-disc\" cx=\"\(short(x + 9))\" cy=\"\(short(y + 7))\" r=\"8\"/>")
        text.add(
          "text", "class=\"tm-number\" x=\"\(short(x + 9))\" y=\"\(short(y + 10.6))\"", "\(number)")
      }
      for (number, line) in entry.lines.enumerated() {
        text.add(
          "text",
          "class=\"tm-small\" x=\"\(short(x + 24))\" "
            + "y=\"\(short(y + 11 + MapLegend.lineHeight * Double(number)))\"", line)
        text.raw("\n")
      }
    }
    for note in notes {
      text.add(
        "text", "class=\"tm-quiet\" x=\"\(short(note.at.x))\" y=\"\(short(note.at.y))\"", note.line)
      text.raw("\n")
    }
  }

  private func box(_ x: Double, _ y: Double, _ attributes: String) -> String {
    "<rect \(attributes) x=\"\(short(x + 1))\" y=\"\(short(y + 1))\" width=\"17\" height=\"12\"/>"
  }

  /// Lines that rise for what came, lines that fall for what went, dots for what changed its area.
  static func pattern(_ kind: String) -> String {
    if kind == "moved" {
      return "<pattern id=\"tm-moved\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        + "<circle class=\"tm-moved\" cx=\"3\" cy=\"3\" r=\"1.3\"/></pattern>"
    }
    let turn = kind == "came" ? 45 : -45
    return "<pattern id=\"tm-\(kind)\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
      + "patternTransform=\"rotate(\(turn))\"><path class=\"tm-\(kind)\" d=\"M3 0V6\"/></pattern>"
  }
}
