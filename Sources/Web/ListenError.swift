/// The pages cannot be served at their address. One sentence that says what to do.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  let host: String
  let port: Int
  /// As the system says it.
  let why: String

  package init(host: String, port: Int, why: String) {
    (self.host, self.port, self.why) = (host, port, why)
  }

  package var description: String {
    "The pages cannot be served at \(host), port \(port): \(why). Stop the program that uses it, or set 'listen' in "
      + "triaged.yaml to another address."
  }
}
