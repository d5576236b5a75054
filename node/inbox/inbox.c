#include "node/inbox/inbox.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
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

bool viz_inbox_is_over(const struct viz_core *core, const struct viz_inbox *in)
{
	return in->vault == 0 && in->erased_owed == 0 && in->award_latest.ms <= core->now.ms;
}

struct viz_time viz_inbox_answer_by(const struct viz_inbox *in)
{
	return viz_after(in->came, (in->closes.ms - in->time.ms) / 4 * 3);
}

struct viz_time viz_inbox_location_over(struct viz_core *core, const struct viz_inbox *in)
{
	const struct viz_federation *f = &core->federation;

	struct viz_time at = viz_after(in->closes, f->location_erase_ms + f->suspicion_ms);

	return in->erase.ms != 0 && in->erase.ms < at.ms ? in->erase : at;
}

const char *viz_inbox_unchecked_name(enum viz_unchecked why)
{
	static const char *const names[] = {NULL, "view", "share"};

	return names[why];
}

static const char *const lost_names[] = {
    [VIZ_LOST_UNREACHED] = "unreached",   [VIZ_LOST_NO_SERVICE] = "no-service",
    [VIZ_LOST_PRICE] = "price",           [VIZ_LOST_DATE] = "date",
    [VIZ_LOST_COMPETITOR] = "competitor", [VIZ_LOST_GAVE_UP] = "gave-up",
    [VIZ_LOST_OTHER] = "other",
};

const char *viz_inbox_lost_name(enum viz_lost why)
{
	return lost_names[why];
}

bool viz_inbox_lost_parse(enum viz_lost *why, const char *name)
{
	for (enum viz_lost i = VIZ_LOST_UNREACHED; i <= VIZ_LOST_OTHER; i++) {
		if (strcmp(name, lost_names[i]) == 0) {
			*why = i;
			return true;
		}
	}
	return false;
}

const char *viz_inbox_state_name(enum viz_inbox_state state)
{
	switch (state) {
	case VIZ_INBOX_UNKNOWN:
		return "unknown";
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

#define OFFER(F)                                                                                   \
	F(UINT, state, 0, VIZ_INBOX_BYSTANDER)                                                     \
	F(ID, offer)                                                                               \
	F(TIME, time)                                                                              \
	F(TIME, closes)                                                                            \
	F(TIME, came)                                                                              \
	F(TIME, drawn)                                                                             \
	F(ID, close)                                                                               \
	F(ID, result)                                                                              \
	F(TIME, result_at)
VIZ_FIELDS_PART(offer, inbox, OFFER);

#define VIEW(F)                                                                                    \
	F(ID, view)                                                                                \
	F(ID, partners)                                                                            \
	F(TIME, view_since)                                                                        \
	F(BOOL, view_judged)                                                                       \
	F(UINT, unchecked, 0, VIZ_UNCHECKED_SHARE)                                                 \
	F(BOOL, settled)                                                                           \
	F(UINT, pledges, 0, VIZ_ASKED_MAX + 1)
VIZ_FIELDS_PART(view, inbox, VIEW);

#define ANSWER(F)                                                                                  \
	F(UINT, vault, 0, UINT32_MAX)                                                              \
	F(BUFFER, location)                                                                        \
	F(TIME, erase)                                                                             \
	F(TIME, located_at)                                                                        \
	F(UINT, answer, 0, VIZ_ANSWER_NO_CONTENT)                                                  \
	F(UINT, reason, 0, VIZ_NO_POLICY)                                                          \
	F(ID, pledge)                                                                              \
	F(KEY, nonce)                                                                              \
	F(KEY, blinding)                                                                           \
	F(BOOL, pledge_acked)                                                                      \
	F(BOOL, reveal_acked)
VIZ_FIELDS_PART(answer, inbox, ANSWER);

#define AWARD(F)                                                                                   \
	F(BUFFER, contact)                                                                         \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)                                                        \
	F(UINT, tombstone_n, 0, VIZ_AWARDS_MAX)                                                    \
	F(ID, award)                                                                               \
	F(TIME, award_latest)                                                                      \
	F(TIME, awarded_at)                                                                        \
	F(TIME, lease_asked)                                                                       \
	F(TIME, lease_until)                                                                       \
	F(UINT, lease_key, 0, VIZ_KEYS_MAX)                                                        \
	F(OPTIONAL_BYTES, has_release, release)                                                    \
	F(TIME, show_after)                                                                        \
	F(TIME, contacted_at)                                                                      \
	F(OPTIONAL_UINT, has_days, days_offline, 366)                                              \
	F(UINT, lost_why, 0, VIZ_LOST_OTHER)                                                       \
	F(BOOL, withdrawn)                                                                         \
	F(UINT, erased_owed, 0, VIZ_ERASED_ALL)                                                    \
	F(BOOL, lease_answered)
VIZ_FIELDS_PART(award, inbox, AWARD);

#define ROW(F)                                                                                     \
	F(CONST, 1) /* version */                                                                  \
	F(PART, offer)                                                                             \
	F(PART, view)                                                                              \
	F(PART, answer)                                                                            \
	F(PART, award)

bool viz_inbox_waiting_for_us(const struct viz_inbox *in)
{
	return in->state == VIZ_INBOX_LOCATED || in->state == VIZ_INBOX_AWARDED ||
	       in->state == VIZ_INBOX_CONTACTED;
}

/* Takes the row as it stands out of the count. */
static void uncount(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *old = viz_inbox_fetch(core, origin, slot);

	core->inbox_waiting -= old && viz_inbox_waiting_for_us(old);
	free(old);
}

void viz_inbox_del(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[VIZ_ID_SLOT_LEN];

	uncount(core, origin, slot);
	viz_id_slot_key(key, origin, slot);
	viz_core_del(core, VIZ_TABLE_INBOX, key, sizeof key);
}

void viz_inbox_put(struct viz_core *core, const struct viz_inbox *in)
{
	uint8_t *value = viz_core_alloc(ROW_MAX), key[VIZ_ID_SLOT_LEN];
	struct viz_writer w;

	uncount(core, &in->origin, in->slot);
	core->inbox_waiting += viz_inbox_waiting_for_us(in);
	viz_writer_init(&w, value, ROW_MAX);
	VIZ_FIELDS_WRITE(&w, in, ROW);
	viz_id_slot_key(key, &in->origin, in->slot);
	viz_core_put_row(core, VIZ_TABLE_INBOX, key, sizeof key, &w);
	free(value);
}

static void read_row(struct viz_inbox *out, const uint8_t key[VIZ_ID_SLOT_LEN],
		     const struct viz_slice *value)
{
	memset(out, 0, sizeof *out);
	memcpy(out->origin.b, key, sizeof out->origin.b);
	out->slot = viz_be_get_u64(key + sizeof out->origin.b);
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, value->p, value->len, ROW) == VIZ_OK);
}

bool viz_inbox_get(struct viz_core *core, struct viz_inbox *out, const struct viz_id *origin,
		   uint64_t slot)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice v;

	viz_id_slot_key(key, origin, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_INBOX, key, sizeof key))
		return false;
	read_row(out, key, &v);
	return true;
}

void viz_inbox_walk_init(struct viz_walk *walk, struct viz_core *core,
			 const struct viz_id *origin_or_null)
{
	viz_walk_init(walk, core->store, VIZ_TABLE_INBOX, origin_or_null ? origin_or_null->b : NULL,
		      origin_or_null ? sizeof origin_or_null->b : 0);
}

void viz_inbox_walk_since(struct viz_walk *walk, struct viz_core *core, const struct viz_id *origin,
			  struct viz_time since)
{
	uint8_t from[VIZ_ID_SLOT_LEN];

	if (since.ms < 0)
		since.ms = 0;
	viz_id_slot_key(from, origin, viz_record_slot_make(since, 0));
	viz_inbox_walk_init(walk, core, origin);
	viz_walk_from(walk, from, sizeof from);
}

bool viz_inbox_walk_next(struct viz_walk *walk, struct viz_inbox *out)
{
	struct viz_slice key, value;

	if (!viz_walk_next(walk, &key, &value))
		return false;
	read_row(out, key.p, &value);
	return true;
}
