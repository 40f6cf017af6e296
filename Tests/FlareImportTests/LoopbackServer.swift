import Foundation
import Glibc
import Synchronization

/// The smallest HTTP server: on a free port of the loopback, one request a connection, the answer
/// word for word as the test gives it. Stops when it is let go.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let count = Atomic<Int>(0)

  /// How many requests were answered so far.
  var answered: Int { count.load(ordering: .relaxed) }

  init(_ answer: @escaping @Sendable (_ request: String) -> String) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    guard isOpen else { throw POSIXError(.EADDRINUSE) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        LoopbackServer.serve(connection, answer)
        self?.count.add(1, ordering: .relaxed)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

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
