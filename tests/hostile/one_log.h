/* The log of the false peer: heads that its NODE commits to, and stubs that it tells. */
#ifndef VIZ_TESTS_ONE_LOG_H
#define VIZ_TESTS_ONE_LOG_H

#include "node/gossip/chain.h"
#include "proto/message.h"
#include "tests/hostile/one_node.h"

#define LOG 1

/* setup of one_node.h. The NODEs of the false peer name its PARTNERS, so we are in its circle. */
int setup_named(void **state);

/* Gives a NODE that commits to this head. Returns its seq. */
uint64_t commit_to(struct one_node *b, uint32_t number, const struct viz_id *value);
void send_head(struct one_node *b, uint64_t seq, uint32_t number, const struct viz_id *value);
/* Both. */
void open_head(struct one_node *b, uint32_t number, const struct viz_id *value);
/* The answer to LOG_ASK. */
void send_log(struct one_node *b, uint32_t from, const struct viz_stub *stub, size_t count);
/* What the node knows of the log. False: nothing was opened. */
bool chain(struct one_node *b, struct viz_chain *c);
bool has_stub(struct one_node *b, uint32_t number);

#endif
