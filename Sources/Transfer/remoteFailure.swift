import CCurl

extension TransferError {
  /// What libcurl's result means for a ``RemoteSite``; the rest is as for every transfer.
  init(
    remote result: CURLcode, host: String, isSSH: Bool, usesKey: Bool, keyMatch: curl_khmatch?,
    detail: String
  ) {
    let (why, permanent): (String, Bool)
    switch result {
    case CURLE_PEER_FAILED_VERIFICATION where isSSH && keyMatch == CURLKHMATCH_MISMATCH:
      (why, permanent) = (
        "The key of \(host) is not the one in the known_hosts file: the server was set up anew, or "
          + "somebody stands in between. Nothing was said to it; ask its administrator before you "
          + "change the file.", true
      )
    case CURLE_PEER_FAILED_VERIFICATION where isSSH:
      (why, permanent) = (
        "\(host) is not in the known_hosts file of the feed, or not with the key that it shows; "
          + "nothing was said to it.", true
      )
    case CURLE_FAILED_INIT where isSSH:
      (why, permanent) = (
        "\(host) and this machine have no kind of key in common; put the server's ed25519 key into "
          + "the known_hosts file.", true
      )
    case CURLE_LOGIN_DENIED where usesKey:
      (why, permanent) = (
        "\(host) did not accept the key for this user (RSA keys are not understood; use ed25519).",
        true
      )
    case CURLE_REMOTE_FILE_NOT_FOUND, CURLE_REMOTE_ACCESS_DENIED:
      (why, permanent) = ("\(host) has no such folder or file, or does not show it.", true)
    case CURLE_QUOTE_ERROR:
      (why, permanent) = ("\(host) did not let a file be deleted.", true)
    case CURLE_FTP_COULDNT_RETR_FILE, CURLE_SSH:
      (why, permanent) = ("\(host) did not let it be read, or broke off.", false)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_FTP_WEIRD_PASV_REPLY, CURLE_FTP_CANT_GET_HOST,
      CURLE_FTP_ACCEPT_FAILED:
      (why, permanent) = ("\(host) does not answer as an FTP server does.", false)
    default:
      self.init(result, host: host, detail: detail)
      return
    }
    self.init(why: why, permanent: permanent)
  }
}
