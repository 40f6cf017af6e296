import Foundation
import Logging
import Storage
import Triage
import Web

/// The desk behind the pages for those who lead an area and for the admin, on the store.
///
/// - Parameters:
///   - readiness: as a monitor is told it.
///   - clock: the moment of a request.
func boardDesk(
  _ configuration: Configuration, store: Store, live: LiveInputs, links: Links,
  office: AdminOffice, readiness: @escaping @Sendable () async -> Readiness, logger: Logger,
  pace: SteadyPace = SteadyPace(), clock: @escaping @Sendable () -> Date
) -> BoardDesk {
  let door = BoardDoor(
    configuration: configuration, store: store, live: live, links: links, logger: logger,
    pace: pace, clock: clock)
  let reader = BoardReader(
    configuration: configuration, store: store, live: live, office: office, clock: clock)
  let presser = BoardPresser(
    desk: LinkDesk(
      configuration: configuration, store: store, live: live,
      floor: DiskFloor(folder: configuration.state), clock: clock))
  let overview = BoardOverview(
    configuration: configuration, store: store, live: live, office: office, readiness: readiness,
    clock: clock)
  return BoardDesk(
    ask: { try await door.ask($0, browser: $1, $2) }, look: { try await door.look($0) },
    enter: { try await door.enter($0, $1, $2) }, who: { try await door.who($0, $1) },
    leave: { try await door.leave($0) },
    signEverybodyOut: { try await door.signEverybodyOut(by: $0) },
    board: { try await reader.board(by: $0, area: $1) },
    press: { try await presser.press(by: $0, $1) },
    status: { try await overview.status(by: $0) })
}
