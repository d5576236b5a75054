/* The commands of vizinho-erp. Exit statuses: 0 done; 1 something failed, or is not as it must be;
 * 2 the command line, the configuration or the token is wrong; 3 the state is held by another one
 * or cannot be opened. */
#ifndef VIZ_TOOLS_ERP_COMMAND_H
#define VIZ_TOOLS_ERP_COMMAND_H

#include "tools/erp/round.h"

struct viz_erp_options {
	const char *config, *dir, *socket;
	bool json, dry, once;
	int64_t hurry;
};

enum viz_erp_exit {
	VIZ_ERP_EXIT_OK = 0,
	VIZ_ERP_EXIT_FAILED = 1,
	VIZ_ERP_EXIT_USAGE = 2,
	VIZ_ERP_EXIT_STATE = 3,
};

#define VIZ_ERP_PATIENCE_S 120 /* for the lock: as long as a round of another one may take */

/* Reads configuration and token, and begins a session. What is wrong is printed. */
bool viz_erp_begin(struct viz_erp *e, struct viz_erp_config *config,
		   const struct viz_erp_options *options);
/* Opens the state under the lock. An error is printed. */
bool viz_erp_open(struct viz_erp_state *s, const struct viz_erp_options *options);
void viz_erp_state_fail(const struct viz_erp_options *options, int err);
/* Why the command ends: a sentence on standard error; with --json one object on standard output,
 * with a code of node/CONTROL.md. */
void viz_erp_fail(const struct viz_erp_options *options, const char *code, const char *message);

/* Each returns an enum viz_erp_exit. `word` is what stands behind the command; NULL: nothing. */
int viz_erp_cmd_check(const struct viz_erp_options *options, const char *word);
int viz_erp_cmd_reasons(const struct viz_erp_options *options, const char *word);
int viz_erp_cmd_list(const struct viz_erp_options *options, const char *word);
int viz_erp_cmd_done(const struct viz_erp_options *options, const char *word);
int viz_erp_cmd_run(const struct viz_erp_options *options, const char *word);

/* Set by SIGTERM and SIGINT. */
extern volatile sig_atomic_t viz_erp_ended;

/* The token: [erp] token_file, else the credential erp-token, else VIZ_ERP_CONFIG_TOKEN. The file
 * must be its owner's alone. False: `why` is a sentence. */
bool viz_erp_token_read(char out[VIZ_ERP_TOKEN_MAX], char *why, size_t why_max,
			const char *token_file);

#endif
