/* What the two files of the HubSoft connector share. */
#ifndef VIZ_TOOLS_ERP_HUBSOFT_H
#define VIZ_TOOLS_ERP_HUBSOFT_H

#include "tools/erp/connector.h"

#define VIZ_ERP_HUBSOFT_API "/api/v1/integracao"

/* Asks with a token, and judges what HubSoft says in `status` with HTTP 200. */
enum viz_erp_result viz_erp_hubsoft_ask(struct viz_erp *e, struct viz_erp_answer *answer,
					const struct viz_erp_request *request);

/* hubsoft_prospect.c: B's customer as a prospect. As in viz_erp_connector. */
enum viz_erp_result viz_erp_hubsoft_put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
					const struct viz_erp_person *person);
enum viz_erp_result viz_erp_hubsoft_find(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
					 const char *reference);
enum viz_erp_result viz_erp_hubsoft_read(struct viz_erp *e, struct viz_erp_copy *copy,
					 const char *id, const struct viz_erp_person *person);
enum viz_erp_result viz_erp_hubsoft_withdraw(struct viz_erp *e, const char *id);
/* Whether the plan of the configuration is offered. */
enum viz_erp_result viz_erp_hubsoft_plan(struct viz_erp *e);

#endif
