/* Requests of the operator: one JSON object {"op": NAME, "args": {...}}, one reply {"ok": true,
 * "result": {...}} or {"ok": false, "error": {"code", "message"}}. The operations stand in the tables of
 * ctl_*.c; each says its arguments and results. Keys and codes are English; the command translates. */
#ifndef VIZ_NODE_CTL_H
#define VIZ_NODE_CTL_H

#include <jansson.h>

#include "node/core.h"

struct viz_ctl {
	struct viz_node *node;
	const char *who;  /* UNIX user */
	json_t *args;     /* object; borrowed */
	json_t *result;   /* object, to fill */
	char code[32];    /* of the error; "" until then */
	char message[256];
	const char *state; /* of what the request is about, where that is the reason; NULL */
};

/* Returns 0, or an error with code and message set. */
typedef int (*viz_ctl_handler)(struct viz_ctl *c);

struct viz_ctl_op {
	const char *name;
	viz_ctl_handler run;
};

/* The tables, each ended by a NULL name. */
extern const struct viz_ctl_op viz_ctl_peer_ops[];
extern const struct viz_ctl_op viz_ctl_key_ops[];
extern const struct viz_ctl_op viz_ctl_coverage_ops[];
extern const struct viz_ctl_op viz_ctl_lead_ops[];
extern const struct viz_ctl_op viz_ctl_inbox_ops[];
extern const struct viz_ctl_op viz_ctl_status_ops[];

void viz_ctl_request(struct viz_node *node, const struct viz_event *ev);
/* jansson's memory is wiped when it is freed: requests carry personal data. */
void viz_ctl_init(void);

/* For handlers. */
int viz_ctl_fail(struct viz_ctl *c, int err, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* An error of the core, in words. */
int viz_ctl_error(struct viz_ctl *c, int err, const char *what);
/* Arguments. Text of at least min and at most max bytes; `def` (may be NULL: required) when absent. */
int viz_ctl_text(struct viz_ctl *c, char *out, size_t max, const char *name, size_t min,
    const char *def);
int viz_ctl_int(struct viz_ctl *c, int64_t *out, const char *name, int64_t min, int64_t max,
    const int64_t *def);
bool viz_ctl_flag(struct viz_ctl *c, const char *name);
/* A peer by id text, 8 or more hex digits, or a part of its name that fits only one. */
struct viz_member *viz_ctl_peer(struct viz_ctl *c, const char *name);
struct viz_member *viz_ctl_find_peer(struct viz_ctl *c, const char *text);
/* Bytes in hexadecimal; *out is allocated. */
int viz_ctl_bytes(struct viz_ctl *c, uint8_t **out, size_t *len, const char *name, size_t max);

/* Results. */
void viz_ctl_set_id(json_t *o, const char *name, const struct viz_id *id);
void viz_ctl_set_time(json_t *o, const char *name, struct viz_time t); /* null for 0 */
/* How things stand between the member and us, as the PARTNERS records of both tell: "standing" (a
 * word of ctl_standing.c), the dates "partner_from" and "partner_until", and who has "ended_by" it
 * ("us", "them"); null where there is none. */
void viz_ctl_standing(json_t *o, struct viz_node *node, const struct viz_member *m);
json_t *viz_ctl_member_json(struct viz_node *node, const struct viz_member *m);
/* "20261123-1" for a slot, and back. VIZ_ERR_FORM. */
#define VIZ_SLOT_TEXT_MAX 24
void viz_slot_text(char out[VIZ_SLOT_TEXT_MAX], uint64_t slot);
int viz_slot_parse(uint64_t *slot, const char *text);

/* The consent texts, versioned; marked for review by the ISP's counsel. `names` are joined into the
 * text. purpose: enum viz_purpose. `out` holds max bytes. */
#define VIZ_CONSENT_VERSION "2026-11.2"
int viz_consent_text(char *out, size_t max, unsigned purpose, const char *language,
    const char *controller, const char *const *names, size_t count);
/* The first consent's text, true for our own answer at the new address: we do not serve it, may
 * serve it, or serve it and the customer prefers the neighbours. */
int viz_consent_location(char *out, size_t max, enum viz_answer own, const char *language,
			 const char *controller, const char *const *names, size_t count);
/* What a receipt says of the exact text shown: H("vizinho/consent-text", text). */
void viz_consent_hash(struct viz_id *out, const char *text);

#endif
