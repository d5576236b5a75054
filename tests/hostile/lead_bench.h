/* A lead at its origin, whose only partner is the false one. */
#ifndef VIZ_TESTS_LEAD_BENCH_H
#define VIZ_TESTS_LEAD_BENCH_H

#include "node/lead/row.h"
#include "proto/receipt.h"
#include "tests/hostile/bench.h"

#define PLACE                                                                                      \
	"\"place\":{\"municipality\":3201209,\"cep\":29300100,\"lat_udeg\":-20848912,"             \
	"\"lon_udeg\":-41112901,\"precision_m\":20}"

/* Coverage of the partner in the place's municipality. */
void cover(struct bench *b);
const char *peer_op(struct bench *b, const char *op);
bool ok(const char *reply);
/* The customer's yes to what is read aloud now: of lead.lookup, `name`. */
const char *heard(struct bench *b, const char *name);
const char *ask_offer(struct bench *b, const char *op, const char *consent);
/* An offer to the partner, in the first slot of the day. */
uint64_t offer(struct bench *b);
void get(struct bench *b, struct viz_lead *lead, uint64_t slot);
void put(struct bench *b, const struct viz_lead *lead);
/* As after an award that the partner has acknowledged, or not. */
uint64_t awarded(struct bench *b, struct viz_lead *lead, enum viz_lead_state state);
const char *lead_op(struct bench *b, const char *op, uint64_t slot);
void lease_ask(struct bench *b, const struct viz_lead *lead);
int choose(struct bench *b, struct viz_lead *lead);
/* As if another had been chosen, so that this one may be. */
void chosen_another(struct viz_lead *lead);
/* The state and the purpose of one of our receipts; false: there is none. */
bool receipt(struct bench *b, struct viz_receipt *c, uint64_t slot, uint64_t number);

#endif
