#include "tools/vizinho/tell.h"

/* The daemon's words of node/ctl_standing.c. */
static const struct {
	const char *word;
	enum viz_say_id text;
	const char *date; /* which date it names; NULL: none */
} standings[] = {
    {"own-revoked", VIZ_SAY_PEER_OWN_REVOKED, NULL},
    {"revoked", VIZ_SAY_PEER_REVOKED, NULL},
    {"pending", VIZ_SAY_PEER_PENDING, NULL},
    {"blocked", VIZ_SAY_PEER_BLOCKED, NULL},
    {"partner", VIZ_SAY_PEER_PARTNER, NULL},
    {"leaving", VIZ_SAY_PEER_LEAVING, "partner_until"},
    {"coming", VIZ_SAY_PEER_COMING, "partner_from"},
    {"waits", VIZ_SAY_PEER_WAITS, NULL},
    {"asked", VIZ_SAY_PEER_ASKED, NULL},
    {"ended", VIZ_SAY_PEER_ENDED, "partner_until"},
    {"known", VIZ_SAY_PEER_KNOWN, NULL},
    {"member", VIZ_SAY_PEER_MEMBER, NULL},
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void viz_tell_standing(char out[VIZ_TELL_STANDING_MAX], const struct viz_cli *cli,
		       const json_t *peer)
{
	const char *word = viz_tell_text(peer, "standing"), *date = NULL;
	enum viz_say_id id = VIZ_SAY_PEER_MEMBER;
	char when[VIZ_TELL_MAX];

	for (size_t i = 0; i < sizeof standings / sizeof standings[0]; i++) {
		if (strcmp(standings[i].word, word) != 0)
			continue;
		id = standings[i].text;
		date = standings[i].date;
	}
	/* A block is one of the two that end a partnership at a date. */
	if (id == VIZ_SAY_PEER_BLOCKED && viz_tell_true(peer, "partner")) {
		id = VIZ_SAY_PEER_BLOCKED_UNTIL;
		date = "partner_until";
	}
	viz_tell_time(when, cli, date != NULL ? json_object_get(peer, date) : NULL);
	snprintf(out, VIZ_TELL_STANDING_MAX, viz_say_text(cli->lang, id), when);
}
#pragma GCC diagnostic pop
