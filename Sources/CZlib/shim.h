#include <zlib.h>

/// `inflateInit2` is a macro, which Swift cannot call; 15 + 16 reads the gzip wrapper.
static inline int czlib_begin_gunzip(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}
