import Triage

/// What an area's rules say otherwise than the agreed ones, a sentence each; nothing of what is the same.
func departures(of here: AreaRules, from base: AreaRules) -> [String] {
  var sentences: [String] = []
  if here.bands != base.bands {
    sentences.append("Bands: \(here.bands.inWords), instead of \(base.bands.inWords).")
  }
  for (one, other) in zip(here.signals.lines, base.signals.lines) {
    if one.points != other.points {
      sentences.append(
        "\(one.name): \(points(one.points)) instead of \(points(other.points)).")
    }
    if one.meaning != other.meaning { sentences.append("\(one.name): \(one.meaning)") }
  }
  let agreed = Dictionary(base.types.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
  for type in here.types {
    guard let other = agreed[type.id] else {
      sentences.append("\(type.name): only here.")
      continue
    }
    sentences += departures(of: type, from: other)
  }
  if let reciprocal = here.signals.reciprocal, let other = base.signals.reciprocal {
    if reciprocal.offer != other.offer {
      sentences.append(
        "\(reciprocal.name): \(reciprocal.offer.inWords) instead of \(other.offer.inWords).")
    }
    if reciprocal.window != other.window {
      sentences.append("\(reciprocal.name): \(reciprocal.window.inWords).")
    }
  }
  return sentences
}

private func departures(of type: JobType, from other: JobType) -> [String] {
  var parts: [String] = []
  if type.points != other.points {
    parts.append("\(points(type.points)) instead of \(points(other.points))")
  }
  if kind(type) != kind(other) { parts.append("\(kind(type)) instead of \(kind(other))") }
  if type.window != other.window {
    parts.append("\(type.window.inWords) (elsewhere: \(other.window.inWords))")
  }
  if type.revisit != other.revisit {
    parts.append(type.revisit?.inWords ?? "no second time after an outcome")
  }
  if type.afterClosing != other.afterClosing {
    parts.append(
      type.afterClosing
        ? "holds when the council has closed the job" : "ends when the council closes the job")
  }
  if type.isComplaint != other.isComplaint {
    parts.append(type.isComplaint ? "counts as a complaint" : "does not count as a complaint")
  }
  var sentences = parts.isEmpty ? [] : ["\(type.name): \(parts.joined(separator: "; "))."]
  if type.reason != other.reason, !type.reason.isEmpty {
    sentences.append("\(type.name): its sentence is “\(type.reason)”")
  }
  return sentences
}

/// "visit", "call", "other door" or "history only".
func kind(_ type: JobType) -> String {
  type.isSafeguarding ? "other door" : type.offer?.inWords ?? "history only"
}

private func points(_ points: Int) -> String { CivilWords.counted(points, "point") }
