import Glibc
import Triage

@testable import FlareImport

/// What must hold of the parts of a workbook, each read from memory: a tenth of the price of a whole book,
/// whose archive says nothing new about them.
final class PartInvariants {
  /// So that no compiler takes the touching away.
  private var touched: UInt8 = 0

  /// - Parameter bytes: sheet, shared texts, styles, workbook, with zero bytes between them.
  /// - Returns: a sentence on the first promise that is broken.
  func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    let parts = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
    func part(_ at: Int) -> PartStream? {
      at < parts.count && !parts[at].isEmpty
        ? PartStream(bytes: UnsafeRawBufferPointer(rebasing: parts[at])) : nil
    }
    var texts = SharedTexts()
    var styles = CellStyles()
    do throws(ReadTrouble) {
      if let part = part(1) { texts = try SharedTexts(part) }
    } catch {
      if let why = isTold(error) { return why }
    }
    do throws(ReadTrouble) {
      if let part = part(2) { styles = try CellStyles(part) }
    } catch {
      if let why = isTold(error) { return why }
    }
    do throws(ReadTrouble) {
      if let part = part(3) {
        let book = WorkbookEvents()
        try readPart(part, book, called: "workbook")
        let links = LinkEvents()
        try readPart(part, links, called: "list of links")
      }
    } catch {
      if let why = isTold(error) { return why }
    }
    guard let sheet = part(0) else { return nil }
    return broken(sheet, texts, styles)
  }

  private func broken(_ sheet: PartStream, _ texts: SharedTexts, _ styles: CellStyles) -> String? {
    let events = SheetEvents(texts: texts, styles: styles, counts1904: touched & 1 == 0)
    guard let parser = ExpatParser(events) else { return nil }
    let pump = XMLPump(parser, sheet)
    var number = 0
    do throws(ReadTrouble) {
      while true {
        guard case .paused = try pump.run() else { return nil }
        if events.number <= number { return "The numbers of the rows do not rise." }
        number = events.number
        if number > SheetEvents.rowLimit + sheet.bytes.count {
          return "A row lies beyond the sheet."
        }
        let row = events.row.fields
        if row.count < 0 || row.total < row.count { return "A row has more cells than it has." }
        for column in 0..<row.count {
          for byte in row[column] { touched ^= byte }
        }
      }
    } catch {
      return isTold(error)
    }
  }

  /// A part is refused with a sentence, and never for what the machine lacks.
  private func isTold(_ trouble: ReadTrouble) -> String? {
    guard case .refused(let error) = trouble else { return "A part is given up without a reason." }
    return error.why.isEmpty || error.next.isEmpty
      ? "A part is refused without a reason." : nil
  }
}

/// A part that is in memory.
private struct PartStream: ByteStream {
  let bytes: UnsafeRawBufferPointer
  private var at = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func read(into target: UnsafeMutableRawPointer, capacity: Int) -> Int? {
    let count = max(0, min(capacity, bytes.count - at))
    if count > 0, let base = bytes.baseAddress { memcpy(target, base + at, count) }
    at += count
    return count
  }
}
