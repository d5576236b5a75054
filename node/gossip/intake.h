/* Intake of records from peers. The checks of PROTOCOL.md section 7 run in their order. The host
 * checks signatures in its pool, but for some circle records that come from their author: a lead
 * waits for these, and they are checked at once. Of what a link brings, the results are applied in
 * the order of arrival: those of circles, of our own and of partners for themselves, and the others
 * likewise. */
#ifndef VIZ_NODE_GOSSIP_INTAKE_H
#define VIZ_NODE_GOSSIP_INTAKE_H

#include "node/link/budget.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

struct viz_link;
struct viz_net;
struct viz_reader;

/* A record whose signature is being checked. */
struct viz_pending {
	uint64_t job;           /* of VIZ_EFFECT_VERIFY; 0: nobody waits here */
	uint64_t link;          /* that brought it */
	uint64_t next;          /* job of the next one of this link and class; 0: none yet */
	bool near;              /* of a circle, of our own, or of a partner */
	bool asked;             /* a repair of ours has asked for it */
	bool waits;             /* one before it is not taken in yet */
	bool done, ok;          /* the result has come; the signature is good */
	enum viz_update update; /* what it was charged to */
	struct viz_pub pub;     /* the key for the check */
	struct viz_id id;
	struct viz_record rec;
	uint8_t *bytes; /* signature || record, to which `rec` points; owned */
	size_t len;
};

#define VIZ_INTAKE_SLOTS_MAX 4096 /* more than may be under way; a power of two */

struct viz_intake {
	/* A slot for each job, by its number modulo `slots`, a power of two: as many as were under
	 * way at a time. */
	struct viz_pending *slot;
	uint64_t *tag;   /* the first bytes of its signature */
	uint16_t *alike; /* how many have a tag that ends like this, by its end: four a slot */
	size_t slots;
	uint64_t first_job, last_job; /* all that wait are from first_job on */
	size_t count;                 /* that wait and were not asked for */
	size_t asked;                 /* that wait and were */
	struct viz_time here_at;      /* when a signature was checked in the core, */
	unsigned here;                /* and how many were */
	/* counters for status; checked: signatures */
	uint64_t accepted, duplicate, unknown, refused, outside, checked;
};

/* A row of the table of record types: who is called when, in this order. NULL: nobody. */
struct viz_record_handler {
	/* Before the record is stored; the old one is still at the place. */
	void (*before)(struct viz_net *net, const struct viz_record *rec);
	/* When the record is stored, even if its key has ended. */
	void (*held)(struct viz_net *net, const struct viz_record *rec);
	/* When the record has been spread, even if its key has ended: what it says about its
	 * author. */
	void (*learn)(struct viz_net *net, const struct viz_record *rec);
	/* After that, unless its key has ended: who acts on the record, in this order. */
	void (*act[3])(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);
	/* After that, even if its key has ended: what it shows of its author. */
	void (*judge)(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);
	/* When the place is dead, or is swept. */
	void (*gone)(struct viz_net *net, const struct viz_record *rec);
};

/* Message RECORD: a gossiped record from a link. May close the link, and may ask for a signature
 * check by an effect VERIFY. */
void viz_intake_message(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Event VERIFIED: the result of a signature check. */
void viz_intake_verified(struct viz_net *net, uint64_t job, bool ok);

/* Takes a record in with all checks at once: `bytes` is signature || record. VIZ_OK also when the
 * record is held already. VIZ_ERR_ABSENT: its author or key is not known. VIZ_ERR_LIMIT: over the
 * author's budget or share. Other errors: the record is wrong. */
int viz_intake_sync(struct viz_net *net, const uint8_t *bytes, size_t len);

/* Likewise for a record of a hello. The signature check is charged to its author if it is good:
 * anybody can name another in a hello. A hello ends with its first bad one, and costs less than the
 * handshake before it. */
int viz_intake_hello(struct viz_net *net, const struct viz_record *rec);

/* Stores a record whose signature is good and whose id is `id`, spreads it to all links except
 * `from` (0: to all), and calls its handlers. If the author has signed another one at the same
 * place and seq, the place becomes dead and both are spread. */
void viz_intake_apply(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id,
		      uint64_t from);

/* The handlers `learn` and `gone` of the types that say something about their author:
 * viz_author_apply and viz_author_forget. */
void viz_intake_learn(struct viz_net *net, const struct viz_record *rec);
void viz_intake_forget(struct viz_net *net, const struct viz_record *rec);

#endif
