import Foundation
import Storage
import Triage

/// What `triaged audit verify` found.
struct AuditReport: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  /// Rows that fit, from where the chain begins.
  var rows: Int
  /// Rows that have gone with their time.
  var purged: Int
  /// The hash of the last row that fits, in hexadecimal digits, and its number.
  var head: String
  var last: Int64
  /// What does not fit, in sentences; `nil`: everything does but what was acknowledged.
  var fault: String?
  var acknowledged: [Acknowledged]
  /// Whether the hash that was noted elsewhere is one of the chain; `nil`: none was given.
  var hasPinned: Bool?

  /// What does not fit, and somebody has said that they know.
  struct Acknowledged: Codable, Hashable {
    /// 0: the beginning of the chain.
    var row: Int64
    var at: Date
    var via: String
    var note: String
  }

  var isWhole: Bool { fault == nil && hasPinned != false }

  var plainText: String {
    var lines: [String] = []
    if let fault {
      lines.append(fault)
      lines.append("\(CivilWords.counted(rows, "row")) before it fit, up to row \(last).")
    } else {
      lines.append(
        "The audit is whole\(acknowledged.isEmpty ? "" : " but for what was acknowledged"): "
          + "\(CivilWords.counted(rows, "row")), the last is row \(last).")
    }
    for each in acknowledged {
      let words = words(of: timeZone, at: each.at)
      lines.append(
        "\(each.row == 0 ? "The beginning" : "Row \(each.row)") does not fit. Acknowledged "
          + "\(words.fullMoment(each.at)) (\(plainLine(each.via))): \(plainLine(each.note))")
    }
    if purged > 0 {
      lines.append("\(CivilWords.counted(purged, "row")) before them went with their time.")
    }
    lines.append("Head: \(head)")
    switch hasPinned {
    case true?: lines.append("The hash that was noted is one of the chain.")
    case false?:
      lines.append(
        "The hash that was noted is none of the chain: rows at its end were taken out, the chain was made anew, or the "
          + "row has gone with its time.")
    case nil: break
    }
    return lines.joined(separator: "\n")
  }
}

/// Rows of the audit, the oldest first. Members are called by their ids; nothing of a resident is in it.
struct AuditListing: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  /// Older ones are left out.
  var isCut: Bool
  var rows: [Line]

  /// So many are listed where nothing says which, and so many at most.
  static let usual = 500
  static let most = 100_000

  struct Line: Codable, Hashable {
    var id: Int64
    var at: Date
    var actor: String
    var via: String
    var action: String
    var opportunity: Int64?
    var generation: Int?
    var result: String
    var network: String
    var agency: String?

    init(_ stored: StoredAuditRow) {
      let row = stored.row
      (id, at, actor, via) = (stored.id, row.at, row.actor, row.mark.via)
      (action, opportunity, generation) = (row.action, row.opportunity, row.generation)
      (result, network, agency) = (row.result, row.mark.network, row.agency)
    }
  }

  var plainText: String {
    let words = words(of: timeZone, at: now)
    var lines = rows.map { row in
      let what = row.opportunity.map { " of opportunity \($0)" } ?? ""
      let whom = row.agency.map { ", for \(plainLine($0))" } ?? ""
      let who = row.actor.isEmpty ? "the daemon" : plainLine(row.actor)
      return
        "\(row.id)  \(words.fullMoment(row.at))  \(who): \(plainLine(row.action))\(what)\(whom): "
        + "\(plainLine(row.result)) (\(plainLine(row.via)), network \(plainLine(row.network)))"
    }
    if rows.isEmpty { lines.append("There is no such row.") }
    if isCut { lines.insert("Older rows are left out; --since says from which day.", at: 0) }
    return lines.joined(separator: "\n")
  }
}
