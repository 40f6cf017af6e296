import CCurl

/// One transfer of libcurl, freed with its owner. Stays on one thread.
///
/// Freeing it may still speak (an SMTP QUIT), so whatever its callbacks point to has to outlive it.
struct Easy: ~Copyable {
  private let handle: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = []

  init() throws(TransferError) {
    guard Easy.libraryIsReady, let handle = curl_easy_init() else {
      throw TransferError(why: "libcurl could not be started.", permanent: false)
    }
    self.handle = handle
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  /// Sets what holds for every transfer: no signals, TLS verified, no more time than allowed.
  /// - Parameter watch: is not retained, and must outlive this handle.
  func prepare(connectSeconds: Double, caFile: String?, watch: Watch) throws(TransferError) {
    try check(curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connectSeconds))
    try set(CURLOPT_TIMEOUT_MS, milliseconds(watch.secondsLeft))
    if let caFile {
      try set(CURLOPT_CAINFO, caFile)
      // Else libcurl would trust the system's folder of certificates beside the file.
      try check(curl_set_pointer(handle, CURLOPT_CAPATH, nil))
    }
    try set(CURLOPT_NOPROGRESS, 0)
    try check(
      curl_set_progress(
        handle,
        { context, _, _, _, _ in
          Unmanaged<Watch>.fromOpaque(context!).takeUnretainedValue().isOver ? 1 : 0
        }, Unmanaged.passUnretained(watch).toOpaque()))
  }

  deinit {
    curl_easy_cleanup(handle)
    for list in lists { curl_slist_free_all(list) }
    errorText.deallocate()
  }

  func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
    try check(curl_set_long(handle, option, value))
  }

  func set(_ option: CURLoption, large value: Int) throws(TransferError) {
    try check(curl_set_large(handle, option, curl_off_t(value)))
  }

  /// libcurl keeps its own copy.
  func set(_ option: CURLoption, _ value: String) throws(TransferError) {
    try check(curl_set_text(handle, option, value))
  }

  mutating func set(_ option: CURLoption, list lines: [String]) throws(TransferError) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines { list = curl_slist_append(list, line) }
    guard let list else { return }
    lists.append(list)
    try check(curl_set_list(handle, option, list))
  }

  /// - Parameter context: is not retained.
  func set(
    _ option: CURLoption, _ contextOption: CURLoption, context: AnyObject,
    _ callback: curl_transfer_callback
  ) throws(TransferError) {
    try check(
      curl_set_callback(
        handle, option, callback, contextOption, Unmanaged.passUnretained(context).toOpaque()))
  }

  /// Forgets all that was set, and keeps the connection for the next transfer.
  func reset() {
    curl_easy_reset(handle)
    errorText[0] = 0
  }

  /// - Parameter context: is not retained.
  func setKeyCheck(
    context: AnyObject, _ callback: curl_sshkeycallback
  ) throws(TransferError) {
    try check(
      curl_set_key_check(handle, callback, Unmanaged.passUnretained(context).toOpaque()))
  }

  func perform() -> CURLcode { curl_easy_perform(handle) }

  /// The other side's last word: HTTP status or SMTP reply code, 0 without one.
  var responseCode: Int {
    var code = 0
    return curl_get_long(handle, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0
  }

  /// A number that the transfer brought along, such as a length; `nil` where it is not known.
  func number(_ info: CURLINFO) -> Int? {
    var value = curl_off_t(-1)
    guard curl_get_large(handle, info, &value) == CURLE_OK, value >= 0 else { return nil }
    return Int(value)
  }

  var detail: String { String(cString: errorText) }

  private func check(_ result: CURLcode) throws(TransferError) {
    guard result != CURLE_OK else { return }
    let text = String(cString: curl_easy_strerror(result))
    throw TransferError(why: "A transfer could not be prepared: \(text).", permanent: true)
  }

  private static let libraryIsReady =
    curl_global_init(Int(CURL_GLOBAL_SSL)) == CURLE_OK
}

/// At least one, since libcurl takes zero for "no limit".
private func milliseconds(_ seconds: Double) -> Int {
  Int(min(max(seconds * 1000, 1), 1e9).rounded(.up))
}
