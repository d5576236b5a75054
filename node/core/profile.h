/* The node's profile, as the operator's configuration gives it. */
#ifndef VIZ_NODE_CORE_PROFILE_H
#define VIZ_NODE_CORE_PROFILE_H

#include "node/core/hours.h"

/* Published in our NODE record, but for the last two texts and `work`. A text that is not
 * configured is ""; name is always given. Limits: proto/limits.h. */
struct viz_profile {
	char name[81];         /* trade name, shown to people */
	char cnpj[15];         /* 14 characters, no punctuation */
	uint32_t asn;          /* 0: none */
	char address[4][64];   /* "host:port" numeric, best first; "" ends the list */
	char whatsapp[21];     /* sales, "+5527999990000" */
	char hours[65];        /* sales hours, free text */
	char privacy[81];      /* role mailbox for data protection */
	char withdrawal[81];   /* where a customer withdraws consent; in RECEIPT, not in NODE */
	char language[6];      /* of what is read to customers; "": VIZ_CONTROL_LANGUAGE */
	bool by_hand;          /* offers are answered by people, not by the node */
	struct viz_hours work; /* the same hours for the machine, and what we promise in them */
};

#endif
