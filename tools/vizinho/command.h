/* The `vizinho` command: a table of subcommands, one file (cmd_*.c) per family. */
#ifndef VIZ_TOOLS_VIZINHO_COMMAND_H
#define VIZ_TOOLS_VIZINHO_COMMAND_H

#include "node/control/code.h"
#include "tools/vizinho/msg.h"

/* Exit statuses. */
enum viz_exit {
	VIZ_EXIT_OK = 0,
	VIZ_EXIT_FAILED = 1,    /* refused or failed, or what was verified is wrong */
	VIZ_EXIT_USAGE = 2,     /* the command line is wrong */
	VIZ_EXIT_NO_DAEMON = 3, /* nobody answers on the control socket */
};

struct viz_command;

/* The options before the subcommand, and the subcommand that runs. */
struct viz_cli {
	const struct viz_command *command; /* NULL: none yet */
	const char *socket;                /* NULL: VIZ_CLIENT_SOCKET */
	bool json;                         /* one line of JSON on standard output instead of text */
	enum viz_lang lang;
	bool quiet;            /* prints no error: the caller needs the answer for itself */
	struct json_t **error; /* not NULL: an error is not printed but put here, {code, message} */
	int patience_s;        /* how long to wait for a reply; 0: as long as it takes */
	const char *role;      /* asks as this role (node/CONTROL.md); NULL: as the operator */
	const char *who;       /* with it: the account */
};

struct viz_command {
	const char *name; /* "status", "peer invite": one or two words */
	/* argv[0] is the last word of the name. Returns an enum viz_exit. */
	int (*run)(const struct viz_cli *cli, int argc, char **argv);
	enum viz_msg line; /* for the list of commands */
	enum viz_msg help; /* the whole help, with examples */
};

/* All commands, in the order of the list; ends with a name of NULL. */
extern const struct viz_command viz_commands[];

int viz_cmd_analyze(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_audit(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_audit_export(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_audit_verify(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_backup(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_consent_dossier(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_consent_show(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_erp(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_erp_done(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_erp_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_erp_run(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_events(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_events_dead(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_events_retry(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_consent_verify(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_coverage_check(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_coverage_import(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_coverage_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_coverage_show(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_coverage_withdraw(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_geo_import(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_answer(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_card(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_contacted(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_find_inbox(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_outcome(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_release(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_inbox_show(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_init(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_key_recovery(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_key_resume(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_key_revoke(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_key_rotate(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_choose(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_find_lead(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_offer(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_outcome(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_link(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_proof(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_proposals(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_revoke(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_show(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_draw(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_lead_test(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_metrics(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_move(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_accept(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_block(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_fingerprint(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_cancel(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_invites(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_invite(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_remove(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_stop(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_show(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_prune(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_trust(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_peer_why(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_plan_add(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_plan_list(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_plan_remove(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_restore(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_restore_report(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_status(const struct viz_cli *cli, int argc, char **argv);
int viz_cmd_doctor(const struct viz_cli *cli, int argc, char **argv);

#endif
