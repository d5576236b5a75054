/* What text of a peer may be: UTF-8 without control characters and without invisible ones. */
#ifndef VIZ_PROTO_TEXT_H
#define VIZ_PROTO_TEXT_H

#include "proto/base.h"

/* Whether `len` bytes are valid UTF-8 (no surrogates, no overlong form) without control characters.
 */
bool viz_text_utf8(const char *text, size_t len);
/* The same, and without characters that are invisible or change the direction of others: what a str
 * may be (PROTOCOL.md section 3). */
bool viz_text_valid(const char *text, size_t len);
/* The length in bytes of the space (Unicode's Zs) at the start of `text`, which is valid; 0: there
 * is none. */
size_t viz_text_blank(const char *text);
/* Whether valid text can be a NODE's name: not empty, no space at either end (section 8). */
bool viz_text_is_name(const char *text);

#endif
