/// What the rules make of each job's words: read once, good for every moment.
struct JobReadings: Sendable {
  /// Of each job: its position in the job-type table, -1 where the table does not know it.
  private(set) var type: [Int] = []
  private(set) var marks: [Marks] = []
  /// Of each job: its feed and its area, each as a small number.
  private(set) var feed: [Int] = []
  private(set) var area: [Int] = []
  private(set) var areas: [String] = []

  struct Marks: OptionSet, Sendable {
    let rawValue: UInt8
    static let stopped = Marks(rawValue: 1)
    static let safeguarding = Marks(rawValue: 2)
    /// An officer raised it.
    static let noResident = Marks(rawValue: 4)
    static let noDwelling = Marks(rawValue: 8)
    static let ended = Marks(rawValue: 16)
    /// Its feed is on trial.
    static let trial = Marks(rawValue: 32)
    static let uncertain = Marks(rawValue: 64)
    static let outOfHistory: Marks = [.stopped, .safeguarding, .ended]
    static let noComplaint: Marks = [.outOfHistory, .noResident, .noDwelling, .uncertain]
  }

  /// They repeat from row to row.
  private struct Words: Hashable {
    let jobClass: String
    let type: String
    let status: String
    let callerType: String
  }

  init(_ jobs: [Job], _ rules: Rules, shadowFeeds: Set<String>, endedFeeds: Set<String>) {
    var known: [Words: (type: Int, marks: Marks)] = [:]
    var feeds: [String: Int] = [:]
    var feedMarks: [Marks] = []
    var numbers: [String: Int] = [:]
    type.reserveCapacity(jobs.count)
    marks.reserveCapacity(jobs.count)
    let reader = WordReader(rules)
    for job in jobs {
      let words = Words(
        jobClass: job.jobClass, type: job.type, status: job.status, callerType: job.callerType)
      let reading: (type: Int, marks: Marks)
      if let read = known[words] {
        reading = read
      } else {
        reading = reader.read(job)
        known[words] = reading
      }
      var marks = reading.marks
      // Notes do not repeat, and are seldom carried.
      if !job.notes.isEmpty { marks.formUnion(reader.marks(ofText: job.notes)) }
      let feed = number(job.id.feed, in: &feeds)
      if feed == feedMarks.count {
        var own: Marks = []
        if shadowFeeds.contains(job.id.feed) { own.insert(.trial) }
        if endedFeeds.contains(job.id.feed) { own.insert(.ended) }
        feedMarks.append(own)
      }
      marks.formUnion(feedMarks[feed])
      if job.place.location == .postcodeNearEdge { marks.insert(.uncertain) }
      if isNoDwelling(job.place.address) { marks.insert(.noDwelling) }
      type.append(reading.type)
      self.marks.append(marks)
      self.feed.append(feed)
      area.append(number(job.area, in: &numbers))
    }
    areas = numbers.sorted { $0.value < $1.value }.map(\.key)
  }
}

private func number(_ word: String, in numbers: inout [String: Int]) -> Int {
  if let number = numbers[word] { return number }
  numbers[word] = numbers.count
  return numbers.count - 1
}

/// The rules' lists of words, brought into small letters once.
private struct WordReader {
  private let rules: Rules
  private let stopWords: [String]
  private let safeguardingWords: [String]

  init(_ rules: Rules) {
    self.rules = rules
    stopWords = rules.stopWords.map { $0.lowercased() }.filter { !$0.isEmpty }
    safeguardingWords = rules.safeguarding.words.map { $0.lowercased() }
      .filter { !$0.isEmpty }
  }

  func read(_ job: Job) -> (type: Int, marks: JobReadings.Marks) {
    let type = rules.types.firstIndex {
      $0.match.matches(
        jobClass: job.jobClass, type: job.type, status: job.status, callerType: job.callerType)
    }
    var marks = marks(ofText: job.type).union(marks(ofText: job.jobClass))
    if let type, rules.types[type].isSafeguarding { marks.insert(.safeguarding) }
    let isFlagged = [job.jobClass, job.type, job.status, job.callerType].contains { text in
      !text.isEmpty && rules.safeguarding.flags.contains { wildcard($0, matches: text) }
    }
    if isFlagged { marks.insert(.safeguarding) }
    let isOfficer =
      !job.callerType.isEmpty
      && rules.callersWithoutResident.contains { wildcard($0, matches: job.callerType) }
    if isOfficer { marks.insert(.noResident) }
    return (type ?? -1, marks)
  }

  /// Stop words and words of safeguarding, anywhere in a text.
  func marks(ofText text: String) -> JobReadings.Marks {
    let text = text.lowercased()
    var marks: JobReadings.Marks = []
    if stopWords.contains(where: { text.contains($0) }) { marks.insert(.stopped) }
    if safeguardingWords.contains(where: { text.contains($0) }) { marks.insert(.safeguarding) }
    return marks
  }
}

extension Rules {
  /// Whether a job shows the other door (``Safeguarding``): by its type, a flag or a word.
  package func showsOtherDoor(_ job: Job) -> Bool {
    let reader = WordReader(self)
    return reader.read(job).marks.union(reader.marks(ofText: job.notes)).contains(.safeguarding)
  }
}
