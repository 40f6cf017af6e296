/// The days on which the parts of the United Kingdom do not work, as GOV.UK publishes them.
package struct BankHolidays: Hashable, Sendable {
  package var divisions: [HolidayDivision: Set<CivilDay>]

  package init(divisions: [HolidayDivision: Set<CivilDay>] = [:]) {
    self.divisions = divisions
  }

  package func isHoliday(_ day: CivilDay, in division: HolidayDivision) -> Bool {
    divisions[division]?.contains(day) ?? false
  }

  /// The last day that is known of; `nil` where nothing is.
  package func end(of division: HolidayDivision) -> CivilDay? { divisions[division]?.max() }
}

/// Whose bank holidays. The names are those of https://www.gov.uk/bank-holidays.json.
package enum HolidayDivision: String, CaseIterable, Hashable, Sendable, Codable {
  case englandAndWales = "england-and-wales"
  case scotland
  case northernIreland = "northern-ireland"
  /// None are kept.
  case none

  package var name: String {
    switch self {
    case .englandAndWales: "England and Wales"
    case .scotland: "Scotland"
    case .northernIreland: "Northern Ireland"
    case .none: "nowhere"
    }
  }
}
