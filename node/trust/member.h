/* The directory: all nodes that this node knows, in memory. It is rebuilt at the start from the
 * held records and VIZ_TABLE_PEER (viz_trust_load). */
#ifndef VIZ_NODE_TRUST_MEMBER_H
#define VIZ_NODE_TRUST_MEMBER_H

#include "node/trust/author.h"
#include "node/trust/peer.h"
#include "node/trust/dialable.h"
#include "node/trust/part.h"
#include "node/trust/sponsee.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"

struct viz_core;
struct viz_remote;
struct viz_trust;

/* A signing key of an author. */
struct viz_author_key {
	struct viz_pub pub;
	struct viz_id next_hash; /* commitment to the key after it */
	bool revoked;
	bool last; /* the SUCCESSION after it is dead: no later key ever counts */
};

/* A VOUCH of an author. */
struct viz_vouch_row {
	struct viz_sponsee *to;
	uint8_t slot;
	uint8_t key; /* number of the key that signed it */
	bool withdrawn;
	bool counted; /* in to->sponsors */
};

/* What is kept of a NODE. The rest is read from the store (viz_member_node). */
struct viz_member_node {
	struct viz_pub transport;
	struct viz_id partners; /* PARTNERS in force; all zero before the first */
	struct viz_time start;  /* when the process that signed began */
	uint64_t log;
	char cnpj[VIZ_CNPJ_LEN + 1];
	bool by_hand;
	bool has_address;
};

/* What the tree and the sketch of repair have of an author (trust/tree.h). */
struct viz_member_items {
	struct viz_id view, keys, other; /* hash of set 1, of it without PARTNERS and COVERAGE, of
					    set 2 */
	bool has_view, has_keys, has_other; /* the sets have items */
	bool stale;                         /* they are to be computed anew */
	bool left_out;                      /* trust/leave.h leaves it out */
	struct viz_time end;                /* PARTNERS and COVERAGE are in set 1 before this */
	uint64_t *mark; /* of each item, as they stand in the sketch (trust/sketch.h); owned */
	size_t mark_count;
};

/* A node that we know; not every one is a member. */
struct viz_member {
	struct viz_id id;
	struct viz_author_key *key; /* by number */
	size_t key_count;           /* 0 until a NODE is known */
	bool has_node;
	struct viz_time node_time;
	struct viz_time node_seq; /* of the newest NODE, be its place dead; 0: none has come */
	uint32_t node_key;        /* number of the key that signed NODE */
	struct viz_member_node node;
	char *name; /* in NODE; NULL: it had none */
	bool has_partners;
	struct viz_partners *partners; /* our own; NULL: none known, or it is somebody else's */
	struct viz_partner_entry *us;  /* the entries for us in somebody else's, ascending */
	size_t us_count;
	uint32_t partners_key;         /* number of the key that signed PARTNERS */
	struct viz_time partners_time; /* its time */
	struct viz_id partners_id;     /* its record id */
	struct viz_vouch_row *vouch;
	size_t vouch_count;
	struct viz_sponsee *as; /* what VOUCHes name */
	struct viz_peer_row peer;
	bool member; /* in the closure and not pruned, or its grace after leaving that runs */
	bool in;     /* in the closure */
	bool pruned; /* in the closure, and no member because of whom our operator has pruned */
	struct viz_time pruned_at;  /* when our operator pruned it (trust/prune.h); 0: it has not */
	bool changed;               /* the list of changed ones has it */
	bool doubted;               /* the list of doubted ones has it */
	bool fallen;                /* scratch of trust/cut.c and trust/grace.c; false after them */
	uint32_t level;             /* in the closure: trust/cut.h */
	struct viz_member *held_by; /* in the closure: who has a lower level (trust/cut.h); NULL:
				       it is ourselves, or not in it */
	struct viz_member *by; /* that one, or who stands for those so far away (trust/part.h) */
	uint32_t distance, brought; /* from ourselves, by these; how many have come in by it */
	struct viz_part part[VIZ_PART_KINDS]; /* of it and of all behind it */
	bool reached;                         /* scratch of trust/closure.c */
	uint32_t at;                          /* scratch of trust/branch.c and trust/fill.c */
	/* trust/leave.h: what its records weigh (core/weight.h); what they weighed when it was left
	 * out; its records are to be dropped; all are gone that are of no use while it is no member
	 */
	uint64_t weight, weighed;
	bool leaving, cleared;
	struct viz_member_items items;
	struct {
		uint32_t clock_day; /* when its clock was told, in days; 0: not */
		uint32_t keys;      /* how many keys it had; 0: nothing is known of before */
		bool revoked, partner;
		int64_t coverage_ms; /* when a change of its coverage was told */
		uint64_t forked;     /* the log of which it was told that it contradicts itself */
		uint32_t twice;      /* bit t: that it has signed two records of type t */
	} told;                      /* to our operator by this process (self/watch.h) */
	bool shown;                  /* it has sent LAST since our process began */
	uint32_t dialable;         /* its place in directory.dialable, from 1; 0: it is not there */
	struct viz_time lost;      /* a member: when it left the closure; 0: it has not */
	uint32_t lost_at;          /* its place in directory.lost, from 1; 0: it is not there */
	struct viz_remote *remote; /* owned by link/ (link/remote.h); NULL: none */
	/* Of link/ too (link/budget.h): how much of its budget for records that replace others is
	 * used up, in thousandths. It is here because all members send such records, and few have
	 * a viz_remote. */
	int64_t updates;
	struct viz_time updates_at;
};

/* The list owns its members, and their addresses stay until viz_closure_drop_useless. */
struct viz_directory {
	struct viz_member **list; /* ascending by id */
	size_t count, capacity;
	struct viz_member *found; /* last: much is asked about one after the other; may be NULL */
	struct viz_strangers strangers;
	struct viz_dialable dialable;
	struct viz_member **peer; /* those with a row of the operator's, ascending by id */
	size_t peer_count, peer_capacity;
	struct viz_member **changed; /* whose keys, VOUCHes or records have changed since the
					closure was extended */
	size_t changed_count, changed_capacity;
	struct viz_member **stale; /* those whose `items` are */
	size_t stale_count, stale_capacity;
	struct viz_member *root;     /* in the closure, with level 0: ourselves */
	struct viz_member **doubted; /* who may have left the closure (trust/cut.h) */
	size_t doubted_count, doubted_capacity;
	struct viz_member **lost; /* members that have left it; not sorted */
	size_t lost_count, lost_capacity;
	uint64_t changes;     /* grows with each change to a member or to a peer's settings */
	bool dirty;           /* compute the closure anew, and who is pruned */
	bool at_once;         /* somebody who may have left is revoked: do not wait */
	bool ended;           /* of somebody nothing may be left, or what is held may go */
	bool refreshed;       /* likewise, and it is time: call viz_closure_drop_useless */
	bool closure_changed; /* set when a member came or went, or a node was sponsored; link/
				 clears it and compares on all links */
	struct viz_part outside[VIZ_PART_KINDS]; /* of all that are not in the closure */
	size_t prune_count;                      /* those with `pruned_at` */
	struct viz_time computed_at;             /* when who has left was found last */
	struct viz_time recheck_at; /* the first grace period of a lost node ends then; 0: none */
};

/* NULL: not known. */
struct viz_member *viz_member_find(struct viz_trust *trust, const struct viz_id *id);

/* Finds `id` or inserts it. NULL: VIZ_MEMBERS_MAX are known. */
struct viz_member *viz_member_ensure(struct viz_trust *trust, const struct viz_id *id);

/* This node's own entry; never NULL after viz_trust_load. */
struct viz_member *viz_member_self(struct viz_trust *trust);

/* Whether this is us, or a partner by our operator's word: what these send and sign goes before
 * what others do. */
bool viz_member_is_near(struct viz_trust *trust, const struct viz_id *id);

/* Whether we accept records of this author: our own, those of members and of nodes that a member
 * vouches for, and those of peers that our operator has invited or accepted. */
bool viz_member_known(struct viz_trust *trust, const struct viz_id *id);

/* Whether all members accept records of this author, and not only we: `m` is this node, a member,
 * or a node that a member vouches for. */
bool viz_member_counts(struct viz_trust *trust, const struct viz_member *m);

/* Whether all members accept this author's records of `type`. Of a node that is sponsored but not
 * yet a member, these are NODE, SUCCESSION, REVOCATION and VOUCH: the node needs them to become a
 * member. Of one that is pruned they are the same, and circle records, which say something about
 * others. */
bool viz_member_accepted(struct viz_trust *trust, const struct viz_member *m, unsigned type);

/* Reads the NODE of `m` that is held. False: there is none. */
bool viz_member_node(struct viz_core *core, struct viz_node_body *out, const struct viz_member *m);

/* The entry for us in the newest PARTNERS of another one that is effective at `at`; NULL: none is.
 */
const struct viz_partner_entry *viz_member_lists_us(const struct viz_core *core,
						    const struct viz_member *m, struct viz_time at);

/* A name to show to people: from NODE, else from the invitation, else the short id. Borrowed until
 * the next call. */
const char *viz_member_name(const struct viz_member *m);

/* The position of `id` in the list, or the position where it would be inserted. */
size_t viz_member_position(const struct viz_directory *d, const struct viz_id *id);

/* Whether a node in the closure vouches for `m`. */
bool viz_member_sponsored(const struct viz_member *m);

/* Puts a VOUCH of `m` into its rows, in place of the one with this slot, or removes that one. The
 * caller calls viz_member_changed. */
void viz_member_put_vouch(struct viz_trust *trust, struct viz_member *m, uint8_t slot, uint8_t key,
			  const struct viz_id *sponsee, bool withdrawn);
void viz_member_drop_vouch(struct viz_trust *trust, struct viz_member *m, uint8_t slot);

/* Call this when a member's keys, VOUCHes, NODE or PARTNERS have changed. */
void viz_member_changed(struct viz_trust *trust, struct viz_member *m);

/* What repair compares of `m` has changed, or whether it counts. */
void viz_member_stale(struct viz_directory *d, struct viz_member *m);

/* `m` may have left the closure: a pair of VOUCHes that joined it with somebody has ended. */
void viz_member_doubt(struct viz_directory *d, struct viz_member *m);

/* `row` of `m` does not stand any more, or is about to go: it counts no more. */
void viz_member_uncount(struct viz_directory *d, struct viz_member *m, struct viz_vouch_row *row);

/* One VOUCH less that names `s` and counts. With the last one, what is held of it may go. */
void viz_member_lose_sponsor(struct viz_directory *d, struct viz_sponsee *s);

/* Frees a member that no list holds any more. */
void viz_member_free(struct viz_member *m);

#endif
