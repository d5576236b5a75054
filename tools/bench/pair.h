/* Two nodes with the same members (members.h), and a link between them that takes 25 ms each way.
 */
#ifndef VIZ_TOOLS_PAIR_H
#define VIZ_TOOLS_PAIR_H

#include "proto/base.h"
#include "proto/message.h"

struct flight;
struct members;
struct viz_link;

#define PAIR_LINK       5000 /* its number at both */
#define PAIR_LATENCY_MS 25
#define PAIR_FRAME      18 /* beside a plaintext: its length and its tag */

extern struct pair {
	struct members *node[2];
	struct flight *list; /* what is under way */
	size_t head, count, capacity;
	bool lost; /* what is sent now is lost */
	/* since the last reset; bytes are those on the wire, of each side */
	size_t bytes[2], record_bytes, records, messages;
	size_t of_kind[VIZ_MESSAGE_KIND_MAX + 1]; /* bytes of both sides */
	int64_t first_record, last_record;        /* when it came; 0: none */
} pair;

/* A node with its partners, in a new directory below `parent`. Their VOUCHes for it have a slot of
 * their own (`seed`, 0 or 1), so that nobody contradicts itself. */
struct members *pair_make(unsigned seed, size_t members, size_t coverages, size_t region,
			  const char *parent);

/* They invite, dial and trust each other. Each takes itself for the one that was dialled. */
void pair_link_them(void);

/* The link at this node. */
struct viz_link *pair_link_of(struct members *b);

/* Time goes on, at both. */
void pair_wait_ms(int64_t ms);
void pair_wait_until_quiet(void);
void pair_set_time(int64_t ms);

void pair_reset(void);

/* Neither begins a repair for a while, and what is under way ends: a TREE that follows another one
 * at once is ignored. */
void pair_rest(void);

/* The first node begins a repair, and nothing more comes. Returns when it began. */
int64_t pair_repair(void);

/* Whether their trees have the same root. */
bool pair_equal(void);

#endif
