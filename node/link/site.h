/* Where a node is in the net, as its NODE says: for the caps on links by lot. */
#ifndef VIZ_NODE_LINK_SITE_H
#define VIZ_NODE_LINK_SITE_H

#include "proto/base.h"

struct viz_site {
	uint8_t net[5]; /* 4 and a /16, 6 and a /32; all zero: the address cannot be read */
	uint32_t asn;   /* 0: none */
};

/* `address` as in NODE. */
void viz_site_make(struct viz_site *out, const char *address, uint32_t asn);

bool viz_site_same_net(const struct viz_site *a, const struct viz_site *b);

/* False when one of them names no ASN: many small providers have none. */
bool viz_site_same_asn(const struct viz_site *a, const struct viz_site *b);

#endif
