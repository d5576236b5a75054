/* The host of one simulated node: its disk, its clock and its batches. It carries out the
 * effects. */
#include "tests/sim/check.h"
#include "tests/sim/search.h"
#include "tests/sim/sim.h"

#include <sys/stat.h>
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/profile.h"
#include "node/init.h"
#include "node/link/link.h"
#include "node/node.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/vault.h"

#define MAP_BYTES (UINT64_C(16) << 20)
/* the liar of the table, and all of a busy world, make more offers than a share of that holds */
#define BUSY_MAP_BYTES (UINT64_C(512) << 20)
#define SYNC_MS        30 /* a commit on a disk takes up to this long; what comes meanwhile waits */
#define BATCH_MAX      64

static void seed(struct viz_secret *out, const struct sim_world *w, const char *what,
		 unsigned index, uint64_t n)
{
	struct viz_hash h;
	struct viz_id id;

	viz_hash_init(&h, "vizinho/sim-seed");
	viz_hash_part(&h, (const uint8_t *)what, strlen(what));
	viz_hash_u64(&h, w->options.seed);
	viz_hash_u64(&h, index);
	viz_hash_u64(&h, n);
	viz_hash_final(&h, &id);
	memcpy(out->b, id.b, sizeof out->b);
}

struct viz_time sim_machine_now(const struct sim_world *w, const struct sim_machine *m)
{
	int64_t now = w->now + m->skew_ms;

	return (struct viz_time){now > m->last_now ? now : m->last_now};
}

static void open_store(struct sim_world *w, struct sim_machine *m)
{
	bool busy = w->options.busy || w->options.cheat != 0;
	struct viz_store_config config = {
	    .dir = m->dir, .map_bytes = busy ? BUSY_MAP_BYTES : MAP_BYTES, .volatile_commit = true};
	struct viz_store_fault fault;

	if (viz_store_open(&m->store, &fault, &config) != VIZ_OK)
		sim_fail(w, "store", m, "does not open: %s (%u)", fault.what,
			 (unsigned)fault.reason);
}

/* A CNPJ with its check digits (proto/trust.h). */
static void make_cnpj(char out[15], unsigned n)
{
	static const int weight[13] = {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};

	snprintf(out, 15, "%08u000100", 10000000 + n * 7919);
	for (int k = 12; k < 14; k++) {
		int sum = 0;

		for (int i = 0; i < k; i++)
			sum += (out[i] - '0') * weight[i + 13 - k];
		out[k] = (char)('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
	}
}

static void make_profile(struct sim_world *w, struct sim_machine *m)
{
	struct viz_profile *p = &m->profile;

	snprintf(p->name, sizeof p->name, "Provedor %s", m->name);
	make_cnpj(p->cnpj, m->index);
	p->asn = 262000 + m->index;
	if (!m->behind_nat)
		snprintf(p->address[0], sizeof p->address[0], "10.0.%u.%u:%d", (m->index + 1) / 256,
			 (m->index + 1) % 256, SIM_PORT);
	snprintf(p->whatsapp, sizeof p->whatsapp, "+55273000%04u", m->index);
	snprintf(p->withdrawal, sizeof p->withdrawal, "0800 123 4567");
	snprintf(p->privacy, sizeof p->privacy, "dpo@p%u.example", m->index);
	/* answering by hand needs the short window that some calm seeds have */
	p->by_hand = w->federation.window_min_ms == 500 && m->index == 1;
}

void sim_machine_make_dir(struct sim_world *w, struct sim_machine *m)
{
	snprintf(m->dir, sizeof m->dir, "%s/%02u", w->dir, m->index);
	VIZ_REQUIRE(mkdir(m->dir, 0700) == 0);
}

static void open_vault(struct sim_world *w, struct sim_machine *m)
{
	struct viz_store_fault fault;

	if (viz_vault_file_open(&m->vault, &fault, m->store, m->dir) != VIZ_OK)
		sim_fail(w, "vault", m, "does not open: %s (%u)", fault.what,
			 (unsigned)fault.reason);
}

static void copy_file(const char *from, const char *to, const char *name)
{
	char path[256], buffer[65536];
	FILE *in, *out;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", from, name);
	in = fopen(path, "rb");
	snprintf(path, sizeof path, "%s/%s", to, name);
	out = fopen(path, "wb");
	VIZ_REQUIRE(in && out && fchmod(fileno(out), 0600) == 0);
	while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
		VIZ_REQUIRE(fwrite(buffer, 1, n, out) == n);
	VIZ_REQUIRE(fclose(in) == 0 && fclose(out) == 0);
}

void sim_machine_copy_state(const char *from, const char *to)
{
	copy_file(from, to, "store.mdb");
	copy_file(from, to, "vault");
}

void sim_machine_reopen(struct sim_world *w, struct sim_machine *m)
{
	struct viz_store *known = m->store; /* the core has pointers to it */

	/* the parent still uses the old files, so they stay open */
	open_store(w, m);
	*known = *m->store;
	m->store = known;
	open_vault(w, m);
	m->node->core.vault = m->vault;
}

void sim_machine_create(struct sim_world *w, unsigned index)
{
	struct sim_machine *m = &w->machine[index];
	struct viz_secret entropy;
	struct viz_offline offline;

	m->index = index;
	if (w->count <= 26)
		snprintf(m->name, sizeof m->name, "%c", (char)('A' + index));
	else
		snprintf(m->name, sizeof m->name, "N%02u", index);
	sim_machine_make_dir(w, m);
	/* the first half can be dialled, so that every node finds a peer */
	m->behind_nat = index >= (w->count + 1) / 2 && w->options.profile != SIM_CALM &&
			sim_once_in(&w->rng, 4);
	m->skew_ms = (int64_t)sim_below(&w->rng, 2001) - 1000;
	if (w->options.profile == SIM_ROUGH && index == w->count - 1)
		m->skew_ms = w->options.seed % 2 ? 12000 : -12000;
	make_profile(w, m);
	open_store(w, m);
	seed(&entropy, w, "identity", index, 0);
	VIZ_REQUIRE(viz_node_init(m->store, &offline, &w->federation, &entropy,
				  sim_machine_now(w, m)) == VIZ_OK);
	m->next_seed = offline.next_seed;
	memcpy(m->revocation, offline.revocation, sizeof m->revocation);
	m->revocation_len = offline.revocation_len;
	viz_store_close(m->store);
	m->store = NULL;
	sim_machine_start(w, m);
}

/* The operator kept the file of the key after the next one. When the node's key number has changed,
 * that key is the next one. */
static void learn_keys(struct sim_machine *m)
{
	if (m->node->trust.self.key_number != m->key_number) {
		m->key_number = m->node->trust.self.key_number;
		m->next_seed = m->following_seed;
	}
}

void sim_machine_start(struct sim_world *w, struct sim_machine *m)
{
	static const char *const readers[] = {"agente"};
	struct viz_node_config config = {
	    .profile = m->profile, .readers = readers, .reader_count = 1};
	char error[256];
	int err;

	open_store(w, m);
	open_vault(w, m);
	if (viz_vault_wipe_recover(m->vault, NULL) != VIZ_OK)
		sim_fail(w, "vault", m, "does not recover");
	if (viz_vault_check(m->vault, error) != VIZ_OK)
		sim_fail(w, "vault", m, "%s", error);
	seed(&config.seed, w, "run", m->index, ++m->incarnation);
	err = viz_node_open(&m->node, m->store, m->vault, &config, sim_machine_now(w, m));
	if (err != VIZ_OK)
		sim_fail(w, "I2", m, "the node does not open: %s", viz_err_name(err));
	m->author = *viz_node_author(m->node);
	m->tick_at = INT64_MAX;
	learn_keys(m);
	sim_trace_note(w, m, "starts");
	sim_check_opened(w, m);
	sim_machine_tick(w, m);
}

void sim_machine_stop(struct sim_machine *m)
{
	for (size_t i = 0; i < m->input_count; i++)
		sim_input_free(&m->input[i]);
	free(m->input);
	m->input = NULL;
	m->input_count = m->input_capacity = 0;
	if (m->node)
		viz_node_close(m->node);
	m->node = NULL;
	viz_vault_file_close(m->vault);
	m->vault = NULL;
	viz_store_close(m->store);
	m->store = NULL;
}

void sim_machine_crash(struct sim_world *w, struct sim_machine *m, int64_t down_ms)
{
	sim_trace_note(w, m, down_ms < 0 ? "is gone" : "crashes");
	w->crashes++;
	m->gone = down_ms < 0;
	m->incarnation++; /* what is on its way to this process gets lost */
	sim_machine_stop(m);
	sim_net_crashed(w, m->index);
	if (!m->gone)
		sim_plan(w, w->now + down_ms,
			 &(struct sim_task){.kind = SIM_TASK_START, .node = m->index});
}

static void plan_run(struct sim_world *w, struct sim_machine *m)
{
	if (m->run_planned)
		return;
	m->run_planned = true;
	sim_plan(w, w->now + (int64_t)sim_below(&w->rng, w->options.busy ? SYNC_MS : 4),
		 &(struct sim_task){.kind = SIM_TASK_RUN, .node = m->index});
}

void sim_machine_give(struct sim_world *w, struct sim_machine *m, struct sim_input input)
{
	if (!m->node) {
		sim_input_free(&input);
		return;
	}
	if (m->input_count == m->input_capacity) {
		m->input_capacity = m->input_capacity ? m->input_capacity * 2 : 64;
		m->input = viz_core_grow(m->input, m->input_capacity, sizeof *m->input);
	}
	m->input[m->input_count++] = input;
	plan_run(w, m);
}

void sim_machine_tick(struct sim_world *w, struct sim_machine *m)
{
	struct viz_event tick = {.kind = VIZ_EVENT_TICK};

	m->tick_at = INT64_MAX;
	sim_machine_give(w, m, sim_input_copy(&tick, NULL, 0));
}

static void plan_tick(struct sim_world *w, struct sim_machine *m)
{
	int64_t at = viz_node_deadline(m->node).ms;

	/* a timer fires when the node's own clock shows its time */
	at = at == INT64_MAX ? INT64_MAX : at - m->skew_ms;
	if (at <= w->now)
		at = w->now + 1;
	if (at == INT64_MAX || at >= m->tick_at)
		return;
	m->tick_at = at;
	sim_plan(w, at,
		 &(struct sim_task){.kind = SIM_TASK_TICK, .node = m->index, .a = m->incarnation});
}

static void verify(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	struct viz_event ev = {.kind = VIZ_EVENT_VERIFIED, .job = fx->job};
	struct sim_task t = {.kind = SIM_TASK_INPUT, .node = m->index, .a = m->incarnation};

	ev.ok = viz_sign_verify(&fx->sig, &fx->id, &fx->remote) == VIZ_OK;
	t.input = sim_input_copy(&ev, NULL, 0);
	/* the pool finishes checks in any order */
	sim_plan(w, w->now + 1 + (int64_t)sim_below(&w->rng, 10), &t);
}

static void keys(struct sim_machine *m, const struct viz_effect *fx)
{
	viz_x25519_pub(&m->transport, &fx->transport);
	m->has_transport_old = fx->has_old;
	if (fx->has_old)
		viz_x25519_pub(&m->transport_old, &fx->transport_old);
}

static void carry_out(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	sim_trace_effect(w, m, fx);
	sim_check_effect(w, m, fx);
	switch (fx->kind) {
	case VIZ_EFFECT_DIAL:
		sim_net_dial(w, m, fx);
		break;
	case VIZ_EFFECT_ADMIT:
		sim_net_admit(w, fx->link);
		break;
	case VIZ_EFFECT_SEND:
		sim_liars_send(w, m, fx->link, fx->bytes + 2, viz_be_get_u16(fx->bytes));
		break;
	case VIZ_EFFECT_CLOSE:
		sim_net_close(w, fx->link);
		break;
	case VIZ_EFFECT_VERIFY:
		verify(w, m, fx);
		break;
	case VIZ_EFFECT_REPLY:
		sim_play_reply(w, m, fx);
		break;
	case VIZ_EFFECT_KEYS:
	case VIZ_EFFECT_HOOK:
		keys(m, fx);
		break;
	case VIZ_EFFECT_LOG:
		m->told |= fx->priority <= 3 && strncmp(fx->text, "quarantine:", 11) == 0;
		break;
	}
}

/* Runs one batch. False: the process died in it. */
static bool batch(struct sim_world *w, struct sim_machine *m, struct viz_effects *fx, size_t count)
{
	struct viz_event events[BATCH_MAX];
	struct viz_time now = sim_machine_now(w, m);
	unsigned point = sim_fault_crash_point(w);
	int err;

	for (size_t i = 0; i < count; i++) {
		events[i] = m->input[i].event;
		sim_trace_event(w, m, &events[i]);
		if (w->search)
			sim_search_event(m, &events[i], now);
	}
	w->batches++;
	w->events += count;
	m->last_now = now.ms;
	w->stepping = m;
	sim_crash_arm(point);
	sim_check_before(w, m);
	err = viz_node_run(m->node, fx, now, events, count);
	w->stepping = NULL;
	if (err != VIZ_OK && !sim_crash_hit())
		sim_fail(w, "store", m, "a batch failed: %s",
			 viz_store_cause(m->store) ? viz_store_cause(m->store)
						   : "the store is full");
	sim_crash_arm(0);
	if (err == VIZ_OK)
		sim_check_after(w, m, fx);
	else
		sim_check_lost(w, m);
	if (err == VIZ_OK && point > 0) {
		/* the batch is on disk, but only some of its effects were carried out */
		size_t carried_out = fx->count ? sim_below(&w->rng, fx->count) : 0;

		for (size_t i = 0; i < carried_out; i++)
			carry_out(w, m, &fx->list[i]);
		err = VIZ_ERR_STORE;
	}
	return err == VIZ_OK;
}

/* Notes what the checks of suspicions ask for later. */
static void note_state(struct sim_world *w, struct sim_machine *m)
{
	const struct viz_links *l = &m->node->net.links;
	bool is = m->node->trust.self.quarantine.ms != 0;

	w->faults.quarantines += is && !m->in_quarantine;
	if (is && m->rolled && m->quarantined_at == 0)
		m->quarantined_at = w->now;
	m->in_quarantine = is;
	for (size_t i = 0; i < l->count; i++) {
		const struct sim_machine *peer = sim_net_peer(w, l->list[i].number);

		if (peer && !l->list[i].guest && !l->list[i].closing)
			w->linked_at[m->index][peer->index] = w->now;
	}
}

void sim_machine_run(struct sim_world *w, struct sim_machine *m)
{
	size_t count = m->input_count < BATCH_MAX ? m->input_count : BATCH_MAX;
	struct viz_effects fx;
	bool alive;

	if (!m->node || count == 0)
		return;
	viz_effects_init(&fx);
	alive = batch(w, m, &fx, count);
	for (size_t i = 0; i < count; i++)
		sim_input_free(&m->input[i]);
	m->input_count -= count;
	memmove(m->input, m->input + count, m->input_count * sizeof *m->input);
	if (alive) {
		for (size_t i = 0; i < fx.count; i++)
			carry_out(w, m, &fx.list[i]);
		learn_keys(m);
		note_state(w, m);
		plan_tick(w, m);
		if (m->input_count > 0)
			plan_run(w, m);
	} else {
		sim_machine_crash(w, m, 200 + (int64_t)sim_below(&w->rng, 8000));
	}
	viz_effects_clear(&fx);
}
