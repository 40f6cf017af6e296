/// Who is told when a feed is in trouble: the person who runs the service.
package struct AdminContact: Hashable, Sendable {
  package var email: String
  /// A channel of the configuration.
  package var channel: String
  /// Empty where none was given.
  package var name: String
  /// Another one, by which they are told that ``channel`` fails; `nil`: none is named.
  package var alarmChannel: String?

  package init(email: String, channel: String, name: String = "", alarmChannel: String? = nil) {
    self.alarmChannel = alarmChannel
    self.email = email
    self.channel = channel
    self.name = name
  }
}
