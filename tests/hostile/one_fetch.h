/* Announcements to our node, and what it asks for. */
#ifndef VIZ_TESTS_ONE_FETCH_H
#define VIZ_TESTS_ONE_FETCH_H

#include "node/gossip/gossip.h"
#include "proto/message.h"
#include "tests/hostile/one_node.h"

#define A_MS 4 /* checks that come in within a millisecond */

struct viz_link *link_of(struct one_node *b, uint64_t number);
struct viz_fetch *fetch(struct one_node *b);
/* Two more partners, on links 8 and 9. The caller frees them. */
struct forge *friends(struct one_node *b);
/* Whether it is asked last. */
bool is_last(struct one_node *b, const struct forge *f);
struct viz_announced named(const struct forged *rec);
void announce_all(struct one_node *b, uint64_t link, const struct viz_announced *x, size_t n);
void announce(struct one_node *b, uint64_t link, const struct forged *rec);
/* A record of an honest author that the node lacks. The caller frees it. */
struct forged *lacking(struct one_node *b, const struct forge *author, uint64_t slot);
bool holds(struct one_node *b, const struct forged *rec);
/* The checks that the false peer may cause. */
void set_budget(struct one_node *b, int64_t checks);
int64_t budget(struct one_node *b);

#endif
