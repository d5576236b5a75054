/* Repair: two nodes compare what they hold by the tree (trust/tree.h), and fetch what differs.
 * PROTOCOL.md section 12.2. This is the side that begins; compare.h has the one that answers.
 *
 * A repair that has found differences goes on in steps: it asks for records, and sends what the
 * peer lacks, a few at a time. It asks for more while few signatures wait for their check, so that
 * they set the pace. VIZ_REPAIRS_MAX of them go on at a time. One that brings little that is new
 * gives its place to another one that wants it. */
#ifndef VIZ_NODE_GOSSIP_REPAIR_H
#define VIZ_NODE_GOSSIP_REPAIR_H

#include "node/gossip/lack.h"
#include "proto/limits.h"
#include "proto/message.h"

struct viz_link;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Places, or authors, one after the other; owned. */
struct viz_repair_list {
	struct viz_item *item;
	size_t count, next, capacity;
};

struct viz_repair_task {
	uint64_t link; /* 0: none is under way */
	uint64_t hour;
	uint8_t cut;
	size_t open;                  /* BUCKETs that are not answered */
	struct viz_time began, moved; /* moved: when something new has come of it */
	struct viz_time since;        /* when the comparison was over; before, `began` */
	size_t news;                  /* records that it has brought and that were new */
	struct viz_repair_list want;  /* places to ask for */
	size_t answered;              /* of those that were asked for */
	struct viz_repair_list push;  /* what the peer lacks */
	size_t push_done;             /* records of its next author that were sent */
	struct viz_repair_list later; /* of it, what it can take when it knows the author */
	struct viz_lack lack;         /* authors to ask for */
	struct viz_time heard_at;     /* when what was asked for last came, or was asked for */
	struct viz_time pushed_at;
};

struct viz_repair {
	struct viz_repair_task task[VIZ_REPAIRS_MAX];
	uint64_t read, unread; /* sketches of peers that have shown all that differs, or have not */
};

/* Begins a repair on the link: sends TREE, and sets when to begin the next one. While the tree is
 * not ready, only the latter. */
void viz_repair_begin(struct viz_net *net, struct viz_link *link);

/* Message BUCKETS: notes what we lack, and what the peer lacks; or asks for a larger sketch, or
 * lists our authors of the buckets that differ. */
void viz_repair_buckets(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message AUTHOR: notes what we lack, and what the peer lacks. */
void viz_repair_author(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Whether a repair that we have begun on the link has asked for this record: notes that it has
 * come, and that what was asked for before it comes no more. `taken`: it is new, and its signature
 * is to be checked. */
bool viz_repair_expects(struct viz_net *net, const struct viz_link *link,
			const struct viz_record *rec, bool taken);

/* The record is held now: what it makes known can be asked for. */
void viz_repair_learned(struct viz_net *net, const struct viz_record *rec);

/* Goes on with the repairs under way, and ends those that are done or make no progress. Once a
 * batch. */
void viz_repair_step(struct viz_net *net);

/* When viz_repair_step has something to do; INT64_MAX: nothing. */
struct viz_time viz_repair_deadline(const struct viz_net *net);

void viz_repair_free(struct viz_net *net);

#endif
