/* Removal of rows that are kept for a fixed time and have no timer. */
#ifndef VIZ_NODE_RETENTION_H
#define VIZ_NODE_RETENTION_H

#include <stdbool.h>

struct viz_trust;

/* Looks at the next 500 rows of each table, from where the last call ended, and removes those that
 * are over. False: the last one of each was among them. Invitations go when they expire. Leads,
 * offers of partners, circle keys, evidence and findings go when the write-once records of their
 * day have expired. The access log goes after 12 months. Statements go 5 years after the day of
 * their lead. */
bool viz_retention_sweep(struct viz_trust *trust);

#endif
