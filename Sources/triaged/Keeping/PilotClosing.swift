import Foundation
import Storage
import Triage

/// What is asked for with `close-pilot`.
struct ClosePilotWish: Codable, Sendable {
  /// `nil`: every area.
  var area: String?
  /// Days until what is there is erased; 0 at once.
  var eraseAfter: Int
  var isMeant: Bool
  var by: String
}

/// What closing pilots did, or would do. Counts below five are hidden: by them people might be told.
struct PilotClosing: Codable, Sendable {
  struct Pilot: Codable, Sendable {
    var area: String
    var name: String
    /// By what is counted; "fewer than 5" where there are that few.
    var counts: [String: String]
    /// Jobs and opportunities that a legal hold names: they stay until it is ended.
    var legallyHeld = 0
    /// Rows that were erased; `nil` where none were yet.
    var erased: Int?
  }

  var isDone: Bool
  var pilots: [Pilot]
  /// The civil day on which what is there goes.
  var eraseOn: String
  var left: [String] = []

  var plainText: String {
    var lines: [String] = []
    for pilot in pilots {
      lines.append("\(pilot.name) (\(pilot.area))")
      lines += pilot.counts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      if pilot.legallyHeld > 0 {
        lines.append("  Kept by a legal hold, until it is ended: \(hidden(pilot.legallyHeld))")
      }
      if let erased = pilot.erased {
        lines.append("  Erased: \(CivilWords.counted(erased, "row"))")
      }
    }
    lines.append(
      isDone
        ? "Closed. Nothing of \(pilots.count == 1 ? "this area" : "these areas") is stored, offered or announced any "
          + "more; what is there is erased on \(eraseOn)."
        : "Nothing was closed. It would end what is open and held, make all links useless, and erase what is there on "
          + "\(eraseOn). To do it: the same with --yes")
    if isDone {
      lines.append(
        "Lists as they were received lie in the archive until their days are over; with the last area's data they go too."
      )
    }
    return (lines + left).joined(separator: "\n")
  }
}

/// A small number, which might tell who it is of, is not said.
func hidden(_ number: Int) -> String {
  number == 0 ? "0" : number < 5 ? "fewer than 5" : CivilWords.grouped(number)
}

extension PilotCounts {
  /// Without small numbers.
  var anonymous: [String: String] {
    var told = [
      "jobs": hidden(jobs), "opportunities": hidden(opportunities), "offered": hidden(offered),
      "claimed": hidden(claimed), "consents given": hidden(consentsGiven),
    ]
    // With one of them hidden the others and their sum would give it away.
    if outcomes.values.contains(where: { (1..<5).contains($0) }) {
      told["outcomes"] = hidden(outcomes.values.reduce(0, +))
    } else {
      for (kind, count) in outcomes {
        told["outcome \(kind.replacing("_", with: " "))"] = hidden(count)
      }
    }
    return told
  }
}
