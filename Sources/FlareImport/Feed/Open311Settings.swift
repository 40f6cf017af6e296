/// A GeoReport v2 server (https://wiki.open311.org/GeoReport_v2/).
package struct Open311Settings: Hashable, Sendable {
  /// The root under which `requests.json` or `requests.xml` lies.
  package var endpoint: String
  package var format: Format
  package var jurisdiction: String?
  /// File with the `api_key` on its first line.
  package var apiKeyFile: String?
  /// Rows asked for in one answer (`page_size`); `nil` where the server does not page.
  package var pageSize: Int?
  /// The server's own limit on one answer: an answer of exactly so many rows was cut.
  package var serverLimit: Int
  /// How far back requests are asked for, in days; the specification allows 90 in one question.
  package var windowDays: Int

  package enum Format: String, Hashable, Sendable, CaseIterable {
    case json, xml
  }

  package init(
    endpoint: String, format: Format = .json, jurisdiction: String? = nil,
    apiKeyFile: String? = nil, pageSize: Int? = nil, serverLimit: Int = 1000, windowDays: Int = 90
  ) {
    self.endpoint = endpoint
    self.format = format
    self.jurisdiction = jurisdiction
    self.apiKeyFile = apiKeyFile
    self.pageSize = pageSize
    self.serverLimit = serverLimit
    self.windowDays = windowDays
  }
}
