/* Members of the JSON objects that the daemon replies with. */
#ifndef VIZ_TOOLS_VIZINHO_REPLY_H
#define VIZ_TOOLS_VIZINHO_REPLY_H

#include <jansson.h>

#include "proto/base.h"

/* "", 0 and false when the member is absent. */
const char *viz_reply_text(const json_t *o, const char *key);
int64_t viz_reply_number(const json_t *o, const char *key);
bool viz_reply_true(const json_t *o, const char *key);
/* Of the node, the lead or the municipality `key` of the object: "" or 0 when it is absent. */
const char *viz_reply_name(const json_t *o, const char *key);
const char *viz_reply_id(const json_t *o, const char *key);
int64_t viz_reply_code(const json_t *o, const char *key);
/* A peer's name, with what distinguishes it from another peer of that name. */
const char *viz_reply_peer(const json_t *peer);
/* The seconds since 1970 of a time (RFC 3339, UTC); 0 for NULL. */
int64_t viz_reply_seconds(const json_t *time);

#endif
