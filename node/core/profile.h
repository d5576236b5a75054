/* What the operator's configuration says of this node; it is published in the NODE record. */
#ifndef VIZ_NODE_CORE_PROFILE_H
#define VIZ_NODE_CORE_PROFILE_H

#include "proto/base.h"

/* What the operator's configuration says of this node; it is published in the NODE record. Texts
 * are
 * "" when not given, but for name. Limits: proto/limits.h. */
struct viz_profile {
	char name[81];       /* trade name, shown to people */
	char cnpj[15];       /* 14 characters, no punctuation */
	uint32_t asn;        /* 0: none */
	char address[4][64]; /* "host:port" numeric, best first; "" ends the list */
	char whatsapp[21];   /* sales, "+5527999990000" */
	char hours[65];      /* sales hours, free text */
	char privacy[81];    /* role mailbox for data protection */
	bool by_hand;        /* offers are answered by people, not by the node */
};

#endif
