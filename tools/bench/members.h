/* A node, and authors that become its members: their records, and the way in. */
#ifndef VIZ_TOOLS_MEMBERS_H
#define VIZ_TOOLS_MEMBERS_H

#include "crypto/id.h"
#include "crypto/sign.h"
#include "proto/base.h"
#include "proto/federation.h"

struct viz_effect;
struct viz_event;
struct viz_node;
struct viz_store;
struct viz_vault;
struct viz_writer;

#define MEMBERS_PARTNERS 16 /* of our node, each with a link: 1 to 16 */
#define MEMBERS_NEAR     4  /* members that a new one vouches for, and they for it */
#define MEMBERS_START_MS INT64_C(1790000000000) /* when the node was made */

struct author {
	struct viz_id id;
	uint8_t vouches; /* slots in use */
};

struct members {
	char dir[512];
	size_t count, coverages; /* coverages of each */
	size_t region;           /* bytes of cells in a coverage, that mean nothing: up to 3000 */
	uint8_t seed;            /* of our node; nodes of one bench differ in it */
	void (*sent)(struct members *b, const struct viz_effect *e); /* for each SEND; NULL: none */
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_time now;
	struct author *author;
	uint64_t next_event;
	double cpu;        /* of the core, in the last calls */
	double repair_cpu; /* of this, in batches that sent a TREE */
};

struct keys {
	struct viz_signer signer;
	struct viz_birth birth;
	struct viz_pub transport;
};

struct signed_record {
	uint8_t bytes[4096];
	size_t len;
	struct viz_id id;
};

/* The keys of author `n`; its id too. */
struct keys members_keys(const struct members *b, size_t n, struct viz_id *id);

/* Signed by author n, with the time of now. */
void members_node(const struct members *b, struct signed_record *out, const struct keys *k,
		  size_t n);
void members_coverage(const struct members *b, struct signed_record *out, const struct keys *k,
		      size_t n, uint64_t slot);
void members_vouch(const struct members *b, struct signed_record *out, const struct keys *k,
		   size_t n, uint64_t slot, const struct viz_id *sponsee, bool withdrawn);

/* The members that member n vouches for when it comes. */
size_t members_near(const struct members *b, size_t n, size_t out[MEMBERS_NEAR]);

void members_open(struct members *b);
void members_close(struct members *b);

/* Run a batch, and those in which the answers to its signature checks come, which are all yes. */
void members_tick(struct members *b, int64_t ms);
void members_message(struct members *b, uint64_t link, const struct viz_writer *w);
void members_give(struct members *b, uint64_t link, const struct signed_record *rec);

/* The reply to a request of the operator, in `reply`. */
const char *members_request(struct members *b, char reply[16384], const char *json);

/* Runs one event. */
void members_event(struct members *b, const struct viz_event *ev);

/* Author n becomes a partner of our node, by invitation. */
void members_befriend(struct members *b, size_t n);

/* All records of member n, in the order in which they can be judged, over the links. */
void members_add(struct members *b, size_t n);

/* All records of all: over the links, or as verified records into the store. */
void members_fill(struct members *b, bool by_link);

#endif
