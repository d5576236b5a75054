/* Two records of the accused, of one place or of the order of its PARTNERS and NODEs, that show a
 * finding together. */
#ifndef VIZ_NODE_AUDIT_EXPORT_PAIR_H
#define VIZ_NODE_AUDIT_EXPORT_PAIR_H

#include "node/audit/export.h"

struct viz_export_collection;

/* Whether these records and heads are a proof already. */
bool viz_export_pair_shows(const struct viz_export_collection *c, const struct viz_record *rec,
			   size_t n, const struct viz_contradiction_head *head, size_t heads);

/* Adds those that show a finding about the dates in PARTNERS. */
void viz_export_pair_dates(struct viz_export_collection *c);

/* Adds both halves of a place that is dead, or was. */
void viz_export_pair_dead(struct viz_export_collection *c);

#endif
