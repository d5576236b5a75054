/* Rows that are kept for a time and have no timer of their own: a bounded sweep deletes them. */
#ifndef VIZ_NODE_RETENTION_H
#define VIZ_NODE_RETENTION_H

struct viz_trust;

/* One step over each table; node.c calls it once a second. It deletes invitations that have
 * expired; the access log after 12 months; statements and receipts of a lead 5 years after its day;
 * and write_once_ms after they were made or last needed: evidence, findings, our circle keys, and
 * leads and offers of partners that hold no personal data. */
void viz_retention_sweep(struct viz_trust *trust);

#endif
