#include "node/audit/pledge_keys.h"

#include "crypto/sign.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/offer/view.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/tables.h"

/* Whether we have the very key that this SUCCESSION of the view brings. Its author may have signed
 * two, and we may hold the other one. */
static bool is_ours(struct viz_trust *trust, const struct viz_rules_item *x)
{
	const struct viz_member *m = viz_member_find(trust, &x->author);
	struct viz_succession s;

	return m && !x->dead && x->slot < m->key_count &&
	       viz_succession_parse(&s, &x->rec) == VIZ_OK &&
	       memcmp(&s.key, &m->key[x->slot].pub, sizeof s.key) == 0;
}

void viz_pledge_keys_keep(struct viz_trust *trust, const struct viz_inbox *in,
			  const struct viz_partners *named, const struct viz_rules_item *view,
			  size_t n)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], newest[VIZ_PARTNERS_MAX] = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t p = 0; view[i].type == VIZ_TYPE_SUCCESSION && p < named->count; p++)
			if (viz_id_eq(&named->entry[p].id, &view[i].author) &&
			    view[i].slot == newest[p] + 1u && is_ours(trust, &view[i]))
				newest[p] = (uint8_t)view[i].slot;
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_KEYS, &in->origin, 0);
	viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, newest, named->count);
}

/* By which keys the PLEDGEs of an offer are judged: key 0, and those that its view gave. */
struct view_keys {
	const struct viz_partners *named; /* NULL: not here */
	uint8_t newest[VIZ_PARTNERS_MAX];
};

static void read_keys(struct viz_core *core, struct view_keys *out, const struct viz_inbox *in,
		      const struct viz_partners *named)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	memset(out, 0, sizeof *out);
	out->named = named;
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_KEYS, &in->origin, 0);
	if (viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) &&
	    v.len <= sizeof out->newest)
		memcpy(out->newest, v.p, v.len);
}

static bool gives(const struct view_keys *k, const struct viz_record *pledge)
{
	bool given = pledge->key == 0;

	for (size_t i = 0; k->named && i < k->named->count; i++)
		given |= viz_id_eq(&k->named->entry[i].id, &pledge->author) &&
			 pledge->key <= k->newest[i];
	return given;
}

size_t viz_pledge_keys_list(struct viz_trust *trust, struct viz_rules_key *out, size_t max,
			    const struct viz_inbox *in, const struct viz_partners *named,
			    const struct viz_record *close)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct view_keys keys;
	struct viz_pledge p;
	size_t n = 0;

	read_keys(trust->core, &keys, in, named);
	for (size_t i = 0; viz_close_parse(c, close) == VIZ_OK && i < c->count && n < max; i++) {
		const struct viz_member *m =
		    viz_close_pledge(c, i, &rec, &p) ? viz_member_find(trust, &rec.author) : NULL;

		if (m && gives(&keys, &rec) && rec.key < m->key_count)
			out[n++] = (struct viz_rules_key){m->id, rec.key, m->key[rec.key].pub};
	}
	free(c);
	return n;
}

/* A CLOSE, and by which keys its PLEDGEs are judged. */
struct pledges {
	struct viz_trust *trust;
	const struct viz_inbox *in;
	struct viz_partners named;
	struct viz_close close;
	struct view_keys keys;
	struct viz_record rec; /* the last that was read */
	const struct viz_member *by;
};

/* The caller frees it. */
static struct pledges *read_pledges(struct viz_trust *trust, const struct viz_inbox *in,
				    const struct viz_record *close)
{
	struct pledges *p = viz_core_alloc(sizeof *p);
	bool here = viz_view_partners(trust->core, &p->named, &in->origin, &in->partners);

	p->trust = trust;
	p->in = in;
	read_keys(trust->core, &p->keys, in, here ? &p->named : NULL);
	if (viz_close_parse(&p->close, close) != VIZ_OK)
		p->close.count = 0;
	return p;
}

/* Reads the PLEDGE at `i`. False: there is none. */
static bool read_pledge(struct pledges *p, size_t i)
{
	struct viz_pledge body;

	if (!viz_close_pledge(&p->close, i, &p->rec, &body))
		return false;
	p->by = viz_member_find(p->trust, &p->rec.author);
	return true;
}

/* Whether the key of the PLEDGE that was read is here. */
static bool has_key(const struct pledges *p)
{
	return p->by && p->rec.key < p->by->key_count;
}

/* in->pledges when the PLEDGE at `i` is the first that its key does not verify. */
static uint32_t is_false(size_t i)
{
	return (uint32_t)i + 2;
}

enum viz_pledge_keys viz_pledge_keys_look(struct viz_trust *trust, struct viz_id *who,
					  const struct viz_inbox *in,
					  const struct viz_record *close)
{
	struct pledges *p = read_pledges(trust, in, close);
	enum viz_pledge_keys is = VIZ_PLEDGE_KEYS_GOOD;

	for (size_t i = 0; i < p->close.count && is != VIZ_PLEDGE_KEYS_LACKING; i++) {
		bool later;

		if (!read_pledge(p, i))
			continue;
		later = !in->settled && !gives(&p->keys, &p->rec);
		if (!has_key(p) || (later && in->pledges == is_false(i))) {
			is = VIZ_PLEDGE_KEYS_LACKING;
			*who = p->rec.author;
		} else if (later && in->pledges == 0) {
			is = VIZ_PLEDGE_KEYS_OPEN;
		}
	}
	free(p);
	return is;
}

uint32_t viz_pledge_keys_verify(struct viz_trust *trust, size_t *checks, const struct viz_inbox *in,
				const struct viz_record *close)
{
	struct pledges *p = read_pledges(trust, in, close);
	uint32_t found = p->close.count <= *checks ? 1 : 0;

	for (size_t i = 0; i < p->close.count && found == 1; i++) {
		struct viz_id id;

		if (!read_pledge(p, i) || gives(&p->keys, &p->rec))
			continue;
		if (!has_key(p)) {
			found = 0;
			break;
		}
		--*checks;
		viz_ids_record(&id, &trust->core->federation_id, &p->rec);
		if (viz_sign_verify(&p->rec.sig, &id, &p->by->key[p->rec.key].pub) != VIZ_OK)
			found = is_false(i);
	}
	free(p);
	return found;
}
