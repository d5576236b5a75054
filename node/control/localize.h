/* Texts for people in their language: those of texts.TAG.tsv. */
#ifndef VIZ_NODE_CONTROL_LOCALIZE_H
#define VIZ_NODE_CONTROL_LOCALIZE_H

#include "node/control/control_texts.h"
#include "proto/base.h"

/* The language where a request names none: the first of the build. */
#define VIZ_CONTROL_LANGUAGE viz_control_texts_tags[0]

/* Writes a text with its one or two %s filled; `out` holds max bytes. VIZ_ERR_ABSENT: there is no
 * such language; VIZ_ERR_LIMIT: it does not fit. */
int viz_control_localize(char *out, size_t max, enum viz_control_texts text, const char *language,
			 const char *first, const char *second);

#endif
