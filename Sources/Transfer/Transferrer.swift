import NIOPosix

/// The one place that speaks network: libcurl on threads of its own, since a blocking call on
/// Swift's cooperative pool would starve everything else.
///
/// ``shutdown()`` must be called before the last reference is let go.
package final class Transferrer: Sendable {
  private let pool: NIOThreadPool
  private let closing = StopSign()
  let pacer = Pacer()

  /// - Parameter threads: transfers at the same time; more wait their turn.
  package init(threads: Int = 4) {
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  /// Fetches to a file, which appears at `path` whole or not at all.
  ///
  /// One fetch to a path at a time; a second one is refused.
  /// - Throws: ``TransferError``, or `CancellationError` soon after the task was cancelled.
  package func fetch(_ request: FetchRequest, to path: String) async throws -> FetchAnswer {
    try await run { stop throws(TransferError) in
      try Transfer.fetch(request, to: path, stop: stop)
    }
  }

  /// Lists a folder on another machine: one connection, however many files there are.
  /// - Throws: ``TransferError``, or `CancellationError` soon after the task was cancelled.
  package func list(_ site: RemoteSite) async throws -> RemoteListing {
    try await run { stop throws(TransferError) in try Transfer.list(site, stop: stop) }
  }

  /// Size and time of these files of a folder, over one connection; what is gone is left out.
  /// - Throws: as ``list(_:)`` does.
  package func look(at names: [String], in site: RemoteSite) async throws -> [RemoteFile] {
    try await run { stop throws(TransferError) in
      try Transfer.look(at: names, in: site, stop: stop)
    }
  }

  /// Fetches a file of a folder, which appears at `path` whole or not at all, with the far file's
  /// time of the last change.
  /// - Returns: `false`, and nothing is at the path, when the file is not, or no longer, of that size
  ///   and time.
  /// - Throws: as ``list(_:)`` does.
  package func fetch(
    _ file: RemoteFile, in site: RemoteSite, to path: String, maxBytes: Int
  ) async throws -> Bool {
    try await run { stop throws(TransferError) in
      try Transfer.fetch(file, in: site, to: path, maxBytes: maxBytes, stop: stop)
    }
  }

  /// Deletes a file of a folder, if it is still of that size and time.
  ///
  /// The protocols have no way to do both at one stroke: what is put there between the look and the
  /// deletion, a moment later, is deleted.
  /// - Returns: `false` when it is another file by now, or gone.
  /// - Throws: as ``list(_:)`` does.
  package func delete(_ file: RemoteFile, in site: RemoteSite) async throws -> Bool {
    try await run { stop throws(TransferError) in
      try Transfer.delete(file, in: site, stop: stop)
    }
  }

  /// Hands a mail over; returns only after the relay's final positive reply.
  ///
  /// A relay of `backups` is asked only where those before have a passing trouble and cannot have the message: after
  /// its body was begun without an answer another relay might make two mails of it.
  /// - Parameters:
  ///   - backups: asked after the mail's own relay, in this order.
  ///   - totalSeconds: over all relays, from the moment at which a thread is free for it.
  /// - Throws: ``TransferError``, or `CancellationError` soon after the task was cancelled. After
  ///   either the relay may have the message nevertheless: send it again with the same Message-ID. A refusal is
  ///   permanent only where no relay before had a passing trouble.
  /// - Returns: what the relay said to it.
  @discardableResult
  package func send(
    _ mail: MailHandover, backups: [MailRelay] = [], totalSeconds: Double = .infinity
  ) async throws -> MailAnswer {
    try await run { stop throws(TransferError) in
      try Transfer.send(mail, backups: backups, totalSeconds: totalSeconds, stop: stop)
    }
  }

  /// Cuts short what is under way, lets the threads go, and refuses all further transfers.
  package func shutdown() async {
    closing.raise()
    // The only way to fail is to be called twice at the same time, which does no harm.
    try? await pool.shutdownGracefully()
  }

  func run<Value: Sendable>(
    _ work: @escaping @Sendable (StopSign) throws(TransferError) -> Value
  ) async throws -> Value {
    let stop = StopSign(under: closing)
    do {
      return try await withTaskCancellationHandler {
        try await pool.runIfActive { try work(stop) }
      } onCancel: {
        stop.raise()
      }
    } catch {
      try Task.checkCancellation()
      // The pool's own errors say one thing: it is closing.
      throw error as? TransferError
        ?? TransferError(why: "Transfers have been shut down.", permanent: false)
    }
  }
}
