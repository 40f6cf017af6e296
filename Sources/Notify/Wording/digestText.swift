/// The built-in text part. Complete: every item, every link.
let digestText = """
  {{service}}: {{count}} new in {{area}}
  {{date}}
  {{#isPack}}
  For the meeting at {{meeting}}.
  {{/isPack}}

  Hello {{recipient}},

  {{#isNone}}
  there is nothing new in {{area}}. This mail comes all the same, so that you
  know that the service runs.
  {{/isNone}}
  {{#isOne}}
  there is one new reason to start a conversation in {{area}}.
  {{/isOne}}
  {{#isSeveral}}
  there are {{count}} new reasons to start a conversation in {{area}},
  the most urgent first.
  {{/isSeveral}}

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
  {{#facts}}
  How {{name}} stands
  {{#hasHeld}}
  {{heldCount}}:
  {{#held}}
     - {{line}}
  {{/held}}
  {{/hasHeld}}
  {{#hasOpen}}
  {{openCount}}:
  {{#open}}
     - {{line}}
  {{/open}}
  {{/hasOpen}}
  {{waiting}}
  {{#lists}}
  {{line}}
  {{/lists}}

  {{/facts}}
  {{#hasFacts}}
  The board, where several can be claimed at once
  {{publicURL}}
  {{#hasNext}}
  The next mail like this comes at {{next}}.
  {{/hasNext}}

  {{/hasFacts}}
  {{^isNone}}
  What to do
  Open a link to see the offer. Opening it takes nothing. To take it, pick your
  name on the page and confirm: you then see the address, and nobody else can
  take it while you hold it. You can give it back on the same page.

  If nobody takes it
  Nothing is sent to the resident, and the council's own job goes on as it
  would. The offer is withdrawn when its reason is gone.

  {{/isNone}}
  Why you get this
  The team list of {{service}} names you for {{area}}.
  {{^isNone}}
  The links are made for you, and the page says so to whoever opens them.
  {{/isNone}}
  This mail was written by a machine.
  {{#hasReplyTo}}
  Replies are read: {{replyTo}}
  {{/hasReplyTo}}

  """
