/* Who is known, in memory, rebuilt from the store (records and VIZ_TABLE_PEER). */
#ifndef VIZ_NODE_TRUST_MEMBER_H
#define VIZ_NODE_TRUST_MEMBER_H

#include "node/trust/author.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/trust.h"

struct viz_remote;
struct viz_trust;

struct viz_author_key {
	struct viz_pub pub;
	struct viz_id next_hash;
	bool revoked;
	bool last; /* its SUCCESSION's place is dead: no later key ever counts */
};

struct viz_vouch_row {
	uint64_t slot;
	uint32_t key;
	struct viz_id sponsee;
	bool withdrawn;
};

struct viz_member {
	struct viz_id id;
	struct viz_author_key *key; /* numbers 0 to key_count - 1; 0 until NODE is known */
	size_t key_count;
	bool has_node;
	struct viz_time node_time;
	uint32_t node_key;
	struct viz_node_body node;
	struct viz_partners *partners; /* NULL: none known */
	uint32_t partners_key;
	struct viz_vouch_row *vouch;
	size_t vouch_count;
	struct viz_peer_row peer;
	bool member;               /* in the closure of live edges from this node */
	bool reached;              /* scratch of viz_closure_only_through */
	bool sponsored;            /* a member vouches for it: its records are taken in */
	struct viz_time lost;      /* when it left the closure; 0: it has not */
	struct viz_remote *remote; /* link/remote.h; NULL: no dealings on the wire */
};

struct viz_directory {
	struct viz_member **list; /* ascending by id */
	size_t count, capacity;
	uint64_t
	    changes; /* of who counts, of what is known of them, and of the operator's settings */
	bool dirty;  /* the closure must be computed anew */
	bool refreshed; /* useless members are to be dropped (viz_closure_drop) */
	bool news;      /* somebody came or went: what is held of them is to be compared */
	struct viz_time recheck_at; /* somebody has left and its grace ends then; 0: nobody */
};

struct viz_member *viz_member_find(struct viz_trust *trust, const struct viz_id *id);

/* Finds or inserts. NULL when VIZ_MEMBERS_MAX are known. */
struct viz_member *viz_member_need(struct viz_trust *trust, const struct viz_id *id);

/* Whether records of this author are taken in: self, members, those that a member or the operator
 * has vouched for, and those that came with an invitation. */
bool viz_member_known(struct viz_trust *trust, const struct viz_id *id);

/* Of those, the ones whose records count for all who are connected: self, members, and those that a
 * member vouches for. What one operator alone has invited or accepted is not among them. */
bool viz_member_counts(struct viz_trust *trust, const struct viz_member *m);

/* Whether its records of `type` count so: of who is sponsored and no member only those that tell
 * who it is, so that it can answer. */
bool viz_member_shares(struct viz_trust *trust, const struct viz_member *m, unsigned type);

struct viz_member *viz_member_self(struct viz_trust *trust);

/* A name for people: NODE's, or the invitation's, or the short id. Borrowed until the next call. */
const char *viz_member_name(const struct viz_member *m);

/* Where `id` stands in the list, or would be inserted. */
size_t viz_member_position(const struct viz_directory *d, const struct viz_id *id);

void viz_member_changed(struct viz_trust *trust);

#endif
