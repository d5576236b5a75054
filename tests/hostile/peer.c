/* hostile-peer: reads commands from standard input and answers each with a line of JSON.
 * test_hostile.py drives it.
 *   federation NAME FIELD=MS...   seed N   invite LINE   open [token]   vouch   partners   drain MS
 *   attack NAME COUNT   list */
#include "tests/hostile/peer.h"

#include <arpa/inet.h>
#include <time.h>
#include "crypto/crypto.h"
#include "crypto/id.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/trust/invite.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"

struct viz_time peer_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (struct viz_time){(int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000};
}

struct viz_time peer_time(struct peer *p)
{
	struct viz_time now = peer_now();

	p->last.ms = now.ms > p->last.ms ? now.ms : p->last.ms + 1;
	return p->last;
}

uint64_t peer_below(struct peer *p, uint64_t bound)
{
	return viz_rng_below(&p->rng, bound);
}

static bool dial(struct peer *p, bool token)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	static struct forged node;
	size_t len;

	forge_node(&node, &p->me, peer_time(p));
	len = forge_hello(hello, sizeof hello, &p->me, &node, token ? p->invite.token : NULL);
	return wire_handshake(&p->wire, &p->victim, &p->me, &p->invite.transport, &p->rng, hello,
			      len);
}

/* Without it the link never becomes full. */
static void say_member(struct peer *p)
{
	struct viz_writer w;
	uint8_t body[16];

	viz_writer_init(&w, body, sizeof body);
	viz_message_member_write(&w, &(struct viz_message_member){peer_now()});
	peer_send(p, &w);
}

bool peer_open(struct peer *p)
{
	for (int i = 0; i < 20 && !p->wire.open; i++) {
		if (!dial(p, false))
			continue;
		/* admitted: the victim greets; refused: it closes */
		if (wire_receive(&p->wire, p->body, PATIENCE_MS) <= 0)
			wire_close(&p->wire);
		else
			say_member(p);
	}
	return p->wire.open;
}

static void acknowledge(struct peer *p, uint64_t number)
{
	struct viz_writer w;
	uint8_t body[16];

	if (!p->acknowledges)
		return;
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL_ACK);
	viz_writer_uint(&w, number);
	peer_send(p, &w);
}

static void look_at(struct peer *p, size_t len)
{
	struct viz_record rec;
	struct viz_reader r;
	const uint8_t *bytes;
	unsigned kind;
	size_t n;

	viz_reader_init(&r, p->body, len);
	viz_reader_array(&r, 1, 8);
	kind = (unsigned)viz_reader_uint(&r, VIZ_MESSAGE_KIND_MAX);
	p->kinds[kind]++;
	if (kind == VIZ_MESSAGE_TREE) {
		p->hour = viz_reader_uint(&r, UINT64_MAX);
		p->cut = (uint8_t)viz_reader_uint(&r, VIZ_TREE_CUTS - 1);
	}
	if (kind == VIZ_MESSAGE_MAIL) {
		acknowledge(p, viz_reader_uint(&r, INT64_MAX));
		p->mails[viz_reader_uint(&r, 15)]++;
	}
	if (kind != VIZ_MESSAGE_RECORD)
		return;
	bytes = viz_reader_bin(&r, &n, 65, VIZ_SIGNED_RECORD_MAX);
	if (!bytes || viz_record_parse(&rec, bytes, n) != VIZ_OK ||
	    viz_id_eq(&rec.author, &p->me.author))
		return;
	if (rec.type <= VIZ_TYPE_COVERAGE) {
		memcpy(p->kept.bytes, bytes, n);
		p->kept.len = n;
		viz_ids_record(&p->kept.id, &p->me.federation_id, &rec);
	}
	if (rec.type == VIZ_TYPE_OFFER && viz_id_eq(&rec.author, &p->invite.author)) {
		p->offer = rec;
		viz_ids_record(&p->offer_id, &p->me.federation_id, &rec);
	}
}

void peer_drain(struct peer *p, int ms)
{
	struct viz_time end = viz_after(peer_now(), ms);

	while (p->wire.fd >= 0) {
		int64_t left = end.ms - peer_now().ms;
		int n = wire_receive(&p->wire, p->body, left > 0 ? (int)left : 0);

		if (n == 0)
			return;
		if (n < 0) {
			p->closed++;
			wire_close(&p->wire);
			return;
		}
		p->bodies++;
		p->bytes += (size_t)n;
		look_at(p, (size_t)n);
	}
}

bool peer_send(struct peer *p, const struct viz_writer *w)
{
	size_t len = 0;

	VIZ_REQUIRE(viz_writer_finish(w, &len) == VIZ_OK);
	return wire_body(&p->wire, w->start, len);
}

bool peer_record(struct peer *p, const struct forged *rec)
{
	struct viz_writer w;

	viz_writer_init(&w, p->body, sizeof p->body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_RECORD);
	viz_writer_bin(&w, rec->bytes, rec->len);
	return peer_send(p, &w);
}

void peer_mail(struct peer *p, struct viz_writer *w, enum viz_mail_kind kind)
{
	viz_writer_init(w, p->body, sizeof p->body);
	viz_writer_array(w, 4);
	viz_writer_uint(w, VIZ_MESSAGE_MAIL);
	viz_writer_uint(w, ++p->mail);
	viz_writer_uint(w, kind);
}

bool peer_statement(struct peer *p, const struct forged *st)
{
	struct viz_writer w;

	peer_mail(p, &w, VIZ_MAIL_STATEMENT);
	viz_writer_array(&w, 1);
	viz_writer_bin(&w, st->bytes, st->len);
	return peer_send(p, &w);
}

static const struct attack *const tables[] = {attack_half, attack_links, attack_records,
					      attack_mails, attack_crowd};

static bool attack(struct peer *p, const char *name, size_t count)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct attack *a = tables[t]; a->name; a++)
			if (strcmp(a->name, name) == 0) {
				a->run(p, count);
				return true;
			}
	return false;
}

static void set_federation(struct peer *p, char *rest)
{
	char *save = NULL, *word = strtok_r(rest, " ", &save);

	VIZ_REQUIRE(word);
	viz_federation_default(&p->federation, word);
	while ((word = strtok_r(NULL, " ", &save))) {
		char *equals = strchr(word, '=');

		VIZ_REQUIRE(equals);
		*equals = '\0';
		VIZ_REQUIRE(viz_federation_set(&p->federation, word,
					       strtoll(equals + 1, NULL, 10)) == VIZ_OK);
	}
}

static void set_seed(struct peer *p, const char *rest)
{
	struct viz_secret seed = {{0}};

	viz_be_put_u64(seed.b, strtoull(rest, NULL, 10));
	viz_rng_seed(&p->rng, &seed);
	forge_author(&p->me, &p->federation, &p->rng);
	forge_author(&p->stranger, &p->federation, &p->rng);
}

static void set_invite(struct peer *p, const char *line)
{
	char *colon;

	VIZ_REQUIRE(viz_invite_parse(&p->invite, line) == VIZ_OK && p->invite.address_count > 0);
	colon = strrchr(p->invite.address[0], ':');
	VIZ_REQUIRE(colon);
	*colon = '\0';
	p->victim = (struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)),
	};
	VIZ_REQUIRE(inet_pton(AF_INET, p->invite.address[0], &p->victim.sin_addr) == 1);
}

static void vouch(struct peer *p)
{
	forge_vouch(&p->scratch, &p->me, 0, peer_time(p), &p->invite.author, false);
	peer_record(p, &p->scratch);
	say_member(p);
}

/* The victim takes a PARTNERS record only from a member, after vouch(). */
static void partners(struct peer *p)
{
	forge_partners(&p->scratch, &p->me, peer_time(p), &p->invite.author, p->last);
	peer_record(p, &p->scratch);
}

static void answer(const struct peer *p, bool known)
{
	char id[VIZ_TEXT_ID_MAX];

	viz_id_text(id, "viz", p->me.author.b);
	printf("{\"known\": %s, \"open\": %s, \"id\": \"%s\", \"bodies\": %zu, \"bytes\": %zu, "
	       "\"closed\": %zu, \"locations\": %zu, \"handoffs\": %zu, \"views\": %zu, "
	       "\"given\": %zu, \"taken\": %zu}\n",
	       known ? "true" : "false", p->wire.open ? "true" : "false", id, p->bodies, p->bytes,
	       p->closed, p->mails[VIZ_MAIL_LOCATION], p->mails[VIZ_MAIL_HANDOFF],
	       p->mails[VIZ_MAIL_VIEW], p->given, p->taken);
	fflush(stdout);
}

static void list(void)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct attack *a = tables[t]; a->name; a++)
			printf("%s\n", a->name);
}

int main(int argc, char **argv)
{
	struct peer *p = calloc(1, sizeof *p);
	char *line = NULL;
	size_t room = 0;

	VIZ_REQUIRE(p && viz_crypto_init() == VIZ_OK);
	p->wire.fd = -1;
	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		list();
		free(p);
		return 0;
	}
	while (getline(&line, &room, stdin) > 0) {
		char *rest = line + strcspn(line, " \n");
		bool known = true;

		line[strcspn(line, "\n")] = '\0';
		if (*rest == ' ')
			*rest++ = '\0';
		if (strcmp(line, "federation") == 0) {
			set_federation(p, rest);
		} else if (strcmp(line, "seed") == 0) {
			set_seed(p, rest);
		} else if (strcmp(line, "invite") == 0) {
			set_invite(p, rest);
		} else if (strcmp(line, "open") == 0) {
			if (strcmp(rest, "token") == 0)
				dial(p, true);
			else
				peer_open(p);
		} else if (strcmp(line, "vouch") == 0) {
			vouch(p);
		} else if (strcmp(line, "partners") == 0) {
			partners(p);
		} else if (strcmp(line, "drain") == 0) {
			peer_drain(p, (int)strtol(rest, NULL, 10));
		} else if (strcmp(line, "attack") == 0) {
			char *count = strchr(rest, ' ');

			VIZ_REQUIRE(count);
			*count++ = '\0';
			known = attack(p, rest, strtoul(count, NULL, 10));
		} else {
			known = false;
		}
		answer(p, known);
	}
	wire_close(&p->wire);
	free(line);
	free(p);
	return 0;
}
