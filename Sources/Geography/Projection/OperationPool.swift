import Foundation
import Synchronization

/// As many PROJ operations of one kind as threads want at once, up to the number of processors: a
/// PROJ operation serves one thread at a time.
///
/// The first operation is there from the beginning; a further one is made when all others are busy.
/// Only when there are as many as there may be does a thread wait.
final class OperationPool: Sendable {
  /// Unchecked, since a PROJ operation is no value: it is touched by who holds its seat, and by
  /// nobody else.
  private final class Held: @unchecked Sendable {
    let operation: ProjOperation

    init(_ operation: consuming ProjOperation) { self.operation = operation }
  }

  private final class Seat: Sendable {
    let held: Mutex<Held?>

    init(_ held: Held?) { self.held = Mutex(held) }
  }

  private let seats: [Seat]
  private let make: @Sendable () throws(ProjectionError) -> sending ProjOperation

  init(
    _ make: @escaping @Sendable () throws(ProjectionError) -> sending ProjOperation
  ) throws(ProjectionError) {
    self.make = make
    let first = Held(try make())
    let more = min(16, ProcessInfo.processInfo.activeProcessorCount) - 1
    seats = [Seat(first)] + (0..<max(0, more)).map { _ in Seat(nil) }
  }

  func convert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    withOperation { $0.convert(x, y) }
  }

  func invert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    withOperation { $0.invert(x, y) }
  }

  private func withOperation<Answer: Sendable>(
    _ body: (borrowing ProjOperation) -> Answer?
  ) -> Answer? {
    // The outer level says whether a seat was free, the inner one what the operation answered.
    for seat in seats {
      let answer: Answer??? = seat.held.withLockIfAvailable { held -> Answer?? in
        if held == nil { held = try? Held(make()) }
        guard let held else { return nil }
        return .some(body(held.operation))
      }
      if case .some(.some(let answer)) = answer { return answer }
    }
    return seats[0].held.withLock { held in held.flatMap { body($0.operation) } }
  }
}
