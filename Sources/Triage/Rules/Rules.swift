import Foundation

/// What a partnership has agreed: which jobs are a natural reason to call, what counts how much,
/// and where the line is. Read from `rules.yaml`.
package struct Rules: Hashable, Sendable {
  /// Stamped on every opportunity that these rules make.
  package var version: String
  package var agreedBy: String
  /// Civil dates, `yyyy-MM-dd`.
  package var agreedOn: String
  package var reviewOn: String
  /// In order: the first type that matches a job is its type.
  package var types: [JobType]
  package var signals: Signals
  /// Highest first.
  package var bands: [Band]
  /// Bands of single areas, by area id, in place of ``bands``.
  package var areaBands: [String: [Band]]
  /// Words that take a job out whatever its type ("hoarding licence" is scaffolding).
  package var stopWords: [String]
  /// Callers other than a resident: nobody asked, so there is no reason to call.
  package var callersWithoutResident: [String]

  package init(
    version: String, agreedBy: String = "", agreedOn: String = "", reviewOn: String = "",
    types: [JobType], signals: Signals = Signals(), bands: [Band],
    areaBands: [String: [Band]] = [:], stopWords: [String] = [],
    callersWithoutResident: [String] = []
  ) {
    self.version = version
    self.agreedBy = agreedBy
    self.agreedOn = agreedOn
    self.reviewOn = reviewOn
    self.types = types
    self.signals = signals
    self.bands = bands
    self.areaBands = areaBands
    self.stopWords = stopWords
    self.callersWithoutResident = callersWithoutResident
  }

  /// The band that a score reaches in an area; `nil` is below the line.
  package func band(of points: Int, in area: String) -> Band? {
    (areaBands[area] ?? bands).filter { points >= $0.from }.max { $0.from < $1.from }
  }
}

/// A name for scores from a number of points upward ("high" from 50).
package struct Band: Hashable, Sendable, Codable {
  package var name: String
  package var from: Int

  package init(name: String, from: Int) {
    self.name = name
    self.from = from
  }
}

/// What an opportunity invites to.
package enum OfferKind: String, Sendable, Codable, CaseIterable {
  /// A knock on the door, in a pair.
  case visit
  /// A telephone call first.
  case call
}

/// One line of the job-type table.
package struct JobType: Hashable, Sendable {
  package var id: String
  /// In plain words, as mails and pages show it ("Bulky waste quote").
  package var name: String
  package var match: JobPattern
  /// `nil`: counts as history at the address and makes no opportunity.
  package var offer: OfferKind?
  package var points: Int
  /// Days after the job was received in which it is a reason to call.
  package var opensAfterDays: Int
  package var closesAfterDays: Int
  /// Still a reason to call when the council has closed the job: closed is not finished.
  package var afterClosing: Bool
  /// The first sentence of the score ("A bulky waste quote is still open").
  package var reason: String

  package init(
    id: String, name: String, match: JobPattern, offer: OfferKind?, points: Int = 0,
    opensAfterDays: Int = 0, closesAfterDays: Int = 28, afterClosing: Bool = false,
    reason: String = ""
  ) {
    self.id = id
    self.name = name
    self.match = match
    self.offer = offer
    self.points = points
    self.opensAfterDays = opensAfterDays
    self.closesAfterDays = closesAfterDays
    self.afterClosing = afterClosing
    self.reason = reason
  }
}

/// Patterns over a job's words: case is ignored, `*` stands for any run of characters, an empty
/// list matches everything, one match in the list is enough.
package struct JobPattern: Hashable, Sendable {
  package var jobClass: [String]
  package var type: [String]
  package var status: [String]

  package init(jobClass: [String] = [], type: [String] = [], status: [String] = []) {
    self.jobClass = jobClass
    self.type = type
    self.status = status
  }

  package func matches(jobClass: String, type: String, status: String) -> Bool {
    func any(_ patterns: [String], _ text: String) -> Bool {
      patterns.isEmpty || patterns.contains { wildcard($0, matches: text) }
    }
    return any(self.jobClass, jobClass) && any(self.type, type) && any(self.status, status)
  }
}

/// Whether the whole text fits the pattern; `*` is any run, case is ignored.
package func wildcard(_ pattern: String, matches text: String) -> Bool {
  let pattern = Array(pattern.lowercased())
  let text = Array(text.lowercased())
  var (p, t) = (0, 0)
  var star: (pattern: Int, text: Int)?
  while t < text.count {
    if p < pattern.count, pattern[p] == "*" {
      star = (p, t)
      p += 1
    } else if p < pattern.count, pattern[p] == text[t] {
      p += 1
      t += 1
    } else if let back = star {
      p = back.pattern + 1
      t = back.text + 1
      star = (back.pattern, t)
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == "*" }
}

/// Points for what the history at the address says. Zero switches a signal off.
package struct Signals: Hashable, Sendable {
  /// More than one job at the address within 12 months.
  package var repeatWithinYear: Int
  /// Jobs of two or more types at the address within 12 months.
  package var secondKind: Int
  /// More jobs in the last 90 days than in the 90 before.
  package var moreOftenLately: Int
  /// Nothing else at the address in 12 months.
  package var firstInYear: Int

  package init(
    repeatWithinYear: Int = 0, secondKind: Int = 0, moreOftenLately: Int = 0, firstInYear: Int = 0
  ) {
    self.repeatWithinYear = repeatWithinYear
    self.secondKind = secondKind
    self.moreOftenLately = moreOftenLately
    self.firstInYear = firstInYear
  }
}
