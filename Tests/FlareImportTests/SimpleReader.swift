import Triage

/// The reading rules once more, a byte at a time over the whole list in memory: the oracle for
/// generated lists (comma, UTF-8, rows below the length limit, ``heading`` as header).
enum SimpleReader {
  struct Outcome {
    var counts = RowCounts()
    var problems: [String: Int] = [:]
    var jobs: [(reference: String, notes: String)] = []
  }

  enum Row {
    case fields([[UInt8]], endsWithFile: Bool)
    case malformed
    case open
  }

  static func read(_ bytes: [UInt8]) -> Outcome {
    var outcome = Outcome()
    let header = heading.split(separator: ",").map { Array($0.utf8) }
    var at = 0
    var isFirst = true
    while at < bytes.count {
      let (row, behind) = next(bytes, at)
      at = behind
      if isFirst {
        isFirst = false
        continue
      }
      func unreadable(_ kind: String) {
        outcome.counts.rows += 1
        outcome.counts.unreadable += 1
        outcome.problems[kind, default: 0] += 1
      }
      guard case .fields(var fields, let endsWithFile) = row else {
        if case .open = row { unreadable("cutOff") } else { unreadable("malformedQuotes") }
        continue
      }
      if fields.allSatisfy(isBlank) { continue }
      if fields.count > header.count, !fields[header.count...].allSatisfy(isBlank) {
        unreadable("tooManyFields")
        continue
      }
      if fields.count < header.count {
        if endsWithFile {
          unreadable("cutOff")
          continue
        }
        if fields.count < 8 {
          unreadable("tooFewFields")
          continue
        }
        outcome.problems["tooFewFields", default: 0] += 1
        while fields.count < header.count { fields.append([]) }
      }
      if Array(fields[..<header.count]) == header {
        unreadable("repeatedHeader")
        continue
      }
      outcome.counts.rows += 1
      let x = String(decoding: fields[6], as: UTF8.self)
      if x == "440500" {
        outcome.counts.outside += 1
      } else if isBlank(fields[0]) {
        outcome.counts.unreadable += 1
        outcome.problems[x == "450500" ? "lostReference" : "noReference", default: 0] += 1
      } else if x == "450500" {
        outcome.counts.inArea += 1
        outcome.jobs.append((text(fields[0]), lines(text(fields[8]))))
      } else {
        outcome.counts.notLocated += 1
        outcome.problems["notLocated", default: 0] += 1
      }
    }
    return outcome
  }

  /// The row at a position and where the next one begins.
  private static func next(_ bytes: [UInt8], _ start: Int) -> (Row, Int) {
    let (quote, comma, cr, lf) = (UInt8(0x22), UInt8(0x2C), UInt8(0x0D), UInt8(0x0A))
    func lineBehind(_ from: Int) -> Int {
      var at = from
      while at < bytes.count, bytes[at] != cr, bytes[at] != lf { at += 1 }
      return afterEnd(at)
    }
    func afterEnd(_ at: Int) -> Int {
      if at >= bytes.count { return bytes.count }
      return bytes[at] == cr && at + 1 < bytes.count && bytes[at + 1] == lf ? at + 2 : at + 1
    }
    var fields: [[UInt8]] = []
    var at = start
    while true {
      var field: [UInt8] = []
      if at < bytes.count, bytes[at] == quote {
        at += 1
        while true {
          if at == bytes.count { return (.open, lineBehind(start)) }
          if bytes[at] == quote {
            guard at + 1 < bytes.count, bytes[at + 1] == quote else { break }
            at += 1
          }
          field.append(bytes[at])
          at += 1
        }
        at += 1
        if at < bytes.count, bytes[at] != comma, bytes[at] != cr, bytes[at] != lf {
          return (.malformed, lineBehind(start))
        }
      } else {
        while at < bytes.count, bytes[at] != comma, bytes[at] != cr, bytes[at] != lf {
          field.append(bytes[at])
          at += 1
        }
      }
      fields.append(field)
      if at == bytes.count { return (.fields(fields, endsWithFile: true), at) }
      if bytes[at] != comma { return (.fields(fields, endsWithFile: false), afterEnd(at)) }
      at += 1
    }
  }

  private static func isBlank(_ field: [UInt8]) -> Bool { field.allSatisfy { $0 <= 0x20 } }

  private static func lines(_ text: String) -> String {
    text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { String($0) }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func text(_ field: [UInt8]) -> String {
    let text = String(decoding: field, as: UTF8.self).unicodeScalars
    let head = text.drop { $0.value <= 0x20 }
    var tail = head
    while let last = tail.last, last.value <= 0x20 { tail = tail.dropLast() }
    return String(tail)
  }
}
