/* A lead at its origin, whose only partner is the false one. */
#ifndef VIZ_TESTS_ONE_LEAD_H
#define VIZ_TESTS_ONE_LEAD_H

#include "node/lead/row.h"
#include "proto/base.h"

struct viz_receipt;
#include "tests/hostile/one_node.h"

#define PLACE                                                                                      \
	"\"place\":{\"municipality\":3201209,\"cep\":29300100,\"lat_udeg\":-20848912,"             \
	"\"lon_udeg\":-41112901,\"precision_m\":20}"

/* Coverage of the partner in the place's municipality. */
void cover(struct one_node *b);
const char *peer_op(struct one_node *b, const char *op);
bool ok(const char *reply);
/* The customer's yes to what is read aloud now: of lead.lookup, `name`. */
const char *heard(struct one_node *b, const char *name);
const char *ask_offer(struct one_node *b, const char *op, const char *consent);
/* An offer to the partner, in the first slot of the day. */
uint64_t offer(struct one_node *b);
void get(struct one_node *b, struct viz_lead *lead, uint64_t slot);
void put(struct one_node *b, const struct viz_lead *lead);
/* As after an award that the partner has acknowledged, or not. */
uint64_t awarded(struct one_node *b, struct viz_lead *lead, enum viz_lead_state state);
const char *lead_op(struct one_node *b, const char *op, uint64_t slot);
void lease_ask(struct one_node *b, const struct viz_lead *lead);
int choose(struct one_node *b, struct viz_lead *lead);
/* Makes it as if another partner had been chosen before, so that this one may be chosen now. */
void chosen_another(struct viz_lead *lead);
/* The state and the purpose of one of our receipts; false: there is none. */
bool receipt(struct one_node *b, struct viz_receipt *c, uint64_t slot, uint64_t number);

#endif
