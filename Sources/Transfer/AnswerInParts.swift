/// An answer to a post as it comes in: status, what it says of when to come again, and the first of its body.
final class AnswerInParts {
  /// Of the last answer, an interim one too; 0 before one has come.
  private(set) var status = 0
  private(set) var retryAfter: Double?
  private(set) var body: [UInt8] = []
  private let most: Int
  private let clock: () -> Double
  private var headerBytes = 0

  /// - Parameters:
  ///   - most: bytes of the body to keep.
  ///   - clock: seconds since 1970, to which a date to come again is compared.
  init(most: Int, clock: @escaping () -> Double) {
    self.most = most
    self.clock = clock
  }

  /// - Returns: whether to go on.
  func take(header: UnsafeRawBufferPointer) -> Bool {
    headerBytes += header.count
    let line = String(decoding: header.prefix(1000), as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // A new answer begins; the one before was interim (RFC 9110, 15.2).
      status = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
      retryAfter = nil
    } else if let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "retry-after" {
      let value =
        line[line.index(after: colon)...]
        .split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).first ?? ""
      retryAfter = Transfer.retryAfter(String(value.trimmingSpaces), now: clock())
    }
    return headerBytes <= mostOfHeaders
  }

  /// - Returns: whether to go on.
  func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    body.append(contentsOf: bytes.prefix(most - body.count))
    return body.count < most
  }
}

/// Bytes.
private let mostOfHeaders = 65_536

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
