import Glibc

/// Sends one datagram to a Unix socket.
/// - Parameters:
///   - path: of the socket; one that begins with '@' is an abstract name (unix(7)).
///   - descriptor: a socket of datagrams, connected to nobody.
/// - Returns: whether all of it was taken.
func sendDatagram(_ bytes: [UInt8], to path: String, by descriptor: Int32) -> Bool {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  var name = Array(path.utf8)
  guard !name.isEmpty, name.count <= longestSocketName else { return false }
  // An abstract name begins with a NUL and ends with the address.
  if name[0] == UInt8(ascii: "@") { name[0] = 0 }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
  let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + name.count)
  while true {
    let sent = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
    if sent < 0, errno == EINTR { continue }
    return sent == bytes.count
  }
}

/// Makes a socket for ``sendDatagram(_:to:by:)``. - Returns: below nought where there is none to be had.
func datagramSocket() -> Int32 {
  socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
}

/// Bytes of a socket's path, without the NUL that ends it.
let longestSocketName = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
