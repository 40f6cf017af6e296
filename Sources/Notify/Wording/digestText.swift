/// The built-in text part. Complete: every item, every link.
let digestText = """
  {{service}}: {{count}} new in {{area}}
  {{date}}

  Hello {{recipient}},

  {{#isOne}}
  there is one new reason to start a conversation in {{area}}.
  {{/isOne}}
  {{^isOne}}
  there are {{count}} new reasons to start a conversation in {{area}},
  the most urgent first.
  {{/isOne}}

  {{#items}}
  {{number}}. {{place}}
  {{#hasNote}}
     {{note}}
  {{/hasNote}}
     {{jobType}}, received {{age}} ({{received}})
     Area: {{area}}
     Priority: {{band}}
  {{#isVisit}}
     Offer: a visit, always in a pair
  {{/isVisit}}
  {{#isCall}}
     Offer: a telephone call first
  {{/isCall}}
  {{#isJoint}}
     Two households, visit separately
  {{/isJoint}}
     Why:
  {{#reasons}}
     - {{sentence}} ({{points}})
  {{/reasons}}
     {{linkText}}
     {{link}}
     The link works until {{linkExpires}}.

  {{/items}}
  What to do
  Open a link to see the offer. Opening it takes nothing. To take it, pick your
  name on the page and confirm: you then see the address, and nobody else can
  take it while you hold it. You can give it back on the same page.

  If nobody takes it
  Nothing is sent to the resident, and the council's own job goes on as it
  would. The offer is withdrawn when its reason is gone.

  Why you get this
  The team list of {{service}} names you for {{area}}. The links are made for
  you, and the page says so to whoever opens them. This mail was written by a
  machine.
  {{#hasReplyTo}}
  Replies are read: {{replyTo}}
  {{/hasReplyTo}}

  """
