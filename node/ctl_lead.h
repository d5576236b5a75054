/* The lead.* operations: those of ctl_lead_choose.c, for the table in ctl_lead.c, and what they
 * share. What returns int returns 0, or an error with the request's code and message set. */
#ifndef VIZ_NODE_CTL_LEAD_H
#define VIZ_NODE_CTL_LEAD_H

#include "node/ctl.h"
#include "node/lead.h"

int viz_ctl_lead_proposals(struct viz_ctl *c);
int viz_ctl_lead_choose(struct viz_ctl *c);
int viz_ctl_lead_revoke(struct viz_ctl *c);

/* Arguments. The lead that `lead` names. */
int viz_ctl_lead_get(struct viz_ctl *c, struct viz_lead *lead);
/* `contact`, its telephone in the one form. Personal: the caller wipes it. */
int viz_ctl_lead_contact(struct viz_ctl *c, struct viz_contact *out);
/* `consent`, which must be given. `language` holds the default, "" for pt-BR; it and channel,
 * evidence and agent have the sizes of struct viz_lead's. */
int viz_ctl_lead_consent(struct viz_ctl *c, char *language, char *channel, char *evidence,
			 char *agent);
/* The text that the customer heard (consent.text, needed) is the one that the receipt will name:
 * refused when it is another by now. */
int viz_ctl_lead_same_text(struct viz_ctl *c, const char *name, const char *text);

/* Results; the caller owns them. */
json_t *viz_ctl_lead_json(struct viz_node *node, const struct viz_lead *lead);
json_t *viz_ctl_lead_peer_json(struct viz_node *node, const struct viz_lead_peer *p);

#endif
