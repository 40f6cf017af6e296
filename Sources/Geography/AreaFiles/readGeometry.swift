import Triage

extension AreaFileReader {
  /// A Polygon, a MultiPolygon or a GeometryCollection of these, brought onto the grid; `nil` after
  /// an error.
  mutating func readGeometry(_ node: JSONNode, crs: String) -> [Polygon]? {
    let type = node["type"]?.string ?? ""
    if type == "GeometryCollection" { return readCollection(node, crs: crs) }
    guard type == "Polygon" || type == "MultiPolygon" else {
      let found = type.isEmpty ? "without a type" : "a \(type.prefix(40))"
      add("Its geometry is \(found); an area is a Polygon or MultiPolygon.", at: node.offset)
      return nil
    }
    guard let coordinates = node["coordinates"]?.array, !coordinates.isEmpty else {
      add("Its \(type) has no coordinates.", at: node.offset)
      return nil
    }
    if !systems.contains(crs), systems.count >= AreaFileSettings.mostSystems {
      add(
        "The file names more than \(AreaFileSettings.mostSystems) coordinate systems; save it in one.",
        at: node.offset)
      return nil
    }
    systems.insert(crs)
    let conversion: Conversion
    do throws(ProjectionError) {
      conversion = try conversions.conversion(from: crs)
    } catch {
      add(error.sentence, at: node.offset)
      return nil
    }
    if !operations.contains(conversion.operation) { operations.append(conversion.operation) }

    var polygons: [Polygon] = []
    if type == "Polygon" {
      guard let polygon = readPolygon(coordinates, by: conversion) else { return nil }
      polygons = [polygon]
    } else {
      for part in coordinates {
        guard let rings = part.array, !rings.isEmpty else {
          add("A part of its MultiPolygon is \(part.kind), not a list of rings.", at: part.offset)
          return nil
        }
        guard let polygon = readPolygon(rings, by: conversion) else { return nil }
        polygons.append(polygon)
      }
    }
    return polygons
  }

  /// Collections may hold collections; the scanner bounds how deep.
  private mutating func readCollection(_ node: JSONNode, crs: String) -> [Polygon]? {
    guard let members = node["geometries"]?.array, !members.isEmpty else {
      add("Its GeometryCollection holds no geometry.", at: node.offset)
      return nil
    }
    var polygons: [Polygon] = []
    for member in members {
      if isPin(member) {
        passOver(member)
        continue
      }
      guard let inner = systemName(of: member, outer: crs),
        let found = readGeometry(member, crs: inner)
      else { return nil }
      polygons += found
    }
    if polygons.isEmpty {
      add("Its GeometryCollection holds no area, only pins.", at: node.offset)
      return nil
    }
    return polygons
  }

  private mutating func readPolygon(_ nodes: [JSONNode], by conversion: Conversion) -> Polygon? {
    var sources: [SourceRing] = []
    for node in nodes {
      guard let source = readRing(node) else { return nil }
      if let (index, sentence) = contradiction(in: source.points, to: conversion, form: form) {
        add(sentence, at: source.offsets[index], place: source.point(index))
        return nil
      }
      sources.append(source)
    }
    // Before edges are followed on the grid, which costs far more.
    let points = sources.map(\.points)
    let tangle = findTangle(in: points) ?? findMisplacedHole(in: points)
    // A line there and back runs over itself, but that it encloses nothing says it better.
    if let tangle {
      if tangle.kind == .overlap,
        let ring = try? densify(
          points[0], by: conversion.projection, budget: &budget, looks: &looks.left,
          spacing: conversions.spacing, longest: AreaFileSettings.longestEdge), ringArea(ring) < 1
      {
        addEnclosesNothing(nodes[0], sources[0])
        return nil
      }
      add(
        tangle.sentence, at: sources[tangle.ring].offsets[tangle.point],
        place: AreaFileProblem.FilePoint(x: tangle.place.x, y: tangle.place.y),
        picture: draw(tangle, of: points, inDegrees: conversion.kind == .geographic))
      return nil
    }
    var rings: [Ring] = []
    for (node, source) in zip(nodes, sources) {
      guard let ring = bringOntoGrid(source, of: node, by: conversion) else { return nil }
      rings.append(ring)
    }
    if ringArea(rings[0]) < 1 {
      addEnclosesNothing(nodes[0], sources[0])
      return nil
    }
    return Polygon(outer: rings[0], holes: Array(rings.dropFirst()))
  }

  private mutating func addEnclosesNothing(_ node: JSONNode, _ ring: SourceRing) {
    add(
      "A ring encloses less than one square metre.", at: node.offset, place: ring.point(0))
  }

  /// The points of a ring, without the repeated first one at the end; `nil` after an error.
  private mutating func readRing(_ node: JSONNode) -> SourceRing? {
    guard let positions = node.array, !positions.isEmpty else {
      add(
        "A ring is \(node.array == nil ? node.kind : "empty"), not a list of points.",
        at: node.offset)
      return nil
    }
    var ring = SourceRing()
    for position in positions {
      guard let numbers = position.array, numbers.count >= 2 else {
        let found = position.array.map { "a list of \($0.count)" } ?? position.kind
        add("A point of a ring is \(found), not a pair of numbers.", at: position.offset)
        return nil
      }
      guard let x = numbers[0].number, let y = numbers[1].number else {
        let wrong = numbers[0].number == nil ? numbers[0] : numbers[1]
        add("A coordinate is \(wrong.kind), not a number.", at: wrong.offset)
        return nil
      }
      ring.points.append(SourcePoint(x: x, y: y))
      ring.offsets.append(position.offset)
    }
    if ring.points.count > 1, ring.points.first == ring.points.last {
      ring.points.removeLast()
    } else {
      warn(
        "A ring is not closed: its last point is not its first; it was closed with a straight "
          + "line.", at: ring.offsets.last, place: ring.point(ring.points.count - 1))
    }
    guard Set(ring.points).count >= 3 else {
      add(
        "A ring has \(ring.points.count + 1) points, of which \(Set(ring.points).count) differ; "
          + "it takes at least four, the last the same as the first.", at: node.offset,
        place: ring.point(0))
      return nil
    }
    return ring
  }

  private mutating func bringOntoGrid(
    _ ring: SourceRing, of node: JSONNode, by conversion: Conversion
  ) -> Ring? {
    func place(_ point: SourcePoint) -> AreaFileProblem.FilePoint {
      AreaFileProblem.FilePoint(x: point.x, y: point.y)
    }
    do throws(RingProblem) {
      let made: Ring
      if conversion.kind == .sameAsGrid {
        budget -= ring.points.count
        if budget < 0 { throw .tooManyPoints(ring.points[0]) }
        made = ring.points.map { GridPoint(x: $0.x, y: $0.y) }
      } else {
        looks.grant(for: ring.points.count)
        made = try densify(
          ring.points, by: conversion.projection, budget: &budget, looks: &looks.left,
          spacing: conversions.spacing, longest: AreaFileSettings.longestEdge)
      }
      if made.contains(where: { max($0.x.magnitude, $0.y.magnitude) > AreaFileSettings.farthest }) {
        throw .outOfReach(ring.points[0])
      }
      return made
    } catch {
      let grid = conversion.operation.grid
      switch error {
      case .outOfReach(let point):
        add("An edge leaves the reach of the grid \(grid).", at: node.offset, place: place(point))
      case .tooManyPoints(let point):
        add(
          "The areas of this file have too many points on the grid "
            + "(more than \(AreaFileSettings.mostPoints)).", at: node.offset, place: place(point))
      case .tooLong(let point):
        add(
          "An edge is more than \(Int(AreaFileSettings.longestEdge / 1000)) km long; put points on it if that is meant.",
          at: node.offset, place: place(point))
      case .tooMuchWork(let point):
        add(
          "The edges of this file's areas are too long to be followed on the grid; split the file.",
          at: node.offset, place: place(point))
      }
      return nil
    }
  }
}

/// How many points may be looked at while the edges of one file are followed on the grid: enough for those of
/// a country's wards (20 million metres of boundary from the start, 5 km more for each point), and not enough
/// for a small file to keep a processor busy for minutes.
struct LooksBudget {
  var left = 400_000
  private var ungranted = 20_000_000

  mutating func grant(for points: Int) {
    let more = min(100 * points, ungranted)
    ungranted -= more
    left += more
  }
}

/// A ring as the file has it, with the place in the text of each point.
private struct SourceRing {
  var points: [SourcePoint] = []
  var offsets: [Int] = []

  func point(_ index: Int) -> AreaFileProblem.FilePoint {
    AreaFileProblem.FilePoint(x: points[index].x, y: points[index].y)
  }
}
