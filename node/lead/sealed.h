/* The personal data of a lead: sealed, opened, erased. */
#ifndef VIZ_NODE_LEAD_SEALED_H
#define VIZ_NODE_LEAD_SEALED_H

struct viz_contact;
struct viz_core;
struct viz_id;
struct viz_lead;
struct viz_lead_secrets;
struct viz_location;

/* Contact data for a named reader. VIZ_ERR_ABSENT: erased, or never given. */
int viz_lead_contact(struct viz_core *core, struct viz_contact *out, const struct viz_lead *lead);

int viz_lead_location(struct viz_core *core, struct viz_location *out, const struct viz_lead *lead);

/* The location's bytes are committed to and sealed. */
int viz_lead_seal_location(struct viz_core *core, struct viz_lead *lead, struct viz_id *commit,
			   const struct viz_lead_secrets *s, const struct viz_location *location);

void viz_lead_erase_contact(struct viz_core *core, struct viz_lead *lead);

void viz_lead_erase(struct viz_core *core, struct viz_lead *lead);

int viz_lead_seal_contact(struct viz_core *core, struct viz_lead *lead,
			  const struct viz_contact *contact);

#endif
