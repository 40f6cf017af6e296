import Foundation
import Notify
import Transfer
import Triage
import Web

private let wordingFiles = ["digest.txt.mustache", "digest.html.mustache", "subject.mustache"]

/// The wording of mails: built in, overridden by the files of the folder where there are any.
func readWording(_ folder: String, problems: ProblemList) -> Wording? {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  for name in names.sorted()
  where !wordingFiles.contains(name) && !name.hasPrefix(".") && name != "pages" {
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

/// The words and templates of the pages: built in, overridden by `words/*.json` and `templates/pages/*.mustache`.
func readPageWording(_ folder: String, problems: ProblemList) -> PageWording? {
  let (templates, words) = (folder + "/templates/pages", folder + "/words")
  let ownTemplates = texts(in: templates, ending: ".mustache", problems: problems)
  let ownWords = texts(in: words, ending: ".json", problems: problems)
  if ownTemplates.isEmpty, ownWords.isEmpty { return .builtIn }
  do {
    return try PageWording(templates: ownTemplates, words: ownWords)
  } catch {
    for problem in error.problems {
      let place = problem.file.hasSuffix(".json") ? words : templates
      problems.add(place + "/" + problem.file, line: problem.line, column: 1, problem.what)
    }
    return nil
  }
}

/// The texts of a folder's files by their name without its ending; of a folder that is not there none.
private func texts(
  in folder: String, ending: String, problems: ProblemList
) -> [String: String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  var texts: [String: String] = [:]
  for name in names.sorted() where !name.hasPrefix(".") && !name.lowercased().hasPrefix("readme") {
    guard name.hasSuffix(ending) else {
      problems.add(folder + "/" + name, "This file is not read; those here end with '\(ending)'.")
      continue
    }
    do {
      texts[String(name.dropLast(ending.count))] = try configurationText(at: folder + "/" + name)
    } catch {
      problems.add(folder + "/" + name, line: 1, column: 1, "The file \(error.what)")
    }
  }
  return texts
}
