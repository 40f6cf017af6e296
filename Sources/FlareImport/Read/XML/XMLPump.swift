import CExpat

/// Bytes that come front to back.
protocol ByteStream: ~Copyable {
  /// Puts the next bytes at `target`.
  /// - Returns: how many, zero at the end only; `nil` where the rest cannot be had.
  mutating func read(
    into target: UnsafeMutableRawPointer, capacity: Int
  ) throws(ReadTrouble) -> Int?
}

/// Leads a stream of bytes through an XML parser, as far as the events want it.
final class XMLPump<Stream: ByteStream & ~Copyable> {
  enum Outcome {
    /// ``XMLEvents/pause()`` was called.
    case paused
    /// The document is whole and at its end.
    case finished
    /// Not well-formed, cut off, or beyond a limit.
    case broken
  }

  private static var mostChunk: Int { 64 << 10 }
  /// A tag or comment longer than this ends the reading: no list has one, and expat would look at it
  /// again and again.
  private static var tokenLimit: Int { 4 << 20 }

  private let parser: ExpatParser
  private var stream: Stream
  /// Bytes of the next reading. Grows: most parts of a workbook are small, and expat makes twice this room.
  private var chunk = 4 << 10
  private var isPaused = false
  private var isLast = false
  private var outcome: Outcome?
  /// Bytes since the last event.
  private var silent = 0

  init(_ parser: consuming ExpatParser, _ stream: consuming Stream) {
    self.parser = parser
    self.stream = stream
  }

  /// expat's error, once the document is broken.
  var error: XML_Error { parser.error }

  /// Goes on to the next pause or to the end. Once it has finished or is broken it stays so.
  func run() throws(ReadTrouble) -> Outcome {
    if let outcome { return outcome }
    while true {
      let status: XML_Status
      if isPaused {
        status = parser.resume()
      } else {
        guard let buffer = parser.buffer(chunk) else {
          return settle(.broken)
        }
        guard let count = try stream.read(into: buffer, capacity: chunk) else {
          return settle(.broken)
        }
        chunk = min(4 * chunk, Self.mostChunk)
        isLast = count == 0
        status = parser.parse(count, isLast: isLast)
        silent = parser.takeProgress() ? 0 : silent + count
      }
      isPaused = false
      switch status {
      case XML_STATUS_SUSPENDED:
        isPaused = true
        return .paused
      case XML_STATUS_OK:
        if isLast { return settle(.finished) }
        if silent > Self.tokenLimit { return settle(.broken) }
      default:
        return settle(.broken)
      }
    }
  }

  private func settle(_ end: Outcome) -> Outcome {
    outcome = end
    return end
  }
}
