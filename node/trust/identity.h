/* This node's own identity: author id and keys, and the author's clock. Kept in the rows
 * "federation", "identity" and "signed" of VIZ_TABLE_META. */
#ifndef VIZ_NODE_TRUST_IDENTITY_H
#define VIZ_NODE_TRUST_IDENTITY_H

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/trust/pause.h"
#include "proto/base.h"
#include "proto/message.h"

struct viz_record;
struct viz_trust;

/* How far the steps after a start are (self/start.h). */
struct viz_start {
	uint32_t log_number; /* of our log when the process began */
	uint32_t shown;  /* how often since then LAST came that may end a wait: the first one of a
			    peer, and one by which we are alone no more (self/log.h) */
	bool node_waits; /* neither NODE nor PARTNERS may be signed yet */
	struct viz_time told_at;  /* when our VOUCH has told of this start; INT64_MAX: not yet */
	struct viz_time log_from; /* records of our log, and PROTESTs; INT64_MAX: not known yet */
};

struct viz_self {
	struct viz_id author;
	struct viz_birth birth;
	uint32_t key_number; /* of `signer` */
	struct viz_signer signer;
	struct viz_id next_hash; /* commitment to key key_number + 1 */
	struct viz_secret transport;
	struct viz_secret transport_old;     /* peers may still dial it for a while */
	struct viz_time transport_old_until; /* 0: there is none */
	struct viz_time next_heartbeat;      /* when our NODE is signed again */
	struct viz_time instant_at; /* of the last NODE for a date of PARTNERS; 0: none yet */
	struct viz_start start;
	bool revoked; /* the current key is revoked and has no successor: sign nothing */
	struct viz_time signed_at; /* the latest time that we have signed */
	struct viz_time known_to;  /* what we signed up to this time is known here, as the store
				      had it when the process began. Not stored */
	struct viz_pauses pauses;
	struct viz_time fast_until; /* a fast clock of ours dated what we signed, up to this */
	struct viz_time quarantine; /* when it began: we sign nothing but what ends something; 0: we
				       are not in it */
	struct viz_time resumed;    /* when the last quarantine ended; 0: there was none */
	uint64_t log;               /* names our log, never 0 */
	uint32_t log_number;        /* of its newest record; 0: none */
	struct viz_id log_value;    /* its value at that number */
	struct viz_log_head log_old; /* with which our log began; log 0: it is the first */
};

/* Adds the effect KEYS: the host must use these transport secrets from now on. */
void viz_identity_keys_changed(struct viz_trust *trust);

/* Reads these rows into core->federation, core->federation_id and trust->self. VIZ_ERR_ABSENT: the
 * store has no identity. VIZ_ERR_STORE: a row is damaged. */
int viz_identity_load(struct viz_trust *trust);

/* The time of what we sign: our clock, or what we signed last where our clock is behind that.
 * PROTOCOL.md section 1. Whoever signs calls viz_identity_signed with it in the same transaction.
 */
struct viz_time viz_identity_time(const struct viz_trust *trust);
void viz_identity_signed(struct viz_trust *trust, struct viz_time at);

/* The next record of our log is signed, and gives it this value. In the same transaction as the
 * record. */
void viz_identity_logged(struct viz_trust *trust, const struct viz_id *value);

/* How many ms what we have signed is ahead of our clock; 0: it is not. Then the clock is slow now,
 * or was fast when we signed. */
int64_t viz_identity_ahead_ms(const struct viz_trust *trust);

/* Whether we may sign now: our key is not revoked, we are not in quarantine, and our clock has
 * reached what we have signed. */
bool viz_identity_may_sign(const struct viz_trust *trust);

/* Whether we may sign NODE and PARTNERS: viz_identity_may_sign, and the steps after a start are
 * done so far. */
bool viz_identity_may_sign_node(const struct viz_trust *trust);

/* Whether all of these steps are done: we may sign PROTESTs, and records of our log unless we are
 * alone (self/log.h). */
bool viz_identity_has_started(const struct viz_trust *trust);

/* When to look again, after one of these was false. */
struct viz_time viz_identity_retry_at(const struct viz_trust *trust);

/* Begins quarantine, durably, because something of ours dated `at` exists that we never signed.
 * Later ones are noted; self/quarantine.h ends it. */
void viz_identity_quarantine(struct viz_trust *trust, struct viz_time at);

/* Ends quarantine: we sign again, later than the latest of ours that has come, and in a new log. It
 * begins with `newest`, the newest head of the old one that was found. */
void viz_identity_quarantine_end(struct viz_trust *trust, const struct viz_log_head *newest);

/* Begins a log, whose value at 0 binds the head of the one before, and signs from our clock on:
 * what we have signed was dated by a clock that was fast. Called by init too. */
void viz_identity_new_log(struct viz_trust *trust);

/* Writes the row "identity". */
void viz_identity_save(struct viz_trust *trust);

/* Writes signature || record into `out`, which holds `max` bytes, from the fields of `rec`; its
 * bytes, len and sig are not read. *id (may be NULL) receives the record id. VIZ_ERR_LIMIT: `max`
 * is too small. */
int viz_identity_sign(uint8_t *out, size_t *out_len, size_t max, struct viz_id *id,
		      const struct viz_record *rec, const struct viz_signer *signer,
		      const struct viz_id *federation_id);

/* Signs the REVOCATION of our current key, dated `at`, for the operator to keep offline. `out`
 * holds 512 bytes. Errors of viz_identity_sign. */
int viz_identity_presign_revocation(struct viz_trust *trust, uint8_t *out, size_t *len,
				    struct viz_time at);

#endif
