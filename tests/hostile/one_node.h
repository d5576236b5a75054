/* The core of one real node. The test plays its surroundings: the clock, the disk, the links,
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
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/writer.h"
#include "store/backend.h"
#include "tests/hostile/forge.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#define LINK_EVIL 7
#define LINKS     16 /* the test counts what goes out on links below this number */
#define START_MS  INT64_C(1790000000000)

#define HOUR 3600000
#define PASS 600000 /* between two passes of the audit */

#define PARTNER_DELAY_MS 180000 /* the federation's; three heartbeats */

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
	/* by the last run */
	size_t sent_bytes, sent, closed;
	size_t sent_on[LINKS], bytes_on[LINKS];
	size_t shared, blocks; /* effects for several links, and the memory blocks of their bytes */
	struct {
		uint64_t attempt;
		struct viz_pub remote;
	} dial[512]; /* by the last run too */
	size_t dials;
	char reason[64];
	char reply[131072];
	uint32_t draw; /* the last that the node has made; 0: none */
	size_t mails, acks, records, members, clocks, clones, offer_asks; /* sent since the start */
	size_t trees, buckets, lists, authors, wants; /* TREE, BUCKETS, BUCKET, AUTHOR and WANT,
							 likewise */
	size_t asked_checks;                         /* VERIFY of what we had asked for, likewise */
	struct viz_message_tree tree[LINKS];         /* the last one on a link */
	struct viz_message_want want;                /* the last one */
	size_t asked_on[LINKS], announced_on[LINKS]; /* by the last run: places in WANTs, and
							things in ANNOUNCEs */
	struct viz_message_announce announced;       /* the last ANNOUNCE */
	size_t records_on[LINKS];                    /* RECORDs by the last run */
	struct viz_message_log_ask
	    log_ask;        /* the last that was sent; `from` 0: by the last run none */
	uint64_t log_asked; /* the link of that one */
	struct viz_message_log_want log_want;   /* likewise, `count` 0 */
	struct viz_message_offer_ask offer_ask; /* the last one, and its link */
	uint64_t offer_asked;
	size_t heads;       /* sent by the last run */
	uint8_t last[2048]; /* the record in the last LAST that was sent */
	size_t last_len;
	char logs[65536];           /* since the start */
	struct viz_offline offline; /* the files that the operator keeps */
};

/* cmocka's setup and teardown: a node, and a peer that its operator invited and trusts. The peer
 * is a member and mutual partner on link LINK_EVIL. */
int setup(void **state);
int teardown(void **state);

void open_node(struct one_node *b);
void close_node(struct one_node *b);
/* Runs the events, and the signature checks and closings that follow from them. */
void run(struct one_node *b, const struct viz_event *events, size_t count);
void tick(struct one_node *b, int64_t ms);
/* Goes on for so many hours, a pass of the audit after the other. Nothing may close a link. */
void hours(struct one_node *b, unsigned n);
/* The link has ended. */
void cut(struct one_node *b, uint64_t link);
/* Starts the process again, `step` ms later by its clock, with the link of the false peer. */
void restart(struct one_node *b, int64_t step);
/* Sends a request of the operator. b->reply gets the reply, in this batch or a later one. */
void ask_once(struct one_node *b, const char *json);
/* Likewise, and runs batches until the reply comes. It is valid until the next request. */
const char *request(struct one_node *b, const char *json);
/* The false peer sends this message over its link. */
void message(struct one_node *b, const struct viz_writer *w);
void message_on(struct one_node *b, uint64_t link, const struct viz_writer *w);
void give(struct one_node *b, const struct forged *rec);
/* Sends a record over another link. */
void give_on(struct one_node *b, uint64_t link, const struct forged *rec);
/* Puts the event that brings it at ev[(*n)++]: for several in one batch. */
void add_event(struct viz_event *ev, size_t *n, uint64_t link, const struct forged *rec);
/* Frees such a list, which was allocated, too. */
void free_events(struct viz_event *ev, size_t n);
void mail(struct one_node *b, uint64_t number, enum viz_mail_kind kind,
	  const struct viz_writer *payload);
void mail_statement(struct one_node *b, uint64_t number, const struct forged *st);
/* The false peer mails STATE of the offer: a question with VIZ_AWARD_ASKED, else an answer. */
void mail_state(struct one_node *b, uint64_t number, const struct viz_mail_state *m);
/* The last STATE to the false peer that it has not acknowledged. False: there is none. */
bool mailed_state(struct one_node *b, struct viz_mail_state *out);
/* Mails a WITHDRAWAL of the false peer, of all that its offer in this slot has brought. */
void mail_withdrawal(struct one_node *b, uint64_t number, uint64_t slot);
/* The false peer says MEMBER: its closure has the node. */
void say_member(struct one_node *b, uint64_t link);
/* The false peer says LAST: it holds nothing of the node. */
void say_last(struct one_node *b, uint64_t link);
/* The false peer dials. */
void hello(struct one_node *b, struct forge *f, uint64_t link, const uint8_t *token);
/* It dials, and says MEMBER. */
void come_in(struct one_node *b, const uint8_t *token);
void come_in_as(struct one_node *b, struct forge *f, uint64_t link, const uint8_t *token);
/* Makes a new author. The operator invites and trusts it, so that it is a member and mutual
 * partner on that link. */
void befriend(struct one_node *b, struct forge *f, uint64_t link);
struct viz_member *evil(struct one_node *b);
/* Changes the false peer's key to key 1, as an honest node does: it goes on with its log, and signs
 * its records again. */
void change_key(struct one_node *b);

/* The operator changes the key. */
void rotate_own_key(struct one_node *b);
void revoke_own_key(struct one_node *b);

#endif
