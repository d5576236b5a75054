/* Requests of the operator: one JSON object {"op": NAME, "args": {...}}, one reply {"ok":
 * true, "result": {...}} or {"ok": false, "error": {"code", "message"}}. The operations
 * stand in the tables at the end of each file of this room; each says its arguments and
 * results. Keys and codes are English; the command translates. */
#ifndef VIZ_NODE_CONTROL_CONTROL_H
#define VIZ_NODE_CONTROL_CONTROL_H

#include <jansson.h>

#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_contact;
struct viz_event;
struct viz_member;
struct viz_net;
struct viz_plan;
struct viz_trust;

/* Who may open personal data: UNIX users that the configuration names. */
struct viz_readers {
	char (*name)[33];
	size_t count;
};

struct viz_request {
	struct viz_net *net;
	const struct viz_readers *readers;
	const char *who; /* UNIX user */
	json_t *args;    /* object; borrowed */
	json_t *result;  /* object, to fill */
	char code[32];   /* of the error; "" until then */
	char message[2048];
	json_t *candidates; /* of an ambiguous name: labels; NULL: none */
	uint64_t *names;    /* ctl_name.c's; NULL: not read yet */
	size_t name_count;
	const char *state; /* of what the request is about, where that is the reason; NULL */
};

/* Returns 0, or an error with code and message set. */
typedef int (*viz_control_handler)(struct viz_request *c);

struct viz_control_op {
	const char *name;
	viz_control_handler run;
};

/* A peer's name for people, in lists and in what customers hear: with CNPJ (where it has one) and
 * the first 8 digits of the id when it is not unique among those whom we may deal with, ourselves
 * included. */
#define VIZ_CONTROL_LABEL_MAX (VIZ_NAME_MAX + 40)

/* "20261123-1" for a slot, and back. VIZ_ERR_FORM. */
#define VIZ_SLOT_TEXT_MAX 24

/* The consent texts, versioned; marked for review by the ISP's counsel. `out` holds max bytes.
 * VIZ_ERR_ABSENT (no such language), VIZ_ERR_LIMIT. */
#define VIZ_CONSENT_TEXT_VERSION "2026-11.2"

/* The tables, each ended by a NULL name. */
extern const struct viz_control_op viz_control_peer_ops[];
extern const struct viz_control_op viz_control_key_ops[];
extern const struct viz_control_op viz_control_coverage_ops[];
extern const struct viz_control_op viz_control_plan_ops[];
extern const struct viz_control_op viz_control_lead_ops[];
extern const struct viz_control_op viz_control_inbox_ops[];
extern const struct viz_control_op viz_control_status_ops[];

/* Whether the store has room for what the operation writes: before it does anything. VIZ_ERR_LIMIT
 * with the code "store-full". */
int viz_control_headroom(struct viz_request *c, const char *op);

int viz_control_store_full(struct viz_request *c);

void viz_control_request(struct viz_net *net, const struct viz_readers *readers,
			 const struct viz_event *ev);

/* jansson's memory is wiped when it is freed: requests carry personal data. */
void viz_control_init(void);

/* For handlers. */
int viz_control_fail(struct viz_request *c, int err, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An error of the core, in words. */
int viz_control_error(struct viz_request *c, int err, const char *what);

/* Arguments. Text of at least min and at most max bytes; `def` (may be NULL: required) when absent.
 */
int viz_control_text(struct viz_request *c, char *out, size_t max, const char *name, size_t min,
		     const char *def);

int viz_control_int(struct viz_request *c, int64_t *out, const char *name, int64_t min, int64_t max,
		    const int64_t *def);

bool viz_control_flag(struct viz_request *c, const char *name);

/* A peer by id text, by 8 or more hex digits of the id or its whole name, or else by a part of the
 * name. NULL: no peer matches (code is not set, but by viz_control_peer), or several do (code
 * "ambiguous", with who they are). `among`, unless it is NULL, are the ids of those that may be
 * meant. */
struct viz_member *viz_control_peer(struct viz_request *c, const char *name);

struct viz_member *viz_control_find_peer(struct viz_request *c, const char *text);

struct viz_member *viz_control_find_among(struct viz_request *c, const char *text,
					  const struct viz_id *among, size_t count);

/* Bytes in hexadecimal; *out is allocated. */
int viz_control_bytes(struct viz_request *c, uint8_t **out, size_t *len, const char *name,
		      size_t max);

/* Results. */
void viz_control_set_id(json_t *o, const char *name, const struct viz_id *id);

void viz_control_set_time(json_t *o, const char *name, struct viz_time t); /* null for 0 */

json_t *viz_control_member_json(struct viz_request *c, const struct viz_member *m);

void viz_control_label(struct viz_request *c, char out[VIZ_CONTROL_LABEL_MAX],
		       const struct viz_member *m);

/* How things stand between the member and us, as the PARTNERS records of both tell: "standing" (a
 * word of ctl_standing.c), the dates "partner_from" and "partner_until", and who has "ended_by" it
 * ("us", "them"); null where there is none. */
void viz_control_standing(json_t *o, struct viz_trust *trust, const struct viz_member *m);

void viz_control_slot_text(char out[VIZ_SLOT_TEXT_MAX], uint64_t slot);

int viz_control_slot_parse(uint64_t *slot, const char *text);

/* The first consent: the location goes to `names`, one or several. True for our own answer at the
 * new address: we do not serve it, may serve it, or serve it and the customer prefers the
 * neighbours. */
int viz_consent_text_location(char *out, size_t max, enum viz_answer own, const char *language,
			      const char *controller, const char *const *names, size_t count);

/* The second: contact data goes to `name`. */
int viz_consent_text_contact(char *out, size_t max, const char *language, const char *controller,
			     const char *name);

/* With nobody to ask: the location is kept here for so many days. Of no receipt. */
int viz_consent_text_waiting(char *out, size_t max, const char *language, const char *controller,
			     int64_t days);

/* What a receipt says of the exact text shown: H("vizinho/consent-text", text). */
void viz_consent_text_hash(struct viz_id *out, const char *text);

/* 0, or an error when the client's user is not a reader. */
int viz_control_reader(struct viz_request *c);

json_t *viz_control_contact_json(const struct viz_contact *contact);

json_t *viz_control_plan_json(const struct viz_plan *p);

#endif
