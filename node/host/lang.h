/* The languages of people. The build makes languages.h of the list in the top meson.build: the
 * enum, the tags, and VIZ_LANG_LIST, "pt-BR|en", for help texts. */
#ifndef VIZ_NODE_HOST_LANG_H
#define VIZ_NODE_HOST_LANG_H

#include "proto/base.h"
#include "node/host/languages.h"

/* From a tag ("pt-BR"), its first part alone ("pt"), or a locale that begins so ("pt_BR.UTF-8"), in
 * any case. False: none of the languages. */
bool viz_host_lang_parse(enum viz_lang *out, const char *name);
/* From LC_ALL, LC_MESSAGES, LANG: the first that is set decides; English when it is none of the
 * languages. */
enum viz_lang viz_host_lang_locale(void);
/* "pt-BR", "en". */
const char *viz_host_lang_tag(enum viz_lang lang);

#endif
