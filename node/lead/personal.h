/* The personal data of a lead: sealed in the row, under keys in the vault. */
#ifndef VIZ_NODE_LEAD_PERSONAL_H
#define VIZ_NODE_LEAD_PERSONAL_H

struct viz_contact;
struct viz_core;
struct viz_id;
struct viz_lead;
struct viz_lead_secrets;
struct viz_location;

/* Seals the location into the lead under `s`, and commits to it in `commit`. */
int viz_lead_personal_seal_location(struct viz_core *core, struct viz_lead *lead,
				    struct viz_id *commit, const struct viz_lead_secrets *s,
				    const struct viz_location *location);

/* Seals the contact into the lead, under a key of its own. VIZ_ERR_ABSENT: the lead's data is
 * erased. */
int viz_lead_personal_seal_contact(struct viz_core *core, struct viz_lead *lead,
				   const struct viz_contact *contact);

/* Opens the contact, for a reader only. The caller wipes `out`. VIZ_ERR_ABSENT: it was erased or
 * never given. */
int viz_lead_personal_open_contact(struct viz_core *core, struct viz_contact *out,
				   const struct viz_lead *lead);

/* Likewise the location. */
int viz_lead_personal_open_location(struct viz_core *core, struct viz_location *out,
				    const struct viz_lead *lead);

/* Erase the contact, or all personal data of the lead. The caller writes the row. */
void viz_lead_personal_erase_contact(struct viz_core *core, struct viz_lead *lead);

void viz_lead_personal_erase(struct viz_core *core, struct viz_lead *lead);

#endif
