/// The outcome's questions, with what is missing told above.
let outcomeView = """
  {{<frame}}
  {{$title}}Error: What happened{{/title}}
  {{$main}}
  {{#outcome}}
  <div class="problem" role="alert">
  <h2>There is a problem</h2>
  {{#kindMissing}}
  <p><a href="#outcome-no_answer">Pick what happened</a></p>
  {{/kindMissing}}
  {{#consentMissing}}
  <p><a href="#consent-yes">Say whether they agreed to sharing</a></p>
  {{/consentMissing}}
  </div>
  {{/outcome}}
  <h1>When you have been in touch</h1>
  <p>Nothing has been recorded yet.</p>
  {{>outcome-questions}}
  <p><a href="{{back}}">Back to the offer without recording</a></p>
  {{/main}}
  {{/frame}}
  """

/// Asked on the claimed page and on its own. Consent belongs to one answer only; where the browser
/// can, it is shown with that answer.
let outcomeQuestionsView = """
  {{#outcome}}
  <form method="post" action="{{form.action}}" class="outcome" novalidate>
  {{#form}}
  {{>hidden}}
  {{/form}}
  <div class="field{{#kindMissing}} wrong{{/kindMissing}}">
  <fieldset>
  <legend>What happened?</legend>
  {{#kindMissing}}
  <p class="wrong-text"><span class="unseen">Error:</span> Pick what happened</p>
  {{/kindMissing}}
  <div class="choice"><input type="radio" name="outcome" id="outcome-no_answer" value="no_answer"{{#chose.no_answer}} checked{{/chose.no_answer}}><label for="outcome-no_answer">No answer</label></div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-not_now" value="not_now"{{#chose.not_now}} checked{{/chose.not_now}}><label for="outcome-not_now">Not now</label></div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-no_thank_you" value="no_thank_you"{{#chose.no_thank_you}} checked{{/chose.no_thank_you}}><label for="outcome-no_thank_you">No, thank you</label></div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-do_not_contact" value="do_not_contact"{{#chose.do_not_contact}} checked{{/chose.do_not_contact}}><label for="outcome-do_not_contact">They asked not to be contacted again</label></div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-accepted" value="accepted"{{#chose.accepted}} checked{{/chose.accepted}}><label for="outcome-accepted">They accepted help</label></div>
  <div class="consent field{{#consentMissing}} wrong{{/consentMissing}}">
  <fieldset>
  <legend>If they accepted: do they agree that what they said is shared with those who can help?</legend>
  {{#consentMissing}}
  <p class="wrong-text"><span class="unseen">Error:</span> Say whether they agreed to sharing</p>
  {{/consentMissing}}
  <div class="choice"><input type="radio" name="consent" id="consent-yes" value="yes"{{#consentYes}} checked{{/consentYes}}><label for="consent-yes">Yes, they agreed</label></div>
  <div class="choice"><input type="radio" name="consent" id="consent-no" value="no"{{#consentNo}} checked{{/consentNo}}><label for="consent-no">No, it stays with me</label></div>
  </fieldset>
  </div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-not_a_dwelling" value="not_a_dwelling"{{#chose.not_a_dwelling}} checked{{/chose.not_a_dwelling}}><label for="outcome-not_a_dwelling">Nobody lives there</label></div>
  <div class="choice"><input type="radio" name="outcome" id="outcome-could_not_visit" value="could_not_visit"{{#chose.could_not_visit}} checked{{/chose.could_not_visit}}><label for="outcome-could_not_visit">I could not visit</label></div>
  </fieldset>
  </div>
  <button type="submit">Record what happened</button>
  </form>
  {{/outcome}}
  """
