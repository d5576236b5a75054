/* An offer after our pledge: acknowledgements, CLOSE, our reveal, RESULT, the offer's timers. */
#ifndef VIZ_NODE_INBOX_RESULT_H
#define VIZ_NODE_INBOX_RESULT_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_reader;
struct viz_record;
struct viz_trust;

/* Takes CLOSE, whose record id is `id`. If it has our pledge and that is no refusal, we reveal
 * our proposal. */
void viz_inbox_result_close_received(struct viz_net *net, const struct viz_record *rec,
				     const struct viz_id *id);

/* Takes RESULT, whose record id is `id`: the location is erased location_erase_ms from now. */
void viz_inbox_result(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* Whether the CLOSE that is held has our pledge, and RESULT shows it as revealed. */
bool viz_inbox_result_shows_us(struct viz_trust *trust, const struct viz_inbox *in);

/* Takes CHOICE k, whose record id is `id`. The holder of an earlier award shows the contact no
 * more. */
void viz_inbox_result_choice_received(struct viz_net *net, const struct viz_record *rec,
				      const struct viz_id *id);

/* Takes PLEDGE_ACK or REVEAL_ACK of our pledge or reveal. */
void viz_inbox_result_ack_received(struct viz_net *net, const struct viz_record *rec,
				   struct viz_reader *body);

/* The timer VIZ_DUE_INBOX: pledges `no-content` when the location has not come, and erases personal
 * data whose time is over. */
void viz_inbox_result_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* Begins to try again what waited: an origin has sent LAST. In each batch the second goes on by
 * VIZ_WAKE_ROWS rows. */
void viz_inbox_result_wake(struct viz_core *core);
void viz_inbox_result_wake_step(struct viz_core *core);

#endif
