/* What all operations use: the request, its arguments, its result and its error. Each operation is
 * a row in the table at the end of its file, with the table of its fields. CONTROL.md has them all,
 * with the result and the errors. Names and codes are English; the command translates them.
 *
 * What returns int here returns 0, or a negative error with the request's code and message set. */
#ifndef VIZ_NODE_CONTROL_REQUEST_H
#define VIZ_NODE_CONTROL_REQUEST_H

#include <jansson.h>

#include "node/control/code.h"
#include "node/control/field.h"
#include "node/core/journal.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_audit_protester;
struct viz_claim;
struct viz_contact;
struct viz_inbox;
struct viz_location;
struct viz_member;
struct viz_net;
struct viz_peer_row;
struct viz_plan;
struct viz_readers;
struct viz_laters;
struct viz_core;
struct viz_trust;
struct viz_wish;

#define VIZ_REQUEST_FIELD_MAX 160

/* For whom a face asks (role.c). The operator may ask all. */
enum viz_control_role {
	VIZ_ROLE_CUSTOMER = 1,
	VIZ_ROLE_AGENT = 2,
	VIZ_ROLE_READER = 4,
	VIZ_ROLE_ADMIN = 8,
	VIZ_ROLE_CONNECTOR = 16,
	VIZ_ROLE_PUBLIC = 32,
	/* sets of them */
	VIZ_ROLES_NONE = 0, /* the operator alone */
	VIZ_ROLES_WORK = VIZ_ROLE_AGENT | VIZ_ROLE_ADMIN,
	VIZ_ROLES_READ = VIZ_ROLE_AGENT | VIZ_ROLE_READER | VIZ_ROLE_ADMIN,
};

struct viz_request {
	struct viz_net *net;
	const struct viz_readers *readers;
	struct viz_laters *laters; /* take what is replied later, and set `later` */
	uint64_t client;
	bool later;
	const char *user;           /* UNIX user */
	bool face;                  /* that is a face's, which asks for others */
	enum viz_control_role role; /* VIZ_ROLES_NONE: the operator */
	const char *who;            /* for logs: the UNIX user, or for whom it asks: "web:maria" */
	char who_text[VIZ_JOURNAL_WHO_MAX + 1];
	json_t *args;       /* object, checked by the operation's fields; borrowed. NULL: none */
	json_t *result;     /* object; the operation fills it */
	enum viz_code code; /* of the error; VIZ_CODE_COUNT without one */
	char field[VIZ_REQUEST_FIELD_MAX]; /* that is wrong; "": none alone */
	char message[2048];
	json_t *candidates; /* labels of the peers that an ambiguous name may mean; NULL: none */
	uint64_t *names;    /* a cache of name.c; NULL: not read yet */
	size_t name_count;
	const char *state; /* of the lead, when it is the reason for the error; else NULL */
};

/* ---- operations ---- */

typedef int (*viz_control_handler)(struct viz_request *req);

/* Runs an operation on a lead as a part of this one, with all its checks but that of who asks.
 * Takes `args`. *result is the caller's. An error is that of this request. Not for one that replies
 * later. */
int viz_control_call(struct viz_request *req, json_t **result, const char *op, json_t *args);

/* The space in the store that an operation needs. Without it the operation is refused as a whole,
 * before it does anything. */
enum viz_control_space {
	VIZ_SPACE_NONE, /* reads; or replaces, takes back or erases, and the reserve pays for that;
			 * or looks itself (lead.choose) */
	VIZ_SPACE_SOME, /* writes */
	VIZ_SPACE_MUCH, /* writes a lot: refused already when we take in no more from peers */
};

/* Whether a request or its reply has data of a person. What gives them is for readers alone. */
enum viz_control_privacy {
	VIZ_PRIVACY_NONE,
	VIZ_PRIVACY_TAKES, /* the request has them */
	VIZ_PRIVACY_GIVES, /* the reply has them */
	VIZ_PRIVACY_ASKED, /* the reply has them when "personal" is true */
};

bool viz_control_call_has_space(struct viz_core *core, enum viz_control_space space);

/* A row states all six, or the build fails. */
struct viz_control_op {
	const char *name;
	viz_control_handler run;
	enum viz_control_space space;
	enum viz_control_privacy privacy;
	unsigned roles; /* enum viz_control_role: who may ask for it besides the operator */
	const struct viz_field *fields;
};

/* No fields. */
extern const struct viz_field viz_request_none[];

/* A lead of the inbox with the whole id of its origin. */
#define VIZ_INBOX_ID_MAX 88

/* {lead} and {peer}, which many operations take alone; and the fields of a municipality. */
extern const struct viz_field viz_request_lead_only[];
extern const struct viz_field viz_request_peer_only[];
extern const struct viz_field viz_request_municipality[];

/* The table number i of operations, which ends with {0}; NULL past the last one. */
const struct viz_control_op *viz_control_ops(size_t i);

/* control.c lists the tables. */
extern const struct viz_control_op viz_control_peer_ops[];
extern const struct viz_control_op viz_control_invite_ops[];
extern const struct viz_control_op viz_control_peer_end_ops[];
extern const struct viz_control_op viz_control_key_ops[];
extern const struct viz_control_op viz_control_coverage_ops[];
extern const struct viz_control_op viz_control_plan_ops[];
extern const struct viz_control_op viz_control_lead_ops[];
extern const struct viz_control_op viz_control_inbox_ops[];
extern const struct viz_control_op viz_control_find_ops[];
extern const struct viz_control_op viz_control_inbox_claim_ops[];
extern const struct viz_control_op viz_control_alike_ops[];
extern const struct viz_control_op viz_control_drafts_ops[];
extern const struct viz_control_op viz_control_policy_ops[];
extern const struct viz_control_op viz_control_report_ops[];
extern const struct viz_control_op viz_control_status_ops[];
extern const struct viz_control_op viz_control_metrics_ops[];
extern const struct viz_control_op viz_control_audit_ops[];
extern const struct viz_control_op viz_control_probing_ops[];
extern const struct viz_control_op viz_control_proof_ops[];
extern const struct viz_control_op viz_control_reach_ops[];
extern const struct viz_control_op viz_control_consent_ops[];
extern const struct viz_control_op viz_control_events_ops[];
extern const struct viz_control_op viz_control_doctor_ops[];
extern const struct viz_control_op viz_control_backup_ops[];
extern const struct viz_control_op viz_control_links_ops[];
extern const struct viz_control_op viz_control_customer_ops[];

/* ---- errors ---- */

/* Sets code and message, and returns `err`. */
int viz_request_fail(struct viz_request *req, int err, enum viz_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A field is wrong. Returns VIZ_ERR_INPUT. */
int viz_request_wrong(struct viz_request *req, enum viz_code code, const char *field,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Puts an error of the core into words, after `what` failed. 0 stays 0. */
int viz_request_core_error(struct viz_request *req, int err, const char *what);

/* VIZ_OK when a record of our log may be signed now; else "alone", or why nothing may be. */
int viz_request_log_free(struct viz_request *req, const char *what);

/* "store-full"; returns VIZ_ERR_LIMIT. */
int viz_request_store_full(struct viz_request *req);

/* ---- arguments ---- */

/* A peer. NULL: none or several match, and the code is set. */
struct viz_member *viz_control_name_peer(struct viz_request *req, const char *name);

/* Publishes the VOUCH and PARTNERS that follow from the new setting of a peer, then keeps the
 * setting. On an error the old one stays. Sets "peer". */
int viz_control_peer_change(struct viz_request *req, struct viz_member *m,
			    const struct viz_peer_row *next, const char *what);

/* ---- peers by their names ---- */

/* A peer by the text of its id, by 8 or more hex digits of the id, by its whole name, or else by a
 * part of its name. NULL: several match (code "ambiguous", with candidates), or none does (there is
 * no code then). */
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

/* A node that people choose by its name: {id, name, label}. */
json_t *viz_control_name_json(struct viz_request *req, const struct viz_member *m);

/* The bare name; "?" when this id is not known. Borrowed until the next call. */
const char *viz_control_name(struct viz_trust *trust, const struct viz_id *id);

/* ---- results; the caller owns what returns json_t. What does not apply is left out ---- */

/* The id of a node as text. Zero is left out. */
void viz_request_set_id(json_t *o, const char *name, const struct viz_id *id);

/* A hash or the id of a record, in hexadecimal. Zero is left out. */
void viz_request_set_hash(json_t *o, const char *name, const struct viz_id *id);

/* RFC 3339, UTC, with milliseconds. 0 is left out. */
void viz_request_set_time(json_t *o, const char *name, struct viz_time t);

/* "" is left out. */
void viz_request_set_text(json_t *o, const char *name, const char *text);

/* 0 is left out: not said. */
void viz_request_set_given(json_t *o, const char *name, uint64_t number);

/* {code}. 0 is left out. */
void viz_request_set_municipality(json_t *o, const char *name, uint32_t code);

/* A lead of ours: {id}. 0 is left out. */
void viz_request_set_lead(json_t *o, const char *name, uint64_t slot);

/* A node: {id, name}. Zero is left out. */
void viz_control_name_set_node(json_t *o, const char *name, struct viz_trust *trust,
			       const struct viz_id *id);

/* A peer with all that the operator may see of it. */
json_t *viz_control_member_json(struct viz_request *req, const struct viz_member *m);

/* The partnership of a peer and us by the PARTNERS records of both: "standing" (one of the words in
 * member.c), the dates "partner_from" and "partner_until", and "ended_by" ("us" or "them"). */
void viz_control_member_set_standing(json_t *o, struct viz_trust *trust,
				     const struct viz_member *m);

/* How people reach its sales, and who answers for data there, by its NODE: "whatsapp", "hours" and
 * "privacy". What it does not publish is left out. */
void viz_control_member_set_reach(json_t *o, struct viz_core *core, const struct viz_member *m);

/* What is counted against probing, of each peer, or of `one`. */
json_t *viz_control_probing_json(struct viz_request *req, const struct viz_id *one);

/* Adds what `count` partners say that an origin did not hear. */
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

/* ---- who asks ---- */

/* The field `as` of an envelope. */
extern const struct viz_field viz_control_role_fields[];

/* Reads `as`, and sets who and role. An error when a face names nobody, or a role that is not its
 * own. */
int viz_control_role_read(struct viz_request *req, const json_t *as);

/* An error when the role of the request is not among `roles`. */
int viz_control_role_check(struct viz_request *req, unsigned roles);

/* The word of one role. */
const char *viz_control_role_name(enum viz_control_role role);

/* ---- personal data ---- */

/* An error when the client's user is neither a reader nor a face, or its role not among `roles`. */
int viz_control_access_check(struct viz_request *req, unsigned roles);

json_t *viz_control_access_contact_json(const struct viz_contact *contact);

/* The location with the wish. */
json_t *viz_control_access_location_json(const struct viz_location *location);

json_t *viz_control_access_wish_json(const struct viz_wish *wish);

/* ---- the inbox ---- */

/* `lead`: an offer of a partner, "a1b2c3d4-20261123-1". */
int viz_control_inbox_get(struct viz_request *req, struct viz_inbox *in);

/* An entry, without personal data. */
json_t *viz_control_inbox_json(struct viz_trust *trust, const struct viz_inbox *in);

/* Whether the contact may be shown to who asks: an agent sees it when the lead is claimed by this
 * agent. */
bool viz_control_claim_opens(struct viz_request *req, const struct viz_inbox *in);

/* The error that names who has claimed it. */
int viz_control_claim_taken(struct viz_request *req, const struct viz_claim *claim);

/* An error when an agent asks, and another one has claimed the lead. */
int viz_control_claim_check(struct viz_request *req, const struct viz_inbox *in);

/* Who has claimed it, if somebody has: "claimed_by" and "claimed_at". */
void viz_control_claim_set(json_t *entry, struct viz_core *core, const struct viz_inbox *in);

/* Whether the text names a lead in that form, rather than one of ours. */
bool viz_control_inbox_names(const char *text);

/* How partners call a lead of this origin: the id in their inbox. */
#define VIZ_INBOX_TEXT_MAX (8 + 1 + VIZ_SLOT_TEXT_MAX)
void viz_request_inbox_text(char out[VIZ_INBOX_TEXT_MAX], const struct viz_id *origin,
			    uint64_t slot);

#endif
