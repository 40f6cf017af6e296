import Invariants

private nonisolated(unsafe) let invariants = RecordInvariants.xml()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(invariants.broken(by: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
