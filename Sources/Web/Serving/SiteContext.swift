import Hummingbird
import NIOCore

/// What is known of a request beside itself: who is at the other end of the connection.
struct SiteContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let peer: NetworkAddress?

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    peer = source.channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) }
  }
}
