/// The holder's page.
let claimedView = """
  {{<frame}}
  {{$title}}Your offer{{/title}}
  {{$main}}
  <div class="done" role="status">
  <p>Claimed by {{holder}}, {{since}}.{{#undo}} <a href="#not-for-you">Not for you?</a>{{/undo}}</p>
  </div>
  <h1>Your offer</h1>
  {{#isJoint}}
  <h2>Two households: visit separately</h2>
  <p>Go to each on its own, and tell neither anything of the other.</p>
  {{/isJoint}}
  {{#households}}
  {{#heading}}
  <h2>{{heading}}</h2>
  {{/heading}}
  {{>household-top}}
  {{#heading}}
  {{>household-past}}
  {{/heading}}
  {{/households}}
  {{#contact}}
  <h2>Contact</h2>
  <p class="kept">{{contact}}</p>
  {{/contact}}
  {{#notes}}
  <h2>Notes of the council</h2>
  <p class="kept">{{notes}}</p>
  {{/notes}}
  <h2>About the offer</h2>
  {{>masked}}
  {{^isJoint}}
  <h2>Jobs at this address</h2>
  {{#households}}
  {{>household-past}}
  {{/households}}
  {{/isJoint}}
  {{#isJoint}}
  <h2>Complaints</h2>
  <p>Whose each was is told to nobody.</p>
  <table>
  <caption>Complaints of the last 12 months, newest first</caption>
  <thead><tr><th scope="col">Received</th><th scope="col">Job</th></tr></thead>
  <tbody>
  {{#complaints}}
  <tr><td>{{received}}</td><td>{{type}}<br>{{status}}<br><span class="small">{{feed}}</span></td></tr>
  {{/complaints}}
  {{^complaints}}
  <tr><td colspan="2">None</td></tr>
  {{/complaints}}
  </tbody>
  </table>
  {{/isJoint}}
  <div class="act">
  <h2>When you have been in touch</h2>
  {{>outcome-questions}}
  </div>
  <div class="act">
  <h2 id="not-for-you">If it is not for you</h2>
  {{#undo}}
  {{#form}}
  <form method="post" action="{{action}}">
  <p>Claimed by mistake? Undo it until {{until}}, as if it had not been.</p>
  {{>hidden}}
  <button type="submit" class="second">Undo the claim</button>
  </form>
  {{/form}}
  {{/undo}}
  {{#release}}
  <form method="post" action="{{action}}">
  <p>Give the offer back, so that a colleague can claim it.</p>
  {{>hidden}}
  <button type="submit" class="second">Give it back</button>
  </form>
  {{/release}}
  </div>
  {{/main}}
  {{/frame}}
  """

/// Whatever is to be heeded at an address stands above it.
let householdTopView = """
  {{#cautions}}
  <div class="caution">
  <h2>Take care at this address</h2>
  <ul>
  {{#doNotContact}}
  <li>Do not contact anybody here. Give the offer back.</li>
  {{/doNotContact}}
  {{#notAlone}}
  <li>Do not visit alone. Go in a pair.</li>
  {{/notAlone}}
  {{#noLetter}}
  <li>Leave no letter, no card and no voicemail.</li>
  {{/noLetter}}
  </ul>
  </div>
  {{/cautions}}
  <p class="address">{{address}}{{#postcode}}<br>{{postcode}}{{/postcode}}</p>

  """

/// The timeline of an address: its jobs, and who held an offer there before.
let householdPastView = """
  <table>
  <caption>{{caption}}</caption>
  <thead><tr><th scope="col">Received</th><th scope="col">Job</th></tr></thead>
  <tbody>
  {{#history}}
  <tr><td>{{received}}</td><td>{{type}}<br>{{status}}<br><span class="small">{{feed}}</span></td></tr>
  {{/history}}
  {{^history}}
  <tr><td colspan="2">None</td></tr>
  {{/history}}
  </tbody>
  </table>
  {{#hasHolders}}
  <table>
  <caption>Who held an offer here before, the last first</caption>
  <thead><tr><th scope="col">From</th><th scope="col">Held by</th></tr></thead>
  <tbody>
  {{#holders}}
  <tr><td>{{from}}</td><td>{{name}}<br>{{ending}}, {{until}}</td></tr>
  {{/holders}}
  </tbody>
  </table>
  {{/hasHolders}}
  {{#uprn}}
  <p class="small">UPRN {{uprn}}</p>
  {{/uprn}}

  """
