/* What an offer of a partner waits for, and until when. */
#ifndef VIZ_NODE_INBOX_WAITING_H
#define VIZ_NODE_INBOX_WAITING_H

#include "node/inbox/inbox.h"

struct viz_trust;

/* Until when what it waits for must have come: our answer, the customer's choice, our call by our
 * promise, our report. 0: it waits for nothing. */
struct viz_time viz_inbox_waiting_until(const struct viz_trust *trust, const struct viz_inbox *in);

#endif
