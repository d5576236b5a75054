/* Who is known: authors, their keys, who vouches for whom, who is partner of whom, and the
 * operator's own settings. In memory, rebuilt from the store (records and VIZ_TABLE_PEER). */
#ifndef VIZ_NODE_DIRECTORY_H
#define VIZ_NODE_DIRECTORY_H

#include "proto/record.h"
#include "proto/trust.h"

struct viz_node;
struct viz_held;

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

/* The operator's settings for a peer: VIZ_TABLE_PEER. */
struct viz_peer_row {
	bool present; /* there is a row */
	bool pending; /* came with our invitation; not confirmed yet */
	bool vouched; /* the operator accepted it: we vouch */
	bool partner; /* we want to deal with it */
	bool blocked;
	char reason[VIZ_REASON_MAX + 1];   /* of the block */
	char name[VIZ_NAME_MAX + 1];       /* as the invitation said, until its NODE is known */
	char address[VIZ_ADDRESS_MAX + 1]; /* from an invitation, until its NODE is known */
	struct viz_pub transport;          /* likewise */
	bool has_token;
	uint8_t token[16]; /* the invitation that we accepted, until it is used */
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
	bool member;          /* in the closure of live edges from this node */
	bool reached;         /* scratch of viz_peer_only_through */
	bool sponsored;       /* a member vouches for it: its records are taken in */
	struct viz_time lost; /* when it left the closure; 0: it has not */
	/* What the peer may still cause: its own, for a new link must not bring a new budget. */
	int64_t tokens; /* signature checks, in thousandths */
	struct viz_time tokens_at;
	int64_t repair_bytes; /* in answers of repair */
	struct viz_time repair_bytes_at;
	struct viz_time digest_after; /* its next DIGEST is answered: that may cost a walk */
	int64_t updates; /* how many of its records may replace others, in thousandths */
	struct viz_time updates_at;
	uint32_t mail;           /* waits in the outbox for it */
	uint64_t link;           /* 0: none */
	uint64_t attempt;        /* of a dial under way; 0: none */
	struct viz_pub dialled;  /* the key that it is to prove */
	struct viz_time dial_at; /* not before */
	int64_t backoff_ms;
	unsigned address_turn;
};

struct viz_directory {
	struct viz_member **list; /* ascending by id */
	size_t count, room;
	bool dirty;                 /* the closure must be computed anew */
	struct viz_time recheck_at; /* somebody has left and its grace ends then; 0: nobody */
};

int viz_directory_load(struct viz_node *node);
void viz_directory_free(struct viz_node *node);

struct viz_member *viz_member_find(struct viz_node *node, const struct viz_id *id);
/* Finds or inserts. NULL when VIZ_MEMBERS_MAX are known. */
struct viz_member *viz_member_need(struct viz_node *node, const struct viz_id *id);

/* Whether records of this author are taken in: self, members, those that a member or the operator
 * has vouched for, and those that came with an invitation. */
bool viz_author_known(struct viz_node *node, const struct viz_id *id);

/* Of those, the ones whose records count for all who are connected: self, members, and those that a
 * member vouches for. What one operator alone has invited or accepted is not among them. */
bool viz_author_counts(struct viz_node *node, const struct viz_member *m);
/* Whether its records of `type` count so: of who is sponsored and no member only those that tell
 * who it is, so that it can answer. */
bool viz_author_shares(struct viz_node *node, const struct viz_member *m, unsigned type);

/* The public key with which `rec` must be signed, from what is known (and, for NODE and SUCCESSION,
 * from the record itself, checked against commitments). VIZ_ERR_ABSENT: not known (yet),
 * VIZ_ERR_AUTH: it contradicts a commitment. */
int viz_author_key(struct viz_node *node, struct viz_pub *out, const struct viz_record *rec);

/* Whether key `number` of the author has ended: a later SUCCESSION is known, or its REVOCATION. */
bool viz_key_ended(const struct viz_member *m, uint32_t number);
/* The current key is revoked and nothing succeeds it: nothing more goes to this author. */
bool viz_member_revoked(const struct viz_member *m);
bool viz_member_alive(struct viz_node *node, const struct viz_member *m, struct viz_time at);

/* Takes a verified record's meaning in (NODE, SUCCESSION, REVOCATION, VOUCH, PARTNERS). */
void viz_directory_apply(struct viz_node *node, const struct viz_record *rec);
/* The place of `rec` is dead: its meaning no longer counts. */
void viz_directory_forget(struct viz_node *node, const struct viz_record *rec);

/* Whether `a` has a VOUCH for `b` that counts. */
bool viz_vouches(const struct viz_member *a, const struct viz_id *b);

/* Computes the closure when it is dirty. Returns true when somebody came or went. */
bool viz_directory_refresh(struct viz_node *node);

/* Whether both list each other, effective at `at`, and both are members or were (their records
 * count). */
bool viz_mutual_partner(struct viz_node *node, const struct viz_member *a,
			const struct viz_member *b, struct viz_time at);
/* Shorthand: of this node, now. */
bool viz_partner_now(struct viz_node *node, const struct viz_id *id);
struct viz_member *viz_member_self(struct viz_node *node);

void viz_peer_save(struct viz_node *node, const struct viz_member *m);

/* Our own VOUCH and PARTNERS from the operator's settings; published when they differ. */
int viz_vouch_publish(struct viz_node *node, const struct viz_member *m, bool withdrawn);
int viz_partners_publish(struct viz_node *node);
/* How many members come in through `m` and nobody else: whom it answers for. */
size_t viz_peer_only_through(struct viz_node *node, const struct viz_member *m);
/* Whether one VOUCH, or one entry of PARTNERS, more for `m` fits (or is there already): what does
 * not is not published. */
bool viz_vouch_room(struct viz_node *node, const struct viz_member *m);
bool viz_partners_room(struct viz_node *node, const struct viz_member *m);

/* A name for people: NODE's, or the invitation's, or the short id. Borrowed until the next call. */
const char *viz_member_name(const struct viz_member *m);

#endif
