/* What the customer wants: the service and the month. It comes with the location, and is erased
 * with it at those who are not chosen. Who is chosen keeps it as long as the contact, sealed under
 * the same key, in VIZ_OFFER_ROW_WISH. */
#ifndef VIZ_NODE_INBOX_WISH_H
#define VIZ_NODE_INBOX_WISH_H

#include "proto/statement.h"

struct viz_core;
struct viz_inbox;
struct viz_lead_secrets;

struct viz_wish {
	enum viz_service service;
	uint32_t month; /* year * 100 + month; 0: not said */
};

/* From the location, or else from beside the contact. VIZ_ERR_ABSENT: neither is here. */
int viz_inbox_wish_open(struct viz_core *core, struct viz_wish *out, const struct viz_inbox *in);

/* Seals it under these secrets. */
void viz_inbox_wish_keep(struct viz_core *core, const struct viz_inbox *in,
			 const struct viz_lead_secrets *s, const struct viz_wish *wish);

/* Deletes what is sealed, if there is any. */
void viz_inbox_wish_drop(struct viz_core *core, const struct viz_inbox *in);

#endif
