/* What is kept only for a time and has no timer of its own: a bounded sweep over the tables. */
#ifndef VIZ_NODE_RETENTION_H
#define VIZ_NODE_RETENTION_H

struct viz_trust;

/* One step, called once a second. Removes: invitations that have expired; evidence and what belongs
 * to write-once records that have ended (write_once_ms after it was kept); the access log after 12
 * months; statements and receipts of a lead 5 years after its day. */
void viz_retention_sweep(struct viz_trust *trust);

#endif
