#include "node/inbox/row.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/tables.h"

enum { ROW_MAX = 4096 };

struct viz_inbox *viz_inbox_fetch(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	if (viz_inbox_get(core, in, origin, slot))
		return in;
	free(in);
	return NULL;
}

struct viz_time viz_inbox_answer_by(const struct viz_inbox *in)
{
	return (struct viz_time){in->closes.ms - (in->closes.ms - in->time.ms) / 4};
}

struct viz_time viz_inbox_location_over(struct viz_core *core, const struct viz_inbox *in)
{
	const struct viz_federation *f = &core->federation;

	return viz_after(in->closes, f->reveal_ms + f->choice_ms + f->location_erase_ms);
}

struct viz_inbox *viz_inbox_award_fetch(struct viz_core *core, const struct viz_id *origin,
					uint64_t slot)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	if (viz_inbox_get(core, in, origin, slot))
		return in;
	free(in);
	return NULL;
}

const char *viz_inbox_state_name(enum viz_inbox_state state)
{
	switch (state) {
	case VIZ_INBOX_SEALED:
		return "sealed";
	case VIZ_INBOX_LISTED:
		return "listed";
	case VIZ_INBOX_LOCATED:
		return "to-answer";
	case VIZ_INBOX_PLEDGED:
		return "answered";
	case VIZ_INBOX_REVEALED:
		return "proposed";
	case VIZ_INBOX_OVER:
		return "over";
	case VIZ_INBOX_AWARDED:
		return "awarded";
	case VIZ_INBOX_CONTACTED:
		return "contacted";
	case VIZ_INBOX_INSTALLED:
		return "installed";
	case VIZ_INBOX_LOST:
		return "lost";
	case VIZ_INBOX_RELEASED:
		return "released";
	case VIZ_INBOX_WITHDRAWN:
		return "withdrawn";
	case VIZ_INBOX_BYSTANDER:
		return "not-listed";
	}
	return "?";
}

/* Row version 1: [version, offer part, view part, answer part, award part]. */
void viz_inbox_put(struct viz_core *core, const struct viz_inbox *in)
{
	uint8_t *value = viz_core_alloc(ROW_MAX), key[VIZ_ID_SLOT_LEN];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, value, ROW_MAX);
	viz_writer_array(&w, 5);
	viz_writer_uint(&w, 1);
	viz_writer_array(&w, 13);
	viz_writer_uint(&w, in->state);
	viz_writer_id(&w, &in->offer);
	viz_writer_time(&w, in->time);
	viz_writer_time(&w, in->closes);
	viz_writer_bool(&w, in->has_key);
	viz_writer_bin(&w, in->key.b, sizeof in->key.b);
	if (in->has_key)
		viz_area_write(&w, &in->area);
	else
		viz_writer_nil(&w);
	viz_writer_uint(&w, in->service);
	viz_writer_uint(&w, in->month);
	viz_writer_uint(&w, in->eligible_count);
	viz_writer_id(&w, &in->close);
	viz_writer_id(&w, &in->result);
	viz_writer_time(&w, in->result_at);
	viz_writer_array(&w, 4);
	viz_writer_id(&w, &in->view);
	viz_writer_uint(&w, in->view_have);
	viz_writer_uint(&w, in->view_total);
	viz_writer_bool(&w, in->view_judged);
	viz_writer_array(&w, 10);
	viz_writer_uint(&w, in->vault);
	viz_writer_bin(&w, in->location, in->location_len);
	viz_writer_uint(&w, in->answer);
	viz_writer_uint(&w, in->reason);
	viz_writer_id(&w, &in->pledge);
	viz_writer_bin(&w, in->nonce.b, sizeof in->nonce.b);
	viz_writer_bin(&w, in->blinding.b, sizeof in->blinding.b);
	viz_writer_bool(&w, in->pledge_acked);
	viz_writer_bool(&w, in->reveal_acked);
	viz_writer_id(&w, &in->reveal);
	viz_writer_array(&w, 13);
	viz_writer_bin(&w, in->contact, in->contact_len);
	viz_writer_uint(&w, in->award_n);
	viz_writer_uint(&w, in->tombstone_n);
	viz_writer_id(&w, &in->award);
	viz_writer_time(&w, in->award_latest);
	viz_writer_time(&w, in->awarded_at);
	viz_writer_time(&w, in->lease_asked);
	viz_writer_time(&w, in->lease_until);
	viz_writer_time(&w, in->contacted_at);
	viz_writer_uint(&w, in->days_offline);
	viz_writer_bool(&w, in->withdrawn);
	viz_writer_uint(&w, in->say_erased);
	viz_writer_bool(&w, in->lease_answered);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_id_slot_key(key, &in->origin, in->slot);
	viz_core_put(core, VIZ_TABLE_INBOX, key, sizeof key, value, len);
	free(value);
}

static void copy_bin(struct viz_reader *r, uint8_t *out, size_t *len, size_t max)
{
	const uint8_t *p = viz_reader_bin(r, len, 0, max);

	if (p)
		memcpy(out, p, *len);
}

static void offer_part(struct viz_reader *r, struct viz_inbox *in)
{
	viz_reader_tuple(r, 13);
	in->state = (enum viz_inbox_state)viz_reader_uint(r, VIZ_INBOX_BYSTANDER);
	in->offer = viz_reader_id(r);
	in->time = viz_reader_time(r);
	in->closes = viz_reader_time(r);
	in->has_key = viz_reader_bool(r);
	viz_reader_fixed(r, in->key.b, sizeof in->key.b);
	if (!viz_reader_nil(r))
		viz_area_read(r, &in->area);
	in->service = (enum viz_service)viz_reader_uint(r, VIZ_SERVICE_BUSINESS);
	in->month = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	in->eligible_count = viz_reader_uint(r, VIZ_ELIGIBLE_MAX);
	in->close = viz_reader_id(r);
	in->result = viz_reader_id(r);
	in->result_at = viz_reader_time(r);
	viz_reader_tuple(r, 4);
	in->view = viz_reader_id(r);
	in->view_have = viz_reader_uint(r, UINT32_MAX);
	in->view_total = viz_reader_uint(r, UINT32_MAX);
	in->view_judged = viz_reader_bool(r);
}

static void answer_part(struct viz_reader *r, struct viz_inbox *in)
{
	viz_reader_tuple(r, 10);
	in->vault = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	copy_bin(r, in->location, &in->location_len, sizeof in->location);
	in->answer = (enum viz_answer)viz_reader_uint(r, VIZ_ANSWER_NO_CONTENT);
	in->reason = (enum viz_no_reason)viz_reader_uint(r, VIZ_NO_POLICY);
	in->pledge = viz_reader_id(r);
	viz_reader_fixed(r, in->nonce.b, sizeof in->nonce.b);
	viz_reader_fixed(r, in->blinding.b, sizeof in->blinding.b);
	in->pledge_acked = viz_reader_bool(r);
	in->reveal_acked = viz_reader_bool(r);
	in->reveal = viz_reader_id(r);
}

bool viz_inbox_get(struct viz_core *core, struct viz_inbox *out, const struct viz_id *origin,
		   uint64_t slot)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice v;
	struct viz_reader r;

	viz_id_slot_key(key, origin, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_INBOX, key, sizeof key))
		return false;
	memset(out, 0, sizeof *out);
	out->origin = *origin;
	out->slot = slot;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 5);
	viz_reader_uint(&r, 1);
	offer_part(&r, out);
	answer_part(&r, out);
	viz_reader_tuple(&r, 13);
	copy_bin(&r, out->contact, &out->contact_len, sizeof out->contact);
	out->award_n = (uint32_t)viz_reader_uint(&r, VIZ_AWARDS_MAX);
	out->tombstone_n = (uint32_t)viz_reader_uint(&r, VIZ_AWARDS_MAX);
	out->award = viz_reader_id(&r);
	out->award_latest = viz_reader_time(&r);
	out->awarded_at = viz_reader_time(&r);
	out->lease_asked = viz_reader_time(&r);
	out->lease_until = viz_reader_time(&r);
	out->contacted_at = viz_reader_time(&r);
	out->days_offline = (uint32_t)viz_reader_uint(&r, 366);
	out->withdrawn = viz_reader_bool(&r);
	out->say_erased = (enum viz_erased_what)viz_reader_uint(&r, VIZ_ERASED_ALL);
	out->lease_answered = viz_reader_bool(&r);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	return true;
}
