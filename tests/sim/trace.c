/* The trace: a hash over every event and effect. With --trace each is also printed as a line
 * without random numbers: time, node, what. */
#include "tests/sim/sim.h"
#include "crypto/hash.h"
#include "node/core/event.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"

static void hash(struct sim_world *w, const struct sim_machine *m, unsigned kind, uint64_t n,
		 const uint8_t *bytes, size_t len)
{
	viz_hash_u64(&w->hash, (uint64_t)w->now);
	viz_hash_u64(&w->hash, m ? m->index : UINT64_MAX);
	viz_hash_u64(&w->hash, kind);
	viz_hash_u64(&w->hash, n);
	viz_hash_part(&w->hash, bytes, len);
}

/* Describes a message, for example "MAIL STATEMENT PLEDGE_ACK" or "RECORD OFFER". */
static void describe(char *out, size_t max, const uint8_t *body, size_t len)
{
	struct viz_record rec;
	struct viz_reader r;
	const uint8_t *bytes;
	uint64_t kind, mail;
	size_t n;

	viz_reader_init(&r, body, len);
	viz_reader_array(&r, 1, 8);
	kind = viz_reader_uint(&r, UINT8_MAX);
	snprintf(out, max, "%s", r.err == VIZ_OK ? viz_message_name((unsigned)kind) : "bytes");
	if (r.err == VIZ_OK && kind == VIZ_MESSAGE_RECORD) {
		bytes = viz_reader_bin(&r, &n, 65, VIZ_SIGNED_RECORD_MAX);
		if (bytes && viz_record_parse(&rec, bytes, n) == VIZ_OK)
			snprintf(out, max, "RECORD %s", viz_record_type_name(rec.type));
	} else if (r.err == VIZ_OK && kind == VIZ_MESSAGE_MAIL) {
		viz_reader_uint(&r, INT64_MAX);
		mail = viz_reader_uint(&r, UINT8_MAX);
		snprintf(out, max, "MAIL %s", viz_message_mail_name((unsigned)mail));
		viz_reader_tuple(&r, 1);
		bytes = mail == VIZ_MAIL_STATEMENT
			    ? viz_reader_bin(&r, &n, 65, VIZ_SIGNED_RECORD_MAX)
			    : NULL;
		if (bytes && viz_record_parse(&rec, bytes, n) == VIZ_OK)
			snprintf(out, max, "MAIL STATEMENT %s", viz_record_type_name(rec.type));
	}
}

static void line(const struct sim_world *w, const struct sim_machine *m, const char *what,
		 const char *text)
{
	printf("%8lld %-3s %s%s%s\n", (long long)(w->now - w->began), m ? m->name : "", what,
	       text ? " " : "", text ? text : "");
}

static const char *peer_name(struct sim_world *w, uint64_t number)
{
	const struct sim_machine *peer = sim_net_peer(w, number);

	return peer ? peer->name : "?";
}

/* The name of the operation in {"op": "lead.offer", ...}, as the simulator's operators write it. */
static void operation(char *out, size_t max, const uint8_t *bytes, size_t len)
{
	snprintf(out, max, "%.*s", (int)(len > 7 ? len - 7 : 0), (const char *)bytes + 7);
	out[strcspn(out, "\"")] = '\0';
}

void sim_trace_event(struct sim_world *w, const struct sim_machine *m, const struct viz_event *ev)
{
	static const char *const names[] = {"tick",     "hello",   "opened",   "dial failed",
					    "closed",   "message", "verified", "request",
					    "settings", "hooked"};
	char text[128] = "", what[96] = "";

	hash(w, m, ev->kind, ev->link ^ ev->job ^ ev->client ^ (uint64_t)ev->ok << 63, ev->bytes,
	     ev->len);
	if (!w->options.trace || ev->kind == VIZ_EVENT_TICK || ev->kind == VIZ_EVENT_VERIFIED)
		return;
	if (ev->kind == VIZ_EVENT_MESSAGE) {
		describe(what, sizeof what, ev->bytes, ev->len);
		snprintf(text, sizeof text, "<- %s: %s", peer_name(w, ev->link), what);
		line(w, m, text, NULL);
		return;
	}
	if (ev->kind == VIZ_EVENT_REQUEST)
		operation(what, sizeof what, ev->bytes, ev->len);
	else if (ev->link != 0)
		snprintf(what, sizeof what, "%s", peer_name(w, ev->link));
	line(w, m, names[ev->kind], what);
}

void sim_trace_effect(struct sim_world *w, const struct sim_machine *m, const struct viz_effect *fx)
{
	char what[96] = "", text[640];

	hash(w, m, 64 + (unsigned)fx->kind, fx->link ^ fx->job ^ fx->client, fx->bytes, fx->len);
	if (!w->options.trace)
		return;
	switch (fx->kind) {
	case VIZ_EFFECT_DIAL:
		line(w, m, "  dial", fx->text);
		break;
	case VIZ_EFFECT_ADMIT:
		line(w, m, "  admit", peer_name(w, fx->link));
		break;
	case VIZ_EFFECT_SEND:
		describe(what, sizeof what, fx->bytes + 2, viz_be_get_u16(fx->bytes));
		snprintf(text, sizeof text, "  -> %s: %s", peer_name(w, fx->link), what);
		line(w, m, text, NULL);
		break;
	case VIZ_EFFECT_CLOSE:
		snprintf(text, sizeof text, "  close %s: %s", peer_name(w, fx->link), fx->text);
		line(w, m, text, NULL);
		break;
	case VIZ_EFFECT_REPLY:
		line(w, m, "  reply",
		     fx->len > 9 && memcmp(fx->bytes, "{\"ok\":true", 10) == 0 ? "ok" : "error");
		break;
	case VIZ_EFFECT_KEYS:
	case VIZ_EFFECT_HOOK:
		line(w, m, "  keys", NULL);
		break;
	case VIZ_EFFECT_LOG:
		if (fx->priority < 6)
			line(w, m, "  log", fx->text);
		break;
	case VIZ_EFFECT_VERIFY:
		break;
	}
}

void sim_trace_note(struct sim_world *w, const struct sim_machine *m, const char *text)
{
	hash(w, m, 128, 0, (const uint8_t *)text, strlen(text));
	if (w->options.trace)
		line(w, m, "**", text);
}

void sim_trace_hash(struct sim_world *w, char hex[65])
{
	struct viz_hash copy = w->hash;
	struct viz_id id;

	viz_hash_final(&copy, &id);
	viz_hex(hex, id.b, sizeof id.b);
}
