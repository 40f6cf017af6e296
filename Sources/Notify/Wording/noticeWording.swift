import Mustache

/// Why the person gets a notice; text and HTML end with it.
func noticeWhy(_ service: String, isToAdmin: Bool) -> String {
  "You get this because the settings of \(service) name you as "
    + (isToAdmin ? "its admin" : "somebody who leads an area")
    + ". This mail was written by a machine and names no resident."
}

extension Wording {
  /// The HTML part of a notice, escaped as that of a digest.
  // It is ours, and a test renders it.
  // swift-format-ignore: NeverUseForceTry
  static let noticeHTML = try! Part.html.parse(noticeTemplate)
}

/// Says what the text part says. Pictures come with the mail, nothing from elsewhere.
private let noticeTemplate = """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <title>{{subject}}</title>
  \(mailTop)
  <h1 style="margin: 0 0 16px 0; font-size: 22px; line-height: 1.25;">{{subject}}</h1>
  {{#paragraphs}}
  <p style="margin: 0 0 16px 0;">{{.}}</p>
  {{/paragraphs}}
  {{#link}}
  <p style="margin: 0 0 16px 0;">{{words}}:<br>
  <a href="{{url}}" style="overflow-wrap: anywhere; word-break: break-all;">{{url}}</a></p>
  {{/link}}
  {{#pictures}}
  {{#isShown}}
  <p style="margin: 0 0 8px 0;"><img src="cid:{{contentID}}" width="{{width}}"
  alt="A picture; the words below it say what it shows."
  style="max-width: 100%; height: auto; border: 0;"></p>
  {{/isShown}}
  <p class="quiet" style="margin: 0 0 16px 0; font-size: 16px; color: #4a4a4a;">{{caption}}</p>
  {{/pictures}}
  <p class="quiet" style="margin: 0 0 16px 0; font-size: 16px; color: #4a4a4a;">{{why}}</p>
  {{#hasReplyTo}}
  <p class="quiet" style="margin: 0; font-size: 16px; color: #4a4a4a;">Replies are read:
  {{replyTo}}</p>
  {{/hasReplyTo}}
  \(mailFoot)

  """
