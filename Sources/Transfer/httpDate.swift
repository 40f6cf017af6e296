import CCurl

/// Reads a date of HTTP in any of its three forms (RFC 9110, 5.6.7).
/// - Returns: seconds since 1970; `nil` for what is no date.
package func httpDate(_ value: String) -> Double? {
  let date = curl_getdate(value, nil)
  return date >= 0 ? Double(date) : nil
}
