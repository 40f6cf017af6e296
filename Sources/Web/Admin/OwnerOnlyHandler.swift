import Glibc
import Logging
import NIOCore

/// Closes a connection that another user has made, before anything of it is read. The socket's mode
/// says the same, but there is a moment between its making and its mode.
final class OwnerOnlyHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    guard let socket = channel as? any SocketOptionProvider else {
      return context.close(promise: nil)
    }
    // unix(7): who connected, as the kernel saw it then. On the channel's own loop this answers at once.
    let peer: EventLoopFuture<PeerCredentials> = socket.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    peer.whenComplete { result in
      guard case .success(let peer) = result, peer.uid == geteuid() || peer.uid == 0 else {
        return channel.close(promise: nil)
      }
    }
    context.fireChannelActive()
  }
}

/// `struct ucred` of Linux (unix(7), SO_PEERCRED), which Glibc's module leaves out.
private struct PeerCredentials: BitwiseCopyable, Sendable {
  var pid: Int32 = 0
  var uid: UInt32 = 0
  var gid: UInt32 = 0
}
