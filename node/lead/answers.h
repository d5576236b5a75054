/* An offer from the partners' pledges to the customer's choice: pledges come in, CLOSE ends the
 * list, the pledgers reveal their proposals. */
#ifndef VIZ_NODE_LEAD_ANSWERS_H
#define VIZ_NODE_LEAD_ANSWERS_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Takes the mail [PLEDGE, reason]. The first PLEDGE of each that was asked counts, and is
 * acknowledged in the same transaction; the last one closes the list. A repetition, and another
 * one, gets the acknowledgement of the first. After CLOSE the answer is CLOSE. An error in `r`: the
 * form, the signature, or its author was not asked. */
void viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r);

/* Takes a REVEAL and acknowledges it, also when it comes again. After RESULT the answer is RESULT.
 * An error in `body`: the form, or it does not open the pledge's commitment. */
void viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body);

/* When the list of answers closes though somebody has not answered: at `closes`, and window_min_ms
 * after the location was given to who has not. */
struct viz_time viz_lead_answers_close_at(const struct viz_core *core, const struct viz_lead *lead);

/* Publishes CLOSE and waits for the reveals. The caller writes the row. */
void viz_lead_answers_close(struct viz_net *net, struct viz_lead *lead);

/* Publishes RESULT, and lets the customer choose; without any proposal the offer ends. Call it when
 * all reveals are in or their time is over. The caller writes the row. */
void viz_lead_answers_begin_choice(struct viz_net *net, struct viz_lead *lead);

#endif
