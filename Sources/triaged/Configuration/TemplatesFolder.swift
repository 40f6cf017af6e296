import Notify

/// The wording of mails: built in, overridden by the files of the folder where there are any.
func readWording(_ folder: String, problems: ProblemList) -> Wording? {
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
