import Foundation
import Triage

/// The opportunities of a verdict made ready to be compared with the stored ones and written.
struct JudgedOpportunities: Sendable {
  let opportunities: [Opportunity]
  let offered: Set<AddressKey>
  let drawn: Set<AddressKey>
  let shadowed: Set<AddressKey>
  let recipients: [String: [Pass.Recipient]]
  let leading: [String: Set<String>]?
  let isRefreshOnly: Bool
  let untouched: Set<AddressKey>
  let now: Int64
  /// How often each job was answered when the pass was judged.
  let answered: [JobRef: Int]
  /// Where what was stored under an address belongs now.
  let moves: [AddressKey: AddressKey]
  /// Different scores are few: the same reasons count at many addresses.
  private(set) var scores: [(points: Int, reasons: String)] = []
  /// Positions in ``scores``, one for each opportunity.
  private(set) var scoreOf: [Int] = []
  /// What tells, with near certainty (1 in 2^64), whether anything about an opportunity changed.
  private(set) var fingerprints: [Int64] = []

  init(_ pass: Pass) throws {
    opportunities = pass.verdict.opportunities
    offered = pass.verdict.offered
    drawn = pass.verdict.drawn
    shadowed = pass.verdict.shadowed
    answered = pass.past.answered.mapValues(\.times)
    moves = pass.rekeyed.moves
    recipients = pass.recipients
    leading = pass.leading
    isRefreshOnly = pass.verdict.isRefreshOnly
    untouched = pass.verdict.untouched
    now = milliseconds(pass.now)
    scoreOf.reserveCapacity(opportunities.count)
    fingerprints.reserveCapacity(opportunities.count)
    var positions: [Score: Int] = [:]
    var scorePrints: [UInt64] = []
    for opportunity in opportunities {
      let position: Int
      if let known = positions[opportunity.score] {
        position = known
      } else {
        position = scores.count
        positions[opportunity.score] = position
        let reasons = try json(opportunity.score.reasons)
        scores.append((opportunity.score.points, reasons))
        var print = Fingerprint()
        print.add(reasons)
        scorePrints.append(print.value)
      }
      scoreOf.append(position)
      var print = Fingerprint(value: scorePrints[position])
      print.add(opportunity, isDrawn: drawn.contains(opportunity.address))
      fingerprints.append(Int64(bitPattern: print.value))
    }
  }
}

/// FNV-1a over 64 bits (Fowler, Noll, Vo), stable from run to run, unlike `Hasher`.
private struct Fingerprint {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ opportunity: Opportunity, isDrawn: Bool) {
    add(opportunity.area)
    add(opportunity.offer.rawValue)
    add(opportunity.trigger.feed)
    add(opportunity.trigger.reference)
    add(opportunity.jobType)
    for job in opportunity.jobs {
      add(job.feed)
      add(job.reference)
    }
    add(UInt64(bitPattern: milliseconds(opportunity.since)))
    add(opportunity.place)
    add(opportunity.band)
    add(opportunity.rulesVersion)
    add((opportunity.isShadow ? 1 : 0) + (isDrawn ? 2 : 0))
    if let second = opportunity.second {
      add(second.address.text)
      add(second.place)
    }
    for also in opportunity.alsoAt {
      add(also.address.text)
      add(also.place)
    }
  }

  private mutating func add(_ place: Place) {
    add(place.address)
    add(place.postcode)
    add(place.uprn)
    if let point = place.point {
      add(point.x.bitPattern)
      add(point.y.bitPattern)
    }
    add(place.location.rawValue)
  }

  /// Followed by a byte that is in no text, so that "ab", "c" is not "a", "bc".
  mutating func add(_ text: String) {
    var text = text
    value = text.withUTF8 { utf8 in
      var value = value
      for byte in utf8 { value = (value ^ UInt64(byte)) &* Self.prime }
      return (value ^ 0xff) &* Self.prime
    }
  }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      value = (value ^ (number >> shift & 0xff)) &* Self.prime
    }
  }

  private static let prime: UInt64 = 0x100_0000_01b3
}
