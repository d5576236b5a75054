#include "node/trust/member.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

/* Ids are hashes: how far one lies between two others tells about how far apart they stand. After
 * so many steps by that, somebody has ground them, and the rest is searched by halves. */
#define GUESSES 8

size_t viz_member_position(const struct viz_directory *d, const struct viz_id *id)
{
	uint64_t from = 0, to = UINT64_C(1) << 32, at = viz_be_get_u32(id->b);
	size_t lo = 0, hi = d->count;

	for (unsigned i = 0; lo < hi; i++) {
		size_t step = (hi - lo) / 2, mid;

		if (i < GUESSES && to > from)
			step = (size_t)((at - from) * (hi - lo) / (to - from));
		mid = lo + step < hi ? lo + step : hi - 1;
		if (viz_id_cmp(&d->list[mid]->id, id) < 0) {
			lo = mid + 1;
			from = viz_be_get_u32(d->list[mid]->id.b);
		} else {
			hi = mid;
			to = viz_be_get_u32(d->list[mid]->id.b);
		}
	}
	return lo;
}

struct viz_member *viz_member_find(struct viz_trust *trust, const struct viz_id *id)
{
	struct viz_directory *d = &trust->directory;
	size_t at;

	if (d->found && viz_id_eq(&d->found->id, id))
		return d->found;
	at = viz_member_position(d, id);
	if (at == d->count || !viz_id_eq(&d->list[at]->id, id))
		return NULL;
	d->found = d->list[at];
	return d->found;
}

bool viz_member_is_near(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return viz_id_eq(id, &trust->self.author) || (m && m->peer.partner);
}

struct viz_member *viz_member_ensure(struct viz_trust *trust, const struct viz_id *id)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member *m = viz_member_find(trust, id);
	size_t at;

	if (m)
		return m;
	if (d->count >= VIZ_MEMBERS_MAX)
		return NULL;
	if (d->count == d->capacity) {
		d->capacity = d->capacity ? d->capacity * 2 : 64;
		d->list = viz_core_grow(d->list, d->capacity, sizeof *d->list);
	}
	m = viz_core_alloc(sizeof *m);
	memset(m, 0, sizeof *m);
	m->id = *id;
	m->as = viz_sponsee_take(&d->strangers, m);
	at = viz_member_position(d, id);
	memmove(&d->list[at + 1], &d->list[at], (d->count - at) * sizeof *d->list);
	d->list[at] = m;
	d->count++;
	viz_member_stale(d, m);
	return m;
}

struct viz_member *viz_member_self(struct viz_trust *trust)
{
	return viz_member_ensure(trust, &trust->self.author);
}

const char *viz_member_name(const struct viz_member *m)
{
	static _Thread_local char hex[17];

	if (m->has_node)
		return m->name;
	if (m->peer.name[0] != '\0')
		return m->peer.name;
	viz_hex(hex, m->id.b, 8);
	return hex;
}

bool viz_member_node(struct viz_core *core, struct viz_node_body *out, const struct viz_member *m)
{
	struct viz_record rec;
	struct viz_held held;

	return m->has_node && viz_place_get(core, &held, &rec, &m->id, VIZ_TYPE_NODE, 0) &&
	       viz_node_body_parse(out, &rec) == VIZ_OK;
}

const struct viz_partner_entry *viz_member_lists_us(const struct viz_core *core,
						    const struct viz_member *m, struct viz_time at)
{
	for (size_t i = m->us_count; i > 0; i--)
		if (viz_partner_entry_effective(&m->us[i - 1], at,
						core->federation.partner_delay_ms))
			return &m->us[i - 1];
	return NULL;
}

bool viz_member_known(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_sponsee *s;
	const struct viz_member *m;

	if (viz_id_eq(id, &trust->self.author))
		return true;
	m = viz_member_find(trust, id);
	if (m)
		return m->member || viz_member_sponsored(m) || m->peer.vouched || m->peer.pending;
	s = viz_sponsee_find(&trust->directory.strangers, id);
	return s && s->sponsors > 0;
}

bool viz_member_sponsored(const struct viz_member *m)
{
	return m->as->sponsors > 0;
}

bool viz_member_counts(struct viz_trust *trust, const struct viz_member *m)
{
	return m->member || viz_member_sponsored(m) || viz_id_eq(&m->id, &trust->self.author);
}

bool viz_member_accepted(struct viz_trust *trust, const struct viz_member *m, unsigned type)
{
	return viz_member_counts(trust, m) &&
	       (m->member || type <= VIZ_TYPE_VOUCH || viz_id_eq(&m->id, &trust->self.author) ||
		(m->pruned && viz_record_is_write_once(type)));
}

static struct viz_vouch_row *find_vouch(struct viz_member *m, uint8_t slot)
{
	for (size_t i = 0; i < m->vouch_count; i++)
		if (m->vouch[i].slot == slot)
			return &m->vouch[i];
	return NULL;
}

static void detach(struct viz_directory *d, struct viz_member *m, struct viz_vouch_row *row)
{
	viz_member_uncount(d, m, row);
	row->to->named--;
	viz_sponsee_release(&d->strangers, row->to);
}

/* How many of those for whom `m` vouches have a place among the strangers. The row that is being
 * filled names nobody yet. */
static size_t count_strangers(const struct viz_directory *d, const struct viz_member *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->vouch_count; i++)
		n += m->vouch[i].to && !m->vouch[i].to->member &&
		     m->vouch[i].to != &d->strangers.nobody;
	return n;
}

void viz_member_put_vouch(struct viz_trust *trust, struct viz_member *m, uint8_t slot, uint8_t key,
			  const struct viz_id *sponsee, bool withdrawn)
{
	struct viz_directory *d = &trust->directory;
	struct viz_vouch_row *row = find_vouch(m, slot);
	struct viz_member *other;

	if (row && viz_id_eq(&row->to->id, sponsee)) {
		row->key = key;
		row->withdrawn = withdrawn;
		return;
	}
	if (row) {
		detach(d, m, row);
	} else {
		m->vouch = viz_core_grow(m->vouch, m->vouch_count + 1u, sizeof *m->vouch);
		row = &m->vouch[m->vouch_count++];
	}
	row->to = NULL;
	other = viz_member_find(trust, sponsee);
	*row = (struct viz_vouch_row){
	    .to = other ? other->as
			: viz_sponsee_ensure(&d->strangers, sponsee, count_strangers(d, m)),
	    .slot = slot,
	    .key = key,
	    .withdrawn = withdrawn};
	row->to->named++;
}

void viz_member_drop_vouch(struct viz_trust *trust, struct viz_member *m, uint8_t slot)
{
	struct viz_vouch_row *row = find_vouch(m, slot);

	if (!row)
		return;
	detach(&trust->directory, m, row);
	*row = m->vouch[--m->vouch_count];
}

void viz_member_changed(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_directory *d = &trust->directory;

	d->changes++;
	if (m->changed)
		return;
	m->changed = true;
	if (d->changed_count == d->changed_capacity) {
		d->changed_capacity = d->changed_capacity ? d->changed_capacity * 2 : 64;
		d->changed = viz_core_grow(d->changed, d->changed_capacity, sizeof *d->changed);
	}
	d->changed[d->changed_count++] = m;
}

void viz_member_stale(struct viz_directory *d, struct viz_member *m)
{
	if (m->items.stale)
		return;
	m->items.stale = true;
	if (d->stale_count == d->stale_capacity) {
		d->stale_capacity = d->stale_capacity ? d->stale_capacity * 2 : 64;
		d->stale = viz_core_grow(d->stale, d->stale_capacity, sizeof *d->stale);
	}
	d->stale[d->stale_count++] = m;
}

void viz_member_doubt(struct viz_directory *d, struct viz_member *m)
{
	if (m->doubted)
		return;
	m->doubted = true;
	if (d->doubted_count == d->doubted_capacity) {
		d->doubted_capacity = d->doubted_capacity ? d->doubted_capacity * 2 : 64;
		d->doubted = viz_core_grow(d->doubted, d->doubted_capacity, sizeof *d->doubted);
	}
	d->doubted[d->doubted_count++] = m;
}

/* Whether a VOUCH of `a` names `b`, be it withdrawn or of a key that has ended. */
static bool names(const struct viz_member *a, const struct viz_member *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (a->vouch[i].to == b->as)
			return true;
	return false;
}

void viz_member_uncount(struct viz_directory *d, struct viz_member *m, struct viz_vouch_row *row)
{
	struct viz_member *other = row->to->member;

	if (!row->counted)
		return;
	row->counted = false;
	viz_member_lose_sponsor(d, row->to);
	if (!other)
		return;
	/* Whether the other's VOUCH stands does not matter: both may have ended in one event. */
	if (m->in && other->in && names(other, m)) {
		viz_member_doubt(d, m);
		viz_member_doubt(d, other);
	} else if (!other->in && row->to->sponsors == 0) {
		d->ended = true;
	}
}

void viz_member_lose_sponsor(struct viz_directory *d, struct viz_sponsee *s)
{
	if (--s->sponsors > 0 || !s->member)
		return;
	s->member->cleared = false;
	viz_member_stale(d, s->member);
}

void viz_member_free(struct viz_member *m)
{
	free(m->key);
	free(m->name);
	free(m->partners);
	free(m->us);
	free(m->vouch);
	free(m->items.mark);
	viz_secret_wipe(m, sizeof *m);
	free(m);
}
