import Foundation
import Triage

/// The routes of the admin socket about claims and their links.
func deskRoutes(_ office: AdminOffice, clock: @escaping @Sendable () -> Date) -> [AdminRoute] {
  [
    AdminRoute(.post, "/claims") { request in
      let wish = try readWish(ClaimsWish.self, request, "The claims want {\"area\": …} or {}.")
      return .json(try adminJSON(try await office.claims(area: wish.area, now: clock())))
    },
    AdminRoute(.get, "/claims/{id}") { request in
      .json(try adminJSON(try await office.claimStory(of: try number(request), now: clock())))
    },
    AdminRoute(.post, "/claims/{id}/release") { request in
      let wish = try readWish(ReleaseWish.self, request, "To release a claim wants {\"by\": …}.")
      return .json(
        try adminJSON(try await office.release(try number(request), by: wish.by, now: clock())))
    },
    AdminRoute(.post, "/links") { request in
      .json(try adminJSON(try await office.links(try read(linksOf: request), now: clock())))
    },
    AdminRoute(.post, "/links/revoke") { request in
      .json(try adminJSON(try await office.revokeLinks(try read(linksOf: request), now: clock())))
    },
  ]
}

private func read(linksOf request: AdminRequest) throws -> LinksWish {
  try readWish(
    LinksWish.self, request,
    "Links want one of {\"opportunity\": …}, {\"recipient\": …} and {\"all\": true}, and \"by\".")
}

private func number(_ request: AdminRequest) throws -> Int64 {
  guard let id = Int64(request.parameters["id"] ?? "") else {
    throw AdminRefusal(.misuse, "An opportunity is meant by its number.")
  }
  return id
}
