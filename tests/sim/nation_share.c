/* The directory that all nodes of a nation begin with. It is loaded once, from the records that
 * were published before, and stands in an image (image.h) with the core that loaded it. Each node
 * has a view of that: its own keys and settings, and what has changed since. So a start does not
 * load it, and the tree of repair is ready at once; tools/bench/bench_members.c measures both. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/gossip/sweep.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/coverage/index.h"
#include "node/init.h"
#include "node/link/lot.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/dialable.h"
#include "node/trust/identity.h"
#include "node/trust/peer.h"
#include "node/trust/tree.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/backend.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/vault.h"

void nation_enter(struct nation_node *n)
{
	if (n->view)
		sim_view_enter(n->view);
}

/* The sweep walks over all rows of the store without end, and finds nothing that is over while a
 * nation plays: it is left out where the rows are shared. */
bool __real_viz_gossip_sweep(struct viz_net *net);
bool __wrap_viz_gossip_sweep(struct viz_net *net);
bool __wrap_viz_gossip_sweep(struct viz_net *net)
{
	return nation_world && nation_world->common ? false : __real_viz_gossip_sweep(net);
}

/* ---- the image ---- */

/* Hashes all authors, in the steps of the core, and the tree of this hour and of the last one. */
static void hash_tree(struct viz_node *node)
{
	struct viz_trust *trust = &node->trust;
	uint64_t hour = viz_tree_hour_of(&node->core, node->core.now);

	VIZ_REQUIRE(viz_store_begin(node->core.store) == VIZ_OK);
	do
		viz_tree_step(trust);
	while (!viz_tree_ready(trust));
	viz_tree_at(trust, hour);
	viz_tree_at(trust, hour - 1);
	viz_store_abort(node->core.store);
}

/* With the keys of the first node, and none of its operator's settings. */
void nation_share_make(struct nation *w)
{
	struct nation_node n = {.memory = sim_memory_new(w->base), .file = sim_file_new()};
	struct viz_node_config config = {.profile = w->node[0].profile};
	struct viz_secret entropy;
	struct viz_offline offline;

	nation_open_store(w, &n);
	nation_seed(&entropy, w, "identity", 0, 0);
	VIZ_REQUIRE(viz_node_init(n.store, &offline, &w->federation, &entropy,
				  (struct viz_time){w->began - 4 * VIZ_DAY_MS}) == VIZ_OK);
	sim_file_use(n.file);
	VIZ_REQUIRE(viz_vault_file_open(&n.vault, NULL, n.store, w->dir) == VIZ_OK);
	sim_image_begin();
	VIZ_REQUIRE(viz_node_open(&w->common, n.store, n.vault, &config,
				  (struct viz_time){w->began}) == VIZ_OK);
	hash_tree(w->common);
	w->common->trust.directory.refreshed = false; /* nobody in it is useless */
	sim_image_end();
	w->common_author = w->common->trust.self.author;
	viz_vault_file_close(n.vault);
	viz_store_close(n.store);
	sim_memory_free(n.memory);
	sim_file_free(n.file);
}

/* ---- a node ---- */

/* The PARTNERS of an author, as this node sees it. */
static void read_partners(struct viz_trust *trust, const struct viz_id *author)
{
	struct viz_record rec;
	struct viz_held held;

	if (viz_place_get(trust->core, &held, &rec, author, VIZ_TYPE_PARTNERS, 0) && !held.dead)
		viz_author_apply(trust, &rec);
}

static void read_all_partners(const struct nation *w, struct viz_trust *trust,
			      const struct nation_node *n)
{
	read_partners(trust, &n->author);
	for (size_t i = 0; i < n->partner_count; i++)
		read_partners(trust, &w->node[n->partner[i]].author);
}

/* This node is itself, and the first one is another. */
static void be(const struct nation *w, struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member *other = viz_member_find(trust, &w->common_author), *self;

	memset(&trust->self, 0, sizeof trust->self);
	VIZ_REQUIRE(viz_identity_load(trust) == VIZ_OK);
	self = viz_member_self(trust);
	if (self == other)
		return;
	other->member = true;
	self->member = false;
	viz_dialable_update(d, other);
	viz_dialable_update(d, self);
	read_all_partners(w, trust, &w->node[0]);
}

static void touch(struct viz_core *core, const struct viz_id *author)
{
	struct viz_touched *t = &core->touched;

	if (t->count == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 64;
		t->list = viz_core_grow(t->list, t->capacity, sizeof *t->list);
	}
	t->list[t->count++] = *author;
}

/* What this store has beside the base. */
static void read_own(struct viz_trust *trust, const struct nation_node *n)
{
	struct viz_slice key, value;
	bool gone;

	for (size_t i = 0; sim_memory_own(n->memory, &key, &value, &gone, VIZ_TABLE_RECORD, i);
	     i++) {
		struct viz_record rec;
		struct viz_held held;

		if (viz_record_is_write_once(key.p[32]))
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (!gone)
			viz_author_apply(trust, &rec);
		if (gone || held.dead)
			viz_author_forget(trust, &rec);
		touch(trust->core, &rec.author);
	}
}

void nation_share_open(struct nation *w, struct nation_node *n, const struct viz_secret *seed)
{
	struct viz_node *node = w->common;

	n->view = sim_view_new();
	nation_enter(n);
	n->core = node;
	node->core.store = n->store;
	node->core.vault = n->vault;
	node->core.now = node->deadline = (struct viz_time){w->now};
	node->trust.profile = n->profile;
	viz_rng_seed(&node->core.rng, seed);
	VIZ_REQUIRE(viz_store_begin(n->store) == VIZ_OK);
	be(w, &node->trust);
	read_all_partners(w, &node->trust, n);
	read_own(&node->trust, n);
	VIZ_REQUIRE(viz_peer_load(&node->trust) == VIZ_OK && viz_mail_load(&node->net) == VIZ_OK &&
		    viz_lot_load(&node->net) == VIZ_OK && viz_journal_load(&node->core) == VIZ_OK &&
		    viz_coverage_index_load(&node->net) == VIZ_OK);
	viz_store_abort(n->store);
}
