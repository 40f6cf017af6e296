/// Patterns over a job's words: case is ignored, `*` stands for any run of characters, an empty
/// list matches everything, one match in the list is enough.
package struct JobPattern: Hashable, Sendable {
  package var jobClass: [String]
  package var type: [String]
  package var status: [String]
  /// Who raised it.
  package var callerType: [String]
  /// Words anywhere in class or type that keep a job out of this line, so that a later one may have it.
  package var except: [String]

  package init(
    jobClass: [String] = [], type: [String] = [], status: [String] = [],
    callerType: [String] = [], except: [String] = []
  ) {
    self.jobClass = jobClass
    self.type = type
    self.status = status
    self.callerType = callerType
    self.except = except
  }

  package func matches(
    jobClass: String, type: String, status: String, callerType: String = ""
  ) -> Bool {
    func any(_ patterns: [String], _ text: String) -> Bool {
      patterns.isEmpty || patterns.contains { wildcard($0, matches: text) }
    }
    func excepted(_ text: String) -> Bool {
      let text = text.lowercased()
      return except.contains { text.contains($0.lowercased()) }
    }
    return any(self.jobClass, jobClass) && any(self.type, type) && any(self.status, status)
      && any(self.callerType, callerType) && !excepted(type) && !excepted(jobClass)
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
