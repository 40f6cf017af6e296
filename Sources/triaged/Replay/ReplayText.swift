import Foundation
import Triage

/// A replay in words, in lines of at most 80 characters where no word is longer.
struct ReplayText {
  let told: ReplayAnswer.Told
  /// Addresses of one kind that are listed; the others are counted.
  var most = 20

  var plainText: String {
    var paragraphs = [inLines(head), inLines(summary)]
    if let course = told.course {
      paragraphs.append(lines(course.inForce, "By the rules in force, \(told.inForce)"))
      paragraphs.append(lines(course.new, "By the new rules, \(told.new)"))
    }
    paragraphs.append(weeks)
    paragraphs += Replay.Change.What.allCases.compactMap(listed)
    paragraphs.append(
      "What this cannot tell:\n"
        + limits.map { inLines("- " + $0, hang: "  ") }.joined(separator: "\n"))
    return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var head: String {
    let area = told.area.map { " in \($0)" } ?? ""
    return "Rules \(told.new), tried against \(told.inForce) in force, day by day from "
      + "\(longDate(told.from)) to \(longDate(told.until)): \(CivilWords.counted(told.jobs, "job")) known"
      + "\(area.isEmpty ? "" : ", told\(area)"). Nothing was recorded."
  }

  private func count(_ what: Replay.Change.What) -> Int { told.counts[what.rawValue, default: 0] }

  private var summary: String {
    let (entered, left, up, down) = (
      count(.entered), count(.left), count(.up), count(.down)
    )
    if entered + left + up + down == 0 {
      return "No address comes above the line, leaves it or moves; "
        + "\(CivilWords.grouped(told.same)) stay as they are."
    }
    func verb(_ count: Int, _ one: String, _ several: String) -> String {
      "\(CivilWords.grouped(count)) \(count == 1 ? one : several)"
    }
    return "\(CivilWords.counted(entered, "address", "addresses")) "
      + "\(entered == 1 ? "comes" : "come") above the line, \(verb(left, "leaves", "leave")) it, "
      + "\(verb(up, "moves", "move")) up and \(verb(down, "moves", "move")) down; "
      + "\(verb(told.same, "stays as it is", "stay as they are"))."
  }

  // MARK: - One address

  private func lines(_ course: ReplayAnswer.Course, _ heading: String) -> String {
    var text: String
    if let offered = course.firstOffered {
      text = "\(heading), this address would first have been offered on \(longDate(offered))"
      text += course.by.map { ": \($0)" } ?? "."
    } else if let above = course.firstAboveLine {
      text =
        "\(heading), it comes above the line on \(longDate(above)) and is never offered: others "
        + "come first."
    } else if course.steps.isEmpty, course.isPaired {
      text = "\(heading), it makes nothing together with another household."
    } else if course.steps.isEmpty {
      text = "\(heading), it is never a reason to call."
    } else {
      text = "\(heading), it stays below the line and is never offered."
    }
    if course.isPaired {
      text +=
        " Complaints went both ways between it and another address: what it makes alone is not told, "
        + "since that would say who complained and when."
    }
    var lines = [inLines(text)]
    for step in course.steps { lines.append(line(step)) }
    if course.firstOffered == nil {
      lines += course.jobs.map {
        inLines(
          "\(plainLine($0.feed)) \(plainLine($0.reference)), on the last day: \($0.standing)",
          indent: "  ", hang: "    ")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ step: ReplayAnswer.Step) -> String {
    let standing =
      switch step.standing {
      case .offered: "offered"
      case .drawn: "drawn by lot"
      case .waiting: "waits for its turn"
      case .belowTheLine: "below the line"
      case .noReason: "no reason any more"
      case .notTold: "not together with another household any more"
      }
    guard step.standing != .noReason, step.standing != .notTold else {
      return "  \(step.day)  \(standing)"
    }
    let band = step.band.isEmpty ? "" : " \(plainLine(step.band))"
    let reasons = step.reasons.filter { $0.points > 0 }
      .map { "+\($0.points) \($0.sentence)" }.joined(separator: " ")
    let joint = step.isJoint ? " Two households, visit separately." : ""
    return inLines(
      "\(step.day)  \(standing), \(step.points)\(band): \(reasons)\(joint)", indent: "  ",
      hang: "              ")
  }

  // MARK: - Weeks

  private var weeks: String {
    var blocks: [String] = []
    var areas: [String] = []
    for week in told.weeks where !areas.contains(week.area) { areas.append(week.area) }
    for area in areas {
      let weeks = told.weeks.filter { $0.area == area }
      guard let capacity = weeks.first?.capacity else { continue }
      var lines = [
        inLines(
          "\(plainLine(area)), \(CivilWords.counted(capacity, "place")) a week: newly offered, of these "
            + "by lot, and waiting at the week's end"),
        "  week of      in force  lot  waiting       new  lot  waiting",
      ]
      for week in weeks {
        let days = week.days == 7 ? "" : "  (\(CivilWords.counted(week.days, "day")))"
        lines.append(
          "  \(week.monday)" + column(week.inForce.offered, 10) + column(week.inForce.drawn, 5)
            + column(week.inForce.waiting, 9) + column(week.new.offered, 10)
            + column(week.new.drawn, 5) + column(week.new.waiting, 9) + days)
      }
      blocks.append(lines.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }

  private func column(_ number: Int, _ width: Int) -> String {
    let text = CivilWords.grouped(number)
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }

  // MARK: - Addresses

  private func listed(_ what: Replay.Change.What) -> String? {
    let changes = told.changes.filter { $0.what == what }
    if changes.isEmpty { return nil }
    let heading =
      switch what {
      case .entered: "Above the line by the new rules alone"
      case .left: "Above the line by the rules in force alone"
      case .up: "Up"
      case .down: "Down"
      }
    var lines = [heading + " (the most that each was worth):"]
    lines += changes.prefix(most).map { change in
      inLines(
        "\(change.whereabouts) (\(plainLine(change.area))): \(plainLine(change.jobType)), "
          + worth(change) + ".", indent: "  ", hang: "    ")
    }
    let more = count(what) - min(changes.count, most)
    if more > 0 { lines.append("  \(CivilWords.grouped(more)) more.") }
    return lines.joined(separator: "\n")
  }

  private func worth(_ change: ReplayAnswer.Change) -> String {
    func words(_ peak: Replay.Peak) -> String { "\(peak.points) \(plainLine(peak.band))" }
    return switch (change.inForce, change.new) {
    case (let before?, let after?): "\(words(before)), by the new rules \(words(after))"
    case (let only?, nil), (nil, let only?): words(only)
    case (nil, nil): ""
    }
  }

  // MARK: - Limits

  private var limits: [String] {
    var limits = [
      "What a list said of a job on an earlier day is not kept: each is taken with its type and status of "
        + "today, from the day on which it was received until it was closed or left the list. "
        + "\(CivilWords.counted(told.closed, "job")) of these "
        + "\(told.closed == 1 ? "was" : "were") closed meanwhile.",
      "Jobs that were closed more than a year ago are not kept, so the history of the first days may be "
        + "short.",
      "Which written address is which UPRN is told by all jobs, later ones among them. Of several outcomes of a "
        + "job only the last is known.",
      "Both begin with nothing offered, and nobody is visited: what is offered stays so until its reason is "
        + "gone. Outcomes that were recorded count from their day on.",
      "Areas, contact register, team and agreements are those of today; pauses and trials are left out. Each "
        + "day is judged once, at \(told.clock).",
    ]
    limits.insert(
      "A place in a week whose reason goes before the week is over is given again, so more may be newly "
        + "offered than there are places.", at: 4)
    if !told.hasRegister {
      limits.append("The contact register is not in force, so nobody is left out for it here.")
    }
    return limits
  }
}
