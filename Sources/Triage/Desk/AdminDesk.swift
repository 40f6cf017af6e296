import Foundation

/// What can be asked and done at the admin socket: a table of routes, handed to Web as a value.
///
/// A verb that needs the live database is one route here and one command that asks it.
package struct AdminDesk: Sendable {
  package var routes: [AdminRoute]

  package init(routes: [AdminRoute]) {
    self.routes = routes
  }

  /// - Parameters:
  ///   - path: as it was sent, without its query.
  /// - Returns: the route with what its `{…}` parts are here; `nil` where no route has the path; the
  ///   methods that it has, where it has not this one.
  package func find(_ method: AdminRoute.Method, _ path: String) -> AdminMatch? {
    var others: [AdminRoute.Method] = []
    for route in routes {
      guard let parameters = route.parameters(of: path) else { continue }
      if route.method == method { return .route(route, parameters) }
      others.append(route.method)
    }
    return others.isEmpty ? nil : .otherMethods(others)
  }
}

package enum AdminMatch: Sendable {
  case route(AdminRoute, [String: String])
  case otherMethods([AdminRoute.Method])
}

/// One address of the admin socket.
package struct AdminRoute: Sendable {
  package enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package var method: Method
  /// Such as `/feeds/{name}/accept`; a part in braces is any one part of the path.
  package var path: String
  /// Bytes that a question's body may have.
  package var bodyLimit: Int
  package var answer: @Sendable (AdminRequest) async throws -> AdminAnswer

  package init(
    _ method: Method, _ path: String, bodyLimit: Int = 64 << 10,
    _ answer: @escaping @Sendable (AdminRequest) async throws -> AdminAnswer
  ) {
    self.method = method
    self.path = path
    self.bodyLimit = bodyLimit
    self.answer = answer
  }

  func parameters(of path: String) -> [String: String]? {
    let (wanted, given) = (AdminRoute.parts(self.path), AdminRoute.parts(path))
    guard wanted.count == given.count else { return nil }
    var parameters: [String: String] = [:]
    for (wanted, given) in zip(wanted, given) {
      if wanted.hasPrefix("{") {
        guard let value = given.removingPercentEncoding, !value.isEmpty else { return nil }
        parameters[String(wanted.dropFirst().dropLast())] = value
      } else if wanted != given {
        return nil
      }
    }
    return parameters
  }

  private static func parts(_ path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }
}

package struct AdminRequest: Sendable {
  /// What stood in the place of the route's `{…}` parts, decoded.
  package var parameters: [String: String]
  package var body: Data

  package init(parameters: [String: String], body: Data) {
    self.parameters = parameters
    self.body = body
  }
}

package enum AdminAnswer: Hashable, Sendable {
  case json(Data)
  /// With its media type.
  case text(String, type: String)
}

/// Why something was not done, as a sentence for the person who asked.
package struct AdminRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Int, Hashable, Sendable {
    case misuse = 400
    case unknown = 404
    /// It can be asked and there is nothing to do, or it may not be done now.
    case conflict = 409
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
