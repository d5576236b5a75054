/* The texts of the pages, by language: texts.TAG.tsv. */
#ifndef VIZ_TOOLS_WEB_TEXT_H
#define VIZ_TOOLS_WEB_TEXT_H

#include "node/host/lang.h"
#include "tools/web/texts.h"

/* The text; borrowed for ever. It may have {{tags}}: see template.h. */
const char *viz_web_text(enum viz_lang lang, enum viz_web_text id);
/* The text of that key. False: there is none. */
bool viz_web_text_find(enum viz_web_text *out, const char *key);

/* The text with its {{tags}} filled, cut to `max` bytes: names and values in turn, then NULL. Not
 * escaped: for the terminal, a message, a file. */
void viz_web_text_fill(char *out, size_t max, enum viz_lang lang, enum viz_web_text id, ...)
    __attribute__((sentinel));

#endif
