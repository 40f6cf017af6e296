import Foundation
import Glibc
import Synchronization
import TestServers

/// The smallest HTTP server: on a free port of the loopback, one request a connection, the answer
/// word for word as the test gives it. Stops when it is let go.
final class LoopbackServer: Sendable {
  var port: UInt16 { listener.port }
  private let listener: LoopbackSocket
  private let count = Atomic<Int>(0)

  /// How many requests were answered so far.
  var answered: Int { count.load(ordering: .relaxed) }

  init(_ answer: @escaping @Sendable (_ request: String) -> String) throws {
    listener = try LoopbackSocket()
    let socket = listener.descriptor
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        LoopbackServer.serve(connection, answer)
        self?.count.add(1, ordering: .relaxed)
      }
    }
  }

  deinit { listener.stop() }

  private static func serve(_ connection: Int32, _ answer: (String) -> String) {
    defer { close(connection) }
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.ends(with: "\r\n\r\n".utf8) {
      let got = recv(connection, &buffer, buffer.count, 0)
      if got <= 0 { return }
      request += buffer[..<got]
    }
    let bytes = Array(answer(String(decoding: request, as: UTF8.self)).utf8)
    var sent = 0
    while sent < bytes.count {
      let step = bytes[sent...].withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if step <= 0 { return }
      sent += step
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with other: String.UTF8View) -> Bool {
    suffix(other.count).elementsEqual(other)
  }
}
