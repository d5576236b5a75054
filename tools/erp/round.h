/* One round of vizinho-erp: notices of the ERP become drafts, leads of the inbox are written into
 * the ERP and withdrawn from it. */
#ifndef VIZ_TOOLS_ERP_ROUND_H
#define VIZ_TOOLS_ERP_ROUND_H

#include "tools/erp/node.h"
#include "tools/erp/session.h"
#include "tools/erp/state.h"

/* All borrowed. The state is open. */
struct viz_erp_round {
	struct viz_erp *e;
	struct viz_erp_node *node;
	struct viz_erp_state *state;
	unsigned drafts, closed, passed_over; /* of the notices */
	unsigned written, withdrawn, failed;  /* of the leads */
	bool broken;                          /* the state cannot be written: end */
};

/* Reads what is new, and looks whether the drafts still stand. False: something failed, and the
 * log says what. */
bool viz_erp_round_notices(struct viz_erp_round *r);
/* Writes and withdraws. Likewise. */
bool viz_erp_round_leads(struct viz_erp_round *r);

/* "moves", "cancellations". */
const char *viz_erp_stream_name(enum viz_erp_stream stream);

/* Saves; false: it cannot, which is logged, and `broken` is set. In a dry run nothing is saved. */
bool viz_erp_round_save(struct viz_erp_round *r);

/* What is known of a lead's copy in the ERP; the words of the state file. */
#define VIZ_ERP_LEAD_WRITING   "writing" /* asked for; nobody knows yet whether it came through */
#define VIZ_ERP_LEAD_WRITTEN   "written" /* and read back */
#define VIZ_ERP_LEAD_UNWRITTEN "not-written"    /* the ERP says no, and has no copy */
#define VIZ_ERP_LEAD_ASKED     "withdraw-asked" /* it must go, and is there yet */
#define VIZ_ERP_LEAD_WITHDRAWN "withdrawn"      /* it is gone, as the ERP says */
#define VIZ_ERP_LEAD_COULD_NOT "could-not"      /* it must go, and a person must do it */
#define VIZ_ERP_LEAD_KEPT      "kept"           /* installed: a customer of ours now */

#endif
