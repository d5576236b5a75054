#include "node/lead/state.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/strata.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/tables.h"

#define STATE_MAX 128

/* Whether the offer has an end: a last CHOICE, or an install that our store knows. */
static bool has_ended(struct viz_core *core, const struct viz_record *offer)
{
	struct viz_lead *lead = viz_lead_fetch(core, offer->slot);
	bool ended = lead && lead->state == VIZ_LEAD_INSTALLED;
	struct viz_choice c;
	struct viz_record rec;
	struct viz_held held;

	free(lead);
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX && !ended; k++)
		ended = viz_place_get(core, &held, &rec, &offer->author, VIZ_TYPE_CHOICE,
				      viz_record_slot_choice(offer->slot, k)) &&
			viz_choice_parse(&c, &rec) == VIZ_OK && c.what == VIZ_CHOICE_NONE;
	return ended;
}

/* Asks those of one offer who may hold its award. */
static void ask(struct viz_net *net, const struct viz_record *offer, const struct viz_offer *o,
		const struct viz_result *res, const struct viz_partners *partners)
{
	struct viz_mail_state mail = {.state = VIZ_AWARD_ASKED};

	viz_ids_record(&mail.offer, &net->core->federation_id, offer);
	for (size_t i = 0; i < res->count && i < o->asked_count; i++) {
		VIZ_WRITER(w, STATE_MAX);

		if (!res->entry[i].revealed || o->asked[i].index >= partners->count)
			continue;
		viz_mail_state_write(&w, &mail);
		viz_mail_send(net, &partners->entry[o->asked[i].index].id, VIZ_MAIL_STATE, &w);
	}
}

/* Asks about the offer in this row of VIZ_TABLE_RECORD. */
static void ask_about(struct viz_net *net, const struct viz_slice *value)
{
	struct viz_partners *partners = viz_core_alloc(sizeof *partners);
	struct viz_result *res = viz_core_alloc(sizeof *res);
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	const struct viz_id *self = &net->trust->self.author;
	struct viz_record rec, result, named;
	struct viz_held held, other;

	VIZ_REQUIRE(viz_place_row_read(&held, value->p, value->len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
	if (!held.dead && viz_offer_parse(o, &rec) == VIZ_OK && o->at.log != net->trust->self.log &&
	    !has_ended(net->core, &rec) &&
	    viz_place_get(net->core, &other, &result, self, VIZ_TYPE_RESULT, rec.slot) &&
	    viz_result_parse(res, &result) == VIZ_OK && res->kind == VIZ_RESULT_ORDER &&
	    viz_named_get(net->core, &named, self, &o->partners) &&
	    viz_partners_parse(partners, &named) == VIZ_OK)
		ask(net, &rec, o, res, partners);
	free(o);
	free(res);
	free(partners);
}

void viz_lead_state_ask(struct viz_net *net)
{
	uint8_t prefix[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_record_place_key(prefix, &net->trust->self.author, VIZ_TYPE_OFFER, 0);
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, prefix, 33);
	while (viz_walk_next(&walk, &key, &value))
		ask_about(net, &value);
}

/* Whether our offer asked this partner. */
static bool was_asked(struct viz_core *core, const struct viz_id *self, uint64_t slot,
		      const struct viz_id *who)
{
	struct viz_partners *partners = viz_core_alloc(sizeof *partners);
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	struct viz_record rec, named;
	struct viz_held held;
	bool was = false;

	if (viz_place_get(core, &held, &rec, self, VIZ_TYPE_OFFER, slot) &&
	    viz_offer_parse(o, &rec) == VIZ_OK && viz_named_get(core, &named, self, &o->partners) &&
	    viz_partners_parse(partners, &named) == VIZ_OK)
		for (size_t i = 0; i < o->asked_count && !was; i++)
			was = o->asked[i].index < partners->count &&
			      viz_id_eq(&partners->entry[o->asked[i].index].id, who);
	free(o);
	free(partners);
	return was;
}

void viz_lead_state_told(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	const struct viz_id *self = &net->trust->self.author;
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_mail_state said;
	VIZ_WRITER(w, STATE_MAX);
	struct viz_id origin;
	uint64_t slot;

	viz_mail_state_read(r, &said);
	if (viz_reader_finish(r) != VIZ_OK || said.state == VIZ_AWARD_ASKED ||
	    said.state == VIZ_AWARD_UNKNOWN || net->trust->self.resumed.ms == 0 ||
	    !viz_strata_find(net->core, &origin, &slot, &said.offer) || !viz_id_eq(&origin, self) ||
	    !was_asked(net->core, self, slot, from))
		return;
	viz_place_statement_key(key, self, slot, VIZ_OFFER_ROW_STATE, from, 0);
	viz_mail_state_write(&w, &said);
	viz_core_put_row(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, &w);
	viz_core_log(net->core, 5,
		     "%s says what became of an offer from before the quarantine: `vizinho lead "
		     "list` shows it",
		     viz_member_name(viz_member_find(net->trust, from)));
}

void viz_lead_state_walk_init(struct viz_lead_state_walk *walk, struct viz_core *core,
			      const struct viz_id *self)
{
	walk->self = *self;
	viz_walk_init(&walk->rows, core->store, VIZ_TABLE_STATEMENT, walk->self.b,
		      sizeof walk->self.b);
}

bool viz_lead_state_walk_next(struct viz_lead_state_walk *walk, size_t *rows,
			      struct viz_lead_told *out)
{
	struct viz_slice key, value;

	while (*rows > 0 && viz_walk_next(&walk->rows, &key, &value)) {
		--*rows;
		if (key.p[40] != VIZ_OFFER_ROW_STATE)
			continue;
		out->slot = viz_be_get_u64(key.p + 32);
		memcpy(out->partner.b, key.p + 41, sizeof out->partner.b);
		VIZ_REQUIRE(VIZ_PARSE(mail_state, &out->said, value.p, value.len) == VIZ_OK);
		return true;
	}
	return false;
}

const char *viz_lead_state_told_name(enum viz_award_state state)
{
	static const char *const names[] = {"?",         "awarded",  "leased", "contacted",
					    "installed", "released", "erased", "?"};

	return names[state];
}
