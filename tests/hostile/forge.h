/* An author of the tests: it has keys and signs records of every kind, valid or false. */
#ifndef VIZ_TESTS_FORGE_H
#define VIZ_TESTS_FORGE_H

#include "crypto/id.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/state.h"

struct viz_rng;
struct viz_writer;
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/writer.h"

#define FORGE_KEYS 4

struct forge {
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_signer signer[FORGE_KEYS];
	struct viz_birth birth;
	struct viz_id author;
	struct viz_secret transport;
	struct viz_pub transport_pub;
	unsigned key; /* the index of the key that signs */
	char address[64];
	uint32_t asn;
	char name[VIZ_NAME_MAX + 1];
	struct viz_time start; /* that NODE carries */
	uint64_t log;          /* that NODE and PARTNERS carry */
	struct viz_id head;    /* that NODE commits to */
	struct viz_id names;   /* the PARTNERS that NODE names, and the next PARTNERS as previous */
	uint32_t number;       /* of the last record of the log */
	struct viz_id value;   /* of the log there */
};

/* A signed record. */
struct forged {
	size_t len;
	uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct viz_id id;
};

void forge_author(struct forge *f, const struct viz_federation *federation, struct viz_rng *rng);

/* The position of a forged OFFER, and of a later record of that offer. */
#define FORGE_OFFER_AT ((struct viz_position){.log = 1, .number = 1, .offer = 1})
#define FORGE_LATER_AT ((struct viz_position){.log = 1, .number = 2, .offer = 1})

/* Signs a record of any fields. `body` is one msgpack array. */
void forge_any(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot, uint64_t seq,
	       struct viz_time time, struct viz_time expires, const uint8_t *body, size_t len);
/* Signs a record with the fields that its type needs: seq = time for replaceable records, 1 and
 * the exact expiry for write-once ones. `number` is the seq of a statement. */
void forge_record(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot,
		  struct viz_time time, const struct viz_writer *body);

/* The next position of the log; `offer` is the number of the OFFER, 0 for an OFFER. */
struct viz_position forge_at(const struct forge *f, uint32_t offer);
/* forge_record for a record whose body begins with that position: the log goes on behind it. */
void forge_logged(struct forged *out, struct forge *f, uint8_t type, uint64_t slot,
		  struct viz_time time, const struct viz_writer *body);
void forge_statement(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot,
		     uint64_t number, struct viz_time time, const struct viz_writer *body);

void forge_node(struct forged *out, const struct forge *f, struct viz_time time);
void forge_vouch(struct forged *out, const struct forge *f, uint64_t slot, struct viz_time time,
		 const struct viz_id *sponsee, bool withdrawn);
void forge_partners(struct forged *out, const struct forge *f, struct viz_time time,
		    const struct viz_id *partner, struct viz_time added);
/* A COVERAGE with `ceps` postcode ranges, which set its length. `salt` makes it different from
 * others. */
void forge_coverage(struct forged *out, const struct forge *f, uint64_t slot, struct viz_time time,
		    size_t ceps, uint32_t salt);
void forge_succession(struct forged *out, const struct forge *f, unsigned n, struct viz_time time,
		      const struct viz_id *next_hash);

/* Writes a hello with the NODE record and, unless NULL, a token. Returns its length. */
size_t forge_hello(uint8_t *out, size_t max, const struct forge *f, const struct forged *node,
		   const uint8_t *token);

#endif
