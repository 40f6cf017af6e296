import Triage

/// Text that came from a list, for a place where programs look for links, mentions and marks in what is said:
/// nothing in it is active there any more, and a person still reads the same.
///
/// Addresses lose their `://`, `www.` and `@`; Markdown its links; Adaptive Cards their `{{DATE(…)}}`. Angle
/// brackets and ampersands are left to whoever writes the format in which they count.
func inert(_ text: String) -> String {
  var inert = oneLine(text)
  for (active, instead) in [
    ("://", ": //"), ("www.", "www ."), ("WWW.", "WWW ."), ("@", "(at)"), ("](", "] ("),
    ("][", "] ["),
    ("]:", "] :"), ("{{", "{ {"), ("}}", "} }"), ("((", "( ("), ("))", ") )"),
  ] {
    // Twice, since "(((" holds it again after the first time.
    inert = inert.replacing(active, with: instead).replacing(active, with: instead)
  }
  return inert
}

/// A digest in which what came from lists is ``inert(_:)``; links are ours and stay as they are.
func inert(_ digest: Digest) -> Digest {
  var digest = digest
  digest.items = digest.items.map { item in
    var item = item
    item.areaName = inert(item.areaName)
    item.jobType = inert(item.jobType)
    item.street = item.street.map(inert)
    item.outwardCode = inert(item.outwardCode)
    item.band = inert(item.band)
    item.note = item.note.map(inert)
    item.score = Score(
      reasons: item.score.reasons.map {
        Reason(code: $0.code, points: $0.points, sentence: inert($0.sentence))
      })
    return item
  }
  digest.facts = digest.facts.map { facts in
    var facts = facts
    facts.areas = facts.areas.map(inert)
    return facts
  }
  return digest
}

private func inert(_ area: DigestFacts.Area) -> DigestFacts.Area {
  var area = area
  area.name = inert(area.name)
  area.held = area.held.map { held in
    var held = held
    held.whereabouts = inert(held.whereabouts)
    held.jobType = inert(held.jobType)
    held.holder = inert(held.holder)
    return held
  }
  area.open = area.open.map { open in
    var open = open
    open.whereabouts = inert(open.whereabouts)
    open.jobType = inert(open.jobType)
    return open
  }
  area.lists = area.lists.map { list in
    var list = list
    list.name = inert(list.name)
    return list
  }
  return area
}

/// How many of `count` things go into a message that may not be too long: all where they fit, else as many as do.
/// - Parameter fits: once it is false for a number, it is false for all larger ones.
func mostThatFit(_ count: Int, _ fits: (Int) -> Bool) -> Int {
  if fits(count) { return count }
  var (good, bad) = (0, count)
  while bad - good > 1 {
    let middle = (good + bad) / 2
    if fits(middle) { good = middle } else { bad = middle }
  }
  return good
}
