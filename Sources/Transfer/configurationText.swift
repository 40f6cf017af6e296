import Foundation

/// What a file of the configuration may have, in bytes: thirty times the largest YAML file that comes with the program, and
/// six times its longest words. The time that values take to be looked at grows faster than they do.
private let mostBytes = 256 << 10

/// Why a file of the configuration is not read, as the rest of a sentence that begins with its name.
package enum ConfigurationUnreadable: Error {
  case unreadable, tooLarge

  package var what: String {
    switch self {
    case .unreadable: "cannot be read as UTF-8 text: is it there, and may this user read it?"
    case .tooLarge: "has more than \(mostBytes >> 10) KiB: is it the right file?"
    }
  }
}

/// The bytes of a file of the configuration. Of one that is too large no more is read than it takes to see that.
package func configurationData(at path: String) throws(ConfigurationUnreadable) -> Data {
  guard let file = FileHandle(forReadingAtPath: path),
    let data = try? file.read(upToCount: mostBytes + 1) ?? Data()
  else { throw .unreadable }
  guard data.count <= mostBytes else { throw .tooLarge }
  return data
}

/// The text of a file of the configuration: YAML, a template, words, rules to be tried.
package func configurationText(at path: String) throws(ConfigurationUnreadable) -> String {
  guard let text = String(data: try configurationData(at: path), encoding: .utf8) else {
    throw .unreadable
  }
  return text
}
