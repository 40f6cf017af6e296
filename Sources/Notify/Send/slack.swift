import Foundation
import Transfer
import Triage

/// Shows blocks in a channel of Slack, through an incoming webhook of an app. One message a second for each URL, as
/// Slack asks; more wait here.
func postToSlack(
  _ delivery: Delivery, _ settings: URLFileSettings, via transferrer: Transferrer
) async throws(DeliveryError) -> Receipt {
  let body = try slackMessage(delivery)
  let url = try settings.url(of: "the Slack channel")
  let answer = try await post(
    settings.posting.request(url, body: body, pace: 1), via: transferrer)
  return try judge(answer, of: "The Slack channel")
}

/// Slack's: blocks of a message, and characters of a block's text and of its heading.
private let (mostBlocks, mostText, mostHeading) = (50, 3000, 150)

/// Block Kit. What came from lists stands in `plain_text`, in which Slack looks for no marks or mentions;
/// `mrkdwn` holds a link of ours and our own words alone.
func slackMessage(_ delivery: Delivery) throws(DeliveryError) -> [UInt8] {
  let time = try delivery.civilDates()
  let (title, blocks): (String, [JSONValue])
  switch delivery.content {
  case .digest(let digest):
    // Heading, whose links they are, and what did not fit need a block each.
    let fields = DigestFields(
      inert(digest), delivery.identity, time, shown: min(digest.items.count, mostBlocks - 3))
    title = "\(fields.service): \(fields.count) new in \(fields.area)"
    blocks =
      [
        section("\(fields.date). The links are \(fields.recipient)'s; the page says so too.")
      ] + fields.items.map(section)
      + (fields.hasMore ? [section(moreWords(fields))] : [])
  case .notice(let notice, _):
    try refuseWhatOpens(notice)
    let paragraphs = notice.paragraphs.map(inert).filter { !$0.isEmpty }
    let shown = paragraphs.prefix(mostBlocks - 2)
    let more = paragraphs.count - shown.count
    title = inert(notice.subject)
    blocks =
      shown.map(section)
      + (more > 0 ? [section("… and \(more) more; see: triaged status")] : [])
  }
  let message: JSONValue = [
    // What notifications show, and old programs: one line, without marks.
    "text": .text(escaped(title, most: mostHeading)), "mrkdwn": false, "unfurl_links": false,
    "unfurl_media": false,
    "blocks": .list(
      [["type": "header", "text": plain(title, most: mostHeading)]] + blocks),
  ]
  return message.bytes
}

private func section(_ text: String) -> JSONValue {
  ["type": "section", "text": plain(text, most: mostText)]
}

private func section(_ item: DigestFields.Item) -> JSONValue {
  let lines =
    ["\(item.number). \(item.place)"] + (item.hasNote ? [item.note] : []) + [cardLine(item)]
    + (item.reasons.isEmpty ? [] : [item.reasons.map(\.sentence).joined(separator: " ")])
  // The link's words are ours alone: in mrkdwn a street's marks would act.
  return [
    "type": "section", "text": plain(lines.joined(separator: "\n"), most: mostText),
    "fields": [
      [
        "type": "mrkdwn",
        "text": .text("<\(escaped(item.link, most: 1900))|Look at \(item.number)>"),
      ]
    ],
  ]
}

private func plain(_ text: String, most: Int) -> JSONValue {
  ["type": "plain_text", "emoji": false, "text": .text(escaped(text, most: most))]
}

/// Slack's three characters as it wants them, and no more of the text than so many characters after that.
private func escaped(_ text: String, most: Int) -> String {
  var (out, count) = ("", 0)
  for character in text {
    let part =
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    // Slack counts as JavaScript does.
    count += part.utf16.count
    if count > most - 1 { return out + "…" }
    out += part
  }
  return out
}
