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

enum viz_message_kind {
	VIZ_MESSAGE_RECORD = 1, /* [1, signed record]: gossip */
	VIZ_MESSAGE_DIGEST =
	    2, /* [2, at, count, digest]: begins a repair; what the sender holds at `at` */
	VIZ_MESSAGE_ITEMS =
	    3, /* [3, at, last, [[author, type, slot, item hash8], ...]], ascending */
	VIZ_MESSAGE_WANT = 4,     /* [4, [[author, type, slot], ...]] */
	VIZ_MESSAGE_MAIL = 5,     /* [5, number, mail kind, payload array] */
	VIZ_MESSAGE_MAIL_ACK = 6, /* [6, number]: this one and all before it are durable */
	VIZ_MESSAGE_MORE =
	    7, /* [7, at, [author, type, slot]]: asks for the ITEMS after this place */
};

enum viz_mail_kind {
	VIZ_MAIL_STATEMENT = 1,     /* [signed statement] */
	VIZ_MAIL_CIRCLE_KEY = 2,    /* [epoch, key] */
	VIZ_MAIL_OFFER_KEY_ASK = 3, /* [slot] */
	VIZ_MAIL_OFFER_KEY = 4,     /* [slot, key] */
	VIZ_MAIL_VIEW_ASK = 5,      /* [slot] */
	VIZ_MAIL_VIEW = 6,          /* [slot, offset, total, bytes] */
	VIZ_MAIL_EVIDENCE_ASK = 7,  /* [slot, [record id, ...]] */
	VIZ_MAIL_EVIDENCE = 8,      /* [slot, signed record] */
	VIZ_MAIL_LOCATION_ASK = 9,  /* [slot, offer] */
	VIZ_MAIL_LOCATION = 10, /* [slot, location, blinding, signed receipt, blinding]; padded */
	VIZ_MAIL_LOCATION_REFUSED = 11, /* [slot] */
	VIZ_MAIL_HANDOFF = 12,          /* [signed award, signed receipt, contact]; padded */
	VIZ_MAIL_LEASE_ASK = 13,        /* [slot, award, asked] */
};
#define VIZ_MAIL_KIND_MAX VIZ_MAIL_LEASE_ASK

struct viz_item {
	struct viz_id author;
	uint8_t type;
	uint64_t slot;
	uint64_t hash; /* first 8 bytes, big-endian, of H("vizinho/item", ...) */
};

void viz_item_write(struct viz_writer *w, const struct viz_item *item);
void viz_item_read(struct viz_reader *r, struct viz_item *item);
/* Without the hash, for WANT. */
void viz_place_write(struct viz_writer *w, const struct viz_item *item);
void viz_place_read(struct viz_reader *r, struct viz_item *item);

/* The number of elements in a message of this kind, the kind included; 0: no such kind. */
size_t viz_message_elements(unsigned kind);

/* "MAIL", "RECORD", ... for traces; "?" otherwise. */
const char *viz_message_name(unsigned kind);
const char *viz_mail_name(unsigned kind);

#endif
