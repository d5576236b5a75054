/* Whether a node that begins with the directory of all knows the same as one that loads its own. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/leave.h"
#include "node/trust/tree.h"
#include "proto/base.h"
#include "store/store.h"

#define SAME(field) (memcmp(&a->field, &b->field, sizeof a->field) == 0)

static bool same_vouches(const struct viz_member *a, const struct viz_member *b)
{
	if (a->vouch_count != b->vouch_count)
		return false;
	for (size_t i = 0; i < a->vouch_count; i++) {
		const struct viz_vouch_row *x = &a->vouch[i], *y = NULL;

		for (size_t k = 0; k < b->vouch_count; k++)
			if (b->vouch[k].slot == x->slot)
				y = &b->vouch[k];
		if (!y || !viz_id_eq(&x->to->id, &y->to->id) || x->key != y->key ||
		    x->withdrawn != y->withdrawn || x->counted != y->counted)
			return false;
	}
	return true;
}

static bool same_partners(const struct viz_member *a, const struct viz_member *b)
{
	if (a->has_partners != b->has_partners || !a->partners != !b->partners ||
	    a->us_count != b->us_count)
		return false;
	if (a->us_count > 0 && memcmp(a->us, b->us, a->us_count * sizeof *a->us) != 0)
		return false;
	if (a->partners && memcmp(a->partners, b->partners, sizeof *a->partners) != 0)
		return false;
	return !a->has_partners || (SAME(partners_key) && SAME(partners_time) && SAME(partners_id));
}

static bool same_key(const struct viz_author_key *a, const struct viz_author_key *b)
{
	return SAME(pub) && SAME(next_hash) && a->revoked == b->revoked && a->last == b->last;
}

static bool same_keys(const struct viz_member *a, const struct viz_member *b)
{
	if (a->key_count != b->key_count)
		return false;
	for (size_t i = 0; i < a->key_count; i++)
		if (!same_key(&a->key[i], &b->key[i]))
			return false;
	return true;
}

static bool same_node(const struct viz_member *a, const struct viz_member *b)
{
	if (a->has_node != b->has_node)
		return false;
	return !a->has_node ||
	       (SAME(node_time) && SAME(node_key) && SAME(node.transport) && SAME(node.partners) &&
		SAME(node.start) && SAME(node.log) && SAME(node.cnpj) &&
		a->node.by_hand == b->node.by_hand && a->node.has_address == b->node.has_address &&
		strcmp(a->name, b->name) == 0);
}

static bool same_items(const struct viz_member_items *a, const struct viz_member_items *b)
{
	return a->has_view == b->has_view && a->has_keys == b->has_keys &&
	       a->has_other == b->has_other && a->left_out == b->left_out && SAME(end) &&
	       SAME(view) && SAME(keys) && SAME(other) && SAME(mark_count) &&
	       (a->mark_count == 0 ||
		memcmp(a->mark, b->mark, a->mark_count * sizeof *a->mark) == 0);
}

static bool same_member(const struct viz_member *a, const struct viz_member *b)
{
	return SAME(id) && same_keys(a, b) && same_node(a, b) && same_partners(a, b) &&
	       same_vouches(a, b) && a->as->named == b->as->named &&
	       a->as->sponsors == b->as->sponsors && a->as->member == a && a->member == b->member &&
	       a->in == b->in && a->pruned == b->pruned && !a->dialable == !b->dialable &&
	       a->weight == b->weight && a->peer.present == b->peer.present &&
	       a->peer.vouched == b->peer.vouched && a->peer.partner == b->peer.partner &&
	       !a->remote == !b->remote && same_items(&a->items, &b->items);
}

/* What the first batch does to the directory. */
static void settle(struct viz_node *node)
{
	struct viz_trust *trust = &node->trust;

	VIZ_REQUIRE(viz_store_begin(node->core.store) == VIZ_OK);
	viz_closure_refresh(trust);
	viz_leave_step(trust);
	do
		viz_tree_step(trust);
	while (!viz_tree_ready(trust));
	viz_store_abort(node->core.store);
}

void nation_check_same(struct nation *w, struct nation_node *n,
		       const struct viz_node_config *config)
{
	struct viz_directory *a = &n->core->trust.directory, *b;
	struct viz_node *loaded;

	VIZ_REQUIRE(viz_node_open(&loaded, n->store, n->vault, config, (struct viz_time){w->now}) ==
		    VIZ_OK);
	settle(loaded);
	settle(n->core);
	b = &loaded->trust.directory;
	VIZ_REQUIRE(a->count == b->count && a->dialable.count == b->dialable.count &&
		    a->peer_count == b->peer_count && a->strangers.count == b->strangers.count &&
		    n->core->trust.leave.total == loaded->trust.leave.total &&
		    n->core->net.links.remote_count == loaded->net.links.remote_count);
	for (size_t i = 0; i < a->count; i++)
		VIZ_REQUIRE(same_member(a->list[i], b->list[i]));
	VIZ_REQUIRE(memcmp(&n->core->trust.tree.sketch, &loaded->trust.tree.sketch,
			   sizeof loaded->trust.tree.sketch) == 0);
	viz_node_close(loaded);
}
