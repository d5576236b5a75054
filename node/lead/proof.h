/* What the customer keeps of a lead: PROOF. PROTOCOL.md section 10. */
#ifndef VIZ_NODE_LEAD_PROOF_H
#define VIZ_NODE_LEAD_PROOF_H

#include "proto/proof.h"

struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_secret;
struct viz_trust;

/* Signs and keeps the PROOF after RESULT (k = 0), or after CHOICE k, in its transaction. `chosen`
 * NULL: nobody, or not yet; else `blinding` opens the CHOICE. */
void viz_lead_proof_sign(struct viz_net *net, const struct viz_lead *lead, uint32_t k,
			 const struct viz_id *chosen, const struct viz_secret *blinding);

/* The newest PROOF and its line; `text` holds VIZ_PROOF_LINE_MAX + 1 characters. VIZ_ERR_ABSENT:
 * there is none yet. */
int viz_lead_proof(struct viz_trust *trust, char *text, struct viz_proof *out,
		   const struct viz_lead *lead);

#endif
