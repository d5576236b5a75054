#include "node/trust/notice.h"

#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#include <time.h>

const struct viz_notice_kind *viz_notice_find(const char *code)
{
	for (size_t i = 0; i < VIZ_NOTICE_COUNT; i++)
		if (strcmp(viz_notice_kinds[i].code, code) == 0)
			return &viz_notice_kinds[i];
	return NULL;
}

void viz_notice_lead(char out[VIZ_NOTICE_LEAD_MAX], const struct viz_journal_entry *e)
{
	const struct viz_notice_kind *kind = viz_notice_find(e->event);
	time_t seconds = (time_t)(viz_record_slot_day(e->slot) * 86400);
	char origin[9 + 1] = "";
	struct tm tm;

	out[0] = '\0';
	if (e->slot == 0)
		return;
	if (kind && (kind->fields & VIZ_NOTICE_HAS_THEIR_LEAD)) {
		viz_hex(origin, e->peer.b, 4);
		strcat(origin, "-");
	}
	gmtime_r(&seconds, &tm);
	snprintf(out, VIZ_NOTICE_LEAD_MAX, "%s%04d%02d%02d-%u", origin, (tm.tm_year + 1900) % 10000,
		 tm.tm_mon + 1, tm.tm_mday, viz_record_slot_number(e->slot) + 1);
}

/* What stands for the field at `text`, and behind it; NULL: there is none. */
static const char *field(const char **behind, const char *text, const struct viz_notice_fill *fill)
{
	const struct {
		const char *name, *value;
	} known[] = {{"{lead}", fill->lead},
		     {"{peer}", fill->peer},
		     {"{who}", fill->who},
		     {"{origin}", fill->origin}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t len = strlen(known[i].name);

		if (known[i].value && strncmp(text, known[i].name, len) == 0) {
			*behind = text + len;
			return known[i].value;
		}
	}
	return NULL;
}

void viz_notice_text(char out[VIZ_NOTICE_TEXT_MAX], const char *text,
		     const struct viz_notice_fill *fill)
{
	size_t len = 0;

	while (*text != '\0' && len + 1 < VIZ_NOTICE_TEXT_MAX) {
		const char *value = field(&text, text, fill);

		if (value)
			len += (size_t)snprintf(out + len, VIZ_NOTICE_TEXT_MAX - len, "%s", value);
		else
			out[len++] = *text++;
	}
	out[len < VIZ_NOTICE_TEXT_MAX ? len : VIZ_NOTICE_TEXT_MAX - 1] = '\0';
}

static void add(struct viz_core *core, enum viz_notice what, const struct viz_id *about,
		const struct viz_id *peer, const char *name, uint64_t slot)
{
	const struct viz_notice_kind *kind = &viz_notice_kinds[what];
	struct viz_journal_entry e = {.slot = slot};
	char lead[VIZ_NOTICE_LEAD_MAX], text[VIZ_NOTICE_TEXT_MAX];
	char line[VIZ_NOTICE_TEXT_MAX + VIZ_JOURNAL_WORD_MAX + 4];

	snprintf(e.event, sizeof e.event, "%s", kind->code);
	if (peer)
		e.peer = *peer;
	/* What is about a record is a promise to others, and the reserve pays for it. */
	if (about || viz_core_has_headroom(core))
		viz_journal_add(core, what, about, peer, slot);
	viz_notice_lead(lead, &e);
	viz_notice_text(text, kind->text[VIZ_NOTICE_ENGLISH],
			&(struct viz_notice_fill){.lead = lead, .peer = name});
	snprintf(line, sizeof line, "%s [%s]", text, kind->code);
	viz_core_log_text(core, kind->priority, kind->code, line);
}

void viz_notice_add(struct viz_trust *trust, enum viz_notice what, const struct viz_id *about,
		    const struct viz_id *peer, uint64_t slot)
{
	const struct viz_member *m = peer ? viz_member_find(trust, peer) : NULL;

	add(trust->core, what, about, peer, m ? viz_member_name(m) : "?", slot);
}

void viz_notice_add_own(struct viz_core *core, enum viz_notice what, const struct viz_id *about,
			uint64_t slot)
{
	add(core, what, about, NULL, "?", slot);
}
