/* The leases under which the holder of an award may show the contact, at the origin. While one
 * runs, nobody else gets the award. PROTOCOL.md section 10. */
#ifndef VIZ_NODE_LEAD_LEASE_H
#define VIZ_NODE_LEAD_LEASE_H

#include "proto/base.h"

struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_reader;
struct viz_record;
struct viz_trust;

/* Takes the mail [award, time of asking, release hash] of a holder that wants a lease, and answers
 * it. An unknown award gets no answer. */
void viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Answers CONTACTED, which `rec` is, of the holder of the current award: the first one extends the
 * lease. The caller writes the row. */
void viz_lead_lease_contacted(struct viz_net *net, struct viz_lead *lead,
			      const struct viz_record *rec);

/* The holder of the current award gives it back, and gets no more leases. The lease ends at once
 * when `secret` opens its release hash; NULL: it has none. The caller writes the row. */
void viz_lead_lease_released(struct viz_trust *trust, struct viz_lead *lead,
			     const uint8_t secret[32]);

/* Whether nobody can show the contact of the current award under a lease of ours. */
bool viz_lead_lease_over(const struct viz_trust *trust, const struct viz_lead *lead);

/* Clears the lease that has ended, or sets a timer for its end. The caller writes the row. */
void viz_lead_lease_end(struct viz_trust *trust, struct viz_lead *lead);

#endif
