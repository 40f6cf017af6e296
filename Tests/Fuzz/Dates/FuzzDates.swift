import Invariants

private nonisolated(unsafe) let dates = try! DateInvariants()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDates(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(dates.broken(by: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
