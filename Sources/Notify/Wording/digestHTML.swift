/// The built-in HTML part: says what the text part says. No pictures, nothing from elsewhere; one
/// column, sizes of 16 px and more, colours that hold in light and dark.
let digestHTML = """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <title>{{service}}: {{count}} new in {{area}}</title>
  \(mailTop)
  <h1 style="margin: 0; font-size: 24px; line-height: 1.25;">{{service}}: {{count}} new
  in {{area}}</h1>
  <p class="quiet" style="margin: 4px 0 16px 0; font-size: 16px; color: #4a4a4a;">{{date}}</p>
  {{#isPack}}
  <p style="margin: 0 0 16px 0;"><strong>For the meeting at {{meeting}}.</strong></p>
  {{/isPack}}
  <p style="margin: 0 0 8px 0;">Hello {{recipient}},</p>
  {{#isNone}}
  <p style="margin: 0 0 16px 0;">there is nothing new in {{area}}. This mail comes all
  the same, so that you know that the service runs.</p>
  {{/isNone}}
  {{#isOne}}
  <p style="margin: 0 0 16px 0;">there is one new reason to start a conversation
  in {{area}}.</p>
  {{/isOne}}
  {{#isSeveral}}
  <p style="margin: 0 0 16px 0;">there are {{count}} new reasons to start a conversation
  in {{area}}, the most urgent first.</p>
  {{/isSeveral}}
  {{#items}}
  <div class="item" style="margin: 0 0 24px 0; padding: 12px 0 0 0;
  border-top: 2px solid #767676;">
  <h2 style="margin: 0; font-size: 20px; line-height: 1.3;">{{number}}. {{place}}</h2>
  {{#hasNote}}
  <p style="margin: 4px 0;"><strong>{{note}}</strong></p>
  {{/hasNote}}
  <p style="margin: 4px 0;">{{jobType}}, received {{age}} ({{received}})<br>
  Area: {{area}}<br>
  Priority: <strong>{{band}}</strong><br>
  {{#isVisit}}
  Offer: a visit, always in a pair</p>
  {{/isVisit}}
  {{#isCall}}
  Offer: a telephone call first</p>
  {{/isCall}}
  {{#isJoint}}
  <p style="margin: 4px 0;"><strong>Two households, visit separately</strong></p>
  {{/isJoint}}
  <p style="margin: 4px 0 0 0;">Why:</p>
  <ul style="margin: 0 0 4px 0; padding: 0 0 0 24px;">
  {{#reasons}}
  <li>{{sentence}} ({{points}})</li>
  {{/reasons}}
  </ul>
  <p style="margin: 0; padding: 10px 0;"><a class="link" href="{{link}}"
  style="color: #0b4f9e; font-weight: bold;">{{linkText}}</a></p>
  <p class="quiet" style="margin: 0; font-size: 16px; color: #4a4a4a;">The link works
  until {{linkExpires}}.</p>
  </div>
  {{/items}}
  {{#hasMore}}
  <p class="item" style="margin: 0 0 24px 0; padding: 12px 0 0 0;
  border-top: 2px solid #767676;">and {{more}} more: this page has no room for them. They are
  in the plain text of this mail, each with its link; <a class="link" href="{{publicURL}}"
  style="color: #0b4f9e;">{{service}} on the web</a>.</p>
  {{/hasMore}}
  {{#facts}}
  <div class="item" style="margin: 0 0 24px 0; padding: 12px 0 0 0;
  border-top: 2px solid #767676;">
  <h2 style="margin: 0; font-size: 20px; line-height: 1.3;">How {{name}} stands</h2>
  {{#hasHeld}}
  <p style="margin: 8px 0 0 0;">{{heldCount}}:</p>
  <ul style="margin: 0 0 4px 0; padding: 0 0 0 24px;">
  {{#held}}
  <li>{{line}}</li>
  {{/held}}
  </ul>
  {{/hasHeld}}
  {{#hasOpen}}
  <p style="margin: 8px 0 0 0;">{{openCount}}:</p>
  <ul style="margin: 0 0 4px 0; padding: 0 0 0 24px;">
  {{#open}}
  <li>{{line}}</li>
  {{/open}}
  </ul>
  {{/hasOpen}}
  <p style="margin: 8px 0 0 0;">{{waiting}}</p>
  {{#lists}}
  <p style="margin: 8px 0 0 0;">{{line}}</p>
  {{/lists}}
  </div>
  {{/facts}}
  {{#hasFacts}}
  <p style="margin: 0 0 4px 0; padding: 10px 0;"><a class="link" href="{{publicURL}}"
  style="color: #0b4f9e; font-weight: bold;">The board, where several can be claimed at
  once</a></p>
  {{#hasNext}}
  <p style="margin: 0 0 16px 0;">The next mail like this comes at {{next}}.</p>
  {{/hasNext}}
  {{/hasFacts}}
  {{^isNone}}
  <h2 style="margin: 0; font-size: 20px;">What to do</h2>
  <p style="margin: 4px 0 16px 0;">Open a link to see the offer. Opening it takes nothing. To
  take it, pick your name on the page and confirm: you then see the address, and nobody else
  can take it while you hold it. You can give it back on the same page.</p>
  <h2 style="margin: 0; font-size: 20px;">If nobody takes it</h2>
  <p style="margin: 4px 0 16px 0;">Nothing is sent to the resident, and the council's own job
  goes on as it would. The offer is withdrawn when its reason is gone.</p>
  {{/isNone}}
  <h2 style="margin: 0; font-size: 20px;">Why you get this</h2>
  <p style="margin: 4px 0 16px 0;">The team list of {{service}} names you for {{area}}.
  {{^isNone}}
  The links are made for you, and the page says so to whoever opens them.
  {{/isNone}}
  This mail was written by a machine.
  {{#hasReplyTo}}
  Replies are read: {{replyTo}}
  {{/hasReplyTo}}
  </p>
  \(mailFoot)

  """
