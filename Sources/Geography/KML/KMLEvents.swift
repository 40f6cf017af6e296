import CExpat
import Triage

/// What the parser meets, in the order of the file; builds one feature after another.
final class KMLEvents {
  private static let deepest = 100

  private enum Element {
    case placemark
    case name
    case data(String)
    case value
    case multiGeometry(offset: Int)
    case polygon(offset: Int, hasOuter: Bool)
    case boundary(isOuter: Bool)
    case ring
    case coordinates
    /// A shape that is no area.
    case shape(String, offset: Int)
    case other
  }

  private struct Placemark {
    var offset: Int
    var attribute: String?
    var name: JSONNode?
    var properties: [JSONMember] = []
    var geometries: [JSONNode] = []
    var hasPin = false
  }

  var parser: XML_Parser?
  private(set) var features: [JSONNode] = []
  private(set) var notes: [KMLScanner.Note] = []
  private(set) var unlistedNotes = 0
  /// Whether a Placemark was a pin and nothing else.
  private(set) var hasPassedPin = false
  private(set) var stopped: JSONSyntaxError?
  private(set) var hasKML = false
  private let settings: AreaFileSettings
  private var open: [Element] = []
  private var placemark: Placemark?
  /// For each MultiGeometry that is open its members, for each Polygon its rings, the outer one first.
  private var collected: [[JSONNode]] = []
  private var text = KMLText()
  private var valuesLeft = JSONScanner.mostValues

  init(settings: AreaFileSettings) { self.settings = settings }

  private var offset: Int { parser.map { max(0, Int(XML_GetCurrentByteIndex($0))) } ?? 0 }

  func stop(_ sentence: String) {
    if stopped == nil { stopped = JSONSyntaxError(offset: offset, sentence: sentence) }
    if let parser { XML_StopParser(parser, XML_Bool(XML_FALSE)) }
  }

  func begin(_ name: String, attribute: (String) -> String?) {
    guard stopped == nil else { return }
    if open.isEmpty {
      // Google Earth reads files without their `kml` element, and some programs write them so.
      guard name == "kml" || name == "Document" || name == "Folder" || name == "Placemark" else {
        return stop("its outermost element is `\(name.prefix(40))`, not `kml`")
      }
      hasKML = true
    }
    guard open.count < KMLEvents.deepest else { return stop("elements are nested too deep") }
    if name == "NetworkLink" {
      note("A NetworkLink is not followed: what it points to is not among the areas.")
    }
    open.append(element(name, attribute))
  }

  private func element(_ name: String, _ attribute: (String) -> String?) -> Element {
    let start = offset
    if placemark == nil {
      guard name == "Placemark" else { return .other }
      placemark = Placemark(offset: start, attribute: attribute("id"))
      return .placemark
    }
    switch (open.last, name) {
    case (.placemark, "name"):
      text.clear()
      return .name
    case (_, "Data"), (_, "SimpleData"):
      text.clear()
      return .data(attribute("name") ?? "")
    case (.data, "value"):
      text.clear()
      return .value
    case (.placemark, "MultiGeometry"), (.multiGeometry, "MultiGeometry"):
      collected.append([])
      return .multiGeometry(offset: start)
    case (.placemark, "Polygon"), (.multiGeometry, "Polygon"):
      collected.append([])
      return .polygon(offset: start, hasOuter: false)
    case (.polygon, "outerBoundaryIs"): return .boundary(isOuter: true)
    case (.polygon, "innerBoundaryIs"): return .boundary(isOuter: false)
    case (.boundary, "LinearRing"): return .ring
    case (.ring, "coordinates"):
      text.clear()
      return .coordinates
    case (.placemark, _), (.multiGeometry, _):
      let shapes = ["Point", "LineString", "LinearRing", "Model", "Track", "MultiTrack"]
      return shapes.contains(name) ? .shape(name, offset: start) : .other
    default: return .other
    }
  }

  func take(_ bytes: UnsafeRawBufferPointer) {
    switch open.last {
    case .name, .data, .value, .coordinates: text.add(bytes, at: offset)
    default: break
    }
  }

  func end() {
    guard stopped == nil, let closed = open.popLast() else { return }
    switch closed {
    case .placemark: finish()
    case .name: placemark?.name = text.node
    case .value:
      // Its Data element would take the text between its children for its value.
      if case .data(let key) = open.last {
        placemark?.properties.append(JSONMember(key: key, node: text.node))
        open[open.count - 1] = .other
      }
    case .data(let key): placemark?.properties.append(JSONMember(key: key, node: text.node))
    case .multiGeometry(let offset):
      let members = collected.popLast() ?? []
      // Only pins, which are told already.
      if members.isEmpty, placemark?.hasPin == true { break }
      let list = JSONNode(offset: offset, value: .array(members))
      add(geometry("GeometryCollection", "geometries", list, offset))
    case .polygon(let offset, let hasOuter):
      let rings = collected.popLast() ?? []
      let list = JSONNode(offset: offset, value: .array(hasOuter ? rings : []))
      add(geometry("Polygon", "coordinates", list, offset))
    case .shape(let name, let offset):
      if name == "Point" {
        placemark?.hasPin = true
        // My Maps and Google Earth put a pin with a label beside an outline.
        if let who = placemark?.name?.string {
          note("The pin of '\(who.prefix(60))' is no area and is passed over.", at: offset)
        } else {
          note("A pin is no area and is passed over.", at: offset)
        }
      } else {
        add(
          geometry(
            name == "LinearRing" ? "LineString" : name, "coordinates",
            JSONNode(offset: offset, value: .array([])), offset))
      }
    case .coordinates: closeRing()
    case .boundary, .ring, .other: break
    }
  }

  /// `coordinates` of the `ring` of the `boundary` of the polygon that is open.
  private func closeRing() {
    let at = open.count - 3
    guard at >= 0, case .boundary(let isOuter) = open[at + 1],
      case .polygon(let offset, let hasOuter) = open[at], !collected.isEmpty
    else { return }
    if isOuter, hasOuter { return stop("a Polygon has two outer boundaries") }
    guard let ring = text.positions(&valuesLeft) else {
      return stop("it holds more than \(JSONScanner.mostValues) values; split it")
    }
    if isOuter {
      open[at] = .polygon(offset: offset, hasOuter: true)
      collected[collected.count - 1].insert(ring, at: 0)
    } else {
      collected[collected.count - 1].append(ring)
    }
  }

  private func geometry(
    _ type: String, _ key: String, _ list: JSONNode, _ offset: Int
  ) -> JSONNode {
    JSONNode(
      offset: offset,
      value: .object([member("type", type, offset), JSONMember(key: key, node: list)]))
  }

  private func add(_ geometry: JSONNode) {
    if case .multiGeometry? = open.last, !collected.isEmpty {
      collected[collected.count - 1].append(geometry)
    } else {
      placemark?.geometries.append(geometry)
    }
  }

  private func finish() {
    guard let done = placemark else { return }
    placemark = nil
    let geometry: JSONNode
    switch done.geometries.count {
    case 0:
      // Only pins: no feature, and told already.
      if done.hasPin {
        hasPassedPin = true
        return
      }
      geometry = JSONNode(offset: done.offset, value: .null)
    case 1: geometry = done.geometries[0]
    default:
      let list = JSONNode(offset: done.offset, value: .array(done.geometries))
      geometry = self.geometry("GeometryCollection", "geometries", list, done.offset)
    }
    // A form that was left empty does not hide the name on the map.
    var properties = done.properties.filter {
      $0.key != settings.nameProperty || $0.node.string?.isEmpty == false
    }
    if let name = done.name, !properties.contains(where: { $0.key == settings.nameProperty }) {
      properties.append(JSONMember(key: settings.nameProperty, node: name))
    }
    var members = [
      member("type", "Feature", done.offset),
      JSONMember(
        key: "properties", node: JSONNode(offset: done.offset, value: .object(properties))),
      JSONMember(key: "geometry", node: geometry),
    ]
    if let name = done.name, let written = name.string, !trimmed(written).isEmpty {
      // An id has no comma and no line break.
      let plain = written.map { $0 == "," || $0.isNewline || $0 == "\t" ? " " : $0 }
      let id = JSONNode(offset: name.offset, value: .string(String(plain)))
      members.append(JSONMember(key: "id", node: id))
    } else if let attribute = done.attribute {
      members.append(member("id", attribute, done.offset))
    }
    features.append(JSONNode(offset: done.offset, value: .object(members)))
  }

  private func note(_ sentence: String, at offset: Int? = nil) {
    guard notes.count < AreaFileSettings.mostProblems else {
      unlistedNotes += 1
      return
    }
    notes.append(KMLScanner.Note(offset: offset ?? self.offset, sentence: sentence))
  }
}
