import Foundation

/// What a workbook says of itself: its sheets, and where in the file its parts are.
///
/// Source: ECMA-376 parts 1 and 2 (Office Open XML, Open Packaging Conventions). The transitional and
/// the strict form differ in namespaces only, which are not looked at.
struct Workbook {
  /// A sheet with rows; charts and dialogues are left out.
  struct Sheet {
    var name: String
    var isVisible: Bool
    var part: UInt64
  }

  var sheets: [Sheet] = []
  var sharedTexts: UInt64?
  var styles: UInt64?
  /// Whether serial dates count from 1904.
  var counts1904 = false

  /// - Throws: `.noList` for a ZIP file that is no workbook, or not one that can be read.
  init(_ archive: ZipArchive) throws(ReadTrouble) {
    if let why = try Workbook.otherKind(archive) { throw .noList(why) }
    let main = try Workbook.mainPart(archive)
    let book = WorkbookEvents()
    try readPart(try archive.open(main.index), book, called: "workbook")
    guard book.isWorkbook else { throw .noList("It is a ZIP file, and no workbook is in it.") }
    counts1904 = book.counts1904

    let folder = main.name.split(separator: "/").dropLast().joined(separator: "/")
    let file = main.name.split(separator: "/").last ?? ""
    let links = try Workbook.links(
      archive, (folder.isEmpty ? "" : folder + "/") + "_rels/\(file).rels")
    func part(_ link: LinkEvents.Link) throws(ReadTrouble) -> UInt64 {
      if let name = partName(link.target, in: folder), let index = archive.find(name) {
        return index
      }
      throw .noList("It is a workbook that is damaged: a part that it names is not in it.")
    }
    let inside = links.filter { !$0.isExternal }
    if let link = inside.first(where: { $0.kind == "sharedStrings" }) {
      sharedTexts = try part(link)
    }
    if let link = inside.first(where: { $0.kind == "styles" }) { styles = try part(link) }
    for sheet in book.sheets {
      guard let link = inside.first(where: { $0.id == sheet.link && $0.kind == "worksheet" })
      else { continue }
      sheets.append(Sheet(name: sheet.name, isVisible: sheet.isVisible, part: try part(link)))
    }
    if sheets.isEmpty { throw .noList("It is a workbook without a sheet that can be read.") }
  }

  private static func otherKind(_ archive: ZipArchive) throws(ReadTrouble) -> String? {
    guard let index = archive.find("mimetype") else { return nil }
    var part = try archive.open(index)
    let kind = String(decoding: try part.readAll(atMost: 128) ?? [], as: UTF8.self)
    guard kind.contains("opendocument") else { return nil }
    return "It is an OpenDocument file (.ods); save it as .xlsx or .csv."
  }

  private static func mainPart(
    _ archive: ZipArchive
  ) throws(ReadTrouble) -> (name: String, index: UInt64) {
    let link = try links(archive, "_rels/.rels").first { $0.kind == "officeDocument" }
    let name =
      link.flatMap { $0.isExternal ? nil : partName($0.target, in: "") }
      ?? "xl/workbook.xml"
    if name.lowercased().hasSuffix(".bin") {
      throw .noList("It is a binary workbook (.xlsb); save it as .xlsx or .csv.")
    }
    guard let index = archive.find(name) else {
      throw .noList("It is a ZIP file, and no workbook is in it.")
    }
    return (name, index)
  }

  /// The links of a part to others; none where the file has no such part.
  private static func links(
    _ archive: ZipArchive, _ name: String
  ) throws(ReadTrouble) -> [LinkEvents.Link] {
    guard let index = archive.find(name) else { return [] }
    let events = LinkEvents()
    try readPart(try archive.open(index), events, called: "list of links")
    return events.links
  }
}

/// The name of a part in the ZIP file, from a link in a part of `folder`; `nil` for one that leads
/// out of the file.
func partName(_ target: String, in folder: String) -> String? {
  let target = target.replacing("\\", with: "/")
  var path = target.hasPrefix("/") ? [] : folder.split(separator: "/")
  for step in target.split(separator: "/") {
    switch step {
    case ".": continue
    case "..":
      if path.popLast() == nil { return nil }
    default: path.append(step)
    }
  }
  return path.isEmpty ? nil : path.joined(separator: "/")
}

/// Reads one whole part of a workbook other than a sheet.
/// - Throws: `.noList` when it is broken: without it the cells would be misread.
func readPart<Part: ByteStream & ~Copyable>(
  _ part: consuming Part, _ events: XMLEvents, called name: String
) throws(ReadTrouble) {
  guard let parser = ExpatParser(events) else { throw .system(ENOMEM) }
  let pump = XMLPump(parser, part)
  if case .finished = try pump.run() { return }
  throw .noList(partTrouble(events.stop, called: name))
}

/// Why a part cannot be read, as a sentence.
func partTrouble(_ stop: XMLEvents.Stop?, called name: String) -> String {
  switch stop {
  case .documentType: "Its \(name) carries a document type declaration, which no list needs."
  case .tooDeep: "Its \(name) nests deeper than \(XMLEvents.depthLimit) elements."
  case .noList(let why): why
  case nil: "Its \(name) is cut off or damaged."
  }
}

/// `…/_rels/*.rels`.
final class LinkEvents: XMLEvents {
  struct Link {
    var id: String
    /// The last word of its type, which is the same in both forms.
    var kind: String
    var target: String
    var isExternal: Bool
  }

  private static let most = 65_536
  private(set) var links: [Link] = []

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    guard depth == 2, name == "Relationship", links.count < LinkEvents.most,
      let id = attributes.string("Id"), let target = attributes.string("Target")
    else { return }
    let type = attributes.string("Type") ?? ""
    links.append(
      Link(
        id: id, kind: type.split(separator: "/").last.map(String.init) ?? "", target: target,
        isExternal: attributes.string("TargetMode")?.lowercased() == "external"))
  }
}

/// `xl/workbook.xml`.
final class WorkbookEvents: XMLEvents {
  private static let most = 4096
  private(set) var isWorkbook = false
  private(set) var counts1904 = false
  private(set) var sheets: [(name: String, link: String, isVisible: Bool)] = []
  private var isInSheets = false

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    switch depth {
    case 1: isWorkbook = name == "workbook"
    case 2:
      isInSheets = name == "sheets"
      if name == "workbookPr" {
        counts1904 = ["1", "true", "on"].contains(attributes.string("date1904") ?? "")
      }
    case 3:
      guard isInSheets, name == "sheet", sheets.count < WorkbookEvents.most,
        let link = attributes.string("id")
      else { return }
      let state = attributes.string("state") ?? "visible"
      sheets.append((attributes.string("name") ?? "", link, state == "visible"))
    default: break
    }
  }
}
