/* An offer of the false peer, at the node that it is made to. */
#ifndef VIZ_TESTS_ONE_OFFER_H
#define VIZ_TESTS_ONE_OFFER_H

#include "node/audit/rules.h"
#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "tests/hostile/one_node.h"

struct false_offer {
	struct viz_position at; /* the next one of its log, if the test sets none */
	uint64_t slot;
	struct viz_position choice_at[VIZ_CHOICES_MAX + 1]; /* of each CHOICE that was signed */
	uint32_t number;                                    /* of the OFFER in the log */
	struct viz_secret salt;                             /* of the order */
	struct viz_time closes;                             /* 30 s after false_offer_init */
	struct viz_id view, partners;                       /* digest; id of PARTNERS */
	struct viz_id node;                                 /* of the NODE that is held */
	struct viz_time node_time;                          /* its time */
	struct viz_id location_commit, receipt_commit;
	struct viz_offer lists; /* area, draw and lists */
	/* Signed, and not given yet. */
	struct forged offer, close, result;
};

/* The day's `number`-th offer, in one municipality. It names the PARTNERS that is held, asks an
 * index that this does not have, and commits to no view: the test sets what it needs, and then
 * signs. */
void false_offer_init(struct one_node *b, struct false_offer *o, unsigned number);
/* Likewise with our node as the only one asked. */
void false_offer_to_us(struct one_node *b, struct false_offer *o, unsigned number);
void false_offer_sign(struct one_node *b, struct false_offer *o);
/* CLOSE of one entry: our node's pledge, or nil. It is dated now. */
void false_offer_sign_close(struct one_node *b, struct false_offer *o, bool answered);
/* RESULT of that CLOSE, with what opens our pledge; NULL: it is not revealed. */
void false_offer_sign_result(struct one_node *b, struct false_offer *o,
			     const struct viz_result_entry *opened);
/* RESULT of that CLOSE, of an offer whose customer has withdrawn consent. */
void false_offer_sign_withdrawn(struct one_node *b, struct false_offer *o);
/* PLEDGE_ACK or REVEAL_ACK about `pledge`, signed and mailed. */
void false_offer_mail_ack(struct one_node *b, const struct false_offer *o, uint8_t type,
			  const struct viz_id *pledge);
/* Our node's row of the offer. False: it has none. */
bool inbox_row(struct one_node *b, struct viz_inbox *in, uint64_t slot);
/* As if the location had come: a person at our node answers yes. `in` gets the row as it was
 * then. */
void answer_yes(struct one_node *b, const struct false_offer *o, struct viz_inbox *in);
/* The id of the PARTNERS of the false peer that is held. */
void held_partners(struct one_node *b, struct viz_id *id);
/* Gives a PARTNERS of this log, with the entries of the one that is held, but for when the first
 * one, which is ours, was removed (0: it was not). */
void give_partners_again(struct one_node *b, uint64_t log, const struct viz_id *previous,
			 struct viz_time removed);

/* It signs PARTNERS anew, with a second entry: somebody whom we do not know. */
void give_partners_with_another(struct one_node *b);
/* How many findings of this rule or suspicion about the false peer are kept. */
size_t findings(struct one_node *b, unsigned rule);
/* What the node replies when it is asked for the evidence of a finding of this rule, with the
 * customer's line ("": none). */
const char *export_finding(struct one_node *b, unsigned rule, const char *proof);
/* Whether the node hands out what proves a finding of this rule, without a contact. */
bool exports(struct one_node *b, enum viz_rule rule);
bool exports_with(struct one_node *b, enum viz_rule rule, const char *proof);

#endif
