import Foundation
import Notify
import Triage

/// An instant of UTC: "2026-11-21T08:30:00Z".
func instant(_ text: String) throws -> Date {
  try Date(text, strategy: .iso8601)
}

let ann = Member(
  id: "ann", name: "Ann Archer", agency: "Support", email: "ann@team.example", channel: "mail")

let identity = MailIdentity(
  from: "desk@desk.example", displayName: "Street Scene desk", replyTo: "leads@desk.example",
  messageIDDomain: "desk.example", serviceName: "Street Scene",
  publicURL: "https://desk.example")

/// A digest of so many items, the same every time.
func sampleDigest(_ count: Int, created: String = "2026-11-21T08:30:00Z") throws -> Digest {
  let created = try instant(created)
  let streets = ["Mill Lane", "Church Hill", "Forest Road", "High Pavement", nil]
  let types = ["Bulky waste quote", "Missed assisted collection", "Fly-tip on private land"]
  let reasons = [
    Reason(code: "type:x", points: 20, sentence: "A bulky waste quote is still open."),
    Reason(code: "repeat", points: 10, sentence: "3 jobs at this address in 12 months."),
    Reason(code: "lately", points: 1, sentence: "More often lately — twice as often."),
  ]
  let edge = Reason(
    code: "edge", points: 0,
    sentence: "On the edge: about 10 m inside New Cross; beyond it lies Stanton Hill.")
  let items = (0..<count).map { at in
    let token = String(repeating: "aZ3-_9kQ", count: 4) + String(at)
    return Digest.Item(
      opportunity: Int64(at + 1), area: "new-cross", areaName: "New Cross",
      offer: at % 3 == 2 ? .call : .visit, jobType: types[at % 3], street: streets[at % 5],
      outwardCode: "NG17", since: created - Double(at * 86_400 + 3600),
      score: Score(reasons: reasons.dropLast(at % 3) + (at == 0 ? [edge] : [])),
      band: at < 2 ? "high" : "middle",
      link: "https://desk.example/c/" + token, linkExpires: created + 7 * 86_400)
  }
  return Digest(
    id: "3f2b8c1e-0000-4000-8000-000000000001", recipient: ann, channel: "mail",
    created: created, attempts: 0, items: items)
}

/// A digest of a set time: the same items, and how the area stands.
func slotDigest(_ count: Int, isPack: Bool = false) throws -> Digest {
  var digest = try sampleDigest(count, created: "2026-11-23T08:30:00Z")
  let created = digest.created
  func held(_ street: String, _ holder: String, days: Double) -> DigestFacts.Held {
    DigestFacts.Held(
      opportunity: 200, whereabouts: "\(street), NG17", jobType: "Bulky waste quote",
      holder: holder,
      since: created - days * 86_400, until: created + 30_600)
  }
  let open = (0..<(count == 40 ? 13 : 1)).map { at in
    DigestFacts.Open(
      opportunity: Int64(100 + at), whereabouts: "Church Hill, NG17",
      jobType: "Fly-tip on private land", since: created - Double(at + 4) * 86_400)
  }
  digest.facts = DigestFacts(
    slot: "2026-11-23 08:30",
    meeting: isPack ? created + 91_800 : nil, next: created + 16_200,
    areas: [
      DigestFacts.Area(
        id: "new-cross", name: "New Cross",
        held: count == 0
          ? []
          : [held("Mill Lane", "Bob Baker", days: 1), held("Forest Road", "Dee Dale", days: 3)],
        open: count == 0 ? [] : open, waiting: count == 0 ? 0 : 2, belowTheLine: 14,
        lists: [
          FeedLine(
            name: "street-scene", cameAt: created - 2100, rows: 1312, inArea: 14, notLocated: 2,
            unreadable: count == 40 ? 1 : 0, troubles: [])
        ])
    ])
  return digest
}
