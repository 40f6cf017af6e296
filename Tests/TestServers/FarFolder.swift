import Foundation

/// The folder that `sftp_server.py` or `ftps_server.py` serves, seen from its own machine.
package struct FarFolder: Sendable {
  package let server: PythonServer

  package init(_ server: PythonServer) {
    self.server = server
  }

  package var path: String { server.folder.appending(path: "far").path }

  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// - Parameter modified: seconds since 1970.
  package func put(_ name: String, _ bytes: Data, modified: Int = 1_800_000_000) throws {
    let file = path + "/" + name
    try bytes.write(to: URL(fileURLWithPath: file))
    let time = timespec(tv_sec: modified, tv_nsec: 0)
    utimensat(AT_FDCWD, file, [time, time], 0)
  }

  package func put(_ name: String, _ text: String, modified: Int = 1_800_000_000) throws {
    try put(name, Data(text.utf8), modified: modified)
  }

  /// The address for SFTP, whose path is the path on the machine.
  package var sftp: String { "sftp://127.0.0.1:\(server.port)\(path)" }

  /// A file of the server's folder, such as "client" or "known_hosts".
  package func file(_ name: String) -> String { server.folder.appending(path: name).path }

  /// A file of the server's folder with a secret in it, which only its owner may read.
  package func secret(_ text: String, mode: Int = 0o600) throws -> String {
    let path = server.folder.appending(path: "secret-\(UUID().uuidString)").path
    try writeSecret(text, to: path, mode: mode)
    return path
  }

  /// Who runs this, which is whom `sftp_server.py` lets in.
  package static var me: String {
    getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
  }
}
