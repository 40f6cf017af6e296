/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date in any of HTTP's three forms.
/// - Parameter now: seconds since 1970, to which a date is compared.
/// - Returns: seconds from now, between zero and a day; `nil` for what is neither.
func retryAfter(_ value: String, now: Double) -> Double? {
  let longest = 86_400.0
  let text = value.drop { $0 == " " || $0 == "\t" }
  if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
    return min(Double(text) ?? longest, longest)
  }
  return httpDate(String(text)).map { min(max($0 - now, 0), longest) }
}
