/* The envelope of everything that is signed. PROTOCOL.md section 7.
 *
 *   [version, type, author, key, slot, seq, time, expires, body]   canonical msgpack
 *
 * On the wire and on disk a record is signature (64 bytes) || those bytes, kept and relayed as
 * received. Types below 64 are gossiped; types from 64 on ("statements") travel only on the link
 * between two nodes, in the same envelope. */
#ifndef VIZ_PROTO_RECORD_H
#define VIZ_PROTO_RECORD_H

#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/writer.h"

enum viz_type {
	VIZ_TYPE_NODE = 1,
	VIZ_TYPE_SUCCESSION = 2,
	VIZ_TYPE_REVOCATION = 3,
	VIZ_TYPE_VOUCH = 4,
	VIZ_TYPE_PARTNERS = 5,
	VIZ_TYPE_COVERAGE = 6,
	VIZ_TYPE_OFFER = 7,
	VIZ_TYPE_CLOSE = 8,
	VIZ_TYPE_RESULT = 9,
	VIZ_TYPE_CHOICE = 10,
	VIZ_TYPE_PROTEST = 11,
	/* 12 STATS, 13 AGREEMENT, 14 JOIN, 15 BULLETIN are reserved */
	VIZ_TYPE_RECEIPT = 64,
	VIZ_TYPE_COVERAGE_ACK = 65,
	VIZ_TYPE_PLEDGE = 66,
	VIZ_TYPE_PLEDGE_ACK = 67,
	VIZ_TYPE_REVEAL = 68,
	VIZ_TYPE_REVEAL_ACK = 69,
	VIZ_TYPE_AWARD = 70,
	VIZ_TYPE_HANDOFF_ACK = 71,
	VIZ_TYPE_LEASE = 72,
	VIZ_TYPE_CONTACTED = 73,
	VIZ_TYPE_OUTCOME = 74,
	VIZ_TYPE_RELEASE = 75,
	VIZ_TYPE_WITHDRAWAL = 76,
	VIZ_TYPE_ERASED = 77,
	VIZ_TYPE_PROOF = 78,
};

#define VIZ_TYPE_STATEMENT_MIN 64

/* Bytes of the shortest signed record that is worth a look: a signature and one byte. */
#define VIZ_SIGNED_RECORD_MIN 65

struct viz_record {
	uint8_t type;
	struct viz_id author;
	uint32_t key; /* the number of the key that signs */
	uint64_t slot;
	uint64_t seq;
	struct viz_time time;
	struct viz_time expires; /* 0: never by itself */
	const uint8_t *body;     /* one msgpack array */
	size_t body_len;
	const uint8_t *bytes; /* what is signed */
	size_t len;
	struct viz_sig sig;
};

/* Decodes signature || record. Checks form, canonical encoding, sizes, and the rules of the type
 * for slot and seq. Of the body only the form is checked. Not checked is `expires` of write-once
 * types, which depends on the federation (viz_record_write_once_expires). body and bytes point into
 * the input. VIZ_ERR_FORM, VIZ_ERR_LIMIT, VIZ_ERR_MEANING; VIZ_ERR_ABSENT for a type that this
 * version does not know. */
int viz_record_parse(struct viz_record *out, const uint8_t *bytes, size_t len);

/* The same without the body, of bytes that viz_record_parse has taken once: its cost does not grow
 * with them. body is NULL. */
int viz_record_envelope(struct viz_record *out, const uint8_t *bytes, size_t len);

/* Encodes the fields of `rec` (body and body_len included) to `out`, without a signature. */
int viz_record_write(uint8_t *out, size_t *out_len, size_t max, const struct viz_record *rec);

/* The functions of a body, struct viz_X:
 *   viz_X_write  appends its one array;
 *   viz_X_read   reads it and checks every limit and rule that needs nothing but the body; errors
 *                stick to the reader;
 *   viz_X_parse  reads all of a record's body. VIZ_ERR_FORM, VIZ_ERR_LIMIT, VIZ_ERR_MEANING. */
#define VIZ_BODY(X)                                                                                \
	void viz_##X##_write(struct viz_writer *w, const struct viz_##X *body);                    \
	void viz_##X##_read(struct viz_reader *r, struct viz_##X *body);                           \
	static inline int viz_##X##_parse(struct viz_##X *body, const struct viz_record *rec)      \
	{                                                                                          \
		return VIZ_PARSE(X, body, rec->body, rec->body_len);                               \
	}                                                                                          \
	struct viz_##X

/* "NODE", "OFFER", ...; "?" for an unknown type. */
const char *viz_record_type_name(unsigned type);
bool viz_record_is_write_once(unsigned type);
/* OFFER, CLOSE, RESULT, CHOICE: they stand in the log of their author. */
bool viz_record_is_of_log(unsigned type);
/* NODE, PARTNERS, COVERAGE: they live only while the author's heartbeat does. */
bool viz_record_needs_heartbeat(unsigned type);

/* Slots of write-once records: day << 32 | n << 8 | k. `day` is the UTC day of the OFFER's time, n
 * is below VIZ_OFFERS_PER_DAY, and k is the number of a CHOICE, else 0. A PROTEST has the day of
 * its own time, and n below VIZ_PROTESTS_PER_DAY; a reply one of the VIZ_REPLIES_PER_DAY behind. */
uint64_t viz_record_slot_make(struct viz_time time, unsigned n);
uint64_t viz_record_slot_day(uint64_t slot);
/* The begin of that day. */
struct viz_time viz_record_slot_begins(uint64_t slot);
unsigned viz_record_slot_number(uint64_t slot);
/* The slot of CHOICE k of the offer in this slot; k of a slot; the slot of a CHOICE's offer. */
uint64_t viz_record_slot_choice(uint64_t offer, unsigned k);
unsigned viz_record_slot_k(uint64_t slot);
uint64_t viz_record_slot_offer(uint64_t slot);
/* The key of a table, (..., slot), without these last bytes: all slots of its day. */
#define VIZ_SLOT_IN_DAY_LEN 4
/* When a write-once record of this `time` expires: the end of its UTC day and write_once_ms. */
struct viz_time viz_record_write_once_expires(struct viz_time time, int64_t write_once_ms);

/* A place as a key of tables: author, type, slot: 41 bytes. */
#define VIZ_PLACE_LEN 41
void viz_record_place_key(uint8_t out[VIZ_PLACE_LEN], const struct viz_id *author, uint8_t type,
			  uint64_t slot);

#endif
