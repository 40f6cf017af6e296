import Foundation
import Notify

/// The wording of mails: built in, overridden by the files of the folder where there are any.
func readWording(_ folder: String, problems: ProblemList) -> Wording? {
  let (wording, troubles) = Wording.load(folder: folder)
  for trouble in troubles {
    problems.add(trouble.file, line: trouble.line, column: trouble.column, trouble.text)
  }
  return wording
}
