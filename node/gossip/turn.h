/* Whom we ask for the stubs of a log: one peer at a time, and then the next. PROTOCOL.md section
 * 12.1.
 *
 * Who tells false stubs, few of them, or nothing must not keep those of others out. So what one
 * turn told, and no record or opened head confirms, goes when the next turn begins. A turn is the
 * open question of its link (log_asked, log_until). */
#ifndef VIZ_NODE_GOSSIP_TURN_H
#define VIZ_NODE_GOSSIP_TURN_H

#include <stdbool.h>
#include <stdint.h>

struct viz_chain;
struct viz_id;
struct viz_link;
struct viz_message_log;
struct viz_net;
struct viz_trust;

/* Whether our operator is to be told that this log contradicts itself: once. Its origin can go on
 * with that without end. */
bool viz_turn_tells(struct viz_trust *trust, const struct viz_id *origin, uint64_t log);

/* Goes on over the stubs that are held, as viz_chain_advance, writes the row of the chain and tells
 * the audit how far the values met. False: they do not meet the opened one. */
bool viz_turn_advance(struct viz_net *net, const struct viz_id *origin, struct viz_chain *c);

/* The peer says that it holds stubs of this log up to `to`: it gets a turn, unless another one has
 * it. The origin itself takes the turn of another. Nothing is asked that we know already. */
void viz_turn_begin(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		    uint32_t to);

/* Asks anybody for what is lacking up to the last opened head, unless somebody has the turn. */
void viz_turn_begin_any(struct viz_net *net, const struct viz_id *origin);

/* The peer has told these stubs, and `chain` has gone on over them. Asks it for those behind them;
 * when it has no more, or `met` is false, the next peer. */
void viz_turn_told(struct viz_net *net, struct viz_link *link, const struct viz_message_log *m,
		   const struct viz_chain *chain, bool met);

#endif
