#include "node/gossip/want.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/spread.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define PLACE_BYTES 50 /* of a place in WANT, at most */
#define UNHELD_COST 64 /* bytes of the peer's budget, for a place where nothing is held */
#define ALIKE       4  /* authors that are looked at for a beginning */

/* ---- asking ---- */

static bool begins_alike(const struct viz_directory *d, size_t i, const struct viz_id *author)
{
	return i < d->count && memcmp(d->list[i]->id.b, author->b, VIZ_TREE_PREFIX) == 0;
}

/* Whether we know the author, and no other one whose id begins like it. */
static bool is_alone(const struct viz_directory *d, const struct viz_id *author)
{
	size_t at = viz_member_position(d, author);

	return at < d->count && viz_id_eq(&d->list[at]->id, author) &&
	       !begins_alike(d, at + 1, author) && (at == 0 || !begins_alike(d, at - 1, author));
}

void viz_want_send(struct viz_trust *trust, struct viz_link *link, const struct viz_item *place,
		   size_t n)
{
	struct viz_message_want *m = viz_core_alloc(sizeof *m);
	size_t max = 8 + n * PLACE_BYTES;
	uint8_t *buffer = viz_core_alloc(max);
	struct viz_writer w;

	VIZ_REQUIRE(n <= VIZ_WANT_PER_MESSAGE);
	m->count = n;
	for (size_t i = 0; i < n; i++) {
		m->place[i] = place[i];
		m->place[i].brief =
		    place[i].type != VIZ_WANT_ALL && is_alone(&trust->directory, &place[i].author);
	}
	viz_writer_init(&w, buffer, max);
	viz_message_want_write(&w, m);
	viz_spread_send(trust->core, link, &w);
	free(buffer);
	free(m);
}

/* ---- answering ---- */

/* Sends one record of an author. `*skip` are still to be left out. */
static bool send_one(struct viz_net *net, struct viz_link *link, const struct viz_held *held,
		     size_t *skip, size_t *done)
{
	if (*skip > 0) {
		--*skip;
		return true;
	}
	if (!viz_spread_answer(net, link, held))
		return false;
	++*done;
	return true;
}

/* NODE comes first and, as it may be signed by a later key, once more behind the SUCCESSIONs. */
bool viz_want_answer_all(struct viz_net *net, struct viz_link *link, const struct viz_id *author,
			 uint64_t what, size_t *done)
{
	uint8_t first = what == VIZ_WANT_REST ? VIZ_TYPE_PARTNERS : VIZ_TYPE_NODE;
	uint8_t last = what == VIZ_WANT_REST ? VIZ_TYPE_COVERAGE : VIZ_TYPE_VOUCH;
	bool within_budget = true, rotated = false;
	size_t skip = *done;
	struct viz_slice key, value;
	uint8_t from[VIZ_PLACE_LEN];
	struct viz_walk walk;
	struct viz_held held;

	if (what > VIZ_WANT_REST)
		return true;
	viz_record_place_key(from, author, first, 0);
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
	viz_walk_from(&walk, from, sizeof from);
	while (within_budget && viz_walk_next(&walk, &key, &value) && key.p[32] <= last) {
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
		rotated |= key.p[32] == VIZ_TYPE_SUCCESSION;
		if (rotated && key.p[32] > VIZ_TYPE_REVOCATION &&
		    viz_place_get(net->core, &held, NULL, author, VIZ_TYPE_NODE, 0)) {
			rotated = false;
			within_budget = send_one(net, link, &held, &skip, done);
			VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
		}
		within_budget = within_budget && send_one(net, link, &held, &skip, done);
	}
	return within_budget;
}

static bool answer_place(struct viz_net *net, struct viz_link *link, const struct viz_id *author,
			 const struct viz_item *p, size_t *done)
{
	struct viz_held held;

	if (!viz_place_get(net->core, &held, NULL, author, p->type, p->slot))
		return true;
	++*done;
	return viz_spread_answer(net, link, &held);
}

/* Ids can begin alike. */
static bool answer_brief(struct viz_net *net, struct viz_link *link, const struct viz_item *p,
			 size_t *done)
{
	const struct viz_directory *d = &net->trust->directory;
	size_t at = viz_member_position(d, &p->author);
	bool within_budget = true;

	for (size_t i = at; i < at + ALIKE && begins_alike(d, i, &p->author) && within_budget; i++)
		within_budget = answer_place(net, link, &d->list[i]->id, p, done);
	return within_budget;
}

void viz_want_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_want *m = viz_core_alloc(sizeof *m);
	bool within_budget = true;

	viz_message_want_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK)
		m->count = 0;
	for (size_t i = 0; i < m->count && within_budget; i++) {
		const struct viz_item *p = &m->place[i];
		size_t done = 0;

		if (p->type == VIZ_WANT_ALL)
			within_budget = viz_want_answer_all(net, link, &p->author, p->slot, &done);
		else if (p->brief)
			within_budget = answer_brief(net, link, p, &done);
		else
			within_budget = answer_place(net, link, &p->author, p, &done);
		if (within_budget && done == 0)
			within_budget = viz_budget_repair(net, link, UNHELD_COST);
	}
	free(m);
}
