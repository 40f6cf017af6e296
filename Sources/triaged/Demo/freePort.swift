/// A TCP port of the loopback interface that nobody listens on at this moment.
func freePort() throws -> Int {
  guard case .possible(let port) = tryToListen(at: "127.0.0.1", 0) else {
    throw StartError("There is no free port on 127.0.0.1.")
  }
  return port
}

/// Whether a listener could be opened on this port of the loopback interface now.
func isFree(_ port: Int) -> Bool {
  port > 0 && tryToListen(at: "127.0.0.1", port) == .possible(port: port)
}
