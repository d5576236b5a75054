#include "tools/erp/node.h"

#include "node/host/log.h"
#include "tools/vizinho/reply.h"

#define PATIENCE_S 60

void viz_erp_node_begin(struct viz_erp_node *n, const char *socket)
{
	*n = (struct viz_erp_node){.cli = {.socket = socket[0] != '\0' ? socket : NULL,
					   .quiet = true,
					   .json = true,
					   .patience_s = PATIENCE_S,
					   .role = "connector",
					   .who = "erp"}};
}

void viz_erp_node_end(struct viz_erp_node *n)
{
	json_decref(n->error);
	n->error = NULL;
}

const char *viz_erp_node_code(const struct viz_erp_node *n)
{
	return n->error != NULL ? viz_reply_text(n->error, "code") : "no-daemon";
}

/* What the node says because of itself, and not because of the question. */
static bool is_passing(const char *code)
{
	static const char *const codes[] = {
	    "busy",        "clock",        "failed",     "newer-client", "no-such-op",
	    "not-allowed", "not-a-reader", "quarantine", "starting",     "store-full"};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

enum viz_erp_told viz_erp_node_ask(struct viz_erp_node *n, json_t **result, const char *op,
				   json_t *args)
{
	int status;

	json_decref(n->error);
	n->error = NULL;
	n->cli.error = &n->error;
	status = viz_client_ask(result, &n->cli, op, args);
	n->cli.error = NULL;
	if (!n->silent && (status != VIZ_EXIT_OK && n->error == NULL) != n->away) {
		n->away = !n->away;
		viz_host_log(n->away ? VIZ_LOG_WARNING : VIZ_LOG_NOTICE, "erp: vizinhod %s",
			     n->away ? "does not answer: waiting for it" : "answers");
	}
	if (status == VIZ_EXIT_OK)
		return VIZ_ERP_TOLD_OK;
	return n->error == NULL || is_passing(viz_erp_node_code(n)) ? VIZ_ERP_TOLD_LATER
								    : VIZ_ERP_TOLD_REFUSED;
}
