import HTTPTypes
import Triage

/// Who asks, where a reverse proxy stands in front.
///
/// What a header says of it is taken from the configured addresses alone (OWASP ASVS 5.0, 4.1.3).
struct Proxies: Sendable {
  let trusted: Set<NetworkAddress>
  /// In which a proxy that has people sign in names them.
  let nameHeader: HTTPField.Name?
  /// The member's id for that name.
  let member: @Sendable (_ name: String) -> String?

  /// - Parameter peer: at the other end of the connection.
  func visitor(
    _ peer: NetworkAddress?, _ headers: HTTPFields
  ) -> (address: NetworkAddress?, visitor: Visitor) {
    guard let peer, trusted.contains(peer) else {
      return (peer, Visitor(network: peer?.network ?? .unknown))
    }
    let address = client(behind: peer, headers)
    var visitor = Visitor(network: address?.network ?? .unknown)
    // A name that no member has is somebody, and nobody of ours: no form will do anything for them.
    // Nor is one of several names, be it an empty one: which of them the proxy has written nobody can say.
    let names = nameHeader.map { headers[values: $0] } ?? []
    if names != [], names != [""] {
      visitor.proxyMember = names.count == 1 ? member(names[0]) ?? Self.stranger : Self.stranger
    }
    return (address, visitor)
  }

  /// No member's id.
  static let stranger = "(nobody)"

  /// The last hop of `X-Forwarded-For` that is not itself one of ours: what stands before it anybody can write.
  private func client(behind peer: NetworkAddress, _ headers: HTTPFields) -> NetworkAddress? {
    guard let forwarded = HTTPField.Name("X-Forwarded-For") else { return peer }
    let hops = headers[values: forwarded].flatMap { $0.split(separator: ",") }
    for hop in hops.suffix(20).reversed() {
      guard let address = NetworkAddress(String(hop)) else { return nil }
      if !trusted.contains(address) { return address }
    }
    return peer
  }
}
