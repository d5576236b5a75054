/* How many columns of a terminal a text takes. */
#ifndef VIZ_TOOLS_TEXT_WIDTH_H
#define VIZ_TOOLS_TEXT_WIDTH_H

#include "proto/base.h"

/* Columns of UTF-8 text: none for a combining mark, two for a wide character. A byte that is not
 * UTF-8 counts one, because a terminal shows one sign in its place. */
size_t viz_width_of(const char *text, size_t len);

#endif
