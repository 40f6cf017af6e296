import Glibc

/// Whether somebody could listen at an address now.
enum Listening: Hashable {
  /// At this port: the one that was asked for, or the system's choice.
  case possible(port: Int)
  case impossible(why: String)
  /// A name, of which nobody is asked here.
  case unknown
}

/// Listens at a TCP address for a moment.
/// - Parameters:
///   - host: an address of version 4 or 6, or "localhost".
///   - port: 0 lets the system choose.
func tryToListen(at host: String, _ port: Int) -> Listening {
  var hints = addrinfo()
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var found: UnsafeMutablePointer<addrinfo>?
  let numeric = host == "localhost" ? "127.0.0.1" : host
  guard getaddrinfo(numeric, "\(port)", &hints, &found) == 0, let address = found?.pointee else {
    return .unknown
  }
  defer { freeaddrinfo(found) }
  let kind = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
  let descriptor = socket(address.ai_family, kind, 0)
  guard descriptor >= 0 else { return .impossible(why: reason(errno)) }
  defer { close(descriptor) }
  // As the server does: a port whose last connections are still closing is free.
  var yes: Int32 = 1
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
  guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 1) == 0
  else { return .impossible(why: reason(errno)) }
  return .possible(port: port > 0 ? port : ownPort(of: descriptor))
}

private func reason(_ code: Int32) -> String {
  code == EADDRINUSE ? "another program listens there" : String(cString: strerror(code))
}

private func ownPort(of descriptor: Int32) -> Int {
  var address = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      _ = getsockname(descriptor, $0, &length)
    }
  }
  // Behind the family in both versions, in network order (ip(7), ipv6(7)).
  return withUnsafeBytes(of: &address) {
    Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)))
  }
}
