import CZlib

/// Unpacks a gzip file (RFC 1952), all its members one behind the other.
/// - Throws: `refused` for what is damaged, cut off or has something else behind its end.
func gunzip(
  _ descriptor: Int32, into file: inout UnpackedFile
) throws(ReadTrouble) {
  let chunk = 64 << 10
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
  defer {
    input.deallocate()
    output.deallocate()
  }
  var stream = z_stream()
  guard czlib_begin_gunzip(&stream) == Z_OK else { throw .system(12) }
  defer { inflateEnd(&stream) }
  let damaged = ReadTrouble.noList("It is a gzip file that is damaged.")
  var offset = 0
  var isWithinMember = true
  while true {
    let count = try ByteSource.read(descriptor, input, at: offset)
    if count == 0 {
      if isWithinMember { throw .noList("It is a gzip file that is cut off.") }
      return
    }
    offset += count
    stream.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(count)
    repeat {
      if !isWithinMember {
        // Tapes and some servers fill up with zeros.
        while stream.avail_in > 0, stream.next_in.pointee == 0 {
          stream.next_in += 1
          stream.avail_in -= 1
        }
        if stream.avail_in == 0 { break }
        guard inflateReset(&stream) == Z_OK else { throw damaged }
        isWithinMember = true
      }
      stream.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(chunk)
      let state = inflate(&stream, Z_NO_FLUSH)
      try file.append(UnsafeRawBufferPointer(rebasing: output[..<(chunk - Int(stream.avail_out))]))
      if state == Z_STREAM_END {
        isWithinMember = false
      } else if state == Z_BUF_ERROR {
        break
      } else if state != Z_OK {
        throw damaged
      }
    } while stream.avail_in > 0 || stream.avail_out == 0
  }
}
