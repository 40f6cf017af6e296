/// A message on its way out.
final class Upload {
  private let message: [UInt8]
  private var given = 0

  init(_ message: [UInt8]) {
    self.message = message
  }

  var isBegun: Bool { given > 0 }
  var isGiven: Bool { given == message.count }

  /// - Returns: how many bytes it put into the buffer; none at the end.
  func give(to buffer: UnsafeMutableRawBufferPointer) -> Int {
    let end = min(given + buffer.count, message.count)
    buffer.copyBytes(from: message[given..<end])
    defer { given = end }
    return end - given
  }
}
