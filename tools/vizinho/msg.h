/* The messages of the command, by language. Their texts are in texts.TAG.tsv. */
#ifndef VIZ_TOOLS_VIZINHO_MSG_H
#define VIZ_TOOLS_VIZINHO_MSG_H

#include "node/host/lang.h"
#include "tools/vizinho/texts.h"

/* The text; borrowed for ever. */
const char *viz_msg(enum viz_lang lang, enum viz_msg id);
/* The message whose key is `prefix` and `name` together. False: there is none. */
bool viz_msg_find(enum viz_msg *out, const char *prefix, const char *name);
/* Whether `word` is one of the words of the message, in any language and any case. */
bool viz_msg_has_word(enum viz_msg id, const char *word);

#endif
