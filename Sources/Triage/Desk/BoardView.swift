import Foundation

/// An area as its leader sees it: streets, never a house number.
package struct BoardView: Hashable, Sendable {
  package var area: SignedIn.Area
  package var now: Date
  /// Why nothing can be claimed or told at the moment; `nil`: the contact register is in force.
  package var onHold: String?
  package var paused: String?
  package var open: [BoardLine]
  package var held: [BoardLine]
  /// Above the line, without a place this week.
  package var waiting: [BoardLine]
  package var belowTheLine: [BoardLine]
  /// Who is out on a visit here, whoever holds what they went out for.
  package var out: [BoardOuting] = []
  /// Of the last 14 days.
  package var done: [BoardLine]
  package var capacity: Int
  package var usedThisWeek: Int
  package var feeds: [FeedLine]
  /// An SVG without words but the names of areas, in which the lines stand at the numbers of ``BoardLine/number``;
  /// `nil`: none could be drawn.
  package var map: String?
  /// Those who may claim.
  package var members: [Member]
  package var needsSecond: Bool
  /// Mails about this area that could not be delivered and would still be of use.
  package var undelivered: [UndeliveredMails]

  package init(
    area: SignedIn.Area, now: Date, onHold: String?, paused: String?, open: [BoardLine],
    held: [BoardLine], waiting: [BoardLine], belowTheLine: [BoardLine], done: [BoardLine],
    capacity: Int, usedThisWeek: Int, feeds: [FeedLine], map: String?, members: [Member],
    needsSecond: Bool, undelivered: [UndeliveredMails] = []
  ) {
    self.undelivered = undelivered
    self.area = area
    self.now = now
    self.onHold = onHold
    self.paused = paused
    self.open = open
    self.held = held
    self.waiting = waiting
    self.belowTheLine = belowTheLine
    self.done = done
    self.capacity = capacity
    self.usedThisWeek = usedThisWeek
    self.feeds = feeds
    self.map = map
    self.members = members
    self.needsSecond = needsSecond
  }
}

/// Mails that one person has not got.
package struct UndeliveredMails: Hashable, Sendable {
  /// Whose they are, by name; `nil`: of somebody who has left the team.
  package var name: String?
  package var count: Int

  package init(name: String?, count: Int) {
    self.name = name
    self.count = count
  }
}

package struct BoardLine: Hashable, Sendable {
  /// `nil`: not stored yet, or below the line.
  package var opportunity: Int64?
  package var generation: Int
  /// Of its square on the map, which lines nearby share; `nil`: not on it.
  package var number: Int?
  package var whereabouts: String
  package var jobType: String
  package var offer: OfferKind
  package var since: Date
  package var points: Int
  package var band: String
  package var isDrawn: Bool
  package var isJoint: Bool
  package var reasons: [Reason]
  package var holder: Member?
  package var second: Member?
  package var heldSince: Date?
  package var heldUntil: Date?
  package var snoozedUntil: CivilDay?
  /// Only of what says nothing of what somebody at the door has said; `nil` of all else that is done.
  package var outcome: OutcomeKind?
  package var endedAt: Date?
  /// Why it stands where it stands, where that is not plain.
  package var why: String?

  package init(
    opportunity: Int64?, generation: Int = 0, number: Int? = nil, whereabouts: String,
    jobType: String, offer: OfferKind, since: Date, points: Int, band: String,
    isDrawn: Bool = false, isJoint: Bool = false, reasons: [Reason] = [], holder: Member? = nil,
    second: Member? = nil, heldSince: Date? = nil, heldUntil: Date? = nil,
    snoozedUntil: CivilDay? = nil, outcome: OutcomeKind? = nil, endedAt: Date? = nil,
    why: String? = nil
  ) {
    self.opportunity = opportunity
    self.generation = generation
    self.number = number
    self.whereabouts = whereabouts
    self.jobType = jobType
    self.offer = offer
    self.since = since
    self.points = points
    self.band = band
    self.isDrawn = isDrawn
    self.isJoint = isJoint
    self.reasons = reasons
    self.holder = holder
    self.second = second
    self.heldSince = heldSince
    self.heldUntil = heldUntil
    self.snoozedUntil = snoozedUntil
    self.outcome = outcome
    self.endedAt = endedAt
    self.why = why
  }
}

/// Somebody who is out on a visit and has not said that they are back.
package struct BoardOuting: Hashable, Sendable, Identifiable {
  /// ``Outing/id``.
  package var id: Int64
  package var opportunity: Int64
  package var whereabouts: String
  /// Who set out, and who goes along.
  package var people: [Member]
  package var since: Date
  package var backBy: Date

  package init(
    id: Int64, opportunity: Int64, whereabouts: String, people: [Member], since: Date, backBy: Date
  ) {
    self.id = id
    self.opportunity = opportunity
    self.whereabouts = whereabouts
    self.people = people
    self.since = since
    self.backBy = backBy
  }
}

/// "The list came at 07:55: 312 rows, 14 in New Cross, 2 not located."
///
/// Digests that are owed hold it as JSON: a change of its fields leaves them without their facts.
package struct FeedLine: Hashable, Sendable, Codable {
  package var name: String
  /// When the newest list came; `nil`: none yet.
  package var cameAt: Date?
  package var rows: Int
  /// In the board's area; on the admin's page, in any.
  package var inArea: Int
  package var notLocated: Int
  package var unreadable: Int
  /// What is wrong with it, as sentences.
  package var troubles: [String]

  package init(
    name: String, cameAt: Date?, rows: Int, inArea: Int, notLocated: Int, unreadable: Int,
    troubles: [String]
  ) {
    self.name = name
    self.cameAt = cameAt
    self.rows = rows
    self.inArea = inArea
    self.notLocated = notLocated
    self.unreadable = unreadable
    self.troubles = troubles
  }
}

/// The instance as its admin sees it.
package struct BoardStatus: Hashable, Sendable {
  package var now: Date
  package var startedAt: Date?
  package var isReady: Bool
  /// What is the matter, as sentences; empty: nothing.
  package var matters: [String]
  package var feeds: [FeedLine]
  package var areas: [AreaLine]
  /// How many are signed in.
  package var sessions: Int
  /// What was owed and not accepted yet, and what was refused for good.
  package var mailsPending: Int
  package var mailsFailed: Int
  package var rulesVersion: String

  package struct AreaLine: Hashable, Sendable {
    package var area: SignedIn.Area
    package var open: Int
    package var held: Int
    package var waiting: Int
    package var paused: String?

    package init(area: SignedIn.Area, open: Int, held: Int, waiting: Int, paused: String?) {
      self.area = area
      self.open = open
      self.held = held
      self.waiting = waiting
      self.paused = paused
    }
  }

  package init(
    now: Date, startedAt: Date?, isReady: Bool, matters: [String], feeds: [FeedLine],
    areas: [AreaLine], sessions: Int, mailsPending: Int, mailsFailed: Int, rulesVersion: String
  ) {
    self.sessions = sessions
    self.now = now
    self.startedAt = startedAt
    self.isReady = isReady
    self.matters = matters
    self.feeds = feeds
    self.areas = areas
    self.mailsPending = mailsPending
    self.mailsFailed = mailsFailed
    self.rulesVersion = rulesVersion
  }
}
