import Foundation
import Notify

private let wordingFiles = ["digest.txt.mustache", "digest.html.mustache", "subject.mustache"]

/// The wording of mails: built in, overridden by the files of the folder where there are any.
func readWording(_ folder: String, problems: ProblemList) -> Wording? {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  for name in names.sorted() where !wordingFiles.contains(name) && !name.hasPrefix(".") {
    if name.lowercased().hasPrefix("readme") { continue }
    problems.add(
      folder + "/" + name,
      "This file is not read"
        + (nearest(to: name, among: wordingFiles).map { "; is it '\($0)'?" }
          ?? "; wording is in \(wordingFiles.joined(separator: ", "))."))
  }
  do {
    return try Wording.load(folder: folder)
  } catch {
    for problem in error.problems {
      problems.add(
        folder + "/" + problem.file, line: problem.line, column: problem.line > 0 ? 1 : 0,
        problem.what)
    }
    return nil
  }
}
