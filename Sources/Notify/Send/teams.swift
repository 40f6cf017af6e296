import Foundation
import Transfer
import Triage

/// Shows a card in a channel of Microsoft Teams, through a flow of its Workflows app ("when a Teams webhook request is
/// received"); Teams says 202 once the flow has begun.
func postToTeams(
  _ delivery: Delivery, _ settings: URLFileSettings, via transferrer: Transferrer
) async throws(DeliveryError) -> Receipt {
  let body = try teamsCard(delivery)
  let url = try settings.url(of: "the Teams channel")
  let answer = try await post(settings.posting.request(url, body: body), via: transferrer)
  return try judge(answer, of: "The Teams channel")
}

/// Bytes. Teams takes about 28 KB, and fails from 21 KB on in some ways of posting.
private let mostCard = 20_000

/// An Adaptive Card 1.4 in the envelope that the flow takes. All text stands in text runs, which know no Markdown;
/// links are actions that open the browser, and nothing else acts.
func teamsCard(_ delivery: Delivery) throws(DeliveryError) -> [UInt8] {
  let time = try delivery.civilDates()
  switch delivery.content {
  case .digest(let digest):
    let digest = inert(digest)
    func card(_ shown: Int) -> [UInt8] {
      envelope(digestCard(DigestFields(digest, delivery.identity, time, shown: shown)))
    }
    return card(mostThatFit(digest.items.count) { card($0).count <= mostCard })
  case .notice(let notice, _):
    try refuseWhatOpens(notice)
    let paragraphs = notice.paragraphs.map(inert).filter { !$0.isEmpty }
    func card(_ shown: Int) -> [UInt8] {
      let more = paragraphs.count - shown
      return envelope(
        [heading(inert(notice.subject))] + paragraphs.prefix(shown).map { words($0) }
          + (more > 0 ? [words("… and \(more) more; see: triaged status")] : []))
    }
    return card(mostThatFit(paragraphs.count) { card($0).count <= mostCard })
  }
}

private func digestCard(_ fields: DigestFields) -> [JSONValue] {
  var body = [
    heading("\(fields.service): \(fields.count) new in \(fields.area)"),
    words(
      "\(fields.date). The links are \(fields.recipient)'s; the page says so too.", isSubtle: true),
  ]
  for item in fields.items {
    var lines = [words("\(item.number). \(item.place)", isStrong: true)]
    if item.hasNote { lines.append(words(item.note)) }
    lines.append(words(cardLine(item)))
    if !item.reasons.isEmpty {
      lines.append(words(item.reasons.map(\.sentence).joined(separator: " "), isSubtle: true))
    }
    lines.append([
      "type": "ActionSet",
      "actions": [
        ["type": "Action.OpenUrl", "title": .text(item.linkText), "url": .text(item.link)]
      ],
    ])
    body.append(["type": "Container", "separator": true, "items": .list(lines)])
  }
  if fields.hasMore { body.append(words(moreWords(fields), isStrong: true)) }
  return body
}

private func heading(_ text: String) -> JSONValue {
  [
    "type": "RichTextBlock",
    "inlines": [["type": "TextRun", "text": .text(text), "weight": "Bolder", "size": "Large"]],
  ]
}

private func words(_ text: String, isStrong: Bool = false, isSubtle: Bool = false) -> JSONValue {
  var run: [JSONValue.Field] = [
    JSONValue.Field(key: "type", value: "TextRun"),
    JSONValue.Field(key: "text", value: .text(text)),
  ]
  if isStrong { run.append(JSONValue.Field(key: "weight", value: "Bolder")) }
  if isSubtle { run.append(JSONValue.Field(key: "isSubtle", value: true)) }
  return ["type": "RichTextBlock", "inlines": .list([.object(run)])]
}

private func envelope(_ body: [JSONValue]) -> [UInt8] {
  let message: JSONValue = [
    "type": "message",
    "attachments": [
      [
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": [
          "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
          "type": "AdaptiveCard", "version": "1.4", "body": .list(body),
        ],
      ]
    ],
  ]
  return message.bytes
}
