import Foundation
import Triage

/// `glossary.yaml`: the council's codes and what they mean. Optional.
func readGlossary(_ path: String, rules: Rules?, problems: ProblemList) -> Glossary {
  guard FileManager.default.fileExists(atPath: path),
    let file = Section.read(path, problems: problems)
  else { return Glossary() }
  let codes = rules.map(councilCodes) ?? []
  var entries: [String: String] = [:]
  for code in file.keys {
    guard let words = file.text(code) else {
      if !file.has(code) {
        file.problem(ofKey: code, "What does '\(code)' mean? Say it in plain words.")
      }
      continue
    }
    if words.allSatisfy(\.isWhitespace) {
      file.problem(at: code, "What does '\(code)' mean? Say it in plain words.")
    } else if let inside = councilCode(in: words, codes.union([code])) {
      file.problem(
        at: code,
        "The words for '\(code)' have the council's code '\(inside)' in them: say it in plain words."
      )
    }
    entries[code] = words
  }
  file.finish()
  return Glossary(entries)
}
