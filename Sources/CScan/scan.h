// Bit masks over blocks of 64 bytes: where a CSV row's fields can end, where its quotes are.
//
// Swift's own SIMD types reach half this speed (docs/decisions/0004-csv-scanner.md), so the two
// loops that touch every byte are `static inline` C, with SSE2 (in every x86-64) and in plain C.

#ifndef TRIAGED_SCAN_H
#define TRIAGED_SCAN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Set in the answer of `cscan_masks` when a byte of the blocks has its highest bit set.
#define CSCAN_NON_ASCII 1u
/// Set in the answer of `cscan_masks` when a byte of the blocks is zero.
#define CSCAN_NUL 2u

#if defined(__SSE2__)

static inline uint64_t cscan_bits(__m128i a, __m128i b, __m128i c, __m128i d) {
  return (uint64_t)(uint32_t)_mm_movemask_epi8(a) | (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16 |
         (uint64_t)(uint32_t)_mm_movemask_epi8(c) << 32 |
         (uint64_t)(uint32_t)_mm_movemask_epi8(d) << 48;
}

static inline __m128i cscan_ends(__m128i bytes, __m128i delimiter, __m128i lf, __m128i cr) {
  return _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter),
                      _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr)));
}

#endif

/// For each of `blocks` blocks of 64 bytes: bit i of `ends[block]` says that byte i is the
/// delimiter, LF or CR; bit i of `quotes[block]` that it is a double quote. The caller pads the
/// last block. Answers CSCAN_NON_ASCII and CSCAN_NUL over all blocks.
static inline unsigned cscan_masks(const uint8_t *bytes, size_t blocks, uint8_t delimiter,
                                   uint64_t *ends, uint64_t *quotes) {
#if defined(__SSE2__)
  const __m128i del = _mm_set1_epi8((char)delimiter);
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i cr = _mm_set1_epi8('\r');
  const __m128i quote = _mm_set1_epi8('"');
  __m128i any = _mm_setzero_si128();
  __m128i least = _mm_set1_epi8((char)0xFF);
  for (size_t at = 0; at < blocks; at++) {
    const __m128i *block = (const __m128i *)(const void *)(bytes + 64 * at);
    const __m128i a = _mm_loadu_si128(block);
    const __m128i b = _mm_loadu_si128(block + 1);
    const __m128i c = _mm_loadu_si128(block + 2);
    const __m128i d = _mm_loadu_si128(block + 3);
    ends[at] = cscan_bits(cscan_ends(a, del, lf, cr), cscan_ends(b, del, lf, cr),
                          cscan_ends(c, del, lf, cr), cscan_ends(d, del, lf, cr));
    quotes[at] = cscan_bits(_mm_cmpeq_epi8(a, quote), _mm_cmpeq_epi8(b, quote),
                            _mm_cmpeq_epi8(c, quote), _mm_cmpeq_epi8(d, quote));
    any = _mm_or_si128(any, _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d)));
    least = _mm_min_epu8(least, _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d)));
  }
  return (_mm_movemask_epi8(any) != 0 ? CSCAN_NON_ASCII : 0) |
         (_mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128())) != 0 ? CSCAN_NUL : 0);
#else
  unsigned found = 0;
  for (size_t at = 0; at < blocks; at++) {
    uint64_t end = 0, quote = 0;
    for (unsigned i = 0; i < 64; i++) {
      const uint8_t byte = bytes[64 * at + i];
      end |= (uint64_t)(byte == delimiter || byte == '\n' || byte == '\r') << i;
      quote |= (uint64_t)(byte == '"') << i;
      if (byte & 0x80) found |= CSCAN_NON_ASCII;
      if (byte == 0) found |= CSCAN_NUL;
    }
    ends[at] = end;
    quotes[at] = quote;
  }
  return found;
#endif
}

/// The first position in `from..<count` whose byte has its highest bit set, else `count`.
static inline size_t cscan_next_non_ascii(const uint8_t *bytes, size_t from, size_t count) {
  size_t at = from;
#if defined(__SSE2__)
  for (; at + 16 <= count; at += 16) {
    const int bits = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(bytes + at)));
    if (bits != 0) return at + (size_t)__builtin_ctz((unsigned)bits);
  }
#endif
  for (; at < count; at++) {
    if (bytes[at] & 0x80) return at;
  }
  return count;
}

#endif
