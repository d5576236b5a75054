/* A comparison between our node and the false peer: its questions and its lists. */
#ifndef VIZ_TESTS_ONE_REPAIR_H
#define VIZ_TESTS_ONE_REPAIR_H

#include "tests/hostile/one_fetch.h"

struct viz_repair *repair(struct one_node *b);
size_t under_way(struct one_node *b);
void give_tree(struct one_node *b, uint64_t hour, const struct viz_id *root);
uint64_t hour_now(struct one_node *b);
struct viz_id root_of(struct one_node *b, uint64_t hour);
/* Our next TREE goes out on the link. */
void begin_on(struct one_node *b, uint64_t link);
/* Answers our last TREE, without a sketch: each bucket differs. */
void give_buckets(struct one_node *b, uint64_t link);
/* Answers our BUCKETs by these authors. */
void give_authors(struct one_node *b, uint64_t link, const struct viz_tree_author *author,
		  size_t count, bool last);
void give_last(struct one_node *b, uint64_t link);
/* Lists that say that it holds nothing, for the buckets from one on. */
void give_nothing(struct one_node *b, unsigned from, unsigned to);

#endif
