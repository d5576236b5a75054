/* UTF-8 and Windows-1252, the two encodings of the files that people bring. */
#ifndef VIZ_TOOLS_TEXT_ENCODING_H
#define VIZ_TOOLS_TEXT_ENCODING_H

#include "proto/base.h"

/* The length of the UTF-8 sequence at `p`, 1 to 4 bytes (Unicode 15, table 3-7), and its code
 * point; 0 when the bytes are no UTF-8. `len` is at least 1. */
size_t viz_encoding_next(uint32_t *code_point, const char *p, size_t len);

/* Writes a code point as UTF-8, at most 4 bytes, and returns how many. */
size_t viz_encoding_put(char *out, uint32_t code_point);

/* Whether all bytes are UTF-8. `ascii` (or NULL) tells whether each is below 0x80. */
bool viz_encoding_is_utf8(bool *ascii, const char *bytes, size_t len);

/* The code point of a byte of Windows-1252. The five bytes that it leaves open stay as they are, as
 * the WHATWG Encoding Standard has it. */
uint32_t viz_encoding_windows_1252(uint8_t byte);

/* Makes any text fit for a terminal and for JSON, in place: a byte that is no UTF-8 becomes '?', a
 * control character or an invisible one becomes blanks. `lines`: newlines stay. */
void viz_encoding_clean(char *text, bool lines);

/* A copy as UTF-8, from Windows-1252 when the bytes are no UTF-8. `slack` more bytes may be written
 * after it. The caller frees it. NULL: no memory. */
char *viz_encoding_to_utf8(size_t *out_len, const char *bytes, size_t len, size_t slack);

#endif
