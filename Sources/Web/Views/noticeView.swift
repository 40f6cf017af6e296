/// The template of a page with nothing to fill in.
func noticeView(_ notice: Notice) -> String {
  switch notice {
  case .undone:
    plain(
      "Undone", "The claim is undone",
      "It is as if it had not been. A colleague can claim the offer.",
      back: "Look at the offer again")
  case .released:
    plain(
      "Given back", "You have given the offer back", "A colleague can claim it now.",
      back: "Look at the offer again")
  case .recorded:
    plain(
      "Recorded", "Thank you, that is recorded",
      "There is nothing more to do. You can close this page.")
  case .recordedPrivately:
    plain(
      "Recorded", "Thank you, that is recorded",
      "They accepted help and did not agree to sharing: what they said stays with you. There is nothing more to do. You can close this page."
    )
  case .heldByOther:
    plain(
      "Already claimed", "{{name}} has this offer",
      "Held by {{name}} since {{moment}}. Nothing was changed. Please speak to {{name}} if you think that you should have it."
    )
  case .withdrawn:
    plain(
      "No longer open", "This offer is no longer open",
      "The reason to get in touch is gone. Nothing was changed, and there is nothing to do. You can close this page."
    )
  case .done:
    plain(
      "Finished", "This offer is finished",
      "{{name}} recorded what happened on {{moment}}. There is nothing more to do. You can close this page."
    )
  case .stale:
    plain(
      "Out of date", "This page is older than the claim",
      "The offer has changed hands since you opened this page, or the time for undoing is over. Nothing was changed.",
      back: "See how the offer stands now")
  case .staleOffer:
    plain(
      "Out of date", "This page is older than the offer",
      "The offer has been claimed and given back since you opened this page. Nothing was changed.",
      back: "Open the offer afresh")
  case .notInTeam:
    plain(
      "Not on the list", "That name is not on this area’s list",
      "Nothing was changed. Pick your name from the list, or ask your team leader to put you on it.",
      back: "Back to the offer")
  case .tooMany:
    plain(
      "Enough for now", "You have {{count}} in hand already",
      "That is as many as one person may hold at a time. Nothing was changed, and a colleague can claim this one. Record what came of one that you hold, or give it back, and then try again.",
      back: "Back to the offer")
  case .tooManyTogether:
    plain(
      "Enough for now", "{{name}} has {{count}} in hand already",
      "That is as many as the people of {{name}} may hold together. Nothing was changed, and a colleague of another service can claim this one.",
      back: "Back to the offer")
  case .onHold:
    plain(
      "On hold", "Claims are on hold",
      "The list of addresses that need care cannot be relied on at the moment, so no address is shown. Nothing was changed. The people who run the service have been told. Please try again later.",
      back: "Try again")
  case .noSuchLink:
    plain(
      "Link not in use", "This link is not in use",
      "It may have run out, it may have been cut short on its way, or another team may look after the address by now. Open the newest mail and use the whole link in it, or ask your team leader."
    )
  case .noSuchPage:
    plain(
      "Page not found", "There is no page at this address",
      "Please open the link in your mail. If you typed it, check that it is complete.")
  case .wrongMethod:
    plain(
      "Start again", "This page cannot be opened like this",
      "Nothing was changed. Please start from the link in your mail.", back: "Open the offer")
  case .oldForm:
    plain(
      "Open it again", "This page has been open for too long",
      "Nothing was changed. Please open the offer again and send it once more.",
      back: "Open the offer again")
  case .foreignForm:
    plain(
      "Not accepted", "This did not come from our own page",
      "Nothing was changed. Please open the link in your mail and start from there.")
  case .badForm:
    plain(
      "Not understood", "This form could not be read",
      "Nothing was changed. Please open the link in your mail and start from there.")
  case .failed:
    plain(
      "Not working", "Something went wrong on our side",
      "We cannot say whether your last step was kept. Please open the link in your mail again to see; the people who run the service can find the fault in its journal."
    )
  }
}

/// - Parameter back: the words of the link to go on with.
private func plain(
  _ title: String, _ heading: String, _ text: String, back: String? = nil
) -> String {
  let link = back.map { "{{#back}}\n<p><a href=\"{{back}}\">\($0)</a></p>\n{{/back}}\n" } ?? ""
  return """
    {{<frame}}
    {{$title}}\(title){{/title}}
    {{$main}}
    <h1>\(heading)</h1>
    <p>\(text)</p>
    \(link){{/main}}
    {{/frame}}
    """
}
