import CCurl

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

extension Easy {
  /// Takes what is sent out of it.
  /// - Parameter upload: is not retained, and must outlive the transfer.
  func read(from upload: Upload) throws(TransferError) {
    try set(CURLOPT_READFUNCTION, CURLOPT_READDATA, context: upload) {
      buffer, size, count, context in
      let upload = Unmanaged<Upload>.fromOpaque(context!).takeUnretainedValue()
      return upload.give(to: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
    }
  }
}
