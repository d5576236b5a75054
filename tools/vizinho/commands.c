/* The table of subcommands. Their code is in cmd_*.c, their help in texts.TAG.tsv. */
#include "tools/vizinho/command.h"

#define COMMAND(name, run, KEY)                                                                    \
	{                                                                                          \
		name, viz_cmd_##run, VIZ_MSG_LINE_##KEY, VIZ_MSG_HELP_##KEY                        \
	}

const struct viz_command viz_commands[] = {
    COMMAND("init", init, INIT),
    COMMAND("status", status, STATUS),
    COMMAND("analyze", analyze, ANALYZE),
    COMMAND("peer invite", peer_invite, PEER_INVITE),
    COMMAND("peer accept", peer_accept, PEER_ACCEPT),
    COMMAND("peer list", peer_list, PEER_LIST),
    COMMAND("peer show", peer_show, PEER_SHOW),
    COMMAND("peer trust", peer_trust, PEER_TRUST),
    COMMAND("peer block", peer_block, PEER_BLOCK),
    COMMAND("peer remove", peer_remove, PEER_REMOVE),
    COMMAND("peer fingerprint", peer_fingerprint, PEER_FINGERPRINT),
    COMMAND("key rotate", key_rotate, KEY_ROTATE),
    COMMAND("key revoke", key_revoke, KEY_REVOKE),
    COMMAND("key resume", key_resume, KEY_RESUME),
    COMMAND("audit", audit, AUDIT),
    COMMAND("audit export", audit_export, AUDIT_EXPORT),
    COMMAND("audit verify", audit_verify, AUDIT_VERIFY),
    COMMAND("coverage import", coverage_import, COVERAGE_IMPORT),
    COMMAND("coverage list", coverage_list, COVERAGE_LIST),
    COMMAND("coverage show", coverage_show, COVERAGE_SHOW),
    COMMAND("coverage withdraw", coverage_withdraw, COVERAGE_WITHDRAW),
    COMMAND("coverage check", coverage_check, COVERAGE_CHECK),
    COMMAND("plan add", plan_add, PLAN_ADD),
    COMMAND("plan list", plan_list, PLAN_LIST),
    COMMAND("plan remove", plan_remove, PLAN_REMOVE),
    COMMAND("geo import", geo_import, GEO_IMPORT),
    COMMAND("lead draw", lead_draw, LEAD_DRAW),
    COMMAND("lead offer", lead_offer, LEAD_OFFER),
    COMMAND("lead list", lead_list, LEAD_LIST),
    COMMAND("lead show", lead_show, LEAD_SHOW),
    COMMAND("lead proposals", lead_proposals, LEAD_PROPOSALS),
    COMMAND("lead choose", lead_choose, LEAD_CHOOSE),
    COMMAND("lead revoke", lead_revoke, LEAD_REVOKE),
    COMMAND("lead outcome", lead_outcome, LEAD_OUTCOME),
    COMMAND("lead test", lead_test, LEAD_TEST),
    COMMAND("inbox list", inbox_list, INBOX_LIST),
    COMMAND("inbox show", inbox_show, INBOX_SHOW),
    COMMAND("inbox answer", inbox_answer, INBOX_ANSWER),
    COMMAND("inbox contacted", inbox_contacted, INBOX_CONTACTED),
    COMMAND("inbox release", inbox_release, INBOX_RELEASE),
    COMMAND("inbox outcome", inbox_outcome, INBOX_OUTCOME),
    {NULL, NULL, VIZ_MSG_COUNT, VIZ_MSG_COUNT},
};
