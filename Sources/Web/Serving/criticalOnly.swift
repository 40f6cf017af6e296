import Logging

/// For the HTTP server itself, which calls an error what is none to an admin, such as a connection that a stop cuts. What makes
/// it end it throws, and that is said elsewhere.
func criticalOnly(_ logger: Logger) -> Logger {
  var logger = logger
  logger.logLevel = .critical
  return logger
}
