#include "node/core.h"

#include <stdarg.h>

#include "node/circle.h"
#include "node/ctl.h"
#include "node/due.h"
#include "node/inbox.h"
#include "node/journal.h"
#include "node/lead.h"
#include "node/mail.h"
#include "node/place.h"
#include "node/record_id.h"
#include "node/retention.h"

#define HOUSEKEEPING_MS 1000
#define TELL_FULL_MS    600000
#define THING_PUTS      64 /* what one operation or mail writes at most, but for imports and offers */
#define THING_BYTES     65536

bool viz_core_get(struct viz_node *node, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len)
{
	return viz_store_get(node->store, out, table, key, key_len) == VIZ_OK;
}

void viz_core_put(struct viz_node *node, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len)
{
	if (viz_store_put(node->store, table, key, key_len, value, value_len) == VIZ_ERR_LIMIT)
		node->store_full = true;
}

void viz_core_del(struct viz_node *node, enum viz_table table, const uint8_t *key, size_t key_len)
{
	viz_store_del(node->store, table, key, key_len);
}

unsigned viz_core_used_quarters(struct viz_node *node)
{
	uint64_t used, map;

	viz_store_usage(node->store, &used, &map);
	return (unsigned)(used / (map / 4));
}

bool viz_core_nearly_full(struct viz_node *node)
{
	return viz_core_used_quarters(node) >= 3;
}

bool viz_core_has_room(struct viz_node *node)
{
	return viz_store_has_room(node->store, THING_PUTS, THING_BYTES);
}

void *viz_core_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	VIZ_REQUIRE(p);
	return p;
}

void *viz_core_grow(void *p, size_t count, size_t size)
{
	void *q = realloc(p, count * size);

	VIZ_REQUIRE(q);
	return q;
}

void viz_core_log(struct viz_node *node, int priority, const char *format, ...)
{
	struct viz_effect *fx;
	char text[512];
	va_list args;

	if (!node->fx)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	fx = viz_effects_add(node->fx, VIZ_EFFECT_LOG, NULL, 0);
	fx->priority = priority;
	fx->form = format;
	fx->text = strdup(text);
	VIZ_REQUIRE(fx->text);
}

void viz_core_keys_changed(struct viz_node *node)
{
	struct viz_effect *fx = viz_effects_add(node->fx, VIZ_EFFECT_KEYS, NULL, 0);

	fx->transport = node->self.transport;
	fx->transport_old = node->self.transport_old;
	fx->has_old = node->self.transport_old_until.ms > node->now.ms;
}

void viz_statement_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
		       uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number)
{
	viz_id_slot_key(out, origin, slot);
	out[40] = type;
	viz_id_slot_key(out + 41, author, number);
}

static int load(struct viz_node *node)
{
	int err = viz_self_load(node);

	if (err == VIZ_OK)
		err = viz_directory_load(node);
	if (err == VIZ_OK)
		err = viz_mail_load(node);
	if (err == VIZ_OK)
		err = viz_journal_load(node);
	if (err == VIZ_OK)
		err = viz_coverage_index_load(node);
	return err;
}

int viz_node_open(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		  const struct viz_node_config *config, struct viz_time now)
{
	struct viz_node *node = calloc(1, sizeof *node);
	int err;

	if (!node)
		return VIZ_ERR_NOMEM;
	node->store = store;
	node->vault = vault;
	node->profile = config->profile;
	node->now = now;
	viz_rng_seed(&node->rng, &config->seed);
	viz_ctl_init();
	node->readers = viz_core_alloc((config->reader_count + 1) * sizeof *node->readers);
	for (size_t i = 0; i < config->reader_count; i++)
		snprintf(node->readers[i], sizeof node->readers[i], "%s", config->readers[i]);
	node->reader_count = config->reader_count;
	err = viz_store_begin(store);
	if (err == VIZ_OK) {
		err = load(node);
		viz_store_abort(store);
	}
	if (err != VIZ_OK) {
		viz_node_close(node);
		return err;
	}
	node->deadline = now;
	node->starting = true;
	*out = node;
	return VIZ_OK;
}

void viz_node_close(struct viz_node *node)
{
	viz_directory_free(node);
	viz_intake_free(node);
	viz_links_free(node);
	viz_coverage_index_free(node);
	free(node->readers);
	free(node->erased);
	viz_wipe(node, sizeof *node);
	free(node);
}

/* Whether the NODE record that we hold says what the profile says. */
static bool profile_published(struct viz_node *node)
{
	const struct viz_member *m = viz_member_self(node);
	const struct viz_profile *p = &node->profile;
	size_t n = 0;

	if (!m->has_node || m->node_key != node->self.key_number ||
	    strcmp(m->node.name, p->name) != 0 || strcmp(m->node.cnpj, p->cnpj) != 0 ||
	    m->node.asn != p->asn || m->node.by_hand != p->by_hand ||
	    strcmp(m->node.whatsapp, p->whatsapp) != 0 || strcmp(m->node.hours, p->hours) != 0 ||
	    strcmp(m->node.privacy, p->privacy) != 0 || strcmp(m->node.version, VIZ_VERSION) != 0)
		return false;
	while (n < VIZ_ADDRESSES_MAX && p->address[n][0] != '\0') {
		if (n >= m->node.address_count || strcmp(m->node.address[n], p->address[n]) != 0)
			return false;
		n++;
	}
	return n == m->node.address_count;
}

static void start(struct viz_node *node)
{
	const struct viz_member *m = viz_member_self(node);

	node->starting = false;
	viz_core_keys_changed(node);
	viz_self_mend_dates(node);
	node->next_heartbeat = viz_after(m->node_time, node->federation.heartbeat_ms);
	if (!profile_published(node))
		node->next_heartbeat = node->now;
	/* the clock may have been set since they were noted: they run from now, by this clock */
	node->lease_floor =
	    viz_after(node->now, node->federation.lease_ms + node->federation.lease_margin_ms);
	viz_inbox_resume(node);
}

static void step(struct viz_node *node, const struct viz_event *ev)
{
	switch (ev->kind) {
	case VIZ_EVENT_TICK:
		break;
	case VIZ_EVENT_HELLO:
		viz_link_hello(node, ev);
		break;
	case VIZ_EVENT_OPENED:
		viz_link_opened(node, ev);
		break;
	case VIZ_EVENT_DIAL_FAILED:
		viz_link_dial_failed(node, ev->attempt);
		break;
	case VIZ_EVENT_CLOSED:
		viz_link_closed(node, ev->link);
		break;
	case VIZ_EVENT_MESSAGE:
		viz_link_message(node, ev->link, ev->bytes, ev->len);
		break;
	case VIZ_EVENT_VERIFIED:
		viz_intake_verified(node, ev->job, ev->ok);
		break;
	case VIZ_EVENT_REQUEST:
		viz_ctl_request(node, ev);
		break;
	}
	while (viz_directory_refresh(node))
		;
}

/* Says once that nothing more is taken from others, and once that it is again: not more often than
 * every ten minutes, since a store may stay about the line. */
static void say_nearly_full(struct viz_node *node)
{
	bool full = viz_core_nearly_full(node);

	if (full == node->told_full ||
	    (node->told_full_at.ms != 0 &&
	     node->now.ms < viz_after(node->told_full_at, TELL_FULL_MS).ms))
		return;
	node->told_full = full;
	node->told_full_at = node->now;
	if (full)
		viz_core_log(
		    node, 4,
		    "the store is nearly full: of others only nodes, keys and vouches are taken in "
		    "(see [store] map_mib)");
	else
		viz_core_log(node, 5,
			     "the store has room again: records and offers of others are taken in");
}

static void housekeep(struct viz_node *node)
{
	if (node->next_heartbeat.ms <= node->now.ms && !node->self.revoked)
		viz_self_publish_node(node);
	if (node->self.transport_old_until.ms != 0 &&
	    node->self.transport_old_until.ms <= node->now.ms) {
		node->self.transport_old_until = (struct viz_time){0};
		viz_wipe(&node->self.transport_old, sizeof node->self.transport_old);
		viz_self_save(node);
		viz_core_keys_changed(node);
	}
	if (node->next_housekeeping.ms <= node->now.ms) {
		node->next_housekeeping = viz_after(node->now, HOUSEKEEPING_MS);
		viz_circle_refresh(node);
		viz_place_sweep(node);
		viz_coverage_index_build(node);
		viz_retention_sweep(node);
		say_nearly_full(node);
	}
}

static void set_deadline(struct viz_node *node)
{
	struct viz_time candidates[] = {viz_due_next(node), viz_links_deadline(node),
					node->next_housekeeping, node->directory.recheck_at};
	struct viz_time at =
	    node->self.revoked ? (struct viz_time){INT64_MAX} : node->next_heartbeat;

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
		if (candidates[i].ms != 0 && candidates[i].ms < at.ms)
			at = candidates[i];
	node->deadline = at;
}

static int commit(struct viz_node *node)
{
	if (node->store_full || viz_vault_sync(node->vault) != VIZ_OK) {
		viz_store_abort(node->store);
		viz_vault_abort(node->vault);
		return VIZ_ERR_STORE;
	}
	return viz_store_commit(node->store) == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
}

/* The second half of the vault's two-store protocol: overwrite, then tell. */
static int finish_erasures(struct viz_node *node)
{
	if (viz_vault_erasing(node->vault) == 0 && node->erased_count == 0)
		return VIZ_OK;
	if (viz_vault_wipe(node->vault) != VIZ_OK || viz_store_begin(node->store) != VIZ_OK ||
	    viz_vault_erased(node->vault) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_inbox_say_erased(node);
	viz_mail_pump_all(node);
	set_deadline(node);
	return commit(node);
}

int viz_node_run(struct viz_node *node, struct viz_effects *fx, struct viz_time now,
		 const struct viz_event *events, size_t count)
{
	int err;

	if (now.ms > node->now.ms)
		node->now = now;
	node->fx = fx;
	if (viz_store_begin(node->store) != VIZ_OK)
		return VIZ_ERR_STORE;
	if (node->starting)
		start(node);
	for (size_t i = 0; i < count; i++)
		step(node, &events[i]);
	housekeep(node);
	viz_due_run(node);
	while (viz_directory_refresh(node))
		;
	viz_links_maintain(node);
	viz_mail_pump_all(node);
	set_deadline(node);
	err = commit(node);
	if (err == VIZ_OK)
		err = finish_erasures(node);
	node->fx = NULL;
	return err;
}

struct viz_time viz_node_deadline(const struct viz_node *node)
{
	return node->deadline;
}

const struct viz_id *viz_node_author(const struct viz_node *node)
{
	return &node->self.author;
}

const struct viz_federation *viz_node_federation(const struct viz_node *node)
{
	return &node->federation;
}
