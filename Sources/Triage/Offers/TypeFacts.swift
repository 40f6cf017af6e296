/// What one line of the job-type table says in one area, as numbers: asked of every job at every moment.
struct TypeFacts {
  let isOffered: Bool
  let isComplaint: Bool
  let afterClosing: Bool
  let points: Int
  let span: Span
  let revisit: Revisit?

  init(_ type: JobType) {
    isOffered = type.offer != nil
    isComplaint = type.isComplaint
    afterClosing = type.afterClosing
    points = type.points
    span = Span(type.window)
    revisit = type.revisit
  }

  /// A ``Window`` in seconds of a job's age.
  struct Span {
    let opens: Double
    let closes: Double
    private let fades: Int
    private let ends: Int

    init(_ window: Window) {
      opens = Double(window.opensAfterHours) * 3600
      closes = Double(window.closesAfterDays) * secondsOfDay
      ends = window.closesAfterDays
      fades = min(window.fadesAfterDays ?? .max, window.closesAfterDays)
    }

    /// What is left of a number of points at an age of whole days: all of it up to the day from which it
    /// fades, none on the day on which the window closes, and evenly less in between.
    func faded(_ points: Int, age: Double) -> Int {
      let days = Int(age / secondsOfDay)
      guard days > fades, ends > fades else { return points }
      return max(0, points * (ends - days) / (ends - fades))
    }

    /// Ages at which something about a job changes, ascending.
    var turns: [Double] {
      let days = fades < ends ? ((fades + 1)...ends).map { Double($0) * secondsOfDay } : []
      return [opens] + days + [closes + justAfter]
    }
  }
}

let secondsOfDay = 86_400.0
