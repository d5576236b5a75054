#include "node/trust/notice.h"

#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#include <time.h>

static const struct row {
	const char *word;
	int priority;
	const char *text;
} rows[VIZ_NOTICE_COUNT] = {
#define ROW(name, word, priority, text) {word, priority, text},
    VIZ_NOTICES(ROW)
#undef ROW
};

static const struct viz_id none;

const char *viz_notice_word(enum viz_notice what)
{
	return rows[what].word;
}

/* Whether the origin of the entry's lead is another node: then `peer` is the origin. */
static bool is_of_peer(const char *word)
{
	static const enum viz_notice ours[] = {
	    VIZ_NOTICE_ASKED,  VIZ_NOTICE_BY_HAND, VIZ_NOTICE_HANDOFF, VIZ_NOTICE_WITHDRAWN,
	    VIZ_NOTICE_ERASED, VIZ_NOTICE_PROTEST, VIZ_NOTICE_FINDING, VIZ_NOTICE_INBOX_DAMAGED};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcmp(rows[ours[i]].word, word) == 0)
			return true;
	return false;
}

void viz_notice_lead(char out[VIZ_NOTICE_LEAD_MAX], const struct viz_journal_entry *e)
{
	time_t seconds = (time_t)(viz_record_slot_day(e->slot) * 86400);
	char origin[9 + 1] = "";
	struct tm tm;

	out[0] = '\0';
	if (e->slot == 0)
		return;
	if (is_of_peer(e->event)) {
		viz_hex(origin, e->peer.b, 4);
		strcat(origin, "-");
	}
	gmtime_r(&seconds, &tm);
	snprintf(out, VIZ_NOTICE_LEAD_MAX, "%s%04d%02d%02d-%u", origin, (tm.tm_year + 1900) % 10000,
		 tm.tm_mon + 1, tm.tm_mday, viz_record_slot_number(e->slot) + 1);
}

static const struct row *find(const char *word)
{
	for (size_t i = 0; i < VIZ_NOTICE_COUNT; i++)
		if (strcmp(rows[i].word, word) == 0)
			return &rows[i];
	return NULL;
}

/* Copies `text` with {peer} and {lead} filled. */
static void fill(char out[VIZ_NOTICE_TEXT_MAX], const char *text, const char *peer,
		 const char *lead)
{
	size_t len = 0;

	while (*text != '\0' && len + 1 < VIZ_NOTICE_TEXT_MAX) {
		const char *word = strncmp(text, "{peer}", 6) == 0   ? peer
				   : strncmp(text, "{lead}", 6) == 0 ? lead
								     : NULL;

		if (word) {
			len += (size_t)snprintf(out + len, VIZ_NOTICE_TEXT_MAX - len, "%s", word);
			text += 6;
		} else {
			out[len++] = *text++;
		}
	}
	out[len < VIZ_NOTICE_TEXT_MAX ? len : VIZ_NOTICE_TEXT_MAX - 1] = '\0';
}

int viz_notice_text(char out[VIZ_NOTICE_TEXT_MAX], struct viz_trust *trust,
		    const struct viz_journal_entry *e)
{
	const struct row *row = find(e->event);
	const struct viz_member *m = viz_member_find(trust, &e->peer);
	char lead[VIZ_NOTICE_LEAD_MAX];

	viz_notice_lead(lead, e);
	fill(out, row ? row->text : e->event, m ? viz_member_name(m) : "somebody", lead);
	return row ? row->priority : 6;
}

void viz_notice_add(struct viz_trust *trust, enum viz_notice what, const struct viz_id *about,
		    const struct viz_id *peer, uint64_t slot)
{
	struct viz_journal_entry e = {.peer = peer ? *peer : none, .slot = slot};
	char text[VIZ_NOTICE_TEXT_MAX];

	snprintf(e.event, sizeof e.event, "%s", rows[what].word);
	/* What is about a record is a promise to others, and the reserve pays for it. */
	if (about || viz_core_has_headroom(trust->core))
		viz_journal_add(trust->core, e.event, about, peer, slot);
	viz_notice_text(text, trust, &e);
	viz_core_log_text(trust->core, rows[what].priority, rows[what].text, text);
}
