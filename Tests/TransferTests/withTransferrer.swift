import Transfer

/// A transferrer that is shut down whatever the body does.
func withTransferrer<Value>(
  isolation: isolated (any Actor)? = #isolation, _ body: (Transferrer) async throws -> Value
) async throws -> Value {
  let transferrer = Transferrer(threads: 2)
  do {
    let value = try await body(transferrer)
    await transferrer.shutdown()
    return value
  } catch {
    await transferrer.shutdown()
    throw error
  }
}
