/* What a customer who was connected pays in a month, by the plan that was chosen of those that we
 * had proposed. It says nothing of the person, so it stays when the contact is erased, as long as
 * the offer. VIZ_OFFER_ROW_PRICE. */
#ifndef VIZ_NODE_INBOX_PRICE_H
#define VIZ_NODE_INBOX_PRICE_H

#include "proto/base.h"

struct viz_core;
struct viz_inbox;
struct viz_trust;

/* Notes it while the contact is here, if the plan can be told. */
void viz_inbox_price_note(struct viz_trust *trust, const struct viz_inbox *in);

/* In centavos. False: it is not known. */
bool viz_inbox_price_get(struct viz_core *core, uint32_t *cents, const struct viz_inbox *in);

#endif
