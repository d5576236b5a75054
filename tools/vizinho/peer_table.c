#include "tools/vizinho/peer_table.h"

#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"

void viz_peer_table_asn(char out[24], const json_t *p)
{
	if (viz_reply_number(p, "asn") > 0)
		snprintf(out, 24, "AS%lld", (long long)viz_reply_number(p, "asn"));
	else
		snprintf(out, 24, "-");
}

void viz_peer_table_print(const struct viz_cli *cli, const json_t *p)
{
	const json_t *addresses = json_object_get(p, "addresses");
	char asn[24], text[VIZ_FORMAT_MAX], standing[VIZ_STANDING_MAX], list[512] = "";
	struct viz_grid g;

	viz_peer_table_asn(asn, p);
	for (size_t i = 0, len = 0; i < json_array_size(addresses) && len < sizeof list; i++) {
		const char *a = json_string_value(json_array_get(addresses, i));
		int n = snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "",
				 a != NULL ? a : "?");

		len += n > 0 ? (size_t)n : 0;
	}
	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_NAME, viz_reply_peer(p));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_CNPJ, viz_reply_text(p, "cnpj"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ASN, asn);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ID, viz_reply_text(p, "id"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ADDRESS, list);
	if (json_object_get(p, "member") != NULL) {
		viz_table_row(&g, cli, VIZ_MSG_HEAD_FINGERPRINT, viz_reply_text(p, "fingerprint"));
		viz_standing_text(standing, cli, p);
		viz_table_row(&g, cli, VIZ_MSG_HEAD_STANDING, standing);
		if (viz_reply_true(p, "left_out"))
			viz_table_row(&g, cli, VIZ_MSG_STATUS_LEFT_OUT,
				      viz_msg(cli->lang, VIZ_MSG_PEER_LEFT_OUT));
		if (viz_reply_text(p, "pruned_at")[0] != '\0')
			viz_table_row(&g, cli, VIZ_MSG_HEAD_PRUNED,
				      viz_msg(cli->lang, VIZ_MSG_PEER_PRUNED));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_ANSWERS,
			      viz_format_word(cli, viz_reply_text(p, "answers")));
		viz_format_time(text, cli, json_object_get(p, "heartbeat_at"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_HEARTBEAT, text);
		viz_table_row(&g, cli, VIZ_MSG_HEAD_WHATSAPP, viz_reply_text(p, "whatsapp"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_HOURS, viz_reply_text(p, "hours"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_PRIVACY, viz_reply_text(p, "privacy"));
	}
	viz_table_print(&g);
}
