#include "node/lead/draw.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/coverage/who.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/log.h"
#include "node/trust/identity.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

enum { ROW_MAX = 32768 };

/* The row VIZ_META_DRAW. */
struct viz_draw_count {
	uint32_t number; /* of the last draw; 0: none was made */
	uint64_t burnt;
};

#define COUNT(F)                                                                                   \
	F(UINT, number, 0, VIZ_TURN_MAX)                                                           \
	F(UINT, burnt, 0, UINT64_MAX)
static VIZ_FIELDS_WRITER(draw_count, COUNT);
static VIZ_FIELDS_READER(draw_count, COUNT);

/* A row of VIZ_TABLE_TURN. */
struct viz_draw_turn {
	struct viz_time added; /* of the entry in our PARTNERS to which the turn belongs */
	uint32_t turn;
	bool newcomer;
};

#define TURN(F)                                                                                    \
	F(TIME, added)                                                                             \
	F(UINT, turn, 0, VIZ_TURN_MAX)                                                             \
	F(BOOL, newcomer)
static VIZ_FIELDS_WRITER(draw_turn, TURN);
static VIZ_FIELDS_READER(draw_turn, TURN);

#define PARTNER(F)                                                                                 \
	F(ID, id)                                                                                  \
	F(UINT, turn, 0, VIZ_TURN_MAX)                                                             \
	F(BOOL, newcomer)
static VIZ_FIELDS_WRITER(draw_partner, PARTNER);
static VIZ_FIELDS_READER(draw_partner, PARTNER);

#define ROW(F)                                                                                     \
	F(CONST, 1) /* version */                                                                  \
	F(TIME, time)                                                                              \
	F(STRUCT, area, area)                                                                      \
	F(ID, view)                                                                                \
	F(LIST, drawn, drawn_count, 0, draw_partner)                                               \
	F(LIST, not_drawn, not_drawn_count, 0, draw_partner)                                       \
	F(IDS, blocked, blocked_count)                                                             \
	F(IDS, silent, silent_count)

static struct viz_draw_count read_count(struct viz_core *core)
{
	struct viz_draw_count c = {0};
	struct viz_slice v;

	if (viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_DRAW)))
		VIZ_REQUIRE(VIZ_PARSE(draw_count, &c, v.p, v.len) == VIZ_OK);
	return c;
}

static void write_count(struct viz_core *core, const struct viz_draw_count *c)
{
	VIZ_WRITER(w, 32);

	viz_draw_count_write(&w, c);
	viz_core_put_row(core, VIZ_TABLE_META, VIZ_META(VIZ_META_DRAW), &w);
}

/* The partner's turn. One without a turn, and one with a new entry, is a newcomer. */
static struct viz_draw_turn read_turn(struct viz_core *core, const struct viz_partner_entry *e)
{
	struct viz_draw_turn t;
	struct viz_slice v;

	if (viz_core_get(core, &v, VIZ_TABLE_TURN, e->id.b, sizeof e->id.b)) {
		VIZ_REQUIRE(VIZ_PARSE(draw_turn, &t, v.p, v.len) == VIZ_OK);
		if (t.added.ms == e->added.ms)
			return t;
	}
	return (struct viz_draw_turn){e->added, read_count(core).number, true};
}

static void write_turn(struct viz_core *core, const struct viz_id *id,
		       const struct viz_draw_turn *t)
{
	VIZ_WRITER(w, 32);

	viz_draw_turn_write(&w, t);
	viz_core_put_row(core, VIZ_TABLE_TURN, id->b, sizeof id->b, &w);
}

/* The entry in our PARTNERS that is effective at `at`; NULL: `e` is another one of this partner. */
static const struct viz_partner_entry *
current(struct viz_trust *trust, const struct viz_partner_entry *e, struct viz_time at)
{
	const struct viz_partner_entry *now = viz_partners_effective(
	    viz_member_self(trust)->partners, &e->id, at, trust->core->federation.partner_delay_ms);

	return now == e ? e : NULL;
}

/* Whether the partner lists us in its PARTNERS in the view. */
static bool lists_us(struct viz_core *core, const struct viz_member *m, struct viz_time at)
{
	return m && m->has_partners &&
	       viz_items_count(core, m, VIZ_TYPE_PARTNERS, m->partners_key, at) &&
	       viz_member_lists_us(core, m, at) != NULL;
}

/* Whether the coverage of a silent partner, which still stands in the view, meets the area. */
static bool silent_covers(struct viz_core *core, const struct viz_member *m,
			  const struct viz_area *area, struct viz_time at)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	bool found = false;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !found; slot++) {
		struct viz_record rec;
		struct viz_held held;

		found = viz_place_get(core, &held, &rec, &m->id, VIZ_TYPE_COVERAGE, slot) &&
			!held.dead && viz_items_count(core, m, rec.type, rec.key, at) &&
			viz_coverage_parse(c, &rec) == VIZ_OK && viz_coverage_meets(c, area);
	}
	free(c);
	return found;
}

/* Puts each partner that serves the area into its list. */
static void fill(struct viz_net *net, struct viz_lead_draw *d)
{
	struct viz_trust *trust = net->trust;
	const struct viz_partners *ours = viz_member_self(trust)->partners;
	struct viz_draw_partner p[VIZ_PARTNERS_MAX];
	struct viz_id *who;
	size_t count = viz_coverage_who(net, &who, &d->area), n = 0;

	for (size_t i = 0; ours && i < ours->count; i++) {
		const struct viz_partner_entry *e = current(trust, &ours->entry[i], d->time);
		const struct viz_member *m = e ? viz_member_find(trust, &e->id) : NULL;
		bool live = m && viz_live_partner(trust, &e->id);

		if (!lists_us(trust->core, m, d->time) ||
		    !(live ? viz_ids_contain(who, count, &e->id)
			   : silent_covers(trust->core, m, &d->area, d->time)))
			continue;
		if (e->removed.ms != 0 && e->removed.ms < d->time.ms) {
			d->blocked[d->blocked_count++] = e->id;
		} else if (!live) {
			d->silent[d->silent_count++] = e->id;
		} else {
			struct viz_draw_turn t = read_turn(trust->core, e);

			p[n++] = (struct viz_draw_partner){e->id, t.turn, t.newcomer};
		}
	}
	free(who);
	d->drawn_count = viz_draw(p, n, (size_t)trust->core->federation.ask_max);
	d->not_drawn_count = n - d->drawn_count;
	memcpy(d->drawn, p, d->drawn_count * sizeof *p);
	memcpy(d->not_drawn, p + d->drawn_count, d->not_drawn_count * sizeof *p);
}

void viz_lead_draw_preview(struct viz_net *net, struct viz_lead_draw *d,
			   const struct viz_area *area)
{
	memset(d, 0, sizeof *d);
	d->time = viz_identity_time(net->trust);
	d->area = *area;
	fill(net, d);
}

/* Whether the partner of the row with this key has no turn at `at`: our PARTNERS does not list it
 * any more, or its entry is not effective yet, as the clock was ahead. */
static bool has_no_turn(struct viz_trust *trust, const struct viz_id *id,
			const struct viz_slice *value, struct viz_time at)
{
	const struct viz_partners *ours = viz_member_self(trust)->partners;
	struct viz_draw_turn t;

	VIZ_REQUIRE(VIZ_PARSE(draw_turn, &t, value->p, value->len) == VIZ_OK);
	return !viz_partners_find(ours, id) ||
	       t.added.ms + trust->core->federation.partner_delay_ms > at.ms;
}

static void drop_turns(struct viz_trust *trust, struct viz_time at)
{
	struct viz_id gone[VIZ_PARTNERS_MAX];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_TURN, NULL, 0);
	while (n < VIZ_PARTNERS_MAX && viz_walk_next(&walk, &key, &value)) {
		memcpy(gone[n].b, key.p, sizeof gone[n].b);
		n += has_no_turn(trust, &gone[n], &value, at);
	}
	for (size_t i = 0; i < n; i++)
		viz_core_del(trust->core, VIZ_TABLE_TURN, gone[i].b, sizeof gone[i].b);
}

/* Notes the turns of newcomers: each partner counts from the first draw after which it is one,
 * though it may serve other places. */
static void note_newcomers(struct viz_trust *trust, struct viz_time at)
{
	const struct viz_partners *ours = viz_member_self(trust)->partners;

	for (size_t i = 0; i < ours->count; i++) {
		const struct viz_partner_entry *e = current(trust, &ours->entry[i], at);
		struct viz_draw_turn t;

		if (!e || !lists_us(trust->core, viz_member_find(trust, &e->id), at))
			continue;
		t = read_turn(trust->core, e);
		write_turn(trust->core, &e->id, &t);
	}
}

/* Gives the drawn ones their new turns. */
static void give_turns(struct viz_trust *trust, const struct viz_lead_draw *d)
{
	struct viz_draw_partner after[VIZ_ASKED_MAX];
	size_t count = d->drawn_count + d->not_drawn_count;

	memcpy(after, d->drawn, sizeof after);
	viz_draw_turns(after, count, d->drawn_count, d->number);
	for (size_t i = 0; i < d->drawn_count; i++) {
		const struct viz_partner_entry *e =
		    viz_partners_effective(viz_member_self(trust)->partners, &after[i].id, d->time,
					   trust->core->federation.partner_delay_ms);
		struct viz_draw_turn t = {e->added, after[i].turn, after[i].newcomer};

		write_turn(trust->core, &after[i].id, &t);
	}
}

static void write_draw(struct viz_core *core, const struct viz_lead_draw *d)
{
	uint8_t *value = viz_core_alloc(ROW_MAX), key[4];
	struct viz_writer w;

	viz_writer_init(&w, value, ROW_MAX);
	VIZ_FIELDS_WRITE(&w, d, ROW);
	viz_be_put_u32(key, d->number);
	viz_core_put_row(core, VIZ_TABLE_DRAW, key, sizeof key, &w);
	free(value);
}

int viz_lead_draw_make(struct viz_net *net, struct viz_lead_draw *d, const struct viz_area *area)
{
	struct viz_trust *trust = net->trust;
	struct viz_draw_count count = read_count(trust->core);
	int err;

	if (!viz_self_log_is_free(net))
		return VIZ_ERR_STATE;
	if (viz_core_nearly_full(trust->core) || count.number >= VIZ_TURN_MAX)
		return VIZ_ERR_LIMIT;
	viz_lead_draw_preview(net, d, area);
	if (d->drawn_count == 0)
		return VIZ_ERR_ABSENT;
	err = viz_view_build(trust, &d->view, d->time);
	if (err != VIZ_OK)
		return err;
	drop_turns(trust, d->time);
	note_newcomers(trust, d->time);
	d->number = ++count.number;
	write_count(trust->core, &count);
	give_turns(trust, d);
	write_draw(trust->core, d);
	viz_identity_signed(trust, d->time);
	viz_due_set(trust->core, viz_after(d->time, trust->core->federation.draw_ms + 1),
		    VIZ_DUE_DRAW, &trust->self.author, d->number);
	return VIZ_OK;
}

bool viz_lead_draw_get(struct viz_core *core, struct viz_lead_draw *d, uint32_t number)
{
	struct viz_slice v;
	uint8_t key[4];

	viz_be_put_u32(key, number);
	if (!viz_core_get(core, &v, VIZ_TABLE_DRAW, key, sizeof key))
		return false;
	memset(d, 0, sizeof *d);
	d->number = number;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(d, v.p, v.len, ROW) == VIZ_OK);
	return true;
}

const struct viz_id *viz_lead_draw_named(const struct viz_lead_draw *d, size_t i)
{
	return &d->drawn[(d->number + i) % d->drawn_count].id;
}

bool viz_lead_draw_holds(struct viz_trust *trust, const struct viz_lead_draw *d,
			 const struct viz_id *struck, size_t struck_count)
{
	if (d->time.ms + trust->core->federation.draw_ms < viz_identity_time(trust).ms)
		return false;
	for (size_t i = 0; i < d->drawn_count; i++)
		if (!viz_ids_contain(struck, struck_count, &d->drawn[i].id) &&
		    !viz_live_partner(trust, &d->drawn[i].id))
			return false;
	return true;
}

/* The position of the partner's entry in our PARTNERS, which OFFER names. */
static bool index_of(struct viz_trust *trust, uint8_t *index, const struct viz_id *id,
		     struct viz_time at)
{
	const struct viz_partners *ours = viz_member_self(trust)->partners;
	const struct viz_partner_entry *e =
	    viz_partners_effective(ours, id, at, trust->core->federation.partner_delay_ms);

	if (e)
		*index = (uint8_t)(e - ours->entry);
	return e != NULL;
}

static bool entry_of(struct viz_trust *trust, struct viz_list_entry *out,
		     const struct viz_draw_partner *p, struct viz_time at)
{
	out->turn = p->turn;
	out->newcomer = p->newcomer;
	return index_of(trust, &out->index, &p->id, at);
}

int viz_lead_draw_lists(struct viz_trust *trust, struct viz_offer *out,
			const struct viz_lead_draw *d, const struct viz_id *struck,
			size_t struck_count)
{
	bool all = true;

	out->area = d->area;
	out->draw = d->number;
	out->drawn = d->time;
	out->asked_count = out->struck_count = 0;
	for (size_t i = 0; i < d->drawn_count; i++) {
		bool is_struck = viz_ids_contain(struck, struck_count, &d->drawn[i].id);

		if (is_struck && out->struck_count == VIZ_ASKED_MAX - 1)
			return VIZ_ERR_ABSENT;
		all &= entry_of(trust,
				is_struck ? &out->struck[out->struck_count++]
					  : &out->asked[out->asked_count++],
				&d->drawn[i], d->time);
	}
	out->not_drawn_count = d->not_drawn_count;
	for (size_t i = 0; i < d->not_drawn_count; i++)
		all &= entry_of(trust, &out->not_drawn[i], &d->not_drawn[i], d->time);
	out->blocked_len = d->blocked_count;
	for (size_t i = 0; i < d->blocked_count; i++)
		all &= index_of(trust, &out->blocked[i], &d->blocked[i], d->time);
	out->silent_len = d->silent_count;
	for (size_t i = 0; i < d->silent_count; i++)
		all &= index_of(trust, &out->silent[i], &d->silent[i], d->time);
	if (!all)
		return VIZ_ERR_STATE;
	return out->asked_count == 0 ? VIZ_ERR_ABSENT : VIZ_OK;
}

void viz_lead_draw_used(struct viz_core *core, uint32_t number)
{
	uint8_t key[4];

	viz_be_put_u32(key, number);
	viz_core_del(core, VIZ_TABLE_DRAW, key, sizeof key);
}

void viz_lead_draw_burn(struct viz_core *core, uint32_t number)
{
	struct viz_draw_count count = read_count(core);

	count.burnt++;
	write_count(core, &count);
	viz_lead_draw_used(core, number);
}

uint64_t viz_lead_draw_burnt(struct viz_core *core)
{
	return read_count(core).burnt;
}

void viz_lead_draw_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_lead_draw *d = viz_core_alloc(sizeof *d);
	struct viz_time over;

	(void)origin;
	if (slot <= VIZ_TURN_MAX && viz_lead_draw_get(net->core, d, (uint32_t)slot)) {
		over = viz_after(d->time, net->core->federation.draw_ms + 1);
		if (over.ms <= net->core->now.ms)
			viz_lead_draw_burn(net->core, d->number);
		else /* our clock was set back */
			viz_due_set(net->core, over, VIZ_DUE_DRAW, &net->trust->self.author, slot);
	}
	free(d);
}

/* The OFFER of ours in the log that the quarantine ended, with the lowest draw above `after`.
 * `out` gets its lists and *partners the PARTNERS that its indexes mean. False: there is none. */
static bool next_found(struct viz_trust *trust, struct viz_offer *out,
		       struct viz_partners *partners, uint32_t after)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	uint8_t prefix[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	bool found = false;

	viz_record_place_key(prefix, &trust->self.author, VIZ_TYPE_OFFER, 0);
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, prefix, 33);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_record rec, named;
		struct viz_held held;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (viz_offer_parse(o, &rec) == VIZ_OK && o->at.log == trust->self.log_old.log &&
		    o->draw > after && (!found || o->draw < out->draw) &&
		    viz_named_get(trust->core, &named, &rec.author, &o->partners) &&
		    viz_partners_parse(partners, &named) == VIZ_OK) {
			*out = *o;
			found = true;
		}
	}
	free(o);
	return found;
}

/* Writes the turns that one list of a found OFFER shows; `turn` is what the draw gave, 0: none. */
static void take_turns(struct viz_core *core, const struct viz_partners *partners,
		       const struct viz_list_entry *list, size_t count, uint32_t turn)
{
	for (size_t i = 0; i < count; i++) {
		const struct viz_list_entry *l = &list[i];
		struct viz_draw_turn t = {.turn = turn ? turn : l->turn,
					  .newcomer = !turn && l->newcomer};

		if (l->index >= partners->count)
			continue;
		t.added = partners->entry[l->index].added;
		write_turn(core, &partners->entry[l->index].id, &t);
	}
}

static void burn_all(struct viz_core *core)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_DRAW, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		viz_lead_draw_burn(core, viz_be_get_u32(key.p));
}

void viz_lead_draw_new_log(struct viz_trust *trust)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	struct viz_partners *partners = viz_core_alloc(sizeof *partners);
	struct viz_draw_count count;

	burn_all(trust->core);
	count = read_count(trust->core);

	while (next_found(trust, o, partners, count.number)) {
		uint32_t turn = o->not_drawn_count > 0 ? o->draw : 0;

		take_turns(trust->core, partners, o->asked, o->asked_count, turn);
		take_turns(trust->core, partners, o->struck, o->struck_count, turn);
		take_turns(trust->core, partners, o->not_drawn, o->not_drawn_count, 0);
		count.number = o->draw;
		write_count(trust->core, &count);
	}
	free(partners);
	free(o);
}
