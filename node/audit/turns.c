#include "node/audit/turns.h"

#include "node/audit/finding.h"
#include "node/audit/log.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/offer/view.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

/* A key of VIZ_TABLE_DRAWN: origin id, log u64, the first 16 bytes of the partner's id (zeros: of
 * the draw itself), draw u32 from the highest down, slot u64 of its OFFER. */
enum {
	AT_LOG = 32,
	AT_PARTNER = AT_LOG + 8,
	AT_DRAW = AT_PARTNER + 16,
	AT_SLOT = AT_DRAW + 4,
	KEY_LEN = AT_SLOT + 8,
};

/* An OFFER that comes behind more later draws than this is compared with the latest of them. One
 * that marks a newcomer is compared with as many before it. */
#define DRAWS_MAX 256

/* Likewise when the OFFER that contradicts it is looked for again. */
#define FIND_MAX 16384

/* OFFERs in which one partner was drawn that are looked at, when they do not count or their places
 * are dead: what they are is found anyway. */
#define USELESS_MAX 16

/* An OFFER, with what its lists borrow. */
struct draw {
	struct viz_record rec;
	struct viz_offer lists;
	struct viz_partners named;
	struct viz_rules_draw rules;
};

struct turns {
	struct viz_trust *trust;
	const struct viz_inbox *in;
	struct draw own, other;
	uint64_t other_slot;
	struct viz_finding_list found;  /* about our OFFER */
	struct viz_finding_list beside; /* about others, that come after it */
	uint64_t *slot;                 /* of each of `beside`; owned */
	size_t slots;
	bool all; /* also what a key has signed that has ended, and that its log does not reach */
	bool left_out; /* something of that kind was not taken */
	/* viz_turns_find: looks at each, instead of judging it */
	viz_turns_look look;
	void *look_arg;
	bool is_found;
};

/* Reads the OFFER of the row. False: it, or the PARTNERS that it names, is not here. */
static bool read_draw(struct viz_core *core, struct draw *d, const struct viz_inbox *in)
{
	struct viz_held held;

	d->rules = (struct viz_rules_draw){in->offer, in->time, &d->lists, &d->named};
	return viz_place_get(core, &held, &d->rec, &in->origin, VIZ_TYPE_OFFER, in->slot) &&
	       !held.dead && viz_offer_parse(&d->lists, &d->rec) == VIZ_OK &&
	       viz_view_partners(core, &d->named, &in->origin, &in->partners);
}

static bool takes(struct turns *t, const struct draw *d)
{
	bool counts = viz_audit_log_counts(t->trust, &d->rec);

	t->left_out |= !counts && !t->all;
	return counts || t->all;
}

/* `partner`: NULL stands for the draw itself. */
static void make_key(uint8_t key[KEY_LEN], const struct draw *d, const struct viz_inbox *in,
		     const struct viz_id *partner, uint32_t draw)
{
	memset(key, 0, KEY_LEN);
	memcpy(key, in->origin.b, sizeof in->origin.b);
	viz_be_put_u64(key + AT_LOG, d->lists.at.log);
	if (partner)
		memcpy(key + AT_PARTNER, partner->b, AT_DRAW - AT_PARTNER);
	viz_be_put_u32(key + AT_DRAW, UINT32_MAX - draw);
	viz_be_put_u64(key + AT_SLOT, in->slot);
}

/* Walks over the draws from `from` down, of this partner or of all. */
static void walk_down(struct viz_walk *walk, const struct turns *t, const struct viz_id *partner,
		      uint32_t from)
{
	uint8_t key[KEY_LEN];

	make_key(key, &t->own, t->in, partner, from);
	viz_walk_init(walk, t->trust->core->store, VIZ_TABLE_DRAWN, key, AT_DRAW);
	viz_walk_from(walk, key, AT_SLOT);
}

/* The next OFFER of the walk. False: there is none. */
static bool next(struct viz_walk *walk, uint32_t *draw, uint64_t *slot)
{
	struct viz_slice key, value;

	if (!viz_walk_next(walk, &key, &value))
		return false;
	*draw = UINT32_MAX - viz_be_get_u32(key.p + AT_DRAW);
	*slot = viz_turns_slot(&key);
	return true;
}

/* A viz_rules_found: a finding is about the later OFFER, whichever has come first. */
static void found(void *arg, enum viz_rule rule, enum viz_verdict verdict,
		  const struct viz_id *about)
{
	struct turns *t = arg;

	if (viz_id_eq(about, &t->own.rules.offer)) {
		viz_finding_list_add(&t->found, rule, verdict, about);
		return;
	}
	viz_finding_list_add(&t->beside, rule, verdict, about);
	if (t->beside.count > t->slots) {
		t->slot = viz_core_grow(t->slot, t->beside.count, sizeof *t->slot);
		t->slot[t->slots++] = t->other_slot;
	}
}

/* Judges both OFFERs. False: the other one is not here any more, or does not count. */
static bool compare(struct turns *t, uint64_t slot)
{
	struct viz_core *core = t->trust->core;
	struct viz_inbox *in;
	bool is;

	if (t->look) {
		t->is_found = t->is_found || (slot != t->in->slot && t->look(t->look_arg, slot));
		return t->is_found;
	}
	in = viz_inbox_fetch(core, &t->in->origin, slot);
	is = in && slot != t->in->slot && read_draw(core, &t->other, in) && takes(t, &t->other);

	t->other_slot = slot;
	if (is)
		viz_rules_turns(&core->federation, &t->own.rules, &t->other.rules, found, t);
	free(in);
	return is;
}

/* By each later draw, and the one before; by more of those before when a newcomer is marked. */
static void compare_draws(struct turns *t, bool newcomer)
{
	unsigned later = 0, earlier = 0, max = t->look ? FIND_MAX : DRAWS_MAX;
	struct viz_walk walk;
	uint32_t draw;
	uint64_t slot;

	walk_down(&walk, t, NULL, UINT32_MAX);
	while (!t->is_found && later < DRAWS_MAX && next(&walk, &draw, &slot) &&
	       draw >= t->own.lists.draw) {
		compare(t, slot);
		later++;
	}
	walk_down(&walk, t, NULL, t->own.lists.draw - 1);
	while (!t->is_found && earlier < max && next(&walk, &draw, &slot)) {
		earlier++;
		if (compare(t, slot) && !newcomer)
			return;
	}
}

/* By the OFFERs of the draw that the entry gives as its turn. */
static void compare_turn(struct turns *t, uint32_t turn)
{
	struct viz_walk walk;
	unsigned n = 0;
	uint32_t draw;
	uint64_t slot;

	walk_down(&walk, t, NULL, turn);
	while (n++ < USELESS_MAX && next(&walk, &draw, &slot) && draw == turn)
		compare(t, slot);
}

/* By the draw in which this partner was drawn last, and by the one that gave it its turn. */
static void compare_entry(struct turns *t, const struct viz_list_entry *e)
{
	const struct viz_partners *named = &t->own.named;
	struct viz_walk walk;
	uint32_t draw;
	uint64_t slot;
	unsigned useless = 0;

	if (e->index >= named->count)
		return;
	walk_down(&walk, t, &named->entry[e->index].id, t->own.lists.draw - 1);
	while (useless++ < USELESS_MAX && next(&walk, &draw, &slot)) {
		if (draw == e->turn && !e->newcomer)
			return;
		if (compare(t, slot))
			break;
	}
	if (!e->newcomer && e->turn != 0 && e->turn < t->own.lists.draw)
		compare_turn(t, e->turn);
}

static bool compare_list(struct turns *t, const struct viz_list_entry *list, size_t count)
{
	bool newcomer = false;

	for (size_t i = 0; i < count; i++) {
		compare_entry(t, &list[i]);
		newcomer |= list[i].newcomer;
	}
	return newcomer;
}

static void compare_all(struct turns *t)
{
	const struct viz_offer *o = &t->own.lists;
	bool newcomer;

	if (!takes(t, &t->own))
		return;
	newcomer = compare_list(t, o->asked, o->asked_count);
	newcomer |= compare_list(t, o->struck, o->struck_count);
	newcomer |= compare_list(t, o->not_drawn, o->not_drawn_count);
	compare_draws(t, newcomer);
	compare_turn(t, o->draw); /* one of the same draw, however many came since */
}

/* Writes or removes the rows of the partners that were drawn. */
static void note_list(struct viz_core *core, const struct draw *d, const struct viz_inbox *in,
		      const struct viz_list_entry *list, size_t count, bool here)
{
	uint8_t key[KEY_LEN];

	for (size_t i = 0; i < count; i++) {
		if (list[i].index >= d->named.count)
			continue;
		make_key(key, d, in, &d->named.entry[list[i].index].id, d->lists.draw);
		if (here)
			viz_core_put(core, VIZ_TABLE_DRAWN, key, sizeof key, NULL, 0);
		else
			viz_core_del(core, VIZ_TABLE_DRAWN, key, sizeof key);
	}
}

/* A partner has a new turn only when somebody was not drawn. Reads what the lists own, as the first
 * write ends what they borrow. */
static void note(struct viz_core *core, const struct draw *d, const struct viz_inbox *in, bool here)
{
	const struct viz_offer *o = &d->lists;
	uint8_t key[KEY_LEN];

	make_key(key, d, in, NULL, o->draw);
	if (here)
		viz_core_put(core, VIZ_TABLE_DRAWN, key, sizeof key, NULL, 0);
	else
		viz_core_del(core, VIZ_TABLE_DRAWN, key, sizeof key);
	if (o->not_drawn_count == 0)
		return;
	note_list(core, d, in, o->asked, o->asked_count, here);
	note_list(core, d, in, o->struck, o->struck_count, here);
}

static bool is_noted(struct viz_core *core, const struct draw *d, const struct viz_inbox *in)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, d, in, NULL, d->lists.draw);
	return viz_core_get(core, &v, VIZ_TABLE_DRAWN, key, sizeof key);
}

void viz_turns_judge(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct viz_core *core = trust->core;
	struct turns *t = viz_core_alloc(sizeof *t);

	memset(t, 0, sizeof *t);
	t->trust = trust;
	t->in = in;
	if (read_draw(core, &t->own, in) && !is_noted(core, &t->own, in)) {
		compare_all(t);
		t->found.key_ended = t->beside.key_ended = t->all = t->left_out;
		if (t->all)
			compare_all(t);
		for (size_t i = 0; i < t->beside.count; i++)
			viz_finding_keep(trust, &in->origin, t->slot[i], t->beside.list[i].rule,
					 t->beside.list[i].verdict, &t->beside.list[i].about);
		free(t->beside.list);
		free(t->slot);
		viz_finding_list_keep(trust, &t->found, &in->origin, in->slot);
		note(core, &t->own, in, true);
	}
	free(t);
}

bool viz_turns_find(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		    viz_turns_look look, void *arg)
{
	struct viz_inbox *in = viz_inbox_fetch(trust->core, origin, slot);
	struct turns *t = viz_core_alloc(sizeof *t);
	bool is_found;

	memset(t, 0, sizeof *t);
	t->trust = trust;
	t->in = in;
	t->look = look;
	t->look_arg = arg;
	t->all = true;
	if (in && read_draw(trust->core, &t->own, in))
		compare_all(t);
	is_found = t->is_found;
	free(t);
	free(in);
	return is_found;
}

void viz_turns_drop(struct viz_core *core, const struct viz_inbox *in)
{
	struct draw *d = viz_core_alloc(sizeof *d);

	if (read_draw(core, d, in))
		note(core, d, in, false);
	free(d);
}

uint64_t viz_turns_slot(const struct viz_slice *key)
{
	return key->len == KEY_LEN ? viz_be_get_u64(key->p + AT_SLOT) : 0;
}
