/* The findings that are kept. VIZ_TABLE_FINDING: (accused author, slot, rule, about) ->
 * [verdict, time]. */
#ifndef VIZ_NODE_AUDIT_FINDING_H
#define VIZ_NODE_AUDIT_FINDING_H

#include "node/audit/rules.h"

struct viz_reader;
struct viz_trust;
struct viz_writer;

/* A row of VIZ_TABLE_FINDING. */
struct viz_finding {
	enum viz_verdict verdict;
	struct viz_time time;
};

void viz_finding_write(struct viz_writer *w, const struct viz_finding *f);
void viz_finding_read(struct viz_reader *r, struct viz_finding *f);

/* "omitted", ...; "?" for an unknown rule. */
const char *viz_finding_rule_name(enum viz_rule rule);

/* "contradiction" or "suspicion". */
const char *viz_finding_verdict_name(enum viz_verdict verdict);

/* Keeps a finding and logs it, once. Of one rule and author only the first VIZ_FINDINGS_PER_RULE
 * are kept. */
void viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about);

/* Removes a finding whose reason is gone. */
void viz_finding_drop(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, const struct viz_id *about);

#endif
