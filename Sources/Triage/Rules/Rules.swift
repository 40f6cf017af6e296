/// What a partnership has agreed: which jobs are a natural reason to call, what counts how much,
/// and where the line is. Read from `rules.yaml`.
package struct Rules: Hashable, Sendable {
  /// Stamped on every opportunity that these rules make.
  package var version: String
  package var agreedBy: String
  /// Civil dates, `yyyy-MM-dd`; empty where none is given.
  package var agreedOn: String
  package var reviewOn: String
  /// On trial: everything runs and is listed, nothing is announced.
  package var isShadow: Bool
  /// In order: the first type that matches a job is its type.
  package var types: [JobType]
  package var signals: Signals
  /// Highest first.
  package var bands: [Band]
  /// One for each area at most.
  package var overrides: [AreaOverride]
  /// Words that take a job out whatever its type ("hoarding licence" is scaffolding).
  package var stopWords: [String]
  /// Callers other than a resident: nobody asked, so there is no reason to call.
  package var callersWithoutResident: [String]
  package var safeguarding: Safeguarding

  package init(
    version: String, agreedBy: String = "", agreedOn: String = "", reviewOn: String = "",
    isShadow: Bool = false, types: [JobType], signals: Signals = Signals(), bands: [Band],
    overrides: [AreaOverride] = [], stopWords: [String] = [],
    callersWithoutResident: [String] = [], safeguarding: Safeguarding = Safeguarding()
  ) {
    self.version = version
    self.agreedBy = agreedBy
    self.agreedOn = agreedOn
    self.reviewOn = reviewOn
    self.isShadow = isShadow
    self.types = types
    self.signals = signals
    self.bands = bands
    self.overrides = overrides
    self.stopWords = stopWords
    self.callersWithoutResident = callersWithoutResident
    self.safeguarding = safeguarding
  }

  package func inForce(in area: String) -> AreaRules {
    overrides.first { $0.area == area }?.rules
      ?? AreaRules(types: types, signals: signals, bands: bands)
  }

  /// The type of a job by its words alone.
  package func type(of job: Job) -> JobType? {
    types.first {
      $0.match.matches(
        jobClass: job.jobClass, type: job.type, status: job.status, callerType: job.callerType)
    }
  }
}
