/* What a nation plays, phase by phase, and what is printed of each. */
#include "tests/sim/nation.h"

#include <getopt.h>
#include <jansson.h>
#include "crypto/crypto.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "tests/sim/check.h"

#define SETTLED_MS 300000 /* after a power cut or a split all hold the same within this time */

/* ---- what operators do ---- */

/* An honest one that runs; nobody twice before all others had their turn. */
static struct nation_node *any(struct nation *w)
{
	const unsigned step = 7919; /* a prime */
	struct nation_node *n;

	do {
		w->turn = (w->turn + (w->count % step ? step : 1)) % w->count;
		n = &w->node[w->turn];
	} while (!n->core || n->lie != NATION_HONEST);
	return n;
}

static void cover(struct nation *w, struct nation_node *n)
{
	char json[256];

	snprintf(json, sizeof json,
		 "{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\",\"municipalities\":[%u],"
		 "\"down_mbps\":%u}}",
		 nation_municipality(w, n->index), 100 + (unsigned)sim_below(&w->rng, 900));
	if (!strstr(nation_ask(w, n, json), "\"ok\":true"))
		fprintf(stderr, "sim: coverage.import: %s\n", n->reply ? n->reply : "no reply");
}

static void rotate(struct nation *w, struct nation_node *n)
{
	struct viz_secret following;
	struct viz_signer signer;
	struct viz_id hash;
	char json[512], seed[65], next[65];

	nation_seed(&following, w, "following", n->index, 0);
	viz_sign_seed_keypair(&signer, &following);
	viz_id_next_hash(&hash, &signer.pub);
	viz_hex(seed, n->next_seed.b, sizeof n->next_seed.b);
	viz_hex(next, hash.b, sizeof hash.b);
	snprintf(
	    json, sizeof json,
	    "{\"op\":\"key.rotate\",\"args\":{\"next_seed\":\"%s\",\"following_hash\":\"%s\"}}",
	    seed, next);
	nation_ask(w, n, json);
	n->next_seed = following;
}

static void revoke(struct nation *w, struct nation_node *n)
{
	char json[1200], hex[1025];

	viz_hex(hex, n->revocation, n->revocation_len);
	snprintf(json, sizeof json, "{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}",
		 hex);
	nation_ask(w, n, json);
}

static json_t *ask_json(struct nation *w, struct nation_node *n, const char *text)
{
	json_t *reply = json_loads(nation_ask(w, n, text), 0, NULL);
	json_t *result = json_incref(json_object_get(reply, "result"));

	json_decref(reply);
	return result;
}

/* A customer of this origin. Returns the lead's slot as text, owned; NULL: there was no offer. */
static char *offer(struct nation *w, struct nation_node *n, unsigned number)
{
	char place[200], json[8192], *text, *contact, *slot = NULL;
	json_t *drawn, *made, *consent;

	snprintf(place, sizeof place,
		 "{\"municipality\":%u,\"cep\":29100101,\"precision_m\":10,\"lat_udeg\":%d,"
		 "\"lon_udeg\":%d,\"cell\":0}",
		 nation_municipality(w, n->index), SIM_CANARY_LAT, SIM_CANARY_LON);
	snprintf(json, sizeof json, "{\"op\":\"lead.draw\",\"args\":{\"place\":%s}}", place);
	drawn = ask_json(w, n, json);
	consent = json_object_get(drawn, "consent");
	if (!consent) {
		if (getenv("VIZ_NATION_LOG"))
			fprintf(stderr, "lead.draw: %s\n", n->reply);
		json_decref(drawn);
		return NULL;
	}
	text = json_dumps(json_object_get(consent, "text"), JSON_ENCODE_ANY);
	contact = json_dumps(json_object_get(consent, "contact_text"), JSON_ENCODE_ANY);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":%lld,\"protocol\":\"P%u\",\"place\":%s,"
		 "\"consent\":{\"given\":true,\"contact_given\":true,\"text\":%s,\"contact_text\":%"
		 "s}%s}}",
		 (long long)json_integer_value(json_object_get(drawn, "draw")), number, place, text,
		 contact,
		 strlen(contact) > 2 ? ",\"contact\":{\"name\":\"Maria\",\"phone\":\"27999990000\","
				       "\"address\":\"Rua A 1\",\"date\":\"2026-12-01\"}"
				     : "");
	made = ask_json(w, n, json);
	text = (free(text), free(contact), NULL);
	if (json_object_get(made, "lead"))
		slot = strdup(
		    json_string_value(json_object_get(json_object_get(made, "lead"), "lead")));
	else if (getenv("VIZ_NATION_LOG"))
		fprintf(stderr, "lead.offer: %s\n", n->reply ? n->reply : "");
	json_decref(made);
	json_decref(drawn);
	return slot;
}

/* The customer takes the first of the proposals. */
static bool choose(struct nation *w, struct nation_node *n, const char *slot)
{
	char json[8192], *text;
	json_t *seen, *first;
	bool ok;

	snprintf(json, sizeof json, "{\"op\":\"lead.proposals\",\"args\":{\"lead\":\"%s\"}}", slot);
	seen = ask_json(w, n, json);
	first = json_array_get(json_object_get(seen, "proposals"), 0);
	if (!first) {
		json_decref(seen);
		return false;
	}
	text = json_dumps(json_object_get(first, "consent_text"), JSON_ENCODE_ANY);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"peer\":\"%s\",\"contact\":{"
		 "\"name\":\"Maria\",\"phone\":\"27999990000\",\"address\":\"Rua A 1\",\"date\":"
		 "\"2026-12-01\"},\"consent\":{\"given\":true,\"text\":%s}}}",
		 slot, json_string_value(json_object_get(first, "id")), text);
	ok = strstr(nation_ask(w, n, json), "\"ok\":true") != NULL;
	free(text);
	json_decref(seen);
	return ok;
}

/* ---- phases ---- */

/* Records of members by lot, one a second, and then time for repair. */
static void spread(struct nation *w, const char *phase, int64_t rest_ms, int64_t most_ms,
		   int64_t all_ms)
{
	nation_watch_begin(w);
	for (unsigned i = 0; i < w->options.records; i++) {
		cover(w, any(w));
		nation_run_until(w, w->now + 1000);
	}
	nation_run_until(w, w->now + rest_ms);
	nation_watch_print(w, phase, most_ms, all_ms);
	nation_print_state(w, phase);
}

/* The country's power comes back: all start within a minute. */
static void play_power(struct nation *w)
{
	int64_t took;

	nation_title(w, "power", "all nodes start within a minute");
	for (unsigned i = 0; i < w->count; i++)
		nation_stop(w, &w->node[i]);
	nation_watch_begin(w);
	w->longest_queue = 0;
	for (unsigned i = 0; i < w->count; i++)
		nation_plan(w, w->now + (int64_t)sim_below(&w->rng, 60000),
			    (struct nation_task){.kind = NATION_START, .node = i});
	nation_run_until(w, w->now + 60000);
	nation_print_state(w, "power");
	took = nation_settle(w, "power", 600000);
	nation_watch_print(w, "power", 0, 0);
	nation_goal(w, "power", took >= 0 && took <= SETTLED_MS,
		    "roots are not equal %d s after the last start", SETTLED_MS / 1000);
	printf(w->options.json ? "{\"phase\":\"power\",\"settled_ms\":%lld}\n"
			       : "  equal roots %lld ms after the last start\n",
	       (long long)took);
}

static void play_calm(struct nation *w)
{
	nation_title(w, "calm", "COVERAGEs one a second; links fail, 5 % of sends are lost");
	w->loses = true;
	spread(w, "calm", 30000, 1000, 5000);
	w->loses = false;
}

static void play_keys(struct nation *w)
{
	struct nation_node *gone;

	nation_title(w, "keys", "ten SUCCESSIONs and a REVOCATION");
	nation_watch_begin(w);
	for (unsigned i = 0; i < 10; i++) {
		rotate(w, any(w));
		nation_run_until(w, w->now + 2000);
	}
	gone = any(w);
	revoke(w, gone);
	gone->gone = true;
	nation_run_until(w, w->now + 10000);
	nation_watch_print(w, "keys", 500, 5000);
	nation_stop(w, gone);
	nation_print_state(w, "keys");
}

static void play_offers(struct nation *w)
{
	char **slot = calloc(w->count, sizeof *slot);
	unsigned made = 0, chosen = 0;

	VIZ_REQUIRE(slot);
	nation_title(
	    w, "offers",
	    "each origin makes an offer; its customer chooses, where more than one was asked");
	nation_watch_begin(w);
	for (unsigned i = 0; i < w->count; i++) {
		if (!w->node[i].is_origin || !w->node[i].core)
			continue;
		slot[i] = offer(w, &w->node[i], i);
		made += slot[i] != NULL;
		nation_run_until(w, w->now + 500);
	}
	nation_run_until(w, w->now + 60000);
	for (unsigned i = 0; i < w->count; i++)
		if (slot[i] && w->node[i].core)
			chosen += choose(w, &w->node[i], slot[i]);
	nation_run_until(w, w->now + 30000);
	nation_watch_print(w, "offers", 0, 0);
	printf(
	    w->options.json ? "{\"phase\":\"offers\",\"offers\":%u,\"chosen\":%u,\"linked\":%llu,"
			      "\"near\":%llu,\"circle\":%llu,\"outside\":%llu}\n"
			    : "  %u offers, %u customers chose by themselves; of %llu that came to "
			      "linked partners %llu "
			      "within a round trip and 50 ms; %llu circle records held, %llu "
			      "outside (I9)\n",
	    made, chosen, (unsigned long long)w->offers_linked, (unsigned long long)w->offers_near,
	    (unsigned long long)w->circle_held, (unsigned long long)w->outside);
	nation_goal(w, "offers", made == w->options.origins, "%u of %u offers", made,
		    w->options.origins);
	nation_goal(w, "offers",
		    w->offers_linked > 0 && w->offers_near * 100 >= w->offers_linked * 95,
		    "%llu of %llu came within a round trip and 50 ms",
		    (unsigned long long)w->offers_near, (unsigned long long)w->offers_linked);
	nation_print_state(w, "offers");
	for (unsigned i = 0; i < w->count; i++)
		free(slot[i]);
	free(slot);
}

/* Each starts again, at its own time: a new version. */
static void play_upgrade(struct nation *w)
{
	char what[120];

	snprintf(what, sizeof what, "every node starts again within %u minutes, and signs NODE",
		 w->options.upgrade_minutes);
	nation_title(w, "upgrade", what);
	nation_watch_begin(w);
	for (unsigned i = 0; i < w->count; i++)
		nation_plan(w,
			    w->now + (int64_t)sim_below(
					 &w->rng, (uint64_t)w->options.upgrade_minutes * 60000),
			    (struct nation_task){.kind = NATION_STOP, .node = i, .a = 2000});
	nation_run_until(w, w->now + (int64_t)w->options.upgrade_minutes * 60000 + 10000);
	nation_settle(w, "upgrade", 600000);
	nation_watch_print(w, "upgrade", 0, 0);
}

static void play_liars(struct nation *w, const char *phase, enum nation_lie lie, unsigned percent)
{
	for (unsigned i = 0; i < w->count; i++)
		if (!w->node[i].is_origin && sim_below(&w->rng, 100) < percent)
			w->node[i].lie = lie;
	spread(w, phase, 60000, 1000, 0);
	for (unsigned i = 0; i < w->count; i++)
		w->node[i].lie = NATION_HONEST;
}

static void play_stallers(struct nation *w)
{
	nation_title(w, "stallers", "a third relays nothing of others and says all else");
	play_liars(w, "stallers", NATION_STALLS, 33);
}

static void play_droppers(struct nation *w)
{
	nation_title(w, "droppers", "30 % send nothing once their links are full");
	play_liars(w, "droppers", NATION_SILENT, 30);
}

/* One in a hundred goes in an hour, and comes back after some minutes. */
static void churn(struct nation *w, int64_t ms)
{
	uint64_t n = (uint64_t)w->count * (uint64_t)ms / VIZ_HOUR_MS / 100;

	for (uint64_t i = 0; i < n; i++)
		nation_plan(w, w->now + (int64_t)sim_below(&w->rng, (uint64_t)ms),
			    (struct nation_task){.kind = NATION_STOP,
						 .node = (unsigned)sim_below(&w->rng, w->count),
						 .a = 60000 + sim_below(&w->rng, 240000)});
}

static void play_split(struct nation *w)
{
	int64_t ms = (int64_t)w->options.split_minutes * 60000, took;
	char what[120];

	snprintf(what, sizeof what, "half of the country is cut off for %u minutes, 1 %% churn",
		 w->options.split_minutes);
	nation_title(w, "split", what);
	for (unsigned i = 0; i < w->count; i++)
		w->node[i].side = i >= w->count / 2;
	w->split = true;
	nation_part(w);
	churn(w, ms);
	nation_watch_begin(w);
	for (unsigned i = 0; i < w->options.records; i++) {
		nation_run_until(w, w->now + ms / w->options.records);
		cover(w, any(w));
	}
	nation_print_state(w, "split");
	w->split = false;
	took = nation_settle(w, "split", 900000);
	nation_watch_print(w, "split", 0, 0);
	nation_goal(w, "split", took >= 0 && took <= SETTLED_MS,
		    "roots are not equal %d s after the halves have met", SETTLED_MS / 1000);
	printf(w->options.json ? "{\"phase\":\"split\",\"healed_ms\":%lld}\n"
			       : "  equal roots %lld ms after the halves have met\n",
	       (long long)took);
}

static const struct {
	const char *name;
	void (*play)(struct nation *w);
} phases[] = {{"power", play_power},       {"calm", play_calm},       {"keys", play_keys},
	      {"offers", play_offers},     {"upgrade", play_upgrade}, {"stallers", play_stallers},
	      {"droppers", play_droppers}, {"split", play_split}};

static bool plays(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at += n)
		if ((at == list || at[-1] == ',') && (at[n] == '\0' || at[n] == ','))
			return true;
	return false;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: sim --profile nation [--seed N] [--nodes 20-20000] [--origins N]\n"
		"           [--records N] [--upgrade MINUTES] [--split MINUTES] [--json]\n"
		"           [--play power,calm,keys,offers,upgrade,stallers,droppers,split]\n");
	return 2;
}

static bool parse(struct nation_options *o, int argc, char **argv)
{
	static const struct option options[] = {
	    {"profile", 1, NULL, 'p'}, {"seed", 1, NULL, 's'},    {"nodes", 1, NULL, 'n'},
	    {"origins", 1, NULL, 'o'}, {"records", 1, NULL, 'r'}, {"upgrade", 1, NULL, 'u'},
	    {"split", 1, NULL, 't'},   {"json", 0, NULL, 'j'},    {"play", 1, NULL, 'P'},
	    {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		unsigned long long n = optarg ? strtoull(optarg, NULL, 10) : 0;

		if (c == 's')
			o->seed = n;
		else if (c == 'n')
			o->nodes = (unsigned)n;
		else if (c == 'o')
			o->origins = (unsigned)n;
		else if (c == 'r')
			o->records = (unsigned)n;
		else if (c == 'u')
			o->upgrade_minutes = (unsigned)n;
		else if (c == 't')
			o->split_minutes = (unsigned)n;
		else if (c == 'j')
			o->json = true;
		else if (c == 'P')
			o->play = optarg;
		else if (c != 'p')
			return false;
	}
	if (o->origins == 0)
		o->origins = o->nodes / 60 + 1;
	return optind == argc && o->nodes >= 20 && o->nodes <= 20000 && o->origins <= o->nodes &&
	       o->records > 0 && o->upgrade_minutes > 0 && o->split_minutes > 0;
}

int sim_nation_main(int argc, char **argv)
{
	struct nation *w = calloc(1, sizeof *w);
	int bad;

	VIZ_REQUIRE(w);
	w->options = (struct nation_options){
	    .seed = 1,
	    .nodes = 1000,
	    .records = 30,
	    .upgrade_minutes = 60,
	    .split_minutes = 60,
	    .play = "power,calm,keys,offers,upgrade,stallers,droppers,split"};
	if (!parse(&w->options, argc, argv)) {
		free(w);
		return usage();
	}
	w->begun_s = nation_seconds();
	w->rng.state = w->options.seed ^ UINT64_C(0x6e6174696f6e);
	w->count = w->options.nodes;
	w->node = calloc(w->count, sizeof *w->node);
	VIZ_REQUIRE(w->node);
	nation_make(w);
	nation_world = w;
	if (!w->options.json)
		printf("nation: seed %llu, %u nodes, %u origins, made in %.1f s, %.1f MiB in the "
		       "base, %.2f GiB\n",
		       (unsigned long long)w->options.seed, w->count, w->options.origins,
		       nation_seconds() - w->begun_s,
		       (double)sim_memory_base_bytes(w->base) / (1 << 20),
		       (double)nation_resident_bytes() / (1 << 30));
	if (!w->options.json)
		printf(
		    "real: each core, its directory, its store above LMDB, its vault, each "
		    "message; "
		    "signatures, checked once a process\n"
		    "not real: LMDB (rows in memory, with a base that all share), the handshake, "
		    "the time that a batch and a commit take, clocks (all right)\n");
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (i == 0 || plays(w->options.play, phases[i].name))
			phases[i].play(w);
	nation_goal(w, "I9", w->outside == 0, "circle records are held outside of their circles");
	bad = w->missed > 0;
	if (!w->options.json)
		printf("nation: hash %016llx\n", (unsigned long long)w->hash);
	nation_world = NULL;
	nation_free(w);
	return bad;
}
