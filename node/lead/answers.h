/* An offer from the partners' pledges to the customer's choice: pledges come in, CLOSE ends the
 * list, the pledgers reveal their proposals. */
#ifndef VIZ_NODE_LEAD_ANSWERS_H
#define VIZ_NODE_LEAD_ANSWERS_H

struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Takes the PLEDGE `rec` with record id `id`. A pledge that counts is acknowledged in the same
 * transaction; the last one closes the list. */
void viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_record *rec,
				      const struct viz_id *id);

/* Takes a REVEAL and acknowledges it when it matches the pledge's commitment. An error in `body`:
 * the form is wrong, or it does not match. */
void viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body);

/* Publishes CLOSE and waits for the reveals. The caller writes the row. */
void viz_lead_answers_close(struct viz_net *net, struct viz_lead *lead);

/* Sets the order, and lets the customer choose; without any proposal the offer ends. Call it when
 * all reveals are in or their time is over. The caller writes the row. */
void viz_lead_answers_begin_choice(struct viz_net *net, struct viz_lead *lead);

#endif
