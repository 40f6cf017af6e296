import Foundation
import Triage

/// Puts the parts of a map together: what lies beneath first.
struct MapDrawing {
  private let picture: AreaPicture
  private let isInPage: Bool
  private let frame: MapFrame
  private let areas: [MapShape]
  private let before: [MapShape]
  private let context: [MapShape]
  private let marks: MapMarks
  private let titleLines: [String]
  /// Ids of areas whose ground is not what it was.
  private let changes: Set<String>
  private let moved: [Moved]
  private var labels: MapLabels
  private var text = Markup()

  init(_ picture: AreaPicture, isInPage: Bool) {
    self.picture = picture
    self.isInPage = isInPage
    titleLines =
      isInPage
      ? [] : mapLines(picture.title, width: MapFrame.width - 20, size: 17, isBold: true, most: 3)
    let top = isInPage ? 8 : 14 + 21 * Double(max(1, titleLines.count))
    frame = MapFrame(MapDrawing.ground(picture), top: top)
    let budget = AreaPicture.mostPoints
    let frame = frame
    areas = bounded(picture.areas.map { MapShape($0, frame) }, points: budget / 2)
    before = bounded(picture.before.map { MapShape($0, frame) }, points: budget / 4)
    context = bounded(
      picture.context.map { MapShape($0, frame) }.filter { !$0.rings.isEmpty }, points: budget / 4)
    marks = MapMarks(picture.marks, fewest: picture.fewest, frame)
    changes = Set(picture.changed.map(\.id))
    moved = MapDrawing.moved(picture, areas, before, changes: changes)
    labels = MapLabels(
      in: frame.rect, taken: [MapDrawing.arrowRoom(frame.rect), MapDrawing.barRoom(frame)],
      marks: marks.placed.map(\.box) + MapDrawing.discs(picture, frame))
  }

  /// Where the numbers of squares stand.
  private static func discs(_ picture: AreaPicture, _ frame: MapFrame) -> [MapRect] {
    picture.numbered.map { square in
      let at = frame.place(square)
      return MapRect(x: at.x - 9, y: at.y - 9, width: 18, height: 18)
    }
  }

  /// What must be seen: the areas, where there are none the context, where there is none a kilometre.
  private static func ground(_ picture: AreaPicture) -> Box {
    for areas in [picture.areas + picture.before, picture.context] {
      var box = Box.nothing
      for polygon in areas.lazy.flatMap(\.polygons) {
        for point in polygon.outer where isDrawable(point) { box.add(point) }
      }
      if !box.isNothing { return box }
    }
    return Box(minX: 0, minY: 0, maxX: 1000, maxY: 1000)
  }

  mutating func svg() -> String {
    let now = Set(picture.areas.map(\.id))
    let gone = zip(picture.before, before).filter { !now.contains($0.0.id) }
    labels.place(
      zip(picture.areas, areas).map { .init(name: $0.name, shape: $1) }
        + gone.map { .init(name: "\($0.0.name) (gone)", shape: $0.1) })
    labels.placeContext(contextWishes, besides: areas + before)
    let legend =
      picture.isBare
      ? nil
      : MapLegend(
        picture, marks: marks, labels: labels, top: frame.rect.bottom + 10,
        isChanged: !picture.before.isEmpty, isMoved: !moved.isEmpty,
        hasContext: !context.isEmpty)
    let (width, height) = (
      short(MapFrame.width), short(legend?.bottom ?? frame.rect.bottom + 8)
    )
    text.raw(
      AreaPicture.start + "viewBox=\"0 0 \(width) \(height)\" "
        + (isInPage ? "" : "width=\"\(width)\" height=\"\(height)\" ")
        + "role=\"img\" aria-labelledby=\"tm-title\(picture.isBare ? "" : " tm-desc")\">")
    text.add("title", "id=\"tm-title\"", picture.title)
    if !picture.isBare { text.add("desc", "id=\"tm-desc\"", picture.alternative) }
    text.raw("<style>\(AreaPicture.styleText)</style>\n")
    definitions()
    text.raw("<rect class=\"tm-paper\" width=\"\(width)\" height=\"\(height)\"/>\n")
    for (number, line) in titleLines.enumerated() {
      say("tm-title", 10, 24 + 21 * Double(number), line)
    }
    let rect = attributes(frame.rect)
    text.raw("<rect class=\"tm-ground\" \(rect)/>\n<g clip-path=\"url(#tm-seen)\">\n")
    draw(context, "tm-context")
    for (area, shape) in zip(picture.areas, areas) where !shape.rings.isEmpty {
      let counts = picture.today.map(area.counts(on:)) ?? true
      text.raw("<path class=\"\(counts ? "tm-area" : "tm-idle")\" fill-rule=\"evenodd\" ")
      text.raw("d=\"\(shape.path)\"/>\n")
    }
    drawChange()
    for label in labels.contextLabels { draw(label, "tm-context-name", lineHeight: 12) }
    drawSquares()
    for mark in marks.placed {
      text.raw(mark.kind.shape(mark.at.x, mark.at.y, mark.size) + "\n")
    }
    text.raw("</g>\n<rect class=\"tm-frame\" \(rect)/>\n")
    for label in labels.labels where !label.isNumber {
      draw(label, "tm-name", lineHeight: MapLabels.lineHeight)
    }
    for label in labels.labels where label.isNumber {
      let box = label.box
      if label.hasDisc {
        text.raw(
          "<circle class=\"tm-disc\" cx=\"\(short(box.x + 8))\" cy=\"\(short(box.y + 8))\" r=\"8\"/>"
        )
      }
      draw(label, label.hasDisc ? "tm-number" : "tm-number tm-bare", lineHeight: 0)
    }
    drawNumbers()
    arrow()
    scaleBar()
    legend?.draw(into: &text)
    text.close("svg")
    return text.text
  }

  private var contextWishes: [MapLabels.Wish] {
    let named = picture.context.filter { area in !MapShape(area, frame).rings.isEmpty }
    guard named.count == context.count, named.count <= 400 else { return [] }
    return zip(named, context).map { .init(name: $0.name, shape: $1) }
  }

  // MARK: - An edit

  /// Ground that came or went, whatever area it is in, and ground that changed its area.
  private mutating func drawChange() {
    guard !picture.before.isEmpty else { return }
    let rect = attributes(frame.rect.grown(by: 30))
    let (was, now) = (path(before), path(areas))
    for (kind, path, other) in [("came", now, was), ("went", was, now)] {
      text.raw(
        "<mask id=\"tm-not-\(kind)\" maskUnits=\"userSpaceOnUse\" \(rect)><rect \(rect) "
          + "fill=\"#fff\"/>")
      for each in other { text.raw("<path fill=\"#000\" fill-rule=\"evenodd\" d=\"\(each)\"/>") }
      text.raw("</mask>\n<g mask=\"url(#tm-not-\(kind))\">")
      for each in path {
        text.raw("<path fill=\"url(#tm-\(kind))\" fill-rule=\"evenodd\" d=\"\(each)\"/>")
      }
      text.raw("</g>\n")
    }
    for (number, ground) in moved.enumerated() {
      text.raw("<mask id=\"tm-was-\(number)\" maskUnits=\"userSpaceOnUse\" \(rect)>")
      for (each, colour) in [(ground.others, "#fff"), (ground.own, "#000")] {
        for path in path(each) {
          text.raw("<path fill=\"\(colour)\" fill-rule=\"evenodd\" d=\"\(path)\"/>")
        }
      }
      text.raw(
        "</mask>\n<path fill=\"url(#tm-moved)\" fill-rule=\"evenodd\" "
          + "mask=\"url(#tm-was-\(number))\" d=\"\(ground.area.path)\"/>\n")
    }
    let stayed = Set(picture.areas.filter { !changes.contains($0.id) }.map(\.id))
    for (area, shape) in zip(picture.before, before)
    where !stayed.contains(area.id) && !shape.rings.isEmpty {
      text.raw("<path class=\"tm-before\" d=\"\(shape.path)\"/>\n")
    }
  }

  /// An area that has ground which was another's, with what these others were and what it was itself.
  private struct Moved {
    var area: MapShape
    var others: [MapShape]
    var own: [MapShape]
  }

  /// At most so many, and in all so few points, that the picture stays small.
  private static func moved(
    _ picture: AreaPicture, _ areas: [MapShape], _ before: [MapShape], changes: Set<String>
  ) -> [Moved] {
    var found: [Moved] = []
    var left = AreaPicture.mostPoints / 4
    for (area, shape) in zip(picture.areas, areas) where changes.contains(area.id) {
      guard let box = shape.box, found.count < 40 else { continue }
      var (others, own) = ([MapShape](), [MapShape]())
      for (was, shape) in zip(picture.before, before) where shape.box?.overlap(box) ?? 0 > 0 {
        if was.id == area.id { own.append(shape) } else { others.append(shape) }
      }
      let points = (others + own).reduce(shape.points) { $0 + $1.points }
      guard !others.isEmpty, points <= left else { continue }
      left -= points
      found.append(Moved(area: shape, others: others, own: own))
    }
    return found
  }

  private func path(_ shapes: [MapShape]) -> [String] {
    shapes.filter { !$0.rings.isEmpty }.map(\.path)
  }

  private mutating func definitions() {
    text.raw("<defs><clipPath id=\"tm-seen\"><rect \(attributes(frame.rect))/></clipPath>")
    if !picture.before.isEmpty {
      for kind in MapLegend.hatches { text.raw(MapLegend.pattern(kind)) }
    }
    text.raw("</defs>\n")
  }

  // MARK: - Pieces

  private mutating func draw(_ shapes: [MapShape], _ kind: String) {
    for shape in shapes where !shape.rings.isEmpty {
      text.raw("<path class=\"\(kind)\" fill-rule=\"evenodd\" d=\"\(shape.path)\"/>\n")
    }
  }

  private mutating func draw(_ label: MapLabels.Label, _ kind: String, lineHeight: Double) {
    for (number, line) in label.lines.enumerated() {
      say(kind, label.at.x, label.at.y + lineHeight * Double(number), line)
    }
  }

  private mutating func say(_ kind: String, _ x: Double, _ y: Double, _ words: String) {
    text.add("text", "class=\"\(kind)\" x=\"\(short(x))\" y=\"\(short(y))\"", words)
    text.raw("\n")
  }

  private func attributes(_ rect: MapRect) -> String {
    "x=\"\(short(rect.x))\" y=\"\(short(rect.y))\" width=\"\(short(rect.width))\" "
      + "height=\"\(short(rect.height))\""
  }

  private static func arrowRoom(_ rect: MapRect) -> MapRect {
    MapRect(x: rect.right - 30, y: rect.y + 4, width: 26, height: 44)
  }

  // MARK: - Numbered squares

  private mutating func drawSquares() {
    let side = AreaPicture.numberedMetres * frame.scale
    for square in picture.numbered {
      let at = frame.place(square)
      let rect = MapRect(x: at.x - side / 2, y: at.y - side / 2, width: side, height: side)
      text.raw("<rect class=\"tm-square\" \(attributes(rect))/>\n")
    }
  }

  /// Above all else, those that would lie beyond the map at its rim.
  private mutating func drawNumbers() {
    let seen = frame.rect.grown(by: -11)
    for (at, square) in picture.numbered.enumerated() {
      let middle = frame.place(square)
      let x = min(max(middle.x, seen.x), seen.right)
      let y = min(max(middle.y, seen.y), seen.bottom)
      text.raw("<circle class=\"tm-disc\" cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"9\"/>")
      say("tm-number", x, y + 3.6, "\(at + 1)")
    }
  }

  private mutating func arrow() {
    let room = MapDrawing.arrowRoom(frame.rect)
    let (x, y) = (room.x + room.width / 2, room.y + 3)
    text.raw("<rect class=\"tm-plate\" \(attributes(room)) rx=\"4\"/>")
    text.raw("<path class=\"tm-arrow\" d=\"M\(short(x)) \(short(y))l6.5 20-6.5-4.5-6.5 4.5z\"/>")
    say("tm-number", x, y + 35, "N")
  }

  private static func barRoom(_ frame: MapFrame) -> MapRect {
    MapRect(
      x: frame.rect.x + 4, y: frame.rect.bottom - 24,
      width: frame.scaleBarMetres * frame.scale + 64, height: 20)
  }

  private mutating func scaleBar() {
    let room = MapDrawing.barRoom(frame)
    let metres = frame.scaleBarMetres
    let length = metres * frame.scale
    let (x, y) = (room.x + 8, room.bottom - 6)
    let words = metres >= 1000 ? "\(Int(metres / 1000)) km" : "\(Int(metres)) m"
    text.raw("<rect class=\"tm-plate\" \(attributes(room)) rx=\"4\"/>")
    text.raw(
      "<path class=\"tm-bar\" d=\"M\(short(x)) \(short(y - 7))v7h\(short(length))v-7"
        + "M\(short(x + length / 2)) \(short(y - 4))v4\"/>")
    say("tm-small", x + length + 6, y, words)
  }
}
