/* The lists of a partner's OFFER, with the names that its indices stand for. */
#ifndef VIZ_NODE_AUDIT_LISTS_H
#define VIZ_NODE_AUDIT_LISTS_H

#include "proto/offer.h"
#include "proto/trust.h"

struct viz_core;
struct viz_inbox;

struct viz_lists {
	struct viz_offer is;
	struct viz_partners named; /* the PARTNERS that it names */
};

/* False: the OFFER, or its PARTNERS, is not here. */
bool viz_lists_read(struct viz_core *core, struct viz_lists *out, const struct viz_inbox *in);

/* The entry of an index; NULL: it is past the named PARTNERS. */
const struct viz_partner_entry *viz_lists_entry(const struct viz_lists *l, size_t index);

#endif
