/// Nobody holds the offer yet.
let offerView = """
  {{<frame}}
  {{$title}}{{#problem}}Error: {{/problem}}An offer in your area{{/title}}
  {{$main}}
  {{#problem}}
  <div class="problem" role="alert">
  <h2>There is a problem</h2>
  <p><a href="#member">Pick your name from the list</a></p>
  </div>
  {{/problem}}
  <h1>An offer in {{offer.area}}</h1>
  {{>masked}}
  <h2>Take it on</h2>
  <p>You will see the address when you have picked your name. You can undo it for {{undoMinutes}} minutes.</p>
  <form method="post" action="{{form.action}}">
  {{>pick}}
  <button type="submit">Claim this offer</button>
  </form>
  {{/main}}
  {{/frame}}
  """

/// Somebody holds the offer.
let heldView = """
  {{<frame}}
  {{$title}}{{#problem}}Error: {{/problem}}Already claimed{{/title}}
  {{$main}}
  {{#problem}}
  <div class="problem" role="alert">
  <h2>There is a problem</h2>
  <p><a href="#member">Pick your name from the list</a></p>
  </div>
  {{/problem}}
  <h1>{{holder}} has this offer</h1>
  <p class="lead">Held by {{holder}} since {{since}}.</p>
  {{>masked}}
  <h2>Open it again</h2>
  <p>If you are {{holder}}, pick your name to open it. Nothing changes by that.</p>
  <form method="post" action="{{form.action}}">
  {{>pick}}
  <button type="submit" class="second">Open the offer</button>
  </form>
  {{/main}}
  {{/frame}}
  """

/// The masked side of an offer: no number, no name, no notes.
let maskedView = """
  {{#offer}}
  <dl>
  <div><dt>Job</dt><dd>{{jobType}}</dd></div>
  <div><dt>Where</dt><dd>{{whereabouts}}</dd></div>
  <div><dt>Received</dt><dd>{{age}} ({{received}})</dd></div>
  <div><dt>Offer</dt><dd>{{#isVisit}}A visit, always in a pair{{/isVisit}}{{^isVisit}}A telephone call first{{/isVisit}}{{#isJoint}}; two households, visit separately{{/isJoint}}</dd></div>
  <div><dt>Priority</dt><dd>{{priority}}</dd></div>
  </dl>
  <h2>Why this one</h2>
  <ul class="reasons">
  {{#reasons}}
  <li><span class="points">{{points}}</span> <span>{{sentence}}</span></li>
  {{/reasons}}
  </ul>
  {{#areaReason}}
  <p class="small after">Why this area: {{areaReason}}</p>
  {{/areaReason}}
  {{/offer}}
  """

/// A name to pick. A list with an empty first entry, not radio buttons: a mail scanner that
/// presses everything would choose one of those.
let pickView = """
  <div class="field{{#problem}} wrong{{/problem}}">
  <label for="member">Your name</label>
  {{#problem}}
  <p class="wrong-text" id="member-problem"><span class="unseen">Error:</span> Pick your name from the list</p>
  {{/problem}}
  <select id="member" name="member" required autocomplete="off"{{#problem}} aria-describedby="member-problem" aria-invalid="true"{{/problem}}>
  <option value="">Pick your name</option>
  {{#members}}
  <option value="{{id}}">{{name}}{{#agency}} ({{agency}}){{/agency}}</option>
  {{/members}}
  </select>
  </div>
  <input type="hidden" name="generation" value="{{form.generation}}">
  <input type="hidden" name="nonce" value="{{form.nonce}}">

  """
