#include "node/link.h"

#include "node/core.h"
#include "node/invite.h"
#include "node/mail.h"

#define BACKOFF_MIN_MS  500
#define BACKOFF_MAX_MS  60000
#define LASTED_MS       60000 /* a link that was up so long was no failure */
#define BEHIND_RETRY_MS 2000  /* comparing again after something had to be dropped */
#define NEWS_EVERY_MS   5000  /* comparing on all links because of who came or went */

struct viz_link *viz_link_find(struct viz_node *node, uint64_t number)
{
	for (size_t i = 0; i < node->links.count; i++)
		if (node->links.list[i].number == number)
			return &node->links.list[i];
	return NULL;
}

struct viz_link *viz_link_of(struct viz_node *node, const struct viz_id *peer)
{
	for (size_t i = 0; i < node->links.count; i++)
		if (!node->links.list[i].closing && viz_id_eq(&node->links.list[i].peer, peer))
			return &node->links.list[i];
	return NULL;
}

static struct viz_link *insert(struct viz_node *node, uint64_t number)
{
	struct viz_links *l = &node->links;

	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 16;
		l->list = viz_core_grow(l->list, l->room, sizeof *l->list);
	}
	l->list[l->count] = (struct viz_link){.number = number,
					      .since = node->now,
					      .flood_bytes = VIZ_FLOOD_BURST_BYTES,
					      .flood_at = node->now};
	return &l->list[l->count++];
}

static void emit_close(struct viz_node *node, uint64_t number, const char *reason)
{
	struct viz_effect *fx = viz_effects_add(node->fx, VIZ_EFFECT_CLOSE, NULL, 0);

	fx->link = number;
	fx->text = strdup(reason);
	VIZ_REQUIRE(fx->text);
}

/* The member behind a link is without it from now on. */
static void detach(struct viz_node *node, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(node, &link->peer);

	if (!m || m->link != link->number)
		return;
	m->link = 0;
	if (link->proven && node->now.ms - link->since.ms > LASTED_MS)
		m->backoff_ms = 0;
	m->backoff_ms = m->backoff_ms ? m->backoff_ms * 2 : BACKOFF_MIN_MS;
	if (m->backoff_ms > BACKOFF_MAX_MS)
		m->backoff_ms = BACKOFF_MAX_MS;
	m->dial_at =
	    viz_after(node->now, m->backoff_ms / 2 +
				     (int64_t)viz_rng_below(&node->rng, (uint64_t)m->backoff_ms));
}

void viz_link_close(struct viz_node *node, uint64_t number, const char *reason)
{
	struct viz_link *link = viz_link_find(node, number);

	if (!link || link->closing)
		return;
	link->closing = true;
	detach(node, link);
	emit_close(node, number, reason);
}

void viz_link_closed(struct viz_node *node, uint64_t number)
{
	struct viz_links *l = &node->links;
	struct viz_link *link = viz_link_find(node, number);

	if (!link)
		return;
	if (!link->closing)
		detach(node, link);
	*link = l->list[l->count - 1];
	l->count--;
}

void viz_links_behind(struct viz_node *node)
{
	node->links.news = true;
}

/* One VOUCH makes every node compare on every link; a member can publish one after the other. */
static void spread_news(struct viz_node *node)
{
	struct viz_links *l = &node->links;
	int64_t every =
	    NEWS_EVERY_MS < node->federation.repair_ms ? NEWS_EVERY_MS : node->federation.repair_ms;

	if (!l->news || l->news_at.ms > node->now.ms)
		return;
	l->news = false;
	l->news_at = viz_after(node->now, every);
	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].guest)
			l->list[i].behind = true;
}

void viz_links_free(struct viz_node *node)
{
	free(node->links.list);
	node->links = (struct viz_links){0};
}

void viz_link_send(struct viz_node *node, struct viz_link *link, const uint8_t *body, size_t len,
		   bool personal)
{
	size_t size = len + 2;
	uint8_t *plain;

	if (link->closing)
		return;
	if (personal)
		size = (size + VIZ_PAD_CLASS - 1) / VIZ_PAD_CLASS * VIZ_PAD_CLASS;
	VIZ_REQUIRE(size <= VIZ_PLAINTEXT_MAX);
	plain = viz_core_alloc(size);
	memcpy(plain + 2, body, len);
	viz_pad(plain, len, size);
	viz_effects_add(node->fx, VIZ_EFFECT_SEND, plain, size)->link = link->number;
	viz_wipe(plain, size);
	free(plain);
}

bool viz_member_charge(struct viz_node *node, struct viz_member *m)
{
	int64_t full = (int64_t)VIZ_SIGNATURES_BURST * 1000;

	m->tokens += (node->now.ms - m->tokens_at.ms) * VIZ_SIGNATURES_PER_SEC;
	m->tokens_at = node->now;
	if (m->tokens > full)
		m->tokens = full;
	if (m->tokens < 1000)
		return false;
	m->tokens -= 1000;
	return true;
}

bool viz_link_charge(struct viz_node *node, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(node, &link->peer);

	return m && viz_member_charge(node, m);
}

/* One link per pair: of two, the one dialled by the smaller author id survives. Returns whether the
 * new one may stay; the other one is closed then. */
static bool settle(struct viz_node *node, const struct viz_id *peer, bool outbound)
{
	struct viz_link *old = viz_link_of(node, peer);
	bool we_are_smaller = viz_id_cmp(&node->self.author, peer) < 0;

	if (!old)
		return true;
	if (old->outbound != outbound && outbound != we_are_smaller)
		return false;
	viz_link_close(node, old->number, "replaced");
	return true;
}

static void attach(struct viz_node *node, struct viz_member *m, uint64_t number, bool outbound,
		   const struct viz_pub *transport)
{
	struct viz_link *link = insert(node, number);

	link->peer = m->id;
	link->transport = *transport;
	link->outbound = outbound;
	link->proven = !outbound;
	link->guest = !m->member;
	m->link = number;
	viz_core_log(node, 6, "link with %s is up (%s%s)", viz_member_name(m),
		     outbound ? "outbound" : "inbound", link->guest ? ", guest" : "");
	viz_gossip_greet(node, link);
	if (!link->guest) {
		if (outbound)
			viz_gossip_compare(node, link);
		viz_mail_pump(node, link);
	}
	if (link->repair_at.ms == 0)
		link->repair_at = viz_after(node->now, node->federation.repair_ms);
}

/* A hello's records: its author's SUCCESSIONs in order, then its NODE. */
static bool read_hello_records(struct viz_record *rec, const struct viz_hello *h)
{
	for (size_t i = 0; i < h->record_count; i++) {
		bool last = i + 1 == h->record_count;

		if (viz_record_parse(&rec[i], h->record[i].p, h->record[i].len) != VIZ_OK ||
		    !viz_id_eq(&rec[i].author, &h->author) ||
		    rec[i].type != (last ? VIZ_TYPE_NODE : VIZ_TYPE_SUCCESSION) ||
		    (i > 0 && !last && rec[i].slot <= rec[i - 1].slot))
			return false;
	}
	return true;
}

/* Takes them in, for one who has a new key. Twice, because NODE carries the first key, by which
 * SUCCESSIONs are checked, by which NODE is checked. False: they are no hello's. */
static bool take_hello_records(struct viz_node *node, const struct viz_hello *h)
{
	struct viz_record *rec = viz_core_alloc(VIZ_HELLO_RECORDS_MAX * sizeof *rec);
	bool good = read_hello_records(rec, h);
	int err = good ? VIZ_OK : VIZ_ERR_FORM;

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < h->record_count && (err == VIZ_OK || err == VIZ_ERR_ABSENT);
		     i++)
			err = viz_intake_hello(node, &rec[i]);
	}
	free(rec);
	return good;
}

static bool transport_matches(const struct viz_member *m, const struct viz_pub *remote)
{
	return m->has_node && memcmp(m->node.transport.b, remote->b, sizeof remote->b) == 0;
}

/* Some links are kept for those with whom the operator deals. */
static bool has_room(const struct viz_node *node, const struct viz_member *m)
{
	size_t kept = m->peer.vouched || m->peer.partner ? 0 : VIZ_LINKS_KEPT;

	return node->links.count + kept < VIZ_LINKS_MAX;
}

/* Why a hello is not admitted; NULL when it is. */
static const char *judge_hello(struct viz_node *node, const struct viz_hello *h,
			       const struct viz_pub *remote)
{
	struct viz_member *m = viz_member_find(node, &h->author);

	if (viz_id_eq(&h->author, &node->self.author))
		return "self";
	if (m && viz_member_revoked(m) && m->key_count >= VIZ_KEYS_MAX)
		return "revoked";
	if (h->has_token && !(m && (m->member || m->peer.pending)))
		viz_invite_redeem(node, &h->author, h->token);
	if (!viz_author_known(node, &h->author))
		return "unknown";
	m = viz_member_find(node, &h->author);
	if (!transport_matches(m, remote) && !take_hello_records(node, h))
		return "bad-hello";
	m = viz_member_find(node, &h->author);
	if (!transport_matches(m, remote))
		return "transport-key";
	if (viz_member_revoked(m))
		return "revoked";
	/* A sponsee without an edge has nothing to say to us, but to its own sponsors. */
	if (!m->member && !m->peer.pending && !m->peer.vouched)
		return "not-a-member";
	return has_room(node, m) ? NULL : "full";
}

void viz_link_hello(struct viz_node *node, const struct viz_event *ev)
{
	struct viz_hello *h = viz_core_alloc(sizeof *h);
	const char *refusal;
	struct viz_member *m;

	if (viz_hello_read(h, ev->bytes, ev->len) != VIZ_OK)
		refusal = "bad-hello";
	else
		refusal = judge_hello(node, h, &ev->remote);
	if (!refusal && !ev->old_key && !settle(node, &h->author, false))
		refusal = "duplicate";
	if (refusal) {
		struct viz_link *link = insert(node, ev->link);

		link->closing = true;
		emit_close(node, ev->link, refusal);
		free(h);
		return;
	}
	m = viz_member_find(node, &h->author);
	viz_effects_add(node->fx, VIZ_EFFECT_ADMIT, NULL, 0)->link = ev->link;
	if (ev->old_key) {
		/* It dialled our previous key: tell it the new one, and nothing else. */
		struct viz_link *link = insert(node, ev->link);

		link->peer = m->id;
		viz_gossip_greet(node, link);
		link->closing = true;
		emit_close(node, ev->link, "rotated");
	} else {
		m->backoff_ms = 0;
		attach(node, m, ev->link, false, &ev->remote);
	}
	free(h);
}

static struct viz_member *by_attempt(struct viz_node *node, uint64_t attempt)
{
	for (size_t i = 0; i < node->directory.count; i++)
		if (attempt != 0 && node->directory.list[i]->attempt == attempt)
			return node->directory.list[i];
	return NULL;
}

void viz_link_opened(struct viz_node *node, const struct viz_event *ev)
{
	struct viz_member *m = by_attempt(node, ev->attempt);

	if (m)
		m->attempt = 0;
	if (!m || !settle(node, &m->id, true)) {
		insert(node, ev->link)->closing = true;
		emit_close(node, ev->link, "duplicate");
		return;
	}
	attach(node, m, ev->link, true, &m->dialled);
}

void viz_link_dial_failed(struct viz_node *node, uint64_t attempt)
{
	struct viz_member *m = by_attempt(node, attempt);

	if (!m)
		return;
	m->attempt = 0;
	m->address_turn++;
	m->backoff_ms = m->backoff_ms ? m->backoff_ms * 2 : BACKOFF_MIN_MS;
	if (m->backoff_ms > BACKOFF_MAX_MS)
		m->backoff_ms = BACKOFF_MAX_MS;
	m->dial_at =
	    viz_after(node->now, m->backoff_ms / 2 +
				     (int64_t)viz_rng_below(&node->rng, (uint64_t)m->backoff_ms));
}

/* A NODE record may carry another one's transport key and address: whoever dials its author then
 * reaches that other one. What answers greets with its own records, and no mail goes before. */
static bool prove(struct viz_node *node, struct viz_link *link, struct viz_reader r)
{
	struct viz_record rec;
	size_t len = 0;
	const uint8_t *bytes = viz_reader_bin(&r, &len, 65, VIZ_SIGNED_RECORD_MAX);

	if (!bytes || viz_record_parse(&rec, bytes, len) != VIZ_OK ||
	    !viz_id_eq(&rec.author, &link->peer)) {
		viz_link_close(node, link->number, "not-the-one-dialled");
		return false;
	}
	link->proven = true;
	if (!link->guest)
		viz_mail_pump(node, link);
	return true;
}

/* A guest tells who it is, and no more. */
static bool tells_who(const struct viz_id *peer, const uint8_t *bytes, size_t len)
{
	struct viz_record rec;

	return viz_record_parse(&rec, bytes, len) != VIZ_OK || /* its fault, as anybody's */
	       (viz_id_eq(&rec.author, peer) && rec.type <= VIZ_TYPE_VOUCH);
}

static void message_record(struct viz_node *node, struct viz_link *link, struct viz_reader *r)
{
	size_t len = 0;
	const uint8_t *bytes = viz_reader_bin(r, &len, 65, VIZ_SIGNED_RECORD_MAX);

	if (viz_reader_finish(r) == VIZ_OK && (!link->guest || tells_who(&link->peer, bytes, len)))
		viz_intake_record(node, link->number, bytes, len);
}

void viz_link_message(struct viz_node *node, uint64_t number, const uint8_t *body, size_t len)
{
	struct viz_link *link = viz_link_find(node, number);
	struct viz_reader r;
	uint64_t kind;
	size_t n;

	if (!link || link->closing)
		return;
	viz_reader_init(&r, body, len);
	n = viz_reader_array(&r, 2, 5);
	kind = viz_reader_uint(&r, UINT8_MAX);
	if (r.err == VIZ_OK && n != viz_message_elements((unsigned)kind))
		viz_reader_fail(&r, VIZ_ERR_FORM);
	if (r.err == VIZ_OK && link->guest && kind != VIZ_MESSAGE_RECORD &&
	    kind != VIZ_MESSAGE_MAIL && kind != VIZ_MESSAGE_MAIL_ACK)
		return; /* it has become a member for itself before it has for us */
	if (r.err == VIZ_OK && !link->proven &&
	    (kind != VIZ_MESSAGE_RECORD || !prove(node, link, r))) {
		viz_link_close(node, number, "not-the-one-dialled");
		return;
	}
	switch (kind) {
	case VIZ_MESSAGE_RECORD:
		message_record(node, link, &r);
		break;
	case VIZ_MESSAGE_DIGEST:
		viz_gossip_digest(node, link, &r);
		break;
	case VIZ_MESSAGE_ITEMS:
		viz_gossip_items(node, link, &r);
		break;
	case VIZ_MESSAGE_MORE:
		viz_gossip_more(node, link, &r);
		break;
	case VIZ_MESSAGE_WANT:
		viz_gossip_want(node, link, &r);
		break;
	case VIZ_MESSAGE_MAIL:
		viz_mail_received(node, number, &r);
		break;
	case VIZ_MESSAGE_MAIL_ACK:
		viz_mail_acked(node, link, &r);
		break;
	default:
		viz_reader_fail(&r, VIZ_ERR_FORM);
	}
	if (r.err != VIZ_OK) {
		char reason[64];

		snprintf(reason, sizeof reason, "bad-message: %s: %s",
			 viz_message_name((unsigned)kind), viz_err_name(r.err));
		viz_link_close(node, number, reason);
	}
}

static const char *dial_address(const struct viz_member *m)
{
	if (m->has_node && m->node.address_count > 0)
		return m->node.address[m->address_turn % m->node.address_count];
	return m->peer.address[0] != '\0' ? m->peer.address : NULL;
}

/* A NODE may carry another one's transport key and address: to dial its author is to reach that
 * other one, who takes us for dialling anew and closes the link that we have. Only the key that a
 * link's handshake has proved counts: what its peer publishes may be a lie likewise. */
static bool reaches_another(struct viz_node *node, const struct viz_member *m)
{
	for (size_t i = 0; m->has_node && i < node->links.count; i++) {
		const struct viz_link *link = &node->links.list[i];

		if (!link->closing && !viz_id_eq(&link->peer, &m->id) &&
		    transport_matches(m, &link->transport))
			return true;
	}
	return false;
}

static bool should_dial(struct viz_node *node, const struct viz_member *m, size_t linked)
{
	bool wanted = m->peer.vouched || m->peer.partner;

	if (m->link != 0 || m->attempt != 0 || m->dial_at.ms > node->now.ms ||
	    viz_member_revoked(m) || !dial_address(m))
		return false;
	if (!m->has_node && !m->peer.present)
		return false;
	if (!wanted && (!m->member || linked >= VIZ_LINKS_WANTED))
		return false;
	return !reaches_another(node, m);
}

static void dial(struct viz_node *node, struct viz_member *m)
{
	uint8_t *hello = viz_core_alloc(VIZ_HELLO_MAX);
	bool token = m->peer.has_token && !m->member;
	struct viz_effect *fx;
	size_t len = 0;

	if (viz_self_hello(node, hello, &len, token ? m->peer.token : NULL) == VIZ_OK) {
		fx = viz_effects_add(node->fx, VIZ_EFFECT_DIAL, hello, len);
		fx->attempt = m->attempt = ++node->links.last_attempt;
		m->dialled = m->has_node ? m->node.transport : m->peer.transport;
		fx->remote = m->dialled;
		fx->text = strdup(dial_address(m));
		VIZ_REQUIRE(fx->text);
	}
	viz_wipe(hello, VIZ_HELLO_MAX);
	free(hello);
}

/* A link whose peer came into or out of the closure. */
static void review(struct viz_node *node, struct viz_link *link)
{
	struct viz_member *m = viz_member_find(node, &link->peer);

	if (!m || viz_member_revoked(m)) {
		viz_link_close(node, link->number, "revoked");
	} else if (!m->member && !m->peer.pending && !m->peer.vouched) {
		viz_link_close(node, link->number, "not-a-member");
	} else if (link->guest && m->member) {
		link->guest = false;
		viz_gossip_compare(node, link);
		viz_mail_pump(node, link);
	} else if (!link->guest && !m->member) {
		link->guest = true;
	}
}

void viz_links_maintain(struct viz_node *node)
{
	size_t linked = 0;

	spread_news(node);
	for (size_t i = 0; i < node->links.count; i++) {
		struct viz_link *link = &node->links.list[i];

		if (link->closing)
			continue;
		linked++;
		review(node, link);
		/* its peer begins again with the first mail that was not acknowledged */
		if (link->mail_stopped && viz_core_has_room(node))
			viz_link_close(node, link->number, "store-has-room");
		if (link->closing || link->guest)
			continue;
		if (link->behind && link->repair_at.ms > node->now.ms + BEHIND_RETRY_MS)
			link->repair_at = viz_after(node->now, BEHIND_RETRY_MS);
		if (link->repair_at.ms <= node->now.ms)
			viz_gossip_compare(node, link);
	}
	for (size_t i = 0; i < node->directory.count; i++) {
		struct viz_member *m = node->directory.list[i];

		if (viz_id_eq(&m->id, &node->self.author) || !should_dial(node, m, linked))
			continue;
		dial(node, m);
		linked++;
	}
}

struct viz_time viz_links_deadline(const struct viz_node *node)
{
	struct viz_time at = {INT64_MAX};

	if (node->links.news)
		at = node->links.news_at;
	for (size_t i = 0; i < node->links.count; i++) {
		const struct viz_link *link = &node->links.list[i];

		if (!link->closing && !link->guest && link->repair_at.ms < at.ms)
			at = link->repair_at;
	}
	for (size_t i = 0; i < node->directory.count; i++) {
		const struct viz_member *m = node->directory.list[i];

		if (m->link == 0 && m->attempt == 0 && m->dial_at.ms > node->now.ms &&
		    (m->member || m->peer.vouched) && m->dial_at.ms < at.ms)
			at = m->dial_at;
	}
	return at;
}
