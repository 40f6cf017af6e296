import CCurl

/// Where the bytes of a ``RemoteSession`` go, and what its callbacks noticed.
final class RemoteSink {
  private enum Goal {
    case nowhere, text, file
  }

  /// What libcurl found under the server's name in the known_hosts file.
  var keyMatch: curl_khmatch?
  private(set) var text: [UInt8] = []
  private(set) var failure: TransferError?
  private(set) var bytes = 0
  private var goal = Goal.nowhere
  private var file: DownloadFile?
  private var limit = 0

  func discard() {
    goal = .nowhere
    failure = nil
    file = nil
  }

  /// What comes is thrown away; what was written waits for ``commit(modified:)``.
  func pause() {
    (goal, failure) = (.nowhere, nil)
  }

  func collect(limit: Int) {
    (goal, text, failure, self.limit) = (.text, [], nil, limit)
  }

  func write(to path: String, limit: Int) throws(TransferError) {
    file = try DownloadFile(path: path)
    (goal, bytes, failure, self.limit) = (.file, 0, nil, limit)
  }

  /// - Parameter modified: the far file's last change, which becomes this one's.
  func commit(modified: Int?) throws(TransferError) {
    if let modified { try file?.date(modified) }
    try file?.commit()
    discard()
  }

  /// - Returns: whether to go on.
  func take(_ buffer: UnsafeRawBufferPointer) -> Bool {
    do throws(TransferError) {
      switch goal {
      case .nowhere: break
      case .text:
        guard text.count + buffer.count <= limit else {
          throw TransferError(
            why: "The folder holds more files than can be looked through; put the lists into one "
              + "of their own, and clear out the old ones.", permanent: true)
        }
        text += buffer
      case .file:
        bytes += buffer.count
        guard bytes <= limit else {
          throw TransferError(
            why: "The list is larger than the \(limit) bytes that its feed allows.",
            permanent: true)
        }
        try file?.write(buffer)
      }
      return true
    } catch {
      failure = error
      return false
    }
  }
}
