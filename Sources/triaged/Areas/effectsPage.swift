/// A page for one edit: the picture with the words below it. It needs nothing else and fetches nothing.
func effectsPage(_ effects: AreaEffects) -> String {
  let text = AreaEffectsText(effects: effects, isDone: false, most: 200)
  var html = Markup()
  let title = "What the edit of the areas would change"
  html.openPage(by: "triaged areas diff", title: title)
  html.add("h1", "", title)
  for sentence in [text.summary, text.kept].compactMap(\.self) { html.add("p", "", sentence) }
  html.raw("<figure>\(effects.picture ?? "")</figure>\n")
  for block in text.blocks {
    html.add("h2", "", block.heading)
    html.open("ul")
    for line in block.lines { html.add("li", "", line) }
    html.close("ul")
  }
  for sentence in [text.others, text.reach, text.basis].compactMap(\.self) + text.older {
    html.add("p", "class=\"quiet\"", sentence)
  }
  html.closePage()
  return html.text
}
