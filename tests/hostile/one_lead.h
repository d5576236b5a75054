/* A lead at its origin. Its only partner is the false peer. */
#ifndef VIZ_TESTS_ONE_LEAD_H
#define VIZ_TESTS_ONE_LEAD_H

#include "node/lead/lead.h"
#include "proto/base.h"

struct viz_receipt;
#include "tests/hostile/one_node.h"

#define PLACE                                                                                      \
	"\"place\":{\"municipality\":{\"code\":3201209},\"cep\":29300100,\"lat_udeg\":-20848900,"  \
	"\"lon_udeg\":-41112900,\"precision_m\":20}"

/* The partner publishes coverage of the municipality of the lead. */
void cover(struct one_node *b);
const char *peer_op(struct one_node *b, const char *op);
bool ok(const char *reply);
/* A "consent" member for the arguments of an operation: the customer has agreed to the text `name`
 * of a new draw, whose number b->draw gets. Static buffer. */
const char *heard(struct one_node *b, const char *name);
const char *ask_offer(struct one_node *b, const char *op, const char *consent);
/* Makes an offer to the partner in the first slot of the day. */
uint64_t offer(struct one_node *b);
/* `other` becomes a partner too, and both cover the municipality of the lead. */
void cover_two(struct one_node *b, struct forge *other);

/* Likewise to the partner and to `other`, which becomes one. */
uint64_t offer_to_two(struct one_node *b, struct forge *other);
void get(struct one_node *b, struct viz_lead *lead, uint64_t slot);
void put(struct one_node *b, const struct viz_lead *lead);
/* Sets the lead to `state`, as after an award to the partner. */
uint64_t awarded(struct one_node *b, struct viz_lead *lead, enum viz_lead_state state);
const char *lead_op(struct one_node *b, const char *op, uint64_t slot);
/* What opens the release hash of the false peer's awards. */
extern const uint8_t lead_secret[32];
/* The false peer asks for a lease of its award. */
void lease_ask(struct one_node *b, const struct viz_lead *lead);
int choose(struct one_node *b, struct viz_lead *lead);
/* Sets the lead as if another partner had been chosen before, so that this one can be chosen
 * now. */
void chosen_another(struct viz_lead *lead);
/* A text as it stands in JSON, in place as it is kept: "\\n" is a line's end. */
char *unescaped(char *json);
/* Reads state and purpose of one of our receipts. False: there is none. */
bool receipt(struct one_node *b, struct viz_receipt *c, uint64_t slot, uint64_t number);

#endif
