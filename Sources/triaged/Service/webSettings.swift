import Foundation
import Notify
import Triage
import Web

/// What the pages are to know of a configuration. Raises the number of files that this process may hold, as far as it
/// may.
func webSettings(_ configuration: Configuration, _ links: Links) -> WebSettings {
  WebSettings(
    host: configuration.listenHost, port: configuration.listenPort,
    publicURL: URL(string: configuration.publicURL)!,
    serviceName: configuration.mail.serviceName, timeZone: configuration.timeZone,
    formKey: links.formKey, undoMinutes: Int(configuration.desk.undo / 60),
    languages: configuration.web.languages, wording: configuration.pages,
    pictureStyle: AreaPicture.styleText,
    trustedProxies: configuration.web.trustedProxies,
    proxyNameHeader: configuration.web.proxyNameHeader,
    proxyMember: { [team = configuration.team] name in
      team.members.first {
        $0.id == name || $0.email.lowercased() == name.lowercased()
      }?.id
    }, limits: configuration.web.limits,
    connections: ConnectionLimits(connections: connectionsThatFit(files: raiseFileLimit())))
}
