import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Serves a site at its address until graceful shutdown. Another site can take its place while it serves, without a
/// moment in which nobody answers: each request is answered by one of them from its beginning to its end.
package final class PageServer: Sendable {
  private let current: Mutex<Site>
  private let begun = Atomic<Bool>(false)
  private let settings: WebSettings
  private let logger: Logger
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - site: what is served first, and says where.
  ///   - onRunning: told the port once requests are accepted.
  package init(
    _ site: Site, logger: Logger,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    current = Mutex(site)
    settings = site.settings
    self.logger = logger
    self.onRunning = onRunning
  }

  /// From the next request on another site answers. Address, connections and the style of pictures stay as they were.
  package func exchange(for site: Site) {
    current.withLock { $0 = site.following($0) }
  }

  /// Ends on graceful shutdown, after the requests under way. A connection that is slow over its part is closed
  /// (``ConnectionLimits``); beyond the most of them no further one is accepted until one ends.
  /// - Throws: ``ListenError`` where the address cannot be had.
  package func run() async throws {
    do {
      try await serve(
        CurrentResponder(server: self),
        by: .http1(
          configuration: guardedChannels(styles: settings.pictureStyle, settings.connections)),
        at: ServerConfiguration(
          address: .hostname(settings.host, port: settings.port), backlog: 1024,
          availableConnectionsDelegate: MaximumAvailableConnections(
            settings.connections.connections, logger: logger)),
        logger: criticalOnly(logger)
      ) { [self] channel in
        begun.store(true, ordering: .releasing)
        await onRunning(channel.localAddress?.port ?? 0)
      }
    } catch  where !begun.load(ordering: .acquiring) {
      throw ListenError(.pages, host: settings.host, port: settings.port, error)
    }
  }

  fileprivate var responder: SiteResponder { current.withLock { $0.responder } }
}

private struct CurrentResponder: HTTPResponder {
  let server: PageServer

  func respond(to request: Request, context: SiteContext) async throws -> Response {
    try await server.responder.respond(to: request, context: context)
  }
}
