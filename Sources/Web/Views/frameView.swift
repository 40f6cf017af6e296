/// What every page has around it. The title is calm and says nothing about an address.
let frameView = """
  <!doctype html>
  <html lang="en-GB">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{{#page}}{{$title}}{{/title}}{{/page}} – {{service}}</title>
  <style>\(Stylesheet.text)</style>
  </head>
  <body>
  <a class="skip" href="#main">Skip to the main part</a>
  <header><p>{{service}}</p></header>
  <main id="main">
  {{#page}}
  {{$main}}{{/main}}
  {{/page}}
  </main>
  {{#page}}
  {{#offer}}
  <footer><p>This link was made for {{issuedTo}}. Please do not pass it on.</p></footer>
  {{/offer}}
  {{/page}}
  </body>
  </html>

  """

/// What a form carries unseen.
let hiddenView = """
  <input type="hidden" name="member" value="{{member}}">
  <input type="hidden" name="generation" value="{{generation}}">
  <input type="hidden" name="nonce" value="{{nonce}}">

  """
