/* Text in lines that fit the terminal; 78 columns where there is none. */
#ifndef VIZ_TOOLS_VIZINHO_WRAP_H
#define VIZ_TOOLS_VIZINHO_WRAP_H

#include "proto/base.h"

/* The columns of standard output, at most 78: longer lines are hard to read aloud. */
size_t viz_wrap_columns(void);
/* `text` for `columns`: lines that do not begin with a blank are joined to paragraphs and filled,
 * but one that begins with "uso:" or "usage:", which stands as it is. Lines that begin with blanks
 * are broken behind their own indent, and what follows one is not joined to it. */
void viz_wrap(FILE *out, const char *text, size_t columns);

#endif
