#include "node/control/event.h"

#include "node/control/request.h"
#include "node/core/journal.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define HASH_BYTES 8 /* of the hash, in the id of an event */

/* "level", and "text_en", "text_pt_br" ... The code of another version is its own text. */
static void set_kind(json_t *o, const char *code, const struct viz_notice_fill *fill)
{
	const struct viz_notice_kind *kind = viz_notice_find(code);

	json_object_set_new(o, "event", json_string(code));
	json_object_set_new(o, "level", json_string(kind ? kind->level : "info"));
	for (size_t i = 0; i < VIZ_NOTICE_LANGUAGES; i++) {
		char name[16], text[VIZ_NOTICE_TEXT_MAX];

		snprintf(name, sizeof name, "text_%s", viz_notice_kinds_tags[i]);
		for (char *c = name; *c != '\0'; c++)
			*c = *c == '-' ? '_' : (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
		viz_notice_text(text, kind ? kind->text[i] : code, fill);
		json_object_set_new(o, name, json_string(text));
	}
}

json_t *viz_control_event_entry(struct viz_trust *trust, const struct viz_journal_entry *e,
				const struct viz_id *hash, uint64_t number)
{
	const struct viz_member *m = viz_member_find(trust, &e->peer);
	char lead[VIZ_NOTICE_LEAD_MAX], id[48], hex[2 * HASH_BYTES + 1];
	json_t *o = json_object();

	viz_hex(hex, hash->b, HASH_BYTES);
	snprintf(id, sizeof id, "%llu-%s", (unsigned long long)number, hex);
	viz_notice_lead(lead, e);
	json_object_set_new(o, "log", json_string("journal"));
	json_object_set_new(o, "number", json_integer((json_int_t)number));
	json_object_set_new(o, "id", json_string(id));
	viz_request_set_time(o, "time", e->time);
	set_kind(o, e->event,
		 &(struct viz_notice_fill){.lead = lead, .peer = m ? viz_member_name(m) : "?"});
	viz_request_set_hash(o, "about_id", &e->about);
	if (m)
		viz_control_name_set_node(o, "peer", trust, &m->id);
	if (lead[0])
		json_object_set_new(o, "lead", json_pack("{s:s}", "id", lead));
	return o;
}

json_t *viz_control_event_access(struct viz_trust *trust, const struct viz_journal_access *a,
				 uint64_t number)
{
	char lead[VIZ_SLOT_TEXT_MAX] = "?", code[sizeof a->what + 8];
	json_t *o = json_object();

	if (a->slot != 0)
		viz_request_slot_text(lead, a->slot);
	snprintf(code, sizeof code, "view-%s", a->what);
	json_object_set_new(o, "log", json_string("access"));
	json_object_set_new(o, "number", json_integer((json_int_t)number));
	viz_request_set_time(o, "time", a->time);
	set_kind(o, code,
		 &(struct viz_notice_fill){
		     .lead = lead, .who = a->who, .origin = viz_control_name(trust, &a->origin)});
	json_object_set_new(o, "who", json_string(a->who));
	json_object_set_new(o, "what", json_string(a->what));
	viz_control_name_set_node(o, "origin", trust, &a->origin);
	viz_request_set_lead(o, "lead", a->slot);
	return o;
}
