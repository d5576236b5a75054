/* What commands have in common when they speak: errors in both forms, times, money, states. */
#ifndef VIZ_TOOLS_VIZINHO_TELL_H
#define VIZ_TOOLS_VIZINHO_TELL_H

#include <jansson.h>

#include "tools/vizinho/client.h"
#include "tools/vizinho/grid.h"

#define VIZ_TELL_MAX 64 /* characters of a formatted value, with the final NUL */

/* A sentence on standard error; with --json {"error":{"code","message"}} on standard output.
 * Returns `status`. */
int viz_tell_error(const struct viz_cli *cli, int status, const char *code, enum viz_say_id id,
		   ...);
/* The same with a text that is ready. */
int viz_tell_fault(const struct viz_cli *cli, int status, const char *code, const char *text);
/* A line for people on standard output; nothing with --json. */
void viz_tell(const struct viz_cli *cli, enum viz_say_id id, ...);
/* The same on standard error: hints and progress that are no result. */
void viz_tell_aside(const struct viz_cli *cli, enum viz_say_id id, ...);
/* A text to be read aloud under its heading, wrapped and set in. */
void viz_tell_aloud(const struct viz_cli *cli, enum viz_say_id heading, const char *text);
/* A blank line for people. */
void viz_tell_gap(const struct viz_cli *cli);

/* Asks the daemon and, with --json, prints the result. *result is set (a new reference) only for
 * people, and NULL otherwise. Returns an enum viz_exit. */
int viz_tell_ask(json_t **result, const struct viz_cli *cli, const char *op, json_t *args);

/* The seconds since 1970 of a time of the daemon; 0 for null. */
int64_t viz_tell_seconds(const json_t *time);
/* A time of the daemon (ISO 8601, UTC, or null) in the machine's zone: "24/11/2026 14:05",
 * "2026-11-24 14:05", "-". */
void viz_tell_time(char out[VIZ_TELL_MAX], const struct viz_cli *cli, const json_t *time);
/* "R$ 99,90", "R$ 99.90" */
void viz_tell_money(char out[VIZ_TELL_MAX], const struct viz_cli *cli, int64_t cents);
/* "29,0 km²", "29.0 km²"; two decimals below 10 km². */
void viz_tell_area(char out[VIZ_TELL_MAX], const struct viz_cli *cli, uint64_t m2);
/* A word of the protocol (a state, an answer, a technology) as people say it; the word itself when
 * none is known. Borrowed. */
const char *viz_tell_word(const struct viz_cli *cli, const char *word);
const char *viz_tell_technology(const struct viz_cli *cli, int64_t technology);

#define VIZ_TELL_STANDING_MAX 128
/* How things stand with a peer of the daemon: "partner from 2026-11-27 11:29". */
void viz_tell_standing(char out[VIZ_TELL_STANDING_MAX], const struct viz_cli *cli,
		       const json_t *peer);

/* Members of a JSON object: "" and 0 when absent. */
const char *viz_tell_text(const json_t *o, const char *key);
/* A peer's name, with what tells it from another of the same name. */
const char *viz_tell_peer(const json_t *peer);
int64_t viz_tell_number(const json_t *o, const char *key);
bool viz_tell_true(const json_t *o, const char *key);

/* Tables. */
void viz_tell_heads(struct viz_grid *g, const struct viz_cli *cli, const enum viz_say_id *ids,
		    size_t count);
void viz_tell_cell_time(struct viz_grid *g, const struct viz_cli *cli, const json_t *time);
void viz_tell_print(struct viz_grid *g); /* and frees it */

/* A sentence for the daemon's error object, of a request {op, args}: with what was asked for, and
 * with what fits in the state where it is. */
void viz_tell_refusal(char *out, size_t max, const struct viz_cli *cli, const json_t *request,
		      const json_t *error);

#endif
