/* The operators: they bring in nodes, and set trust, coverage and keys. play_case.c has the
 * customers and play_inbox.c the inbox. */
#include "tests/sim/cheat.h"
#include "tests/sim/play.h"

#include <stdarg.h>
#include "crypto/hash.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/event.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/geo/cell.h"
#include "proto/geo/region.h"
#include "proto/limits.h"

#define AGAIN_MS 4000 /* a request without reply is sent again after this time */

uint32_t sim_municipality(unsigned n)
{
	/* municipalities of Espírito Santo */
	static const uint32_t codes[SIM_MUNICIPALITIES] = {3203205, 3205309, 3205200, 3205002,
							   3201308, 3201506, 3200607, 3204906,
							   3202405, 3201209};

	return codes[n % SIM_MUNICIPALITIES];
}

uint32_t sim_cep(unsigned municipality)
{
	return 29100000 + municipality * 10000;
}

void sim_hex_of(char hex[65], const struct sim_machine *m)
{
	viz_hex(hex, m->author.b, sizeof m->author.b);
}

struct sim_query *sim_ask(struct sim_world *w, struct sim_machine *m, enum sim_ask ask, size_t ref,
			  const char *format, ...)
{
	struct sim_play *p = w->play;
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST, .who = "agente"};
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	VIZ_REQUIRE(len > 0);
	ev.client = ++p->last_client;
	sim_machine_give(w, m, sim_input_copy(&ev, (const uint8_t *)text, (size_t)len));
	free(text);
	p->query = sim_more(p->query, p->query_count, &p->query_capacity, sizeof *p->query);
	p->query[p->query_count] = (struct sim_query){.client = ev.client, .ask = ask, .ref = ref};
	return &p->query[p->query_count++];
}

static void pair(struct sim_play *p, unsigned a, unsigned b, bool vouch)
{
	p->partner[a][b] = p->partner[b][a] = true;
	p->vouch[a][b] |= vouch;
	p->vouch[b][a] |= vouch;
}

void sim_play_begin(struct sim_world *w)
{
	struct sim_play *p = calloc(1, sizeof *p);
	bool rough = w->options.profile == SIM_ROUGH;

	VIZ_REQUIRE(p);
	w->play = p;
	if (rough && w->count > 6 && w->options.seed % 3 == 2) {
		p->revokes = w->count - 2;
		p->revoke_at = w->began + 100000 + (int64_t)sim_below(&w->rng, 60000);
	}
	for (unsigned i = 1; i < w->count; i++) {
		/* a node that was invited must be able to dial its sponsor, and a node for which
		 * only a revoked one vouches stays outside */
		do
			p->sponsor[i] = (unsigned)sim_below(&w->rng, i);
		while (w->machine[p->sponsor[i]].behind_nat ||
		       (p->revokes != 0 && p->sponsor[i] == p->revokes));
		pair(p, i, p->sponsor[i], true);
	}
	for (unsigned i = 0; i < w->count; i++)
		for (unsigned k = 0; k < i; k++)
			if (sim_below(&w->rng, w->count) < 4)
				pair(p, i, k, sim_once_in(&w->rng, 3));
	if (w->options.way == SIM_WAY_ACK_KEY) {
		p->rotates = w->count - 1;
		p->rotate_at = w->began + 60000;
	}
	for (unsigned i = 0; i < w->count; i++)
		sim_plan(w, w->now + (int64_t)sim_below(&w->rng, 2000),
			 &(struct sim_task){.kind = SIM_TASK_OPERATE, .node = i});
	if (rough && w->count > 4) {
		p->rotates = 1 + (unsigned)sim_below(&w->rng, w->count - 2);
		if (p->rotates == p->revokes)
			p->rotates--;
		p->rotate_at = w->began + 60000 + (int64_t)sim_below(&w->rng, 60000);
	}
}

void sim_play_free(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++)
		free(w->play->line[i]);
	for (size_t i = 0; i < w->play->case_count; i++)
		sim_case_free(&w->play->cases[i]);
	free(w->play->query);
	free(w->play->cases);
	free(w->play);
}

/* Half of the cells in which the places of customers lie, as hex. */
static void checkered(char *hex, size_t max, unsigned odd)
{
	const unsigned level = VIZ_AREA_LEVEL;
	uint32_t west = viz_cell_column(SIM_CANARY_LON, level);
	uint32_t east = viz_cell_column(SIM_CANARY_LON + 65000, level);
	uint32_t north = viz_cell_row(SIM_CANARY_LAT + 65000, level);
	uint32_t south = viz_cell_row(SIM_CANARY_LAT, level);
	uint64_t cells[64];
	uint8_t bytes[512];
	size_t n = 0, len = 0;

	for (uint32_t y = north; y <= south; y++)
		for (uint32_t x = west; x <= east && n < 64; x++)
			if ((x + y + odd) % 2)
				cells[n++] = viz_cell_from_xy(x, y, level);
	VIZ_REQUIRE(viz_region_normalise(cells, &n) == VIZ_OK);
	VIZ_REQUIRE(viz_region_encode(bytes, &len, sizeof bytes, cells, n) == VIZ_OK);
	VIZ_REQUIRE(len * 2 < max);
	viz_hex(hex, bytes, len);
}

bool sim_covers(const struct sim_machine *m, const struct viz_area *area)
{
	/* with a region of cells it depends */
	for (unsigned i = 0; i < 3 && (m->index % 3 == 0 || area->cell == 0); i++)
		if (sim_municipality(m->index * 2 + i * 3) == area->municipality)
			return true;
	return false;
}

static void cover(struct sim_world *w, struct sim_machine *m)
{
	char codes[128] = "", ceps[256] = "", region[1024] = "";

	/* three municipalities, the first of them also by all CEPs of its streets */
	for (unsigned i = 0; i < 3; i++) {
		size_t n = strlen(codes);

		snprintf(codes + n, sizeof codes - n, "%s{\"code\":%u}", n ? "," : "",
			 sim_municipality(m->index * 2 + i * 3));
	}
	if (m->index % 3 != 0)
		checkered(region, sizeof region, m->index % 3);
	snprintf(ceps, sizeof ceps, "[%u,%u]", sim_cep(m->index * 2 % SIM_MUNICIPALITIES),
		 sim_cep(m->index * 2 % SIM_MUNICIPALITIES) + 9999);
	sim_ask(w, m, SIM_ASK_COVERAGE, 0,
		"{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\",\"municipalities\":[%s],"
		"\"ceps\":[%s],\"region\":\"%s\",\"down_mbps\":600}}",
		codes, ceps, region);
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"plan.add\",\"args\":{\"name\":\"Fibra 600\",\"price_cents\":%u,"
		"\"down_mbps\":600,\"install_days\":3,\"url\":\"https://p%u.example/planos\"}}",
		8990 + m->index * 100, m->index);
}

static void join(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;
	struct sim_machine *sponsor = &w->machine[p->sponsor[m->index]];

	if (p->asked_at[m->index] + AGAIN_MS > w->now)
		return;
	p->asked_at[m->index] = w->now;
	if (p->line[m->index])
		sim_ask(w, m, SIM_ASK_ACCEPT, 0,
			"{\"op\":\"peer.accept\",\"args\":{\"line\":\"%s\"}}", p->line[m->index]);
	else if (sponsor->node)
		sim_ask(w, sponsor, SIM_ASK_INVITE, m->index,
			"{\"op\":\"peer.invite\",\"args\":{}}");
}

/* Confirms the nodes that it invited, and makes partners of those with which it agreed to deal. */
static void trust(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;

	for (unsigned k = 0; k < w->count; k++) {
		const struct viz_member *o =
		    viz_member_find(&m->node->trust, &w->machine[k].author);
		char hex[65];

		if (k == m->index || !p->partner[m->index][k] || p->trusted[m->index][k] ||
		    !sim_once_in(&w->rng, 2) || !o || !o->has_node)
			continue;
		/* confirms those that came with our invitation; the others are known by now */
		if (!o->member && !o->peer.pending && !o->peer.vouched)
			continue;
		sim_hex_of(hex, &w->machine[k]);
		sim_ask(w, m, SIM_ASK_TRUST, k,
			"{\"op\":\"peer.trust\",\"args\":{\"peer\":\"%s\",\"vouch\":%s}}", hex,
			p->vouch[m->index][k] ? "true" : "false");
	}
}

/* Blocks a partner and takes it back after a while. */
static void quarrel(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;
	unsigned k = (unsigned)sim_below(&w->rng, w->count);
	char hex[65];

	if (k == m->index || !p->trusted[m->index][k])
		return;
	sim_hex_of(hex, &w->machine[k]);
	if (p->blocked[m->index][k])
		sim_ask(w, m, SIM_ASK_ANYTHING, 0,
			"{\"op\":\"peer.trust\",\"args\":{\"peer\":\"%s\"}}", hex);
	else
		sim_ask(w, m, SIM_ASK_ANYTHING, 0,
			"{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\",\"reason\":\"teste\"}}",
			hex);
	p->blocked[m->index][k] = !p->blocked[m->index][k];
}

/* Whether to prune it withdraws the VOUCH by which it, or this node, may hang: it vouches for it,
 * and it is no partner, as after a quarrel. Who is then outside is so by the will of an operator.
 */
static bool holds(const struct sim_world *w, const struct sim_machine *m,
		  const struct viz_member *o, unsigned k)
{
	const struct viz_partners *list = viz_member_self(&m->node->trust)->partners;
	const struct viz_partner_entry *e = list ? viz_partners_find(list, &o->id) : NULL;

	return w->play->vouch[m->index][k] && !(e && e->removed.ms == 0);
}

/* Prunes a member, or takes that back. A partner stays one. */
static void prune(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;
	unsigned k = (unsigned)sim_below(&w->rng, w->count);
	const struct viz_member *o = viz_member_find(&m->node->trust, &w->machine[k].author);
	char hex[65];

	if (k == m->index || !o || (p->partner[m->index][k] && !p->trusted[m->index][k]) ||
	    (o->pruned_at.ms == 0 && holds(w, m, o, k)))
		return;
	sim_hex_of(hex, &w->machine[k]);
	w->faults.prunes++;
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"peer.prune\",\"args\":{\"peer\":\"%s\",\"undo\":%s}}", hex,
		o->pruned_at.ms != 0 ? "true" : "false");
}

/* Whether the liar needs many PARTNERS for its lies. */
static bool changes_partners(const struct sim_world *w, const struct sim_machine *m)
{
	enum sim_way way = w->options.way;

	return m->lies & SIM_LIE_WAY && (way == SIM_WAY_DATES || way == SIM_WAY_BACKDATED ||
					 way == SIM_WAY_OUTSIDE || way == SIM_WAY_BETWEEN);
}

void sim_play_rotate(struct sim_world *w, struct sim_machine *m)
{
	struct viz_signer following;
	struct viz_id hash;
	struct viz_hash h;
	char seed[65], next[65];

	viz_hash_init(&h, "vizinho/sim-following");
	viz_hash_u64(&h, w->options.seed);
	viz_hash_u64(&h, m->index);
	if (m->key_number > 0)
		viz_hash_u64(&h, m->key_number);
	viz_hash_final(&h, &hash);
	memcpy(m->following_seed.b, hash.b, sizeof hash.b);
	viz_sign_seed_keypair(&following, &m->following_seed);
	viz_id_next_hash(&hash, &following.pub);
	viz_hex(seed, m->next_seed.b, sizeof m->next_seed.b);
	viz_hex(next, hash.b, sizeof hash.b);
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"key.rotate\",\"args\":{\"next_seed\":\"%s\",\"following_hash\":\"%s\"}}",
		seed, next);
}

static void revoke_key(struct sim_world *w, struct sim_machine *m)
{
	struct sim_machine *whose = &w->machine[w->play->revokes];
	char hex[1025];

	viz_hex(hex, whose->revocation, whose->revocation_len);
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}", hex);
	whose->revoked = true;
	w->faults.revocations++;
	w->play->renew_at = w->now + 20000 + (int64_t)sim_below(&w->rng, 20000);
}

/* A node whose key was revoked takes its next key, and the others know it again. */
static void renew(struct sim_world *w, struct sim_machine *m)
{
	if (m->key_number == 0) {
		sim_play_rotate(w, m);
	} else {
		w->play->renew_at = 0;
		m->revoked = false;
	}
}

/* The key has changed. Where much goes wrong it changes again. */
static void rotated(struct sim_world *w)
{
	struct sim_play *p = w->play;

	w->faults.rotations++;
	p->rotations++;
	p->rotate_at = w->options.busy && p->rotations + 2 < VIZ_KEYS_MAX
			   ? w->now + 20000 + (int64_t)sim_below(&w->rng, 40000)
			   : 0;
}

void sim_play_restored(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;

	p->covered[m->index] = false;
	memset(p->trusted[m->index], 0, sizeof p->trusted[m->index]);
	memset(p->blocked[m->index], 0, sizeof p->blocked[m->index]);
	for (size_t i = 0; i < p->case_count; i++) /* its agents see the cases as they were */
		if (p->cases[i].origin == m->index)
			p->cases[i].step = SIM_CASE_OVER;
}

void sim_play_operate(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;

	if (!p->covered[m->index])
		cover(w, m);
	if (m->index > 0 && !p->accepted[m->index])
		join(w, m);
	trust(w, m);
	if (p->renew_at != 0 && p->renew_at <= w->now && m->index == p->revokes)
		renew(w, m);
	if (m->node)
		sim_cheat_operate(w, m);
	if (sim_is_quiet(w))
		return;
	sim_inbox_operate(w, m);
	sim_case_operate(w, m);
	if (w->search)
		return;
	if (m->lies)
		sim_liars_operate(w, m);
	if (w->now < w->began + 20000)
		return;
	/* the PROTESTs of a day are to end within minutes */
	for (unsigned n = sim_cheat_is_urgent(w, m) ? 8 : 1; n > 0; n--)
		sim_case_maybe_new(w, m);
	if ((sim_is_rough(w) && sim_once_in(&w->rng, 150)) ||
	    (changes_partners(w, m) && sim_once_in(&w->rng, 15)))
		quarrel(w, m);
	if (w->options.prune && sim_once_in(&w->rng, 15))
		prune(w, m);
	if (p->rotate_at != 0 && p->rotate_at <= w->now && m->index == p->rotates) {
		if (m->key_number == p->rotations)
			sim_play_rotate(w, m);
		else
			rotated(w);
	}
	if (p->revoke_at != 0 && p->revoke_at <= w->now && m->index == 0) {
		revoke_key(w, m);
		p->revoke_at = 0;
	}
}

static bool find_query(struct sim_play *p, struct sim_query *out, uint64_t client)
{
	for (size_t i = 0; i < p->query_count; i++) {
		if (p->query[i].client != client)
			continue;
		*out = p->query[i];
		p->query[i] = p->query[--p->query_count];
		return true;
	}
	return false;
}

static void take_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q,
		       bool ok, json_t *result)
{
	struct sim_play *p = w->play;

	switch (q->ask) {
	case SIM_ASK_ANYTHING:
		break;
	case SIM_ASK_COVERAGE:
		if (!ok)
			sim_fail(w, "play", m, "coverage.import is refused");
		p->covered[m->index] = true;
		break;
	case SIM_ASK_INVITE:
		if (ok && !p->line[q->ref])
			p->line[q->ref] =
			    strdup(json_string_value(json_object_get(result, "line")));
		p->asked_at[q->ref] = 0;
		break;
	case SIM_ASK_ACCEPT:
		if (!ok)
			sim_fail(w, "play", m, "peer.accept is refused");
		p->accepted[m->index] = true;
		break;
	case SIM_ASK_TRUST:
		p->trusted[m->index][q->ref] |= ok;
		break;
	case SIM_ASK_LOOKUP:
	case SIM_ASK_OFFER:
	case SIM_ASK_PROPOSALS:
	case SIM_ASK_CHOOSE:
	case SIM_ASK_REVOKE:
	case SIM_ASK_PROOF:
		sim_case_reply(w, m, q, ok, result);
		break;
	case SIM_ASK_INBOX:
	case SIM_ASK_SHOW:
	case SIM_ASK_CONTACTED:
		sim_inbox_reply(w, m, q, ok, result);
		break;
	case SIM_ASK_EXPORT:
		sim_export_reply(w, m, q, ok, result);
		break;
	}
}

void sim_play_reply(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	json_t *reply = json_loadb((const char *)fx->bytes, fx->len, 0, NULL);
	struct sim_query q;

	VIZ_REQUIRE(reply);
	if (find_query(w->play, &q, fx->client))
		take_reply(w, m, &q, json_is_true(json_object_get(reply, "ok")),
			   json_object_get(reply, json_is_true(json_object_get(reply, "ok"))
						      ? "result"
						      : "error"));
	json_decref(reply);
}
