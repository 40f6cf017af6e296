import Glibc
import NIOCore

/// An address cannot be listened at. One sentence that says what to do.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What would be answered there.
  package enum Door: String, Hashable, Sendable {
    /// By its key in triaged.yaml.
    case pages = "listen"
    case monitor
  }

  let door: Door
  let host: String
  let port: Int
  /// As the system says it.
  let why: String

  package init(_ door: Door, host: String, port: Int, why: String) {
    (self.door, self.host, self.port, self.why) = (door, host, port, why)
  }

  /// - Parameter error: with which a server ended that did not come to listen.
  init(_ door: Door, host: String, port: Int, _ error: any Error) {
    let why = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
    self.init(door, host: host, port: port, why: why ?? "\(error)")
  }

  package var description: String {
    let what =
      switch door {
      case .pages: "The pages cannot be served"
      case .monitor: "Monitors cannot be answered"
      }
    return
      "\(what) at \(host), port \(port): \(why). Stop the program that uses it, or set '\(door.rawValue)' in "
      + "triaged.yaml to another address."
  }
}
