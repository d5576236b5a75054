/* Text in lines that fit the terminal; 78 columns where there is none. */
#ifndef VIZ_TOOLS_VIZINHO_WRAP_H
#define VIZ_TOOLS_VIZINHO_WRAP_H

#include "proto/base.h"

/* The columns of standard output, at most 78: longer lines are hard to read. */
size_t viz_wrap_columns(void);
/* Prints `text` in lines of at most `columns`. The first line of a help text ("usage: ...") stays
 * as it is. Lines that do not begin with a blank are joined to paragraphs and filled. Lines that
 * begin with blanks are broken below their own indent, and the next line is not joined to them. An
 * example, "  vizinho ...", is never broken, because a broken one cannot be pasted. */
void viz_wrap(FILE *out, const char *text, size_t columns);

#endif
