import Triage

/// Goes through one boundary file and collects areas and problems.
///
/// Reads RFC 7946 and the older kind (GJ2008) with a `crs` member, on whatever level it stands:
/// FeatureCollection, Feature, or a bare Polygon, MultiPolygon or GeometryCollection of these, which
/// takes its id and name from the file's name. Either winding; heights are passed over. KML comes in
/// as the same nodes (``KMLScanner``), and so does what GDAL converts.
struct AreaFileReader {
  let file: String
  let bytes: [UInt8]
  let form: AreaFileForm
  let conversions: Conversions
  var entries: [AreaFile.Entry] = []
  var operations: [OperationInForce] = []
  var problems: [AreaFileProblem] = []
  private var unlisted = 0
  /// The feature being read, as problems call it.
  var feature: String?
  var budget = AreaFileSettings.mostPoints

  private var settings: AreaFileSettings { conversions.settings }

  init(file: String, bytes: [UInt8], form: AreaFileForm = .geoJSON, conversions: Conversions) {
    self.file = file
    self.bytes = bytes
    self.form = form
    self.conversions = conversions
  }

  mutating func read() -> AreaFile {
    if bytes.count > AreaFileSettings.largestFile {
      add("The file is larger than \(AreaFileSettings.largestFile >> 20) MB and was not read.")
    } else if form == .kml {
      let kml = KMLScanner.read(bytes, settings: settings)
      for note in kml.notes { warn(note.sentence, at: note.offset) }
      if let error = kml.error {
        add("The file is not valid KML: \(error.sentence).", at: error.offset)
      }
      // Half a file is no file; and KML knows one system only, whatever the settings say of others.
      if kml.error == nil { readDocument(kml.document, outer: longitudeLatitude) }
    } else {
      do throws(JSONSyntaxError) {
        readDocument(try JSONScanner.read(bytes), outer: settings.crs)
      } catch {
        add("The file is not valid JSON: \(error.sentence).", at: error.offset)
      }
    }
    feature = nil
    if unlisted > 0 { list(.error, "\(unlisted) more problems are not listed.") }
    return AreaFile(name: file, entries: entries, operations: operations, problems: problems)
  }

  private mutating func readDocument(_ root: JSONNode, outer: String) {
    guard let type = root["type"]?.string else {
      return add("This is not GeoJSON: the file is no object with a `type`.", at: root.offset)
    }
    guard let crs = systemName(of: root, outer: outer) else { return }
    switch type {
    case "FeatureCollection":
      guard let features = root["features"]?.array else {
        return add("The collection has no list of `features`.", at: root.offset)
      }
      if features.isEmpty {
        add(
          form == .kml ? "The file holds no Placemark." : "The collection holds no feature.",
          at: root.offset)
      }
      for (index, node) in features.enumerated() {
        readFeature(node, number: index + 1, crs: crs)
      }
    case "Feature": readFeature(root, number: 1, crs: crs)
    case "Polygon", "MultiPolygon", "GeometryCollection": readBareGeometry(root, crs: crs)
    default:
      add(
        "The file's type is '\(type.prefix(40))'; a FeatureCollection, Feature, Polygon, "
          + "MultiPolygon or GeometryCollection is needed.", at: root.offset)
    }
  }

  private mutating func readBareGeometry(_ root: JSONNode, crs: String) {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem = last.split(separator: ".").first.map(String.init) ?? last
    feature = stem
    guard let polygons = readGeometry(root, crs: crs) else { return }
    append(PilotArea(id: stem, name: stem, polygons: polygons), priority: nil, at: root)
  }

  private mutating func readFeature(_ node: JSONNode, number: Int, crs outer: String) {
    feature = "number \(number)"
    guard node["type"]?.string == "Feature" else {
      return add("This is no Feature.", at: node.offset)
    }
    let properties = node["properties"]
    if settings.isContext {
      return readNeighbour(node, name: neighbourName(properties), number: number, crs: outer)
    }
    let stated = properties?[settings.idProperty]
    let id = readID(stated ?? node["id"], of: node)
    if let id { feature = id }
    if form == .kml, stated == nil, id != nil {
      warn(
        "It has no id (a Data element '\(settings.idProperty)'); its name serves, so a new name "
          + "would be a new area.", at: node.offset)
    }
    let name = properties?[settings.nameProperty]?.string.map(trimmed) ?? ""
    if name.isEmpty, id != nil {
      warn("It has no name (property '\(settings.nameProperty)'); its id serves.", at: node.offset)
    }
    let more = readProperties(properties, by: settings)
    guard let crs = systemName(of: node, outer: outer) else { return }
    guard let geometry = node["geometry"], !geometry.isNull else {
      return add("It has no geometry.", at: node.offset)
    }
    guard let inner = systemName(of: geometry, outer: crs),
      let polygons = readGeometry(geometry, crs: inner), let id
    else { return }
    append(
      PilotArea(
        id: id, name: name.isEmpty ? id : name, polygons: polygons, reason: more.reason,
        from: more.from, until: more.until, margin: more.margin),
      priority: more.priority, at: node)
  }

  /// A feature that is drawn and decides nothing.
  private mutating func readNeighbour(
    _ node: JSONNode, name: String, number: Int, crs outer: String
  ) {
    guard let crs = systemName(of: node, outer: outer), let geometry = node["geometry"],
      let inner = systemName(of: geometry, outer: crs),
      let polygons = readGeometry(geometry, crs: inner)
    else { return }
    append(PilotArea(id: "\(number)", name: name, polygons: polygons), priority: nil, at: node)
  }

  /// The stated property, else one that is called name, else the one that ends as the Office for National
  /// Statistics ends its names (WD24NM: the wards of 2024).
  private func neighbourName(_ properties: JSONNode?) -> String {
    guard case .object(let members) = properties?.value else { return "" }
    func isONS(_ key: String) -> Bool {
      key.hasSuffix("NM") && key.utf8.count <= 10 && key.dropLast(2).last?.isNumber == true
    }
    let named =
      properties?[settings.nameProperty]
      ?? members.first { $0.key.lowercased() == "name" }?.node
      ?? members.first { isONS($0.key) }?.node
    return named?.string.map { String(trimmed($0).prefix(100)) } ?? ""
  }

  private mutating func append(_ area: PilotArea, priority: Double?, at node: JSONNode) {
    let (line, column) = lineAndColumn(of: node.offset, in: bytes)
    entries.append(
      AreaFile.Entry(
        area: area, priority: priority, line: form.hasLines ? line : nil,
        column: form.hasLines ? column : nil))
  }

  /// A text or a whole number; it is printed in lists, so no comma and no control character.
  private mutating func readID(_ node: JSONNode?, of feature: JSONNode) -> String? {
    var id = node?.string.map(trimmed) ?? ""
    if let number = node?.number, let whole = Int(exactly: number), number.magnitude < 9e15 {
      id = String(whole)
    } else if let node, node.number != nil {
      add("Its id is a number with a fraction; write it as a text.", at: node.offset)
      return nil
    }
    if id.isEmpty {
      add("It has no id (property '\(settings.idProperty)').", at: feature.offset)
      return nil
    }
    let clean = id.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "," }
    if !clean || id == "-" || id.utf8.count > 100 {
      add(
        "Its id cannot be used: an id has up to 100 characters, no comma, no line break, and is "
          + "not '-'.", at: node?.offset ?? feature.offset)
      return nil
    }
    return id
  }

  // MARK: - Problems

  mutating func add(
    _ sentence: String, at offset: Int? = nil, place: AreaFileProblem.FilePoint? = nil,
    picture: String? = nil
  ) {
    list(.error, sentence, at: offset, place: place, picture: picture)
  }

  mutating func warn(
    _ sentence: String, at offset: Int? = nil, place: AreaFileProblem.FilePoint? = nil
  ) {
    list(.warning, sentence, at: offset, place: place)
  }

  private mutating func list(
    _ severity: AreaFileProblem.Severity, _ sentence: String, at offset: Int? = nil,
    place: AreaFileProblem.FilePoint? = nil, picture: String? = nil
  ) {
    if problems.count > AreaFileSettings.mostProblems { return }
    if problems.count == AreaFileSettings.mostProblems, feature != nil {
      unlisted += 1
      return
    }
    let position = form.hasLines ? offset.map { lineAndColumn(of: $0, in: bytes) } : nil
    problems.append(
      AreaFileProblem(
        severity: severity, file: file, line: position?.line, column: position?.column,
        feature: feature, place: place, sentence: sentence, picture: picture))
  }
}

/// Without white space at either end.
func trimmed(_ text: String) -> String {
  let start = text.drop { $0.isWhitespace }
  guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(start[...end])
}

/// What the bytes of a boundary file are.
enum AreaFileForm: Sendable {
  case geoJSON
  case kml
  /// GeoJSON that GDAL made of a file of another kind: its lines are nobody's.
  case converted

  var hasLines: Bool { self != .converted }
}
