#include "node/lead/row.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/tables.h"

enum { ROW_MAX = 24576 };

struct viz_lead *viz_lead_fetch(struct viz_core *core, uint64_t slot)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);

	if (viz_lead_get(core, lead, slot))
		return lead;
	free(lead);
	return NULL;
}

bool viz_lead_waits(const struct viz_lead *lead)
{
	return lead->state == VIZ_LEAD_NO_NEIGHBOUR && lead->vault != 0;
}

static void index_key(uint8_t key[VIZ_LEAD_INDEX_LEN], uint64_t slot)
{
	memcpy(key, "later", 5);
	viz_put_u64be(key + 5, slot);
}

void viz_lead_index(struct viz_core *core, const struct viz_lead *lead)
{
	uint8_t key[VIZ_LEAD_INDEX_LEN], told = 0;
	struct viz_slice v;
	bool there;

	index_key(key, lead->slot);
	there = viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key);
	if (viz_lead_waits(lead) && !there)
		viz_core_put(core, VIZ_TABLE_META, key, sizeof key, &told, sizeof told);
	else if (!viz_lead_waits(lead) && there)
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

const char *viz_lead_state_name(enum viz_lead_state state)
{
	switch (state) {
	case VIZ_LEAD_KEPT:
		return "kept";
	case VIZ_LEAD_NO_NEIGHBOUR:
		return "no-neighbour";
	case VIZ_LEAD_OPEN:
		return "open";
	case VIZ_LEAD_CLOSED:
		return "closed";
	case VIZ_LEAD_CHOOSING:
		return "choosing";
	case VIZ_LEAD_AWARDED:
		return "awarded";
	case VIZ_LEAD_DELIVERED:
		return "delivered";
	case VIZ_LEAD_CONTACTED:
		return "contacted";
	case VIZ_LEAD_INSTALLED:
		return "installed";
	case VIZ_LEAD_LOST:
		return "lost";
	case VIZ_LEAD_WITHDRAWN:
		return "withdrawn";
	case VIZ_LEAD_EXPIRED:
		return "expired";
	case VIZ_LEAD_NONE_CHOSEN:
		return "none-chosen";
	}
	return "?";
}

struct viz_lead_peer *viz_lead_find_peer(struct viz_lead *lead, const struct viz_id *id)
{
	for (size_t i = 0; i < lead->peer_count; i++)
		if (viz_id_eq(&lead->peer[i].id, id))
			return &lead->peer[i];
	return NULL;
}

static void peer_write(struct viz_writer *w, const struct viz_lead_peer *p)
{
	viz_writer_array(w, 12);
	viz_writer_id(w, &p->id);
	viz_writer_bool(w, p->located);
	viz_writer_bool(w, p->answered);
	viz_writer_uint(w, p->answer);
	viz_writer_uint(w, p->reason);
	viz_writer_id(w, &p->pledge);
	viz_writer_id(w, &p->commitment);
	viz_writer_bool(w, p->revealed);
	viz_writer_id(w, &p->nonce);
	viz_writer_id(w, &p->blinded);
	viz_writer_bool(w, p->awarded);
	viz_writer_bool(w, p->erased);
}

static void peer_read(struct viz_reader *r, struct viz_lead_peer *p)
{
	viz_reader_tuple(r, 12);
	p->id = viz_reader_id(r);
	p->located = viz_reader_bool(r);
	p->answered = viz_reader_bool(r);
	p->answer = (enum viz_answer)viz_reader_uint(r, VIZ_ANSWER_NO_CONTENT);
	p->reason = (enum viz_no_reason)viz_reader_uint(r, VIZ_NO_POLICY);
	p->pledge = viz_reader_id(r);
	p->commitment = viz_reader_id(r);
	p->revealed = viz_reader_bool(r);
	p->nonce = viz_reader_id(r);
	p->blinded = viz_reader_id(r);
	p->awarded = viz_reader_bool(r);
	p->erased = viz_reader_bool(r);
}

/* Row version 1: [version, offer part, peers, order, sealed part, consent part, award part]. */
void viz_lead_put(struct viz_core *core, const struct viz_lead *lead)
{
	uint8_t *value = viz_core_alloc(ROW_MAX), key[8];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, value, ROW_MAX);
	viz_writer_array(&w, 7);
	viz_writer_uint(&w, 1);
	viz_writer_array(&w, 20);
	viz_writer_uint(&w, lead->state);
	viz_writer_time(&w, lead->created);
	viz_writer_text(&w, lead->protocol);
	viz_writer_time(&w, lead->cancelled_at);
	viz_writer_uint(&w, lead->municipality);
	viz_area_write(&w, &lead->area);
	viz_writer_uint(&w, lead->service);
	viz_writer_uint(&w, lead->month);
	viz_writer_uint(&w, lead->previous);
	viz_writer_time(&w, lead->closes);
	viz_writer_time(&w, lead->reveal_until);
	viz_writer_time(&w, lead->choose_until);
	viz_writer_uint(&w, lead->epoch);
	viz_writer_id(&w, &lead->offer);
	viz_writer_id(&w, &lead->view);
	viz_writer_id(&w, &lead->close);
	viz_writer_id(&w, &lead->result);
	viz_writer_bin(&w, lead->salt.b, sizeof lead->salt.b);
	viz_writer_uint(&w, lead->struck);
	viz_writer_uint(&w, lead->blocked);
	viz_writer_array(&w, lead->peer_count);
	for (size_t i = 0; i < lead->peer_count; i++)
		peer_write(&w, &lead->peer[i]);
	viz_writer_array(&w, lead->order_count);
	for (size_t i = 0; i < lead->order_count; i++)
		viz_writer_id(&w, &lead->order[i]);
	viz_writer_array(&w, 5);
	viz_writer_uint(&w, lead->vault);
	viz_writer_uint(&w, lead->contact_vault);
	viz_writer_bin(&w, lead->location, lead->location_len);
	viz_writer_bin(&w, lead->contact, lead->contact_len);
	viz_writer_bool(&w, lead->single);
	viz_writer_array(&w, 7);
	viz_writer_text(&w, lead->language);
	viz_writer_text(&w, lead->channel);
	viz_writer_text(&w, lead->evidence);
	viz_writer_text(&w, lead->agent);
	viz_writer_text(&w, lead->text_version);
	viz_writer_id(&w, &lead->text_hash);
	viz_writer_id(&w, &lead->contact_text_hash);
	viz_writer_array(&w, 12);
	viz_writer_uint(&w, lead->award_n);
	viz_writer_id(&w, &lead->award);
	viz_writer_id(&w, &lead->award_to);
	viz_writer_time(&w, lead->award_at);
	viz_writer_time(&w, lead->award_latest);
	viz_writer_time(&w, lead->delivered_at);
	viz_writer_time(&w, lead->lease_until);
	viz_writer_time(&w, lead->contacted_at);
	viz_writer_bool(&w, lead->released);
	viz_writer_uint(&w, lead->days_offline);
	viz_writer_bool(&w, lead->withdrawal_owed);
	viz_writer_bool(&w, lead->recalled);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_put_u64be(key, lead->slot);
	viz_core_put(core, VIZ_TABLE_LEAD, key, sizeof key, value, len);
	free(value);
	viz_lead_index(core, lead);
}

static void offer_part(struct viz_reader *r, struct viz_lead *l)
{
	viz_reader_tuple(r, 20);
	l->state = (enum viz_lead_state)viz_reader_uint(r, VIZ_LEAD_NONE_CHOSEN);
	l->created = viz_reader_time(r);
	viz_reader_text(r, l->protocol, 0, VIZ_REF_MAX);
	l->cancelled_at = viz_reader_time(r);
	l->municipality = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	viz_area_read(r, &l->area);
	l->service = (enum viz_service)viz_reader_uint(r, VIZ_SERVICE_BUSINESS);
	l->month = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	l->previous = viz_reader_uint(r, UINT64_MAX);
	l->closes = viz_reader_time(r);
	l->reveal_until = viz_reader_time(r);
	l->choose_until = viz_reader_time(r);
	l->epoch = viz_reader_uint(r, UINT64_MAX);
	l->offer = viz_reader_id(r);
	l->view = viz_reader_id(r);
	l->close = viz_reader_id(r);
	l->result = viz_reader_id(r);
	viz_reader_fixed(r, l->salt.b, sizeof l->salt.b);
	l->struck = viz_reader_uint(r, VIZ_EXCLUDED_MAX);
	l->blocked = viz_reader_uint(r, VIZ_EXCLUDED_MAX);
}

static void sealed_part(struct viz_reader *r, struct viz_lead *l)
{
	const uint8_t *p;

	viz_reader_tuple(r, 5);
	l->vault = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	l->contact_vault = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	p = viz_reader_bin(r, &l->location_len, 0, sizeof l->location);
	if (p)
		memcpy(l->location, p, l->location_len);
	p = viz_reader_bin(r, &l->contact_len, 0, sizeof l->contact);
	if (p)
		memcpy(l->contact, p, l->contact_len);
	l->single = viz_reader_bool(r);
}

static void award_part(struct viz_reader *r, struct viz_lead *l)
{
	viz_reader_tuple(r, 12);
	l->award_n = (uint32_t)viz_reader_uint(r, VIZ_AWARDS_MAX);
	l->award = viz_reader_id(r);
	l->award_to = viz_reader_id(r);
	l->award_at = viz_reader_time(r);
	l->award_latest = viz_reader_time(r);
	l->delivered_at = viz_reader_time(r);
	l->lease_until = viz_reader_time(r);
	l->contacted_at = viz_reader_time(r);
	l->released = viz_reader_bool(r);
	l->days_offline = (uint32_t)viz_reader_uint(r, 366);
	l->withdrawal_owed = viz_reader_bool(r);
	l->recalled = viz_reader_bool(r);
}

bool viz_lead_get(struct viz_core *core, struct viz_lead *out, uint64_t slot)
{
	struct viz_slice v;
	struct viz_reader r;
	uint8_t key[8];

	viz_put_u64be(key, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_LEAD, key, sizeof key))
		return false;
	memset(out, 0, sizeof *out);
	out->slot = slot;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 7);
	viz_reader_uint(&r, 1);
	offer_part(&r, out);
	out->peer_count = viz_reader_array(&r, 0, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < out->peer_count; i++)
		peer_read(&r, &out->peer[i]);
	out->order_count = viz_reader_array(&r, 0, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < out->order_count; i++)
		out->order[i] = viz_reader_id(&r);
	sealed_part(&r, out);
	viz_reader_tuple(&r, 7);
	viz_reader_text(&r, out->language, 0, 5);
	viz_reader_text(&r, out->channel, 0, 16);
	viz_reader_text(&r, out->evidence, 0, VIZ_REF_MAX);
	viz_reader_text(&r, out->agent, 0, VIZ_REF_MAX);
	viz_reader_text(&r, out->text_version, 0, 16);
	out->text_hash = viz_reader_id(&r);
	out->contact_text_hash = viz_reader_id(&r);
	award_part(&r, out);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	return true;
}
