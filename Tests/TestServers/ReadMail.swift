import Foundation

/// A mail as Python's `email` reads it, with policy strict; see `Tests/read_mail.py`.
package struct ReadMail: Decodable, Sendable {
  /// Nothing but this is there where it could not be read at all.
  package var defects: [String]
  package var headers: [[String]]?
  package var text: String?
  package var html: String?
  package var textLinks: [String]?
  /// Each the address and the words of a link.
  package var htmlLinks: [[String]]?
  package var htmlWords: String?
  package var attributes: [String]?
  package var tags: [String]?
  /// Each the source, the alternative text and the width.
  package var images: [[String?]]?
  /// The content types as they lie in each other.
  package var structure: String?
  /// Each the type, disposition, file name, Content-ID and SHA-256 of a part that is no text.
  package var files: [[String?]]?

  package func header(_ name: String) -> String? {
    headers?.first { $0[0].lowercased() == name.lowercased() }?[1]
  }

  /// The words of the text part without its links and list marks: what the HTML part should show.
  package var textWords: String {
    (text ?? "").split(whereSeparator: \.isWhitespace)
      .filter { $0 != "-" && !$0.hasPrefix("http://") && !$0.hasPrefix("https://") }
      .joined(separator: " ")
  }

  private enum CodingKeys: String, CodingKey {
    case defects, headers, text, html
    case textLinks = "text_links"
    case htmlLinks = "html_links"
    case htmlWords = "html_words"
    case attributes, tags, images, structure, files
  }
}

/// Reads mails with Python's `email`, in the given order.
package func readMails(_ mails: [[UInt8]]) async throws -> [ReadMail] {
  try await withTemporaryFolder { folder in
    var paths: [String] = []
    for (at, mail) in mails.enumerated() {
      let file = folder.appending(path: "\(at).eml")
      try Data(mail).write(to: file)
      paths.append(file.path)
    }
    let answer = folder.appending(path: "answer.json")
    try Data().write(to: answer)
    let process = Process()
    process.executableURL = URL(filePath: try python())
    process.arguments = [testsFolder.appending(path: "read_mail.py").path] + paths
    process.standardOutput = try FileHandle(forWritingTo: answer)
    try process.run()
    guard waitForEnd(of: process) == 0 else {
      throw CannotTest(description: "read_mail.py failed; see its words above.")
    }
    return try JSONDecoder().decode([ReadMail].self, from: Data(contentsOf: answer))
  }
}
