/// Who is told when a feed is in trouble: the person who runs the service.
package struct AdminContact: Hashable, Sendable {
  package var email: String
  /// A channel of the configuration.
  package var channel: String
  /// Empty where none was given.
  package var name: String

  package init(email: String, channel: String, name: String = "") {
    self.email = email
    self.channel = channel
    self.name = name
  }
}
