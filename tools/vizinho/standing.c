#include "tools/vizinho/standing.h"

#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

/* The member of the peer that holds the date for this message. */
static const char *date_of(enum viz_msg id)
{
	if (id == VIZ_MSG_STANDING_COMING)
		return "partner_from";
	return id == VIZ_MSG_STANDING_SILENT ? "heartbeat_at" : "partner_until";
}

void viz_standing_text(char out[VIZ_STANDING_MAX], const struct viz_cli *cli, const json_t *peer)
{
	enum viz_msg id = VIZ_MSG_STANDING_MEMBER;
	char when[VIZ_FORMAT_MAX];

	viz_msg_find(&id, "standing_", viz_reply_text(peer, "standing"));
	/* A partner that was blocked stays a partner until the published date. */
	if (id == VIZ_MSG_STANDING_BLOCKED && viz_reply_true(peer, "partner"))
		id = VIZ_MSG_STANDING_BLOCKED_UNTIL;
	viz_format_time(when, cli, json_object_get(peer, date_of(id)));
	(viz_print_text)(out, VIZ_STANDING_MAX, cli->lang, id, when);
}
