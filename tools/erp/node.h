/* The node, as vizinho-erp asks it: over the control socket, as a connector (node/CONTROL.md). */
#ifndef VIZ_TOOLS_ERP_NODE_H
#define VIZ_TOOLS_ERP_NODE_H

#include "tools/vizinho/client.h"

struct viz_erp_node {
	struct viz_cli cli;
	json_t *error; /* of the last question: {code, message}; NULL: nobody answered */
	bool away;     /* nobody answered; for the log */
	bool silent;   /* logs nothing */
};

enum viz_erp_told {
	VIZ_ERP_TOLD_OK,
	VIZ_ERP_TOLD_REFUSED, /* it will say so again: `error` */
	VIZ_ERP_TOLD_LATER,   /* nobody answers, or it cannot now */
};

/* `socket` is borrowed; "": the default one. */
void viz_erp_node_begin(struct viz_erp_node *n, const char *socket);
void viz_erp_node_end(struct viz_erp_node *n);
/* `args` is taken. On VIZ_ERP_TOLD_OK *result is a new reference. */
enum viz_erp_told viz_erp_node_ask(struct viz_erp_node *n, json_t **result, const char *op,
				   json_t *args);
/* The code of the last refusal; "no-daemon" when nobody answered. */
const char *viz_erp_node_code(const struct viz_erp_node *n);

#endif
