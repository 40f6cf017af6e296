/// The holder's page.
let claimedView = """
  {{<frame}}
  {{$title}}Your offer{{/title}}
  {{$main}}
  <div class="done" role="status">
  <p>Claimed by {{holder}}, {{since}}.{{#undo}} <a href="#not-for-you">Not for you?</a>{{/undo}}</p>
  </div>
  <h1>Your offer</h1>
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
  <h2>Jobs at this address</h2>
  <table>
  <caption>Jobs of the last 12 months, newest first</caption>
  <thead><tr><th scope="col">Received</th><th scope="col">Job</th><th scope="col">Status</th></tr></thead>
  <tbody>
  {{#history}}
  <tr><td>{{received}}</td><td>{{type}}</td><td>{{status}}</td></tr>
  {{/history}}
  {{^history}}
  <tr><td colspan="3">None</td></tr>
  {{/history}}
  </tbody>
  </table>
  {{#uprn}}
  <p class="small">UPRN {{uprn}}</p>
  {{/uprn}}
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
