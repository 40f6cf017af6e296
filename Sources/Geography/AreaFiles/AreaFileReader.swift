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
  private var errors = ProblemList(.error)
  private var warnings = ProblemList(.warning)
  /// The feature being read, as problems call it.
  var feature: String?
  /// Points on the grid that may still be made.
  var budget = AreaFileSettings.mostPoints
  var looks = LooksBudget()
  /// The systems that the file has named so far.
  var systems: Set<String> = []
  private var lines: LineIndex?
  /// Whether a pin was passed over.
  private var hasPin = false

  var settings: AreaFileSettings { conversions.settings }

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
      warnings.unlisted += kml.unlistedNotes
      if let error = kml.error {
        add("The file is not valid KML: \(error.sentence).", at: error.offset)
      }
      // Half a file is no file; and KML knows one system only, whatever the settings say of others.
      hasPin = kml.hasPin
      if kml.error == nil { readDocument(kml.document, outer: longitudeLatitude) }
    } else {
      do throws(JSONSyntaxError) {
        let document = try JSONScanner.read(bytes)
        if let outer = outerSystem(of: document) { readDocument(document, outer: outer) }
      } catch {
        add("The file is not valid JSON: \(error.sentence).", at: error.offset)
      }
    }
    if hasPin, entries.isEmpty, errors.isEmpty {
      feature = nil
      add("The file holds no area, only pins.", at: 0)
    }
    return AreaFile(
      name: file, entries: entries, operations: operations,
      problems: errors.all(of: file) + warnings.all(of: file))
  }

  /// The system of coordinates for which the file names none; `nil` after an error.
  private mutating func outerSystem(of document: JSONNode) -> String? {
    guard case .converted(let known) = form else { return settings.crs }
    if let known { return known }
    if settings.crs == longitudeLatitude, document["crs"].map(\.isNull) ?? true {
      add(
        "GDAL found no code for its coordinate system, and longitude and latitude would be a guess: export "
          + "it as GeoPackage or GeoJSON in a system that has an EPSG code, or name the system by `crs` "
          + "under `areas:` in the settings (EPSG:4326 if that is it).")
      return nil
    }
    return settings.crs
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
      if features.isEmpty, !hasPin {
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
    feature = oneLine(stem)
    if !isUsable(id: stem) {
      add("Its id is the file's name, which cannot be used: \(ruleOfIDs)", at: root.offset)
    }
    guard let polygons = readGeometry(root, crs: crs), isUsable(id: stem) else { return }
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
    if let geometry = node["geometry"], isPin(geometry) { return passOver(geometry) }
    let stated = stated(properties?[settings.idProperty])
    let id = readID(stated ?? self.stated(node["id"]), of: node)
    if let id { feature = id }
    if form == .kml, stated == nil, id != nil {
      warn(
        "It has no id (a Data element '\(settings.idProperty)'); its name serves, so a new name "
          + "would be a new area.", at: node.offset)
    }
    let name = readName(properties?[settings.nameProperty])
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

  func isPin(_ geometry: JSONNode) -> Bool {
    ["Point", "MultiPoint"].contains(geometry["type"]?.string)
  }

  /// Tools put a pin with a label beside an outline.
  mutating func passOver(_ pin: JSONNode) {
    hasPin = true
    warn("A pin is no area and is passed over.", at: pin.offset)
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
    return String(readName(named).prefix(100))
  }

  private mutating func append(_ area: PilotArea, priority: Double?, at node: JSONNode) {
    let place = place(of: node.offset)
    entries.append(
      AreaFile.Entry(area: area, priority: priority, line: place?.line, column: place?.column))
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
    let isFull = severity == .error ? errors.isFull : warnings.isFull
    let position = isFull ? nil : offset.flatMap { self.place(of: $0) }
    let problem = AreaFileProblem(
      severity: severity, file: file, line: position?.line, column: position?.column,
      feature: feature, place: place, sentence: sentence, picture: picture)
    switch severity {
    case .error: errors.add(problem)
    case .warning: warnings.add(problem)
    }
  }

  /// Line and column, where the file has lines.
  private mutating func place(of offset: Int) -> (line: Int, column: Int)? {
    guard form.hasLines else { return nil }
    let index = lines ?? LineIndex(bytes)
    lines = index
    return index.place(of: offset, in: bytes)
  }
}

/// What the bytes of a boundary file are.
enum AreaFileForm: Hashable, Sendable {
  case geoJSON
  case kml
  /// GeoJSON that GDAL made of a file of another kind: its lines are nobody's. Its system is the one that it
  /// names, else this one; there is no usual one, since such files are in any.
  case converted(crs: String?)

  var isConverted: Bool { if case .converted = self { true } else { false } }
  var hasLines: Bool { !isConverted }
}
