import Foundation

/// What a server answered, taken apart as it came: chunks stay as they are.
package struct HTTPAnswer: Hashable, Sendable {
  package let status: Int
  /// By name in small letters; what comes twice stands behind each other.
  package let headers: [String: String]
  package let body: String

  /// - Throws: ``BrokenAnswer`` where it has no status, no end of its headers, or one without a colon.
  package init(_ text: String) throws {
    guard let end = text.range(of: "\r\n\r\n") else { throw BrokenAnswer("is no HTTP", text) }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw BrokenAnswer("has no status", text)
    }
    self.status = status
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { throw BrokenAnswer("has the header '\(line)'", text) }
      headers[parts[0].lowercased(), default: ""] += parts[1].trimmingCharacters(in: .whitespaces)
    }
    self.headers = headers
    body = String(text[end.upperBound...])
  }
}

/// An answer that is cut, or none.
package struct BrokenAnswer: Error, CustomStringConvertible {
  package let description: String

  init(_ fault: String, _ text: String) {
    description = "What came \(fault): '\(text.prefix(200))', \(text.utf8.count) bytes."
  }
}
