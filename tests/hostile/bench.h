/* The core alone, with the clock in the test's hand, and one false member and partner of it. */
#ifndef VIZ_TESTS_BENCH_H
#define VIZ_TESTS_BENCH_H

#include "node/invite.h"
#include "node/mail.h"
#include "tests/hostile/forge.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#define LINK_EVIL 7
#define START_MS  INT64_C(1790000000000)

struct bench {
	char dir[SCRATCH_PATH];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_federation federation;
	struct viz_time now;
	struct viz_rng rng;
	struct forge evil;
	struct forged scratch;
	/* of the last run */
	size_t sent_bytes, sent, closed;
	char reason[64];
	char reply[32768];
	size_t mails;               /* sent since the start, by their frames */
	char logs[65536];           /* since the start */
	struct viz_offline offline; /* what its operator keeps */
};

void open_node(struct bench *b);
void close_node(struct bench *b);
/* Runs the events, and the signature checks and closings that follow from them. */
void run(struct bench *b, const struct viz_event *events, size_t count);
void tick(struct bench *b, int64_t ms);
/* The reply; borrowed until the next request. */
const char *request(struct bench *b, const char *json);
/* From the false one, on its link. */
void message(struct bench *b, const struct viz_writer *w);
void give(struct bench *b, const struct forged *rec);
void mail(struct bench *b, uint64_t number, enum viz_mail_kind kind,
	  const struct viz_writer *payload);
void mail_statement(struct bench *b, uint64_t number, const struct forged *st);
void come_in(struct bench *b, const uint8_t *token);
struct viz_member *evil(struct bench *b);

/* A node, and one that its operator invited and trusts: a member and mutual partner on its link. */
int setup(void **state);
int teardown(void **state);

#endif
