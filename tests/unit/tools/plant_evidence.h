/* Evidence of a planted breach, of each rule. */
#ifndef VIZ_TEST_PLANT_EVIDENCE_H
#define VIZ_TEST_PLANT_EVIDENCE_H

#include "tests/unit/unit.h"

#include "tests/unit/node/audit/breach.h"
#include "tools/vizinho/evidence.h"

/* NONE: its records are made for the rule alone. */
struct plant_breach {
	enum viz_rule rule;
	enum breach how;
};
extern const struct plant_breach plant_breaches[]; /* ascending by the rule */
extern const size_t plant_breach_count;

/* Once, before the others. */
void plant_open(void);

/* The evidence has its records and what it is about, and passes its check. The caller frees it. */
struct viz_evidence *plant_evidence(enum viz_rule rule, enum breach how);

/* Adds a PROTEST of a about this offer; `id` gets its id. Returns what viz_evidence_add_reply
 * says. */
int plant_protest(struct viz_evidence *e, struct viz_id *id, const struct viz_id *offer);
/* Adds the reply of the origin to this PROTEST, likewise. */
int plant_reply(struct viz_evidence *e, const struct viz_id *offer, const struct viz_id *protest);
/* Adds a record of the origin with an empty body. Returns what viz_evidence_add says. */
int plant_empty(struct viz_evidence *e, uint8_t type);

#endif
