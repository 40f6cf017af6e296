import Foundation

/// One opportunity owed to one member through one channel, written with its cause in one
/// transaction. What is owed to the same member at the same time goes out as one ``Digest``.
package struct Announcement: Hashable, Sendable {
  package var opportunity: Int64
  package var recipient: String
  package var channel: String

  package init(opportunity: Int64, recipient: String, channel: String) {
    self.opportunity = opportunity
    self.recipient = recipient
    self.channel = channel
  }
}

/// What one message is to say: one recipient, one round. Its `id` is stored before the first
/// attempt, so every attempt bears the same Message-ID.
package struct Digest: Hashable, Sendable, Identifiable {
  /// A UUID, lower case.
  package var id: String
  package var recipient: Member
  package var channel: String
  /// When the round was made; the Date header of every attempt.
  package var created: Date
  /// Attempts before this one.
  package var attempts: Int
  /// Most urgent first.
  package var items: [Item]
  /// How its areas stood when it was made; `nil`: it is of no slot, and has items.
  package var facts: DigestFacts?
  /// Sent by a person to see whether it arrives: all that it says is invented.
  package var isTest: Bool

  /// Ids with the names that are shown, each once: those of its slot, then those of its items.
  package var areas: [(id: String, name: String)] {
    var areas: [(id: String, name: String)] = []
    let all =
      (facts?.areas ?? []).map { (id: $0.id, name: $0.name) }
      + items.map { (id: $0.area, name: $0.areaName) }
    for area in all where !areas.contains(where: { $0.id == area.id && $0.name == area.name }) {
      areas.append(area)
    }
    return areas
  }

  package init(
    id: String, recipient: Member, channel: String, created: Date, attempts: Int, items: [Item],
    facts: DigestFacts? = nil, isTest: Bool = false
  ) {
    self.facts = facts
    self.isTest = isTest
    self.id = id
    self.recipient = recipient
    self.channel = channel
    self.created = created
    self.attempts = attempts
    self.items = items
  }

  /// What a mail may say before anybody has claimed: no house number, no name, no notes.
  package struct Item: Hashable, Sendable {
    package var opportunity: Int64
    package var area: String
    package var areaName: String
    package var offer: OfferKind
    package var jobType: String
    /// "Mill Lane", or `nil` where it could not be told without saying more.
    package var street: String?
    package var outwardCode: String
    /// When the job was received.
    package var since: Date
    package var score: Score
    /// Empty: drawn by lot from below the line.
    package var band: String
    /// Two households, visited separately.
    package var isJoint: Bool
    /// The recipient's own link.
    package var link: String
    package var linkExpires: Date
    /// Why the recipient is told who need not lead the area; `nil`: they lead it.
    package var note: String?

    package init(
      opportunity: Int64, area: String, areaName: String, offer: OfferKind, jobType: String,
      street: String?, outwardCode: String, since: Date, score: Score, band: String,
      isJoint: Bool = false, link: String, linkExpires: Date, note: String? = nil
    ) {
      self.note = note
      self.opportunity = opportunity
      self.area = area
      self.areaName = areaName
      self.offer = offer
      self.jobType = jobType
      self.street = street
      self.outwardCode = outwardCode
      self.since = since
      self.score = score
      self.band = band
      self.isJoint = isJoint
      self.link = link
      self.linkExpires = linkExpires
    }

    /// "Mill Lane, NG17", or as much of it as is known.
    package var whereabouts: String {
      Triage.whereabouts(street: street, outwardCode: outwardCode, otherwise: areaName)
    }
  }
}

/// The other side did not take a message. Holds no personal data.
package struct DeliveryError: Error, Hashable, Sendable, CustomStringConvertible {
  package var why: String
  /// Trying again would be refused again.
  package var permanent: Bool
  /// The other side's wish, in seconds.
  package var retryAfter: Double?
  /// The SMTP reply code or HTTP status that decided it; `nil` where there was none.
  package var code: Int?
  /// The other side wants to hear nothing more at all: its channel is not used again until the next start.
  package var disablesChannel: Bool

  package init(
    why: String, permanent: Bool, retryAfter: Double? = nil, code: Int? = nil,
    disablesChannel: Bool = false
  ) {
    self.disablesChannel = disablesChannel
    self.code = code
    self.why = why
    self.permanent = permanent
    self.retryAfter = retryAfter
  }

  package var description: String { why }
}
