import Foundation
import Triage

/// Two invented items, a visit and a call, for trying a wording out.
func sampleFields() -> DigestFields {
  let created = Date(timeIntervalSince1970: 1_795_250_000)
  let score = Score(reasons: [Reason(code: "sample", points: 5, sentence: "A sample reason.")])
  func item(_ number: Int64, _ offer: OfferKind, _ street: String) -> Digest.Item {
    Digest.Item(
      opportunity: number, area: "sample", areaName: "Sample Area", offer: offer,
      jobType: "Sample job", street: street, outwardCode: "ZZ9", since: created - 86_400,
      score: score, band: "high", link: "https://desk.example/c/sample-\(number)",
      linkExpires: created + 604_800)
  }
  let digest = Digest(
    id: "sample",
    recipient: Member(
      id: "ann", name: "Ann", agency: "Sample Agency", email: "ann@team.example",
      channel: "mail"),
    channel: "mail", created: created, attempts: 0,
    items: [item(1, .visit, "Sample Street"), item(2, .call, "Example Lane")])
  let identity = MailIdentity(
    from: "desk@desk.example", displayName: "Desk", messageIDDomain: "desk.example",
    serviceName: "Desk", publicURL: "https://desk.example")
  return DigestFields(digest, identity, CivilDates(zone: .gmt), shown: digest.items.count)
}
