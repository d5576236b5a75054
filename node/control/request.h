/* What all operations use: the request, its arguments, its result and its error. Each operation is
 * a row in the table at the end of its file; the comment above its function has the arguments and
 * the result. Keys and codes are English; the command translates them.
 *
 * What returns int here returns 0, or a negative error with the request's code and message set. */
#ifndef VIZ_NODE_CONTROL_REQUEST_H
#define VIZ_NODE_CONTROL_REQUEST_H

#include <jansson.h>

#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_audit_protester;
struct viz_contact;
struct viz_inbox;
struct viz_location;
struct viz_member;
struct viz_net;
struct viz_peer_row;
struct viz_plan;
struct viz_readers;
struct viz_shows;
struct viz_core;
struct viz_trust;

struct viz_request {
	struct viz_net *net;
	const struct viz_readers *readers;
	struct viz_shows *shows; /* takes what is replied later, and sets `later` */
	uint64_t client;
	bool later;
	const char *who; /* UNIX user */
	json_t *args;    /* object; borrowed */
	json_t *result;  /* object; the operation fills it */
	char code[32];   /* of the error; "" without one */
	char message[2048];
	json_t *candidates; /* labels of the peers that an ambiguous name may mean; NULL: none */
	uint64_t *names;    /* a cache of name.c; NULL: not read yet */
	size_t name_count;
	const char *state; /* of the lead, when it is the reason for the error; else NULL */
};

/* ---- operations ---- */

typedef int (*viz_control_handler)(struct viz_request *req);

/* The space in the store that an operation needs. Without it the operation is refused as a whole,
 * before it does anything. */
enum viz_control_space {
	VIZ_SPACE_NONE, /* reads; or replaces, takes back or erases, and the reserve pays for that;
			 * or looks itself (lead.choose) */
	VIZ_SPACE_SOME, /* writes */
	VIZ_SPACE_MUCH, /* writes a lot: refused already when we take in no more from peers */
};

/* A row states all three, or the build fails. */
struct viz_control_op {
	const char *name;
	viz_control_handler run;
	enum viz_control_space space;
};

/* Each table ends with {0}. control.c lists the tables. */
extern const struct viz_control_op viz_control_peer_ops[];
extern const struct viz_control_op viz_control_invite_ops[];
extern const struct viz_control_op viz_control_peer_end_ops[];
extern const struct viz_control_op viz_control_key_ops[];
extern const struct viz_control_op viz_control_coverage_ops[];
extern const struct viz_control_op viz_control_plan_ops[];
extern const struct viz_control_op viz_control_lead_ops[];
extern const struct viz_control_op viz_control_inbox_ops[];
extern const struct viz_control_op viz_control_status_ops[];
extern const struct viz_control_op viz_control_audit_ops[];
extern const struct viz_control_op viz_control_probing_ops[];
extern const struct viz_control_op viz_control_proof_ops[];
extern const struct viz_control_op viz_control_reach_ops[];
extern const struct viz_control_op viz_control_consent_ops[];
extern const struct viz_control_op viz_control_events_ops[];

/* ---- errors ---- */

/* Sets code and message, and returns `err`. */
int viz_request_fail(struct viz_request *req, int err, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts an error of the core into words, after `what` failed. 0 stays 0. */
int viz_request_core_error(struct viz_request *req, int err, const char *what);

/* VIZ_OK when a record of our log may be signed now; else "alone", or why nothing may be. */
int viz_request_log_free(struct viz_request *req, const char *what);

/* "store-full"; returns VIZ_ERR_LIMIT. */
int viz_request_store_full(struct viz_request *req);

/* ---- arguments, by name ---- */

/* Text of `min` to `max` bytes, without control characters; `out` holds max + 1. An absent one is
 * `def`, or an error when that is NULL. */
int viz_request_text(struct viz_request *req, char *out, size_t max, const char *name, size_t min,
		     const char *def);

/* Likewise a text that leaves this node, or outlives the person's data here. What looks like a
 * telephone, an e-mail, a CPF or a CNPJ is refused: code "personal". */
int viz_request_free_text(struct viz_request *req, char *out, size_t max, const char *name,
			  size_t min, const char *def);

/* A whole number from `min` to `max`; `def` as above. */
int viz_request_int(struct viz_request *req, int64_t *out, const char *name, int64_t min,
		    int64_t max, const int64_t *def);

/* Whether it is true; absent is false. */
bool viz_request_flag(struct viz_request *req, const char *name);

/* At most `max` bytes, in hexadecimal. The caller frees *out; an absent one is NULL. */
int viz_request_bytes(struct viz_request *req, uint8_t **out, size_t *len, const char *name,
		      size_t max);

/* A peer. NULL: none or several match, and the code is set. */
struct viz_member *viz_control_name_peer(struct viz_request *req, const char *name);

/* Publishes the VOUCH and PARTNERS that follow from the new setting of a peer, then keeps the
 * setting. On an error the old one stays. Sets "peer". */
int viz_control_peer_change(struct viz_request *req, struct viz_member *m,
			    const struct viz_peer_row *next, const char *what);

/* ---- peers by their names ---- */

/* A peer by the text of its id, by 8 or more hex digits of the id, by its whole name, or else by a
 * part of its name. NULL: several match (code "ambiguous", with candidates), or none does (the code
 * stays ""). */
struct viz_member *viz_control_name_find_peer(struct viz_request *req, const char *text);

/* Likewise, but only one of these ids. */
struct viz_member *viz_control_name_find_among(struct viz_request *req, const char *text,
					       const struct viz_id *among, size_t count);

#define VIZ_CONTROL_LABEL_MAX (VIZ_NAME_MAX + 40)

/* A peer's name for people, in lists and in what customers hear. If another peer that we may deal
 * with, or we, have the same name, CNPJ and the first 8 digits of the id follow it. */
void viz_control_name_label(struct viz_request *req, char out[VIZ_CONTROL_LABEL_MAX],
			    const struct viz_member *m);

json_t *viz_control_name_label_json(struct viz_request *req, const struct viz_member *m);

/* The bare name; "?" when this id is not known. Borrowed until the next call. */
const char *viz_control_name(struct viz_trust *trust, const struct viz_id *id);

/* ---- results; the caller owns what returns json_t ---- */

/* The id as text; null for zero. */
void viz_request_set_id(json_t *o, const char *name, const struct viz_id *id);

/* ISO 8601, UTC, with milliseconds; null for 0. */
void viz_request_set_time(json_t *o, const char *name, struct viz_time t);

/* A peer with all that the operator may see of it. */
json_t *viz_control_member_json(struct viz_request *req, const struct viz_member *m);

/* The partnership of a peer and us by the PARTNERS records of both: "standing" (one of the words in
 * member.c), the dates "partner_from" and "partner_until", and "ended_by" ("us" or "them"). What
 * does not apply is null. */
void viz_control_member_set_standing(json_t *o, struct viz_trust *trust,
				     const struct viz_member *m);

/* How people reach its sales, and who answers for data there, by its NODE: "whatsapp", "hours" and
 * "privacy". What it does not publish is null. */
void viz_control_member_set_reach(json_t *o, struct viz_core *core, const struct viz_member *m);

/* What is counted against probing, of each peer, or of `one`: [{peer, name, as: what the peer is to
 * us, reported, reasons, since, until, stopped, and the counts of 30 days}]. */
json_t *viz_control_probing_json(struct viz_request *req, const struct viz_id *one);

/* Adds what `count` partners say that an origin did not hear: {origin, name, by, by_name, kinds,
 * replies} of each. */
void viz_control_protests_add(json_t *list, struct viz_trust *trust, const struct viz_id *origin,
			      const struct viz_audit_protester *by, size_t count);

/* {count, of, low, high}: `k` of `n` with the 95 % interval of the share. */
json_t *viz_request_share(uint32_t n, uint32_t k);

/* How many of them are reported. */
json_t *viz_control_probing_count_json(struct viz_request *req);

json_t *viz_control_plan_json(const struct viz_plan *p);

/* ---- the names of leads ---- */

#define VIZ_SLOT_TEXT_MAX 24

/* "20261123-1": the slot's day, and its number from 1. */
void viz_request_slot_text(char out[VIZ_SLOT_TEXT_MAX], uint64_t slot);

/* VIZ_ERR_FORM, without a code. */
int viz_request_slot_parse(uint64_t *slot, const char *text);

/* ---- personal data ---- */

/* An error when the client's user is not a reader. */
int viz_control_access_check(struct viz_request *req);

json_t *viz_control_access_contact_json(const struct viz_contact *contact);

/* The location with the wish: service, and month as year * 100 + month, 0 when not said. */
json_t *viz_control_access_location_json(const struct viz_location *location);

/* ---- the inbox ---- */

/* `id`: an offer of a partner. */
int viz_control_inbox_get(struct viz_request *req, struct viz_inbox *in);

#endif
