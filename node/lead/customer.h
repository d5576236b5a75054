/* Links by which a customer acts: a token, which we give once and keep as a hash, opens one lead;
 * or a cancellation and a place of which a lead comes when the customer agrees. A link without a
 * lead ends when its time is over, and so does one of a lead by which the customer has never acted.
 * By which the customer has acted ends with the row of the lead, so that the consent can be taken
 * back and the proof be had as long as we hold anything.
 *
 * VIZ_TABLE_CUSTOMER_LINK: hash of the token -> a row. What it has of the person is sealed under a
 * block of the vault, and is erased when a lead has it or the link ends. */
#ifndef VIZ_NODE_LEAD_CUSTOMER_H
#define VIZ_NODE_LEAD_CUSTOMER_H

#include "node/core/journal.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/statement.h"

struct viz_core;
struct viz_net;
struct viz_slice;
struct viz_trust;

#define VIZ_CUSTOMER_TOKEN_BYTES 16
#define VIZ_CUSTOMER_TOKEN_CHARS 26 /* base32, lower case, without padding */
#define VIZ_CUSTOMER_ID_CHARS    10 /* how we call a link: base32 of the hash */
#define VIZ_CUSTOMER_NAME_MAX    40 /* bytes of the first name that the page greets */
#define VIZ_CUSTOMER_DAYS        7  /* until the customer must have acted, when not said */
#define VIZ_CUSTOMER_DAYS_MAX    30
#define VIZ_CUSTOMER_DRAWS_MAX   5      /* draws of one link: each is open for a day */
#define VIZ_CUSTOMER_LINKS_MAX   262144 /* rows */
#define VIZ_CUSTOMER_SEALED_MAX  192    /* bytes */

struct viz_lead_customer {
	struct viz_id hash; /* the key */
	struct viz_time created, expires;
	bool opened;                       /* the customer has asked for names */
	bool used;                         /* the customer has acted by it */
	uint32_t draw;                     /* the last one, open or not; 0: none was made */
	uint32_t draws;                    /* how many were made */
	uint64_t slot;                     /* of the lead; 0: there is none yet */
	char who[VIZ_JOURNAL_WHO_MAX + 1]; /* has made it */
	char protocol[VIZ_REF_MAX + 1];    /* of the cancellation */
	struct viz_time cancelled_at;
	bool again;        /* a second lead of that number is meant */
	uint64_t previous; /* an earlier lead of the customer; 0: none */
	uint32_t vault;    /* block + 1; 0: nothing is sealed */
	uint8_t sealed[VIZ_CUSTOMER_SEALED_MAX];
	size_t sealed_len;
};

/* What is sealed. The caller wipes it. */
struct viz_lead_customer_person {
	struct viz_location location;
	uint64_t cell; /* of the area; 0: none */
	char first_name[VIZ_CUSTOMER_NAME_MAX + 1];
};

/* Makes a link, with the fields that the caller has set in `link`, and sealed in it `person` (NULL:
 * the lead has it). Sets hash, created, vault and sealed. The caller wipes `token`. VIZ_ERR_LIMIT:
 * there are too many. */
int viz_lead_customer_make(struct viz_core *core, char token[VIZ_CUSTOMER_TOKEN_CHARS + 1],
			   struct viz_lead_customer *link,
			   const struct viz_lead_customer_person *person);

/* The link of this token. False: no link has it, or the link is over, and nobody may be told
 * which. */
bool viz_lead_customer_find(struct viz_core *core, struct viz_lead_customer *out,
			    const char *token);

/* The link that we call so. */
bool viz_lead_customer_find_id(struct viz_core *core, struct viz_lead_customer *out,
			       const char *id);

void viz_lead_customer_id(char out[VIZ_CUSTOMER_ID_CHARS + 1],
			  const struct viz_lead_customer *link);

/* Reads a row of the table. */
void viz_lead_customer_row(struct viz_lead_customer *out, const struct viz_slice *key,
			   const struct viz_slice *value);

void viz_lead_customer_put(struct viz_core *core, const struct viz_lead_customer *link);

/* VIZ_ERR_ABSENT: a lead has it, or it is erased. */
int viz_lead_customer_open(struct viz_core *core, struct viz_lead_customer_person *out,
			   const struct viz_lead_customer *link);

/* The customer has agreed: the lead has what was sealed. Writes the row. */
void viz_lead_customer_became(struct viz_core *core, struct viz_lead_customer *link, uint64_t slot);

/* Whether an offer can be made from its draw. */
bool viz_lead_customer_has_draw(struct viz_core *core, const struct viz_lead_customer *link);

/* Ends the link: burns its draw, erases what is sealed, deletes the row. */
void viz_lead_customer_end(struct viz_core *core, const struct viz_lead_customer *link);

/* Whether it is over, for the sweep; and what else goes with its row. */
bool viz_lead_customer_over(struct viz_trust *trust, const struct viz_slice *key,
			    const struct viz_slice *value);
void viz_lead_customer_gone(struct viz_core *core, const struct viz_slice *key,
			    const struct viz_slice *value);

/* The timer VIZ_DUE_CUSTOMER: `hash` is that of a token. */
void viz_lead_customer_due(struct viz_net *net, const struct viz_id *hash, uint64_t slot);

#endif
