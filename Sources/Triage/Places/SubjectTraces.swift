import Foundation

/// By what a row of any list is told to be of somebody, whatever its columns are called: for looking through lists
/// as they were received. It rather takes one row too many than one too few.
package struct SubjectTraces: Sendable {
  private var references: Set<String>
  private var uprns: Set<String>
  private var addresses: [Trace] = []

  private struct Trace {
    var number: String
    /// Without the street-type word at its end, which may be written short.
    var street: [String]
    var postcode: String
  }

  /// - Parameter addresses: as they were written, with their postcodes.
  package init(
    references: Set<String>, uprns: Set<String>, addresses: [(address: String, postcode: String)]
  ) {
    self.references = references
    self.uprns = uprns
    for (written, postcode) in addresses {
      let address = Address(written, postcode: postcode)
      guard address.isComplete else { continue }
      let street = address.street.split(separator: " ").map(String.init)
      self.addresses.append(
        Trace(
          number: address.number, street: street.count > 1 ? Array(street.dropLast()) : street,
          postcode: postcodeKey(address.postcode)))
    }
  }

  package var isEmpty: Bool { references.isEmpty && uprns.isEmpty && addresses.isEmpty }

  package func isIn(_ cells: [String]) -> Bool {
    for cell in cells where !cell.isEmpty {
      if references.contains(cell) { return true }
      if !uprns.isEmpty, let uprn = normalisedUPRN(cell), uprns.contains(uprn) { return true }
    }
    guard !addresses.isEmpty else { return false }
    let text = cells.joined(separator: " ").uppercased()
    let words = Set(
      text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
    let letters = text.filter { $0.isLetter || $0.isNumber }
    return addresses.contains { trace in
      (words.contains(trace.number) || letters.contains(trace.number + trace.street.joined()))
        && trace.street.allSatisfy { words.contains($0) || letters.contains($0) }
        && (trace.postcode.isEmpty || letters.contains(trace.postcode)
          || !cells.contains { !postcodeKey($0).isEmpty || !postcodeKey(inAddress: $0).isEmpty })
    }
  }
}
