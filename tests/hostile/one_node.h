/* One real node's core. The test plays what is around it: the clock, the disk's answers, the links,
 * and a false peer whose records it forges. */
#ifndef VIZ_TESTS_ONE_NODE_H
#define VIZ_TESTS_ONE_NODE_H

#include "crypto/rng.h"
#include "node/init.h"
#include "node/node.h"

struct viz_event;
struct viz_member;
struct viz_node;
struct viz_store;
struct viz_vault;
struct viz_writer;
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/message.h"
#include "proto/writer.h"
#include "store/backend.h"
#include "tests/hostile/forge.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#define LINK_EVIL 7
#define LINKS     16 /* below: counted one by one */
#define START_MS  INT64_C(1790000000000)

struct one_node {
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
	size_t sent_on[LINKS], bytes_on[LINKS];
	size_t shared, blocks; /* what went out by several links, and how much of it is in memory */
	char reason[64];
	char reply[32768];
	size_t mails, acks, digests; /* sent since the start, by their frames */
	char logs[65536];            /* since the start */
	struct viz_offline offline;  /* what its operator keeps */
};

/* setup and teardown of cmocka: a node, and one that its operator invited and trusts, a member and
 * mutual partner on link LINK_EVIL. */
int setup(void **state);
int teardown(void **state);

void open_node(struct one_node *b);
void close_node(struct one_node *b);
/* Runs the events, and the signature checks and closings that follow from them. */
void run(struct one_node *b, const struct viz_event *events, size_t count);
void tick(struct one_node *b, int64_t ms);
/* A request of the operator; the reply is borrowed until the next one. */
const char *request(struct one_node *b, const char *json);
/* What the false peer sends over its link. */
void message(struct one_node *b, const struct viz_writer *w);
void give(struct one_node *b, const struct forged *rec);
/* The same over another link. */
void give_on(struct one_node *b, uint64_t link, const struct forged *rec);
void mail(struct one_node *b, uint64_t number, enum viz_mail_kind kind,
	  const struct viz_writer *payload);
void mail_statement(struct one_node *b, uint64_t number, const struct forged *st);
void come_in(struct one_node *b, const uint8_t *token);
void come_in_as(struct one_node *b, struct forge *f, uint64_t link, const uint8_t *token);
/* A new author whom the operator invites and trusts: a member and mutual partner on that link. */
void befriend(struct one_node *b, struct forge *f, uint64_t link);
struct viz_member *evil(struct one_node *b);

#endif
