import CCurl

/// A transfer that did not come to its end. Its sentence names at most the host: never a path, a
/// query, a credential or an e-mail address.
package struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
  package var why: String
  /// Trying again would be refused again, until somebody changes something.
  package var permanent: Bool
  /// The other side's wish, in seconds from now.
  package var retryAfter: Double?
  /// The HTTP status or SMTP reply code that decided it; 0 where there was none.
  package var code: Int
  /// The other side may have what was sent nevertheless: its body was begun, and no word came of it.
  package var mayBeTaken = false

  package init(why: String, permanent: Bool, retryAfter: Double? = nil, code: Int = 0) {
    self.why = why
    self.permanent = permanent
    self.retryAfter = retryAfter
    self.code = code
  }

  package var description: String { why }

  /// What libcurl's own result says, in our words.
  /// - Parameter detail: libcurl's text; it is used only where it cannot hold more than a host.
  init(_ result: CURLcode, host: String, detail: String) {
    let (why, permanent): (String, Bool) =
      switch result {
      case CURLE_COULDNT_RESOLVE_HOST: ("The name \(host) could not be looked up.", false)
      case CURLE_COULDNT_RESOLVE_PROXY: ("The name of the proxy could not be looked up.", false)
      case CURLE_COULDNT_CONNECT: ("\(host) could not be reached.", false)
      case CURLE_OPERATION_TIMEDOUT: ("\(host) did not answer in time.", false)
      case CURLE_PEER_FAILED_VERIFICATION:
        ("The certificate of \(host) was not accepted\(detail.isEmpty ? "" : ": \(detail)").", true)
      case CURLE_SSL_CACERT_BADFILE: ("The file of trusted certificates could not be read.", true)
      case CURLE_SSL_CONNECT_ERROR: ("No secure connection to \(host) came about.", false)
      case CURLE_USE_SSL_FAILED: ("\(host) does not offer the encryption that is required.", true)
      case CURLE_LOGIN_DENIED: ("\(host) did not accept the user name and password.", true)
      case CURLE_FILESIZE_EXCEEDED: ("The answer of \(host) is larger than allowed.", true)
      case CURLE_ABORTED_BY_CALLBACK: ("The transfer with \(host) was stopped from here.", false)
      case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
        ("The connection with \(host) was cut.", false)
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
        ("The address at \(host) is not one that can be used.", true)
      default:
        ("The transfer with \(host) failed: \(String(cString: curl_easy_strerror(result))).", false)
      }
    self.init(why: why, permanent: permanent)
  }
}
