import CCurl
import Glibc

/// One question over HTTP to a program on this machine that listens at a Unix socket.
package struct SocketQuestion: Hashable, Sendable {
  /// The socket's path.
  package var socket: String
  package var method: Method
  /// Begins with a slash; percent-encoded where it needs to be.
  package var path: String
  /// Only with `post`.
  package var body: [UInt8]
  /// From the connection to the last byte.
  package var totalSeconds: Double
  package var maxBytes: Int

  package enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package init(
    socket: String, method: Method = .get, path: String, body: [UInt8] = [],
    totalSeconds: Double = 600, maxBytes: Int = 64 << 20
  ) {
    self.socket = socket
    self.method = method
    self.path = path
    self.body = body
    self.totalSeconds = totalSeconds
    self.maxBytes = maxBytes
  }
}

/// What came back, whatever its status.
package struct SocketAnswer: Hashable, Sendable {
  package var status: Int
  package var body: [UInt8]
}

extension Transferrer {
  /// Asks a program on this machine.
  /// - Throws: ``TransferError``, whose code is ``TransferError/nobodyListens`` where there is no
  ///   socket or nobody behind it, or `CancellationError` soon after the task was cancelled.
  package func ask(_ question: SocketQuestion) async throws -> SocketAnswer {
    try await run { stop throws(TransferError) in try Transfer.ask(question, stop: stop) }
  }
}

extension TransferError {
  /// The code of an error that says: there was nobody to ask, and nothing has happened.
  package static let nobodyListens = -1
}

/// Asks on the calling thread, which blocks.
func ask(_ question: SocketQuestion, stop: StopSign) throws(TransferError) -> SocketAnswer {
  let watch = Watch(seconds: question.totalSeconds, stop: stop)
  let answer = AnswerBytes(most: question.maxBytes)
  let upload = Upload(question.body)
  // The callbacks point to them without holding them.
  defer { withExtendedLifetime((answer, upload, watch)) {} }
  var easy = try Easy()
  try easy.prepare(connectSeconds: 10, caFile: nil, watch: watch)
  try easy.set(CURLOPT_PROTOCOLS_STR, "http")
  try easy.set(CURLOPT_UNIX_SOCKET_PATH, question.socket)
  try easy.set(CURLOPT_NOPROXY, "*")
  // The host says nothing: the socket's path is the address.
  try easy.set(CURLOPT_URL, "http://triaged.invalid\(question.path)")
  if question.method == .post {
    try easy.set(CURLOPT_POST, 1)
    try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, large: question.body.count)
    try easy.set(CURLOPT_HTTPHEADER, list: ["Content-Type: application/json", "Expect:"])
    try easy.read(from: upload)
  }
  try easy.set(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, context: answer) {
    bytes, size, count, context in
    let answer = Unmanaged<AnswerBytes>.fromOpaque(context!).takeUnretainedValue()
    let taken = answer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : size * count + 1
  }
  let result = easy.perform()
  if answer.isTooLong {
    throw TransferError(why: "The answer at the socket is too long.", permanent: true)
  }
  if result == CURLE_COULDNT_CONNECT {
    throw TransferError(
      why: "Nobody answers at the socket.", permanent: false, code: TransferError.nobodyListens)
  }
  guard result == CURLE_OK else {
    let isLate = result == CURLE_ABORTED_BY_CALLBACK && !stop.isRaised
    throw TransferError(
      isLate ? CURLE_OPERATION_TIMEDOUT : result, host: "The program at the socket", detail: "")
  }
  return SocketAnswer(status: easy.responseCode, body: answer.bytes)
}

/// A body that is kept in memory.
private final class AnswerBytes {
  private(set) var bytes: [UInt8] = []
  private(set) var isTooLong = false
  private let most: Int

  init(most: Int) {
    self.most = most
  }

  func take(_ more: UnsafeRawBufferPointer) -> Bool {
    isTooLong = bytes.count + more.count > most
    if !isTooLong { bytes.append(contentsOf: more) }
    return !isTooLong
  }
}
