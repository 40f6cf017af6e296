import Foundation

/// A TCP port of the loopback interface that nobody listens on at this moment.
func freePort() throws -> Int {
  guard let port = bound(to: 0) else { throw StartError("There is no free port on 127.0.0.1.") }
  return port
}

/// Whether a listener could be opened on this port of the loopback interface now.
func isFree(_ port: Int) -> Bool { port > 0 && bound(to: port) != nil }

/// Binds, asks for the port that was given, and lets it go again.
private func bound(to port: Int) -> Int? {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  // As the server does: a port whose last connections are still closing is free.
  var yes: Int32 = 1
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  address.sin_port = UInt16(port).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
      guard bind(descriptor, generic, length) == 0, listen(descriptor, 1) == 0,
        getsockname(descriptor, generic, &length) == 0
      else { return nil }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }
}
