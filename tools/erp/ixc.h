/* The parts of the connector to IXC Provedor. */
#ifndef VIZ_TOOLS_ERP_IXC_H
#define VIZ_TOOLS_ERP_IXC_H

#include "tools/erp/connector.h"

/* What to list: of a table those whose column compares with the value, by id. */
struct viz_ixc_query {
	const char *what, *table, *column, *oper, *value;
	const json_t *grid; /* NULL, or a list of {TB, OP, P}: and so do these */
};

/* *rows is borrowed from the answer; NULL and VIZ_ERP_OK: there are none. `answer` is for the
 * caller to free, whatever comes. */
enum viz_erp_result viz_ixc_list(struct viz_erp *e, json_t **rows, struct viz_erp_answer *answer,
				 const struct viz_ixc_query *q);
/* Likewise the one row of that id. */
enum viz_erp_result viz_ixc_row(struct viz_erp *e, json_t **row, struct viz_erp_answer *answer,
				const char *what, const char *table, const char *id);
/* {"type":"error"}, which comes with status 200. */
bool viz_ixc_is_error(const json_t *answer);

/* As of struct viz_erp_connector. */
enum viz_erp_result viz_ixc_put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
				const struct viz_erp_person *person);
enum viz_erp_result viz_ixc_find(struct viz_erp *e, char id[VIZ_ERP_ID_MAX], const char *reference);
enum viz_erp_result viz_ixc_read(struct viz_erp *e, struct viz_erp_copy *copy, const char *id,
				 const struct viz_erp_person *person);
enum viz_erp_result viz_ixc_withdraw(struct viz_erp *e, const char *id);

#endif
