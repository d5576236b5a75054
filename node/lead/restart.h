/* What an origin may sign for an offer that it made before its process began. Its store may be an
 * older one than it knows, and CLOSE, RESULT or CHOICE may be out: who alone may hold the answer or
 * the contact that the store lacks must have sent LAST first. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_LEAD_RESTART_H
#define VIZ_NODE_LEAD_RESTART_H

#include "proto/base.h"

struct viz_lead;
struct viz_trust;

/* CLOSE: each of asked that has not answered has sent LAST, and has had window_min_ms since our log
 * is free. */
bool viz_lead_restart_may_close(struct viz_trust *trust, const struct viz_lead *lead);

/* RESULT: each that promised and has not revealed has, and has had reveal_ms. */
bool viz_lead_restart_may_result(struct viz_trust *trust, const struct viz_lead *lead);

/* When both of these times are over. */
struct viz_time viz_lead_restart_timely_at(const struct viz_trust *trust);

/* CHOICE k + 1 or none, and an OFFER that names this one as previous: the holder of the last award
 * has. */
bool viz_lead_restart_may_choose(struct viz_trust *trust, const struct viz_lead *lead);

#endif
