/// What ``Transferrer`` does with a folder on another machine, on the calling thread, which blocks.

func list(_ site: RemoteSite, stop: StopSign) throws(TransferError) -> RemoteListing {
  try withSession(site, stop) { session throws(TransferError) in try session.list() }
}

func look(
  at names: [String], in site: RemoteSite, stop: StopSign
) throws(TransferError) -> [RemoteFile] {
  try withSession(site, stop) { session throws(TransferError) in
    var files: [RemoteFile] = []
    for name in names {
      if let file = try session.look(at: name) { files.append(file) }
    }
    return files
  }
}

func fetch(
  _ file: RemoteFile, in site: RemoteSite, to path: String, maxBytes: Int, stop: StopSign
) throws(TransferError) -> Bool {
  try withSession(site, stop) { session throws(TransferError) in
    try session.fetch(file, to: path, maxBytes: maxBytes)
  }
}

func delete(
  _ file: RemoteFile, in site: RemoteSite, stop: StopSign
) throws(TransferError) -> Bool {
  try withSession(site, stop) { session throws(TransferError) in try session.delete(file) }
}

private func withSession<Value>(
  _ site: RemoteSite, _ stop: StopSign,
  _ body: (inout RemoteSession) throws(TransferError) -> Value
) throws(TransferError) -> Value {
  let sink = RemoteSink()
  let watch = Watch(seconds: site.totalSeconds, stop: stop)
  // The callbacks point to them without holding them, and are called until the session is gone.
  defer { withExtendedLifetime((sink, watch)) {} }
  return try run(site, sink, watch, body)
}

/// A function of its own, so that the session is over when it returns.
private func run<Value>(
  _ site: RemoteSite, _ sink: RemoteSink, _ watch: Watch,
  _ body: (inout RemoteSession) throws(TransferError) -> Value
) throws(TransferError) -> Value {
  var session = try RemoteSession(site, sink, watch)
  return try body(&session)
}
