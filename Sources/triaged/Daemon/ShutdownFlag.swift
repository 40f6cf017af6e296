import ServiceLifecycle
import Synchronization

/// Whether the program is to end: asked between the parts of work that takes long and that nothing is
/// lost of.
final class ShutdownFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}

/// Sets the flag, and tells the service manager, when shutdown is asked for.
struct ShutdownWatch: Service {
  let flag: ShutdownFlag
  let manager: ServiceManager

  func run() async throws {
    try? await gracefulShutdown()
    flag.set()
    manager.stopping()
  }
}
