/* What travels on a link: the hello of the handshake, and messages. PROTOCOL.md sections 6 and 11.
 *
 * The body of a message is one msgpack array [kind, ...]. Gossip and repair are not acknowledged:
 * what is lost comes with the next repair. Everything about an offer is mail. Mail is numbered per
 * sender. It stays in the sender's outbox until the peer has it on disk, goes out in order, and may
 * arrive twice without harm. */
#ifndef VIZ_PROTO_MESSAGE_H
#define VIZ_PROTO_MESSAGE_H

#include "proto/record.h"

/* [author, token or nil, [signed record, ...]]: the sender's SUCCESSIONs in order and its NODE. */
struct viz_hello {
	struct viz_id author;
	bool has_token;
	uint8_t token[16];
	struct viz_slice record[VIZ_HELLO_RECORDS_MAX]; /* borrowed */
	size_t record_count;
};

void viz_hello_write(struct viz_writer *w, const struct viz_hello *h);
int viz_hello_read(struct viz_hello *h, const uint8_t *bytes, size_t len);

/* Name, number. */
#define VIZ_MESSAGE_KINDS(X)                                                                       \
	X(RECORD, 1)     /* gossip */                                                              \
	X(TOKEN, 2)      /* of an invitation by you, on a link that is up */                       \
	X(TOKEN_END, 3)  /* your token is used up: you are in, or it was not open */               \
	X(WANT, 4)       /* send me the records of these places */                                 \
	X(MAIL, 5)       /* kept by the sender until it is acknowledged */                         \
	X(MAIL_ACK, 6)   /* this mail and all before it are durable */                             \
	X(CLOCK, 7)      /* my clock, to who is no member yet */                                   \
	X(MEMBER, 8)     /* my closure has you in it */                                            \
	X(CLONE, 9)      /* your author id answers at two places */                                \
	X(HEAD, 10)      /* how far I know, and hold, an origin's log */                           \
	X(LOG_ASK, 11)   /* send me the stubs of these numbers */                                  \
	X(LOG, 12)       /* stubs of an origin's log */                                            \
	X(LOG_WANT, 13)  /* send me the records of these numbers */                                \
	X(PROTESTS, 14)  /* which PROTESTs of a day I hold */                                      \
	X(ANNOUNCE, 15)  /* what I have newly got */                                               \
	X(TREE, 18)      /* repair begins: what I hold, in one hash */                             \
	X(BUCKETS, 19)   /* a hash of each bucket of authors */                                    \
	X(BUCKET, 20)    /* my authors in these buckets */                                         \
	X(AUTHOR, 21)    /* my items of the authors that differ */                                 \
	X(OFFER_ASK, 24) /* send me the records of these offers */                                 \
	X(LAST, 25)      /* what I hold that you signed last */

/* Name, number. The payload stands beside. */
#define VIZ_MAIL_KINDS(X)                                                                          \
	X(STATEMENT, 1)        /* [signed statement] */                                            \
	X(LOCATION_ASK, 2)     /* [slot] */                                                        \
	X(LOCATION, 3)         /* [slot, location, blinding, signed receipt, blinding]; padded */  \
	X(LOCATION_REFUSED, 4) /* [slot] */                                                        \
	X(PLEDGE, 5)           /* [signed pledge, reason] */                                       \
	X(VIEW_ASK, 7)         /* [slot] */                                                        \
	X(VIEW, 8)             /* [slot, hashes or nil] */                                         \
	X(VIEW_ITEMS_ASK, 9)   /* [slot, author] */                                                \
	X(VIEW_ITEMS, 10)      /* [slot, author, [[type, slot, seq, id or nil], ...] or nil] */    \
	X(EVIDENCE_ASK, 11)    /* [slot, [record id or item hash, ...]] */                         \
	X(EVIDENCE, 12)        /* [slot, id, signed record or nil] */                              \
	X(HANDOFF, 13)   /* [signed choice, signed award, signed receipt, contact]; padded */      \
	X(LEASE_ASK, 14) /* [slot, award, asked] */                                                \
	X(STATE, 15)     /* [offer, k, state, award] */

#define VIZ_KIND(name, number) VIZ_MESSAGE_##name = number,
enum viz_message_kind { VIZ_MESSAGE_KINDS(VIZ_KIND) };
#undef VIZ_KIND
#define VIZ_KIND(name, number) VIZ_MAIL_##name = number,
enum viz_mail_kind { VIZ_MAIL_KINDS(VIZ_KIND) };
#undef VIZ_KIND

enum { VIZ_MESSAGE_KIND_MAX = VIZ_MESSAGE_LAST, VIZ_MAIL_KIND_MAX = VIZ_MAIL_STATE };

/* Names a place, or several: of type VIZ_WANT_ALL the federation records of the author that `slot`
 * names (enum viz_want). */
struct viz_item {
	struct viz_id author;
	uint8_t type; /* of a federation record */
	uint64_t slot;
	bool brief; /* in WANT: of `author` there are the first VIZ_TREE_PREFIX bytes */
};

#define VIZ_WANT_ALL 0

enum viz_want {
	VIZ_WANT_IDENTITY = 0, /* NODE, SUCCESSION, REVOCATION, VOUCH */
	VIZ_WANT_REST = 1,     /* PARTNERS, COVERAGE */
};

/* As it stands in WANT. */
void viz_message_place_write(struct viz_writer *w, const struct viz_item *place);
void viz_message_place_read(struct viz_reader *r, struct viz_item *place);

/* The bodies of messages, each an array that begins with its kind. Bytes are borrowed: from the
 * caller, or from the input. */
struct viz_message_record {
	const uint8_t *record; /* signed */
	size_t record_len;
};

/* Repair. All that belongs to one has its hour and its cut: which piece of the hashes is sent. */
struct viz_message_tree {
	uint64_t hour;
	uint8_t cut;
	struct viz_id root;
	uint16_t cells; /* of a row, that the sketch in the answer is to have at most */
};

struct viz_message_buckets {
	uint64_t hour;
	uint8_t cut;
	bool whole;                            /* the sender leaves out and has pruned nobody */
	uint8_t piece[VIZ_TREE_BUCKETS];       /* a byte of each bucket's hash */
	uint8_t parities[VIZ_SKETCH_PARITIES]; /* of the sketch with all cells */
	const uint8_t *sketch;                 /* of the items; what it has of cells */
	size_t sketch_len;
};

/* The authors of a bucket whose tails are not below `from` and not above `to`: each with its tail
 * and a piece of both hashes, ascending by id. */
struct viz_tree_list {
	uint16_t bucket, from, to;
	const uint8_t *entries;
	size_t entries_len;
};

struct viz_message_bucket {
	uint64_t hour;
	uint8_t cut;
	struct viz_tree_list list[VIZ_TREE_LISTS_MAX];
	size_t count;
};

/* An author that differs. 3 bytes of its id and no set: the sender lacks it. The whole id and no
 * set: the receiver lacks it. Else the sender's items of these sets, ascending by place: type,
 * slot, age and a piece of the item. */
struct viz_tree_author {
	const uint8_t *author;
	size_t author_len;
	uint8_t sets; /* bit 0: set 1, bit 1: set 2 */
	const uint8_t *items;
	size_t items_len;
};

struct viz_message_author {
	uint64_t hour;
	uint8_t cut;
	bool last; /* the BUCKET is answered */
	struct viz_tree_author author[VIZ_TREE_AUTHORS_MAX];
	size_t count;
};

/* The token is of an invitation that the receiver made. It is never traced. */
struct viz_message_token {
	uint8_t token[16];
};

/* The answer to a token, in a hello or a message. */
struct viz_message_token_end {
	bool in; /* its bearer is a peer of the sender's operator, or waits to be confirmed */
};

struct viz_message_want {
	struct viz_item place[VIZ_WANT_PER_MESSAGE];
	size_t count;
};

/* What is newly held at a place: the first bytes of its item. */
struct viz_announced {
	struct viz_item place; /* of type NODE to COVERAGE */
	uint8_t item[VIZ_ANNOUNCE_ITEM];
};

struct viz_message_announce {
	struct viz_announced what[VIZ_ANNOUNCE_MAX];
	size_t count;
};

/* The payload, an array, is the last element: the caller writes and reads it. */
struct viz_message_mail {
	uint64_t number;
	uint8_t kind; /* enum viz_mail_kind; the reader takes any number */
};

struct viz_message_mail_ack {
	uint64_t number;
};

/* The newest head of a log before a new one begins. */
struct viz_log_head {
	uint64_t log;
	uint32_t number;
	struct viz_id value;
};

/* With the sender as origin: opens its newest NODE, and `held` is `number`. */
struct viz_message_head {
	struct viz_id origin;
	uint64_t node_seq; /* 0: not from the origin itself */
	uint64_t log;
	uint32_t held;       /* up to here each record or stub is held */
	uint32_t number;     /* the newest one that is known, */
	struct viz_id value; /* and the value of the log there */
	bool has_old;
	struct viz_log_head old; /* with which the log began */
};

struct viz_message_log_ask {
	struct viz_id origin;
	uint64_t log;
	uint32_t from, to; /* both included */
};

/* What is known of a record of a log without the record. */
struct viz_stub {
	uint32_t offer; /* number of the OFFER */
	uint8_t type;
	uint64_t slot;
	struct viz_id id;
};

struct viz_message_log {
	struct viz_id origin;
	uint64_t log;
	uint32_t from;
	struct viz_stub stub[VIZ_LOG_STUBS_MAX]; /* from `from` on, without a gap */
	size_t count;
};

struct viz_message_log_want {
	struct viz_id origin;
	uint64_t log;
	uint32_t number[VIZ_WANT_PER_MESSAGE]; /* ascending */
	size_t count;
};

/* What is held of the PROTESTs and replies about an origin, of whose circles both are. */
struct viz_message_protests {
	struct viz_id origin;
	uint32_t day;                     /* in their slots */
	bool ask;                         /* answer with what you hold, if you lack some */
	uint64_t id[VIZ_PROTEST_IDS_MAX]; /* the first 8 bytes of their ids, ascending */
	size_t count;
};

struct viz_message_offer_ask {
	struct viz_id offer[VIZ_OFFER_ASK_MAX]; /* ids of OFFERs, ascending */
	size_t count;
};

void viz_stub_write(struct viz_writer *w, const struct viz_stub *stub);
void viz_stub_read(struct viz_reader *r, struct viz_stub *stub);

struct viz_message_clock {
	struct viz_time time; /* the sender's clock */
};

struct viz_message_member {
	struct viz_time time; /* the sender's clock */
};

struct viz_message_last {
	const uint8_t *record; /* signed, a record or a statement; NULL: none */
	size_t record_len;
};

#define VIZ_MESSAGE(X)                                                                             \
	void viz_message_##X##_write(struct viz_writer *w, const struct viz_message_##X *m);       \
	void viz_message_##X##_read(struct viz_reader *r, struct viz_message_##X *m);              \
	struct viz_message_##X

VIZ_MESSAGE(record);
VIZ_MESSAGE(want);
VIZ_MESSAGE(mail);
VIZ_MESSAGE(mail_ack);
VIZ_MESSAGE(head);
VIZ_MESSAGE(log_ask);
VIZ_MESSAGE(log);
VIZ_MESSAGE(log_want);
VIZ_MESSAGE(announce);
VIZ_MESSAGE(tree);
VIZ_MESSAGE(buckets);
VIZ_MESSAGE(bucket);
VIZ_MESSAGE(author);
VIZ_MESSAGE(offer_ask);
VIZ_MESSAGE(token);
VIZ_MESSAGE(token_end);
VIZ_MESSAGE(clock);
VIZ_MESSAGE(member);
VIZ_MESSAGE(last);
void viz_message_clone_write(struct viz_writer *w);
void viz_message_clone_read(struct viz_reader *r);
VIZ_MESSAGE(protests);

/* Pads the `len` bytes of a body that stand in `buffer` from offset 2 on, to `size` bytes. */
void viz_message_pad(uint8_t *buffer, size_t len, size_t size);
/* Reads the start of a message: that it has the elements of its kind, and the kind, which is
 * returned also where the number of elements fails; 0: unreadable. */
unsigned viz_message_kind_read(struct viz_reader *r);
/* The number of elements in a message of this kind, the kind included; 0: no such kind. */
size_t viz_message_elements(unsigned kind);

/* "MAIL", "RECORD", ... for traces; "?" otherwise. Not each number up to VIZ_MESSAGE_KIND_MAX is a
 * kind. */
const char *viz_message_name(unsigned kind);
const char *viz_message_mail_name(unsigned kind);

#endif
