import CZlib
import FlareImport

/// What must hold of every workbook.
///
/// A byte changed in a packed file changes a checksum and not a cell. So the bytes are the parts of a
/// workbook as text, with zero bytes between them (sheet, shared texts, styles, workbook; what is missing
/// is made up). Each part is read by itself with every input, and with some they are put into an archive
/// here, which is read as a whole. Bytes that begin as an archive are taken as one.
package final class XLSXInvariants {
  private let list: ListInvariants
  private let reader = ReaderInvariants(.xlsx)
  private let parts = PartInvariants()
  private let everything: Bool
  private static let names = [
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
  ]

  /// - Parameter everything: the whole import with every input, and not with some only.
  package init(everything: Bool = false) {
    self.everything = everything
    var settings = FeedSettings.fuzzed
    settings.format = .xlsx
    list = ListInvariants(settings)
  }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0x50, 0x4B]) { return broken(byBook: bytes, bytes) }
    if let why = parts.broken(by: bytes) { return why }
    guard everything || checksum(bytes) & 7 == 0 else { return nil }
    return book(of: bytes).withUnsafeBytes { broken(byBook: $0, bytes) }
  }

  private func broken(
    byBook book: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer
  ) -> String? {
    reader.broken(by: book) ?? (everything || isChosen(bytes) ? list.broken(by: book) : nil)
  }

  /// As ``ListInvariants/jobs(in:)``.
  package func jobs(in bytes: [UInt8]) -> Int {
    if bytes.starts(with: [0x50, 0x4B]) { return list.jobs(in: bytes) }
    return list.jobs(in: bytes.withUnsafeBytes { book(of: $0) })
  }

  private func book(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var parts = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
      .map { Array($0) }
    for (at, part) in XLSXInvariants.seedParts.enumerated() where at > 0 {
      if parts.count <= at { parts.append(Array(part.utf8)) }
      if parts[at].isEmpty { parts[at] = Array(part.utf8) }
    }
    var members = Array(zip(XLSXInvariants.names, parts))
    members += XLSXInvariants.frame.map { ($0.0, Array($0.1.utf8)) }
    return archive(members)
  }

  /// Where the fuzzing begins.
  package static let seed = Array(seedParts.joined(separator: "\0").utf8)

  private static let seedParts = [
    #"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#
      + #"<row r="1">"# + headings + "</row>"
      + #"<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="B2" s="1"><v>46094.5</v></c>"#
      + #"<c r="C2" t="s"><v>0</v></c><c r="D2" t="str"><f>A1</f><v>Waste</v></c><c r="E2" t="b">"#
      + #"<v>1</v></c><c r="F2" t="e"><v>#N/A</v></c><c r="H2"><v>10001234</v></c><c r="I2">"#
      + #"<v>450500.0</v></c><c r="J2"><v>3.595E5</v></c><c r="K2" t="s"><v>1</v></c></row>"#
      + #"<row r="9"><c r="A9" t="s"><v>1</v></c></row></sheetData></worksheet>"#,
    #"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2">"#
      + "<si><t>Open</t></si><si><r><t>a </t></r><r><t>b</t></r></si></sst>",
    #"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>"#
      + #"<numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><cellXfs>"#
      + #"<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    #"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#
      + #"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>"#
      + #"<sheet name="Jobs" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
  ]

  private static let headings = FeedSettings.fuzzedHeadings.enumerated().map { at, heading in
    let letter = String(UnicodeScalar(UInt8(0x41 + at)))
    return #"<c r="\#(letter)1" t="inlineStr"><is><t>\#(heading)</t></is></c>"#
  }.joined()

  /// What holds the parts together.
  private static let frame = [
    (
      "[Content_Types].xml",
      #"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override "#
        + #"PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument."#
        + #"spreadsheetml.sheet.main+xml"/></Types>"#
    ),
    (
      "_rels/.rels",
      #"<Relationships xmlns="\#(relationships)"><Relationship Id="rId1" Type="\#(office)/"#
        + #"officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    ),
    (
      "xl/_rels/workbook.xml.rels",
      #"<Relationships xmlns="\#(relationships)"><Relationship Id="rId1" Type="\#(office)/worksheet" "#
        + #"Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="\#(office)/sharedStrings" "#
        + #"Target="sharedStrings.xml"/><Relationship Id="rId3" Type="\#(office)/styles" "#
        + #"Target="styles.xml"/></Relationships>"#
    ),
  ]
  private static let relationships =
    "http://schemas.openxmlformats.org/package/2006/relationships"
  private static let office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
}

/// A ZIP file whose members are stored as they are (APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16).
private func archive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  func put(_ value: Int, _ count: Int, _ target: inout [UInt8]) {
    for byte in 0..<count { target.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
  for (name, bytes) in members {
    let offset = file.count
    var fields: [UInt8] = []
    for (value, count) in [(20, 2), (0, 2), (0, 2), (0, 2), (0x5C6D, 2)] {
      put(value, count, &fields)
    }
    put(Int(crc32(0, bytes, UInt32(bytes.count))), 4, &fields)
    put(bytes.count, 4, &fields)
    put(bytes.count, 4, &fields)
    put(name.utf8.count, 2, &fields)
    put(0, 2, &fields)
    file += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + bytes
    directory += [0x50, 0x4B, 1, 2, 20, 0] + fields
    for (value, count) in [(0, 2), (0, 2), (0, 2), (0, 4)] { put(value, count, &directory) }
    put(offset, 4, &directory)
    directory += Array(name.utf8)
  }
  var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
  put(members.count, 2, &end)
  put(members.count, 2, &end)
  put(directory.count, 4, &end)
  put(file.count, 4, &end)
  put(0, 2, &end)
  return file + directory + end
}
