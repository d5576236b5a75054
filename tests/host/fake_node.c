/* A core for tests of the host: no federation, no state. It admits every hello but "refuse",
 * answers messages by their first letter, and takes requests in JSON that make it dial, send and
 * report what it has seen. Its transport keys are seeds of $FAKE_KEY and $FAKE_OLD_KEY (a letter
 * repeated).
 *
 * Messages:   E...  answered by R...          V...  a signature check, answered by 1 or 0
 *             F n   answered by n frames of 60,000 bytes      C  the link is closed
 *             B n   likewise in bulk, numbered from 0
 *             S n   the core sleeps n ms      N...  nothing
 *             L n   n lines for the log, of two kinds in turn
 * Requests:   {"op":"dial","address":"...","key":"hex","hello":"text"}, {"op":"send","link":n,
 *             "text":"..."}, {"op":"state"}, {"op":"echo","text":"..."}, {"op":"sleep","ms":n},
 *             {"op":"keys","old":"letter","current":"letter"}, {"op":"fail"} */
#include <jansson.h>
#include <unistd.h>

#include "crypto/sign.h"
#include "node/init.h"
#include "node/node.h"

struct viz_node {
	struct viz_federation federation;
	struct viz_id author;
	struct viz_secret current, old;
	bool has_old, keys_sent, fail;
	struct viz_signer signer;
	struct viz_figures figures;
	uint64_t hellos, old_hellos, opened, closed, failed, messages, bytes, ticks, verified, jobs;
	uint64_t job_links[4096];
	uint64_t last_link;
	char last[64];
};

static void key_of_letter(struct viz_secret *out, char letter)
{
	memset(out->b, letter, sizeof out->b);
}

int viz_node_open(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		  const struct viz_node_config *config, struct viz_time now)
{
	struct viz_node *n = calloc(1, sizeof *n);
	const char *current = getenv("FAKE_KEY"), *old = getenv("FAKE_OLD_KEY");
	struct viz_secret seed;

	(void)store;
	(void)vault;
	(void)config;
	(void)now;
	VIZ_REQUIRE(n != NULL);
	if (getenv("FAKE_ABSENT") != NULL) {
		free(n);
		return VIZ_ERR_ABSENT;
	}
	viz_federation_default(&n->federation, "vizinho-test");
	key_of_letter(&n->current, current != NULL ? current[0] : 'a');
	n->has_old = old != NULL;
	if (old != NULL)
		key_of_letter(&n->old, old[0]);
	memset(seed.b, 7, sizeof seed.b);
	viz_sign_seed_keypair(&n->signer, &seed);
	*out = n;
	return VIZ_OK;
}

int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now)
{
	static const uint8_t key[] = "identity";
	struct viz_slice value;
	int err = viz_store_begin(store);

	(void)federation;
	(void)now;
	if (err != VIZ_OK)
		return err;
	if (viz_store_get(store, &value, VIZ_TABLE_META, key, sizeof key) == VIZ_OK) {
		viz_store_abort(store);
		return VIZ_ERR_EXISTS;
	}
	err = viz_store_put(store, VIZ_TABLE_META, key, sizeof key, entropy->b, 1);
	if (err != VIZ_OK)
		return err;
	offline->next_seed = *entropy;
	offline->next_number = 1;
	memset(offline->revocation, 5, 100);
	offline->revocation_len = 100;
	return viz_store_commit(store);
}

void viz_node_close(struct viz_node *n)
{
	free(n);
}

bool viz_node_is_near(struct viz_node *n, uint64_t link)
{
	(void)n;
	return link % 2 == 0; /* some of them */
}

struct viz_time viz_node_deadline(const struct viz_node *n)
{
	(void)n;
	return (struct viz_time){INT64_MAX};
}

struct viz_figures *viz_node_figures(struct viz_node *n)
{
	return &n->figures;
}

const struct viz_id *viz_node_author(const struct viz_node *n)
{
	return &n->author;
}

const struct viz_federation *viz_node_federation(const struct viz_node *n)
{
	return &n->federation;
}

static void send_body(struct viz_effects *fx, uint64_t link, char first, const uint8_t *rest,
		      size_t len)
{
	uint8_t *plain = calloc(1, len + 3);

	VIZ_REQUIRE(plain != NULL);
	viz_be_put_u16(plain, (uint16_t)(len + 1));
	plain[2] = (uint8_t)first;
	if (rest != NULL)
		memcpy(plain + 3, rest, len);
	viz_effects_add(fx, VIZ_EFFECT_SEND, plain, len + 3)->link = link;
	fx->list[fx->count - 1].bulk = first == 'b';
	free(plain);
}

/* Each begins with its number. */
static void send_bulk(struct viz_effects *fx, uint64_t link, long n)
{
	static uint8_t body[60000];

	for (long i = 0; i < n; i++) {
		snprintf((char *)body, sizeof body, "%ld", i);
		send_body(fx, link, 'b', body, sizeof body);
	}
}

/* Half of the checks get a valid signature and half an invalid one. The first byte after V
 * decides. */
static void ask_verify(struct viz_node *n, struct viz_effects *fx, const struct viz_event *e)
{
	struct viz_effect *f = viz_effects_add(fx, VIZ_EFFECT_VERIFY, NULL, 0);

	memset(f->id.b, 3, sizeof f->id.b);
	viz_sign(&f->sig, &n->signer, &f->id);
	if (e->len > 1 && e->bytes[1] == '0')
		f->sig.b[5] ^= 1;
	f->remote = n->signer.pub;
	f->job = ++n->jobs;
	n->job_links[f->job % 4096] = e->link;
}

static void message(struct viz_node *n, struct viz_effects *fx, const struct viz_event *e)
{
	char number[16] = "";
	size_t len = e->len - 1;

	VIZ_REQUIRE(e->len > 0);
	n->messages++;
	n->bytes += e->len;
	n->last_link = e->link;
	snprintf(n->last, sizeof n->last, "%.*s", (int)(e->len < 60 ? e->len : 60),
		 (const char *)e->bytes);
	memcpy(number, e->bytes + 1, len < 15 ? len : 15);
	switch (e->bytes[0]) {
	case 'L':
		for (int i = 0; i < atoi(number); i++) {
			struct viz_effect *f = viz_effects_add(fx, VIZ_EFFECT_LOG, NULL, 0);

			f->priority = 5;
			f->form = i % 2 ? "odd" : "even";
			f->text = strdup(f->form);
			VIZ_REQUIRE(f->text != NULL);
		}
		break;
	case 'E':
		send_body(fx, e->link, 'R', e->bytes + 1, len);
		break;
	case 'F':
		for (long i = strtol(number, NULL, 10); i > 0; i--)
			send_body(fx, e->link, 'f', NULL, 60000);
		break;
	case 'B':
		send_bulk(fx, e->link, strtol(number, NULL, 10));
		break;
	case 'S':
		usleep((useconds_t)strtol(number, NULL, 10) * 1000);
		break;
	case 'C':
		send_body(fx, e->link, 'c', NULL, 0);
		viz_effects_add(fx, VIZ_EFFECT_CLOSE, NULL, 0)->link = e->link;
		fx->list[fx->count - 1].text = strdup("asked for");
		break;
	case 'V':
		ask_verify(n, fx, e);
		break;
	default:
		break;
	}
}

static json_t *state(const struct viz_node *n)
{
	return json_pack("{sI sI sI sI sI sI sI sI sI sI ss}", "hellos", (json_int_t)n->hellos,
			 "old_hellos", (json_int_t)n->old_hellos, "opened", (json_int_t)n->opened,
			 "closed", (json_int_t)n->closed, "failed", (json_int_t)n->failed,
			 "messages", (json_int_t)n->messages, "bytes", (json_int_t)n->bytes,
			 "ticks", (json_int_t)n->ticks, "verified", (json_int_t)n->verified, "link",
			 (json_int_t)n->last_link, "last", n->last);
}

static void dial(struct viz_effects *fx, json_t *q)
{
	const char *hello = json_string_value(json_object_get(q, "hello"));
	struct viz_effect *f;

	hello = hello != NULL ? hello : "hello";
	f = viz_effects_add(fx, VIZ_EFFECT_DIAL, (const uint8_t *)hello, strlen(hello));
	f->attempt = 77;
	f->text = strdup(json_string_value(json_object_get(q, "address")));
	VIZ_REQUIRE(viz_hex_parse(f->remote.b, 32, json_string_value(json_object_get(q, "key"))) ==
		    0);
}

static void send_keys(struct viz_node *n, struct viz_effects *fx)
{
	struct viz_effect *f = viz_effects_add(fx, VIZ_EFFECT_KEYS, NULL, 0);

	f->transport = n->current;
	f->transport_old = n->old;
	f->has_old = n->has_old;
}

static void request(struct viz_node *n, struct viz_effects *fx, const struct viz_event *e)
{
	json_t *q = json_loadb((const char *)e->bytes, e->len, 0, NULL), *reply = NULL;
	const char *op = json_string_value(json_object_get(q, "op"));
	const char *text = json_string_value(json_object_get(q, "text"));
	char *out;

	if (op == NULL) {
		reply = json_pack("{sb}", "ok", 0);
	} else if (strcmp(op, "dial") == 0) {
		dial(fx, q);
	} else if (strcmp(op, "send") == 0) {
		send_body(fx, (uint64_t)json_integer_value(json_object_get(q, "link")), text[0],
			  (const uint8_t *)text + 1, strlen(text) - 1);
	} else if (strcmp(op, "state") == 0) {
		reply = state(n);
	} else if (strcmp(op, "echo") == 0) {
		reply = json_pack("{ss ss}", "text", text, "who", e->who);
	} else if (strcmp(op, "sleep") == 0) {
		usleep((useconds_t)json_integer_value(json_object_get(q, "ms")) * 1000);
	} else if (strcmp(op, "keys") == 0) {
		n->has_old = true;
		key_of_letter(&n->old, json_string_value(json_object_get(q, "old"))[0]);
		key_of_letter(&n->current, json_string_value(json_object_get(q, "current"))[0]);
		send_keys(n, fx);
	} else if (strcmp(op, "fail") == 0) {
		n->fail = true;
	}
	if (reply == NULL)
		reply = json_pack("{sb}", "ok", 1);
	out = json_dumps(reply, JSON_COMPACT);
	viz_effects_add(fx, VIZ_EFFECT_REPLY, (const uint8_t *)out, strlen(out))->client =
	    e->client;
	free(out);
	json_decref(reply);
	json_decref(q);
}

static void hello(struct viz_node *n, struct viz_effects *fx, const struct viz_event *e)
{
	n->hellos++;
	n->old_hellos += e->old_key;
	if (e->len == 6 && memcmp(e->bytes, "refuse", 6) == 0) {
		struct viz_effect *f = viz_effects_add(fx, VIZ_EFFECT_CLOSE, NULL, 0);

		f->link = e->link;
		f->text = strdup("not admitted");
	} else if (e->len != 6 || memcmp(e->bytes, "ignore", 6) != 0) {
		viz_effects_add(fx, VIZ_EFFECT_ADMIT, NULL, 0)->link = e->link;
	}
}

static void step(struct viz_node *n, struct viz_effects *fx, const struct viz_event *e)
{
	char answer;

	switch (e->kind) {
	case VIZ_EVENT_TICK:
		n->ticks++;
		break;
	case VIZ_EVENT_HELLO:
		hello(n, fx, e);
		break;
	case VIZ_EVENT_OPENED:
		n->opened++;
		n->last_link = e->link;
		break;
	case VIZ_EVENT_DIAL_FAILED:
		n->failed++;
		break;
	case VIZ_EVENT_CLOSED:
		n->closed++;
		break;
	case VIZ_EVENT_MESSAGE:
		message(n, fx, e);
		break;
	case VIZ_EVENT_VERIFIED:
		n->verified++;
		answer = e->ok ? '1' : '0';
		send_body(fx, n->job_links[e->job % 4096], answer, NULL, 0);
		break;
	case VIZ_EVENT_REQUEST:
		request(n, fx, e);
		break;
	case VIZ_EVENT_SETTINGS:
	case VIZ_EVENT_HOOKED:
		break;
	}
}

const char *viz_node_cause(const struct viz_node *n)
{
	(void)n;
	return "the test";
}

int viz_node_run(struct viz_node *n, struct viz_effects *fx, struct viz_time now,
		 const struct viz_event *events, size_t count)
{
	(void)now;
	if (!n->keys_sent)
		send_keys(n, fx);
	n->keys_sent = true;
	for (size_t i = 0; i < count; i++)
		step(n, fx, &events[i]);
	return n->fail ? VIZ_ERR_STORE : VIZ_OK;
}
