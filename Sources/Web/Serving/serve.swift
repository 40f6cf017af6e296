import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves what a responder answers, until graceful shutdown and then until the requests under way are answered.
///
/// In the place of Hummingbird's `Application`, which wakes up in every second of every day to have the text of one header
/// ready: with three of them a daemon to which nothing happens woke up 17 times a second, without them 5 times.
/// - Parameter onRunning: told the channel that listens, once requests are accepted.
/// - Throws: what NIO says where the address cannot be had.
func serve<Responder: HTTPResponder>(
  _ responder: Responder, by server: HTTPServerBuilder, at configuration: ServerConfiguration,
  logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void
) async throws
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
  let service = try server.buildServer(
    configuration: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
    logger: logger
  ) { request, writer, channel in
    let context = Responder.Context(source: .init(channel: channel, logger: logger))
    var response: Response
    do {
      response = try await responder.respond(to: request, context: context)
    } catch let error as HTTPParserError {
      throw error  // The server answers it.
    } catch {
      response = Response(status: .internalServerError)
    }
    response.headers[.date] = httpDate(time(nil))
    do {
      try await writer.write(response: response.head, body: response.body)
    } catch is HTTPParserError {
      throw CutShort()
    }
  } onServerRunning: {
    await onRunning($0)
  }
  try await service.run()
}

/// A request that breaks HTTP's rules behind the beginning of its answer: no second answer can be given.
private struct CutShort: Error {}

/// An instant as HTTP writes it (RFC 9110, 5.6.7), in UTC.
/// - Parameter seconds: since 1970.
func httpDate(_ seconds: time_t) -> String {
  var (seconds, parts) = (seconds, tm())
  gmtime_r(&seconds, &parts)
  func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
  let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
  let month = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ][Int(parts.tm_mon)]
  return "\(weekday), \(two(parts.tm_mday)) \(month) \(parts.tm_year + 1900) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
}
