import Glibc

/// The time of this machine's clock, in seconds since 1970.
package func systemClock() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
