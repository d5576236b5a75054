#include "node/link/mail.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

/* A row of VIZ_TABLE_OUTBOX. The payload, or the reference from which it is composed, is its last
 * element. */
struct row {
	enum viz_mail_kind kind;
};

#define ROW(F)                                                                                     \
	F(UINT, kind, 1, VIZ_MAIL_KIND_MAX)                                                        \
	F(REST, payload)

static const struct viz_mail_handler *handler(const struct viz_net *net, enum viz_mail_kind kind)
{
	return &net->handlers->mail[kind];
}

int viz_mail_load(struct viz_net *net)
{
	struct viz_slice v, key, value;
	struct viz_walk walk;

	net->links.mail_number = 0;
	if (viz_core_get(net->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_MAIL)) && v.len == 8)
		net->links.mail_number = viz_be_get_u64(v.p);
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_OUTBOX, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_id to;

		memcpy(to.b, key.p, sizeof to.b);
		m = viz_member_ensure(net->trust, &to);
		if (m)
			viz_remote_ensure(net, m)->mail++;
	}
	return VIZ_OK;
}

uint64_t viz_mail_waiting(struct viz_trust *trust, const struct viz_id *to)
{
	const struct viz_member *m = viz_member_find(trust, to);

	return m && m->remote ? m->remote->mail : 0;
}

bool viz_mail_full(struct viz_trust *trust, const struct viz_id *to)
{
	return viz_mail_waiting(trust, to) >= VIZ_OUTBOX_PER_PEER;
}

/* Deletes a mail from the outbox. */
static void remove_mail(struct viz_trust *trust, const uint8_t key[VIZ_ID_SLOT_LEN])
{
	struct viz_member *m;
	struct viz_id to;

	memcpy(to.b, key, sizeof to.b);
	m = viz_member_find(trust, &to);
	if (m && m->remote && m->remote->mail > 0)
		m->remote->mail--;
	viz_core_del(trust->core, VIZ_TABLE_OUTBOX, key, VIZ_ID_SLOT_LEN);
}

void viz_mail_send(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   const struct viz_writer *payload)
{
	uint8_t key[VIZ_ID_SLOT_LEN], counter[8];
	size_t max = payload->len + 16;
	uint8_t *value = viz_core_alloc(max);
	struct viz_slice sent = viz_writer_done(payload);
	struct row row = {kind};
	struct viz_member *m = viz_member_find(net->trust, to);
	struct viz_link *link;
	struct viz_writer w;

	if (!m) {
		free(value);
		return;
	}
	if ((viz_mail_full(net->trust, to) && handler(net, kind)->answer) ||
	    (handler(net, kind)->bulk && (viz_mail_waiting(net->trust, to) >= VIZ_OUTBOX_BULK ||
					  viz_core_nearly_full(net->core)))) {
		free(value);
		return; /* the peer asks, and does not take the answers */
	}
	viz_remote_ensure(net, m)->mail++;
	viz_be_put_u64(counter, ++net->links.mail_number);
	viz_core_put(net->core, VIZ_TABLE_META, VIZ_META(VIZ_META_MAIL), counter, sizeof counter);
	viz_writer_init(&w, value, max);
	VIZ_FIELDS_WRITE(&w, &row, ROW);
	viz_writer_raw(&w, sent.p, sent.len);
	viz_id_slot_key(key, to, net->links.mail_number);
	viz_core_put_row(net->core, VIZ_TABLE_OUTBOX, key, sizeof key, &w);
	free(value);
	link = viz_link_of(net, to);
	if (link)
		link->mail_waits = true;
}

void viz_mail_pump_all(struct viz_net *net)
{
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (!link->mail_waits)
			continue;
		link->mail_waits = false;
		viz_mail_pump(net, link);
	}
}

void viz_mail_statement(struct viz_net *net, const struct viz_id *to, const uint8_t *bytes,
			size_t len)
{
	uint8_t *payload = viz_core_alloc(len + 16);
	struct viz_writer w;

	viz_writer_init(&w, payload, len + 16);
	viz_mail_signed_write(&w, bytes, len);
	viz_mail_send(net, to, VIZ_MAIL_STATEMENT, &w);
	free(payload);
}

void viz_mail_slot(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   uint64_t slot)
{
	VIZ_WRITER(w, 16);

	viz_mail_slot_write(&w, slot);
	viz_mail_send(net, to, kind, &w);
}

/* Writes the payload of a mail. False: its data no longer exists. */
static bool compose(struct viz_net *net, struct viz_writer *w, const struct viz_id *to,
		    const struct viz_mail_handler *h, const uint8_t *stored, size_t len)
{
	struct viz_reader r;
	uint64_t slot;

	if (!h->compose) {
		viz_writer_raw(w, stored, len);
		return true;
	}
	viz_reader_init(&r, stored, len);
	slot = viz_mail_slot_read(&r);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	return h->compose(net, w, slot, to);
}

/* Sends the mail of an outbox row. False: its data no longer exists. */
static bool send_one(struct viz_net *net, struct viz_link *link, uint64_t number,
		     const struct viz_slice *value)
{
	size_t max = VIZ_BODY_MAX;
	uint8_t *body = viz_core_alloc(max);
	uint8_t *stored = viz_core_alloc(value->len);
	const struct viz_mail_handler *h;
	struct viz_reader r;
	struct viz_writer w;
	struct row row;
	bool alive;

	memcpy(stored, value->p, value->len);
	viz_reader_init(&r, stored, value->len);
	VIZ_FIELDS_READ(&r, &row, ROW);
	VIZ_REQUIRE(r.err == VIZ_OK);
	h = handler(net, row.kind);
	viz_writer_init(&w, body, max);
	viz_message_mail_write(&w, &(struct viz_message_mail){number, (uint8_t)row.kind});
	alive = compose(net, &w, &link->peer, h, r.at, (size_t)(r.end - r.at));
	if (alive)
		viz_link_send(net->core, link, body, viz_writer_done(&w).len, h->pad);
	viz_secret_wipe(body, max);
	free(body);
	free(stored);
	return alive;
}

void viz_mail_pump(struct viz_net *net, struct viz_link *link)
{
	uint8_t from[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	const struct viz_member *m = viz_member_find(net->trust, &link->peer);

	/* Nothing is sent to the holder of a revoked key. The mail waits for the next key. */
	if (link->closing || link->guest || !link->proven || !m || viz_author_revoked(m))
		return;
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_OUTBOX, link->peer.b, sizeof link->peer.b);
	viz_id_slot_key(from, &link->peer, link->mail_sent + 1);
	viz_walk_from(&walk, from, sizeof from);
	while (link->mail_open < VIZ_MAIL_WINDOW && viz_walk_next(&walk, &key, &value)) {
		uint64_t number = viz_be_get_u64(key.p + 32);

		link->mail_sent = number;
		if (send_one(net, link, number, &value)) {
			link->mail_open++;
		} else {
			viz_id_slot_key(from, &link->peer, number);
			remove_mail(net->trust, from);
		}
	}
}

void viz_mail_acked(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_mail_ack ack;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_message_mail_ack_read(r, &ack);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	if (ack.number > link->mail_sent) {
		viz_reader_fail(r, VIZ_ERR_MEANING);
		return;
	}
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_OUTBOX, link->peer.b, sizeof link->peer.b);
	while (viz_walk_next(&walk, &key, &value)) {
		uint8_t copy[VIZ_ID_SLOT_LEN];

		memcpy(copy, key.p, sizeof copy);
		if (viz_be_get_u64(copy + 32) > ack.number)
			break;
		remove_mail(net->trust, copy);
		if (link->mail_open > 0)
			link->mail_open--;
	}
	viz_mail_pump(net, link);
}

static void forget(struct viz_trust *trust, const struct viz_id *to)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_OUTBOX, to->b, sizeof to->b);
	while (viz_walk_next(&walk, &key, &value)) {
		uint8_t copy[VIZ_ID_SLOT_LEN];

		memcpy(copy, key.p, sizeof copy);
		remove_mail(trust, copy);
	}
}

void viz_mail_drop_orphans(struct viz_net *net)
{
	struct viz_links *l = &net->links;

	for (size_t i = l->remote_count; i-- > 0;) {
		const struct viz_remote *r = l->remote[i];

		if (r->link != 0 || r->attempt != 0 || !viz_closure_useless(net->trust, r->member))
			continue;
		if (r->mail > 0)
			forget(net->trust, &r->member->id);
		viz_remote_free(net, i);
	}
}

static bool charge(struct viz_net *net, const struct viz_link *link, unsigned cost)
{
	for (unsigned i = cost; i > 0; i--)
		if (!viz_budget_signature_link(net, link))
			return false;
	return true;
}

/* From now on no mail of this link is acknowledged. */
static void stop(struct viz_trust *trust, struct viz_link *link, enum viz_mail_stop why)
{
	if (link->mail_stopped != why)
		viz_core_log(trust->core, 3, "%s: mail of %s must wait",
			     why == VIZ_MAIL_STOP_STORE ? "the store is full"
							: "we may not sign yet",
			     viz_member_name(viz_member_find(trust, &link->peer)));
	link->mail_stopped = why;
}

/* Whether the store is too full for this mail, or was for an earlier one of this link. */
static bool must_wait(struct viz_trust *trust, struct viz_link *link, bool ends)
{
	if (link->mail_stopped != VIZ_MAIL_STOP_STORE &&
	    (viz_core_has_headroom(trust->core) || ends))
		return false;
	stop(trust, link, VIZ_MAIL_STOP_STORE);
	return true;
}

const char *viz_mail_begins_anew(struct viz_trust *trust, const struct viz_link *link)
{
	switch (link->mail_stopped) {
	case VIZ_MAIL_STOP_NONE:
		break;
	case VIZ_MAIL_STOP_STORE:
		return viz_core_has_headroom(trust->core) ? "store-has-headroom" : NULL;
	case VIZ_MAIL_STOP_SIGN:
		return viz_mail_answer_waits(trust) ? NULL : "signs-again";
	}
	return NULL;
}

bool viz_mail_answer_waits(const struct viz_trust *trust)
{
	return !trust->self.revoked && !viz_identity_may_sign(trust);
}

/* Sends MAIL_ACK for the mail number `mail` on the link `number`. */
static void acknowledge(struct viz_net *net, uint64_t number, uint64_t mail)
{
	struct viz_link *link = viz_link_find(net, number);
	VIZ_WRITER(w, 16);

	if (!link || link->closing || link->mail_stopped != VIZ_MAIL_STOP_NONE)
		return;
	viz_message_mail_ack_write(&w, &(struct viz_message_mail_ack){mail});
	viz_link_send(net->core, link, w.start, viz_writer_done(&w).len, 0);
}

static void take(struct viz_net *net, const struct viz_mail_handler *h, const struct viz_id *from,
		 struct viz_reader *r)
{
	struct viz_reader again = *r;

	h->take(net, from, r);
	if (r->err == VIZ_OK && h->judge)
		h->judge(net, from, &again);
}

void viz_mail_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_id from = link->peer;
	uint64_t number = link->number;
	bool numbered, over_budget = false, ends = false;
	const struct viz_mail_handler *h = NULL;
	struct viz_message_mail m;
	size_t len = 0;

	viz_message_mail_read(r, &m);
	net->core->fx->ours |= viz_member_is_near(net->trust, &from);
	numbered = r->err == VIZ_OK || m.number > 0; /* perhaps only the kind is unreadable */
	if (m.kind > VIZ_MAIL_KIND_MAX || !net->handlers->mail[m.kind].take) {
		viz_reader_fail(r, VIZ_ERR_FORM);
	} else if (r->err == VIZ_OK) {
		h = handler(net, (enum viz_mail_kind)m.kind);
		over_budget = !charge(net, link, h->cost);
		ends = h->ends && h->ends(*r);
	}
	if (over_budget)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	if (r->err == VIZ_OK && must_wait(net->trust, link, ends) && !ends) {
		viz_reader_skip(r, &len, 2);
		return;
	}
	/* When the store is nearly full, bulk mail is acknowledged and dropped: only the audit
	 * needs it. */
	if (r->err == VIZ_OK && h->bulk && viz_core_nearly_full(net->core))
		viz_reader_skip(r, &len, 2);
	else if (r->err == VIZ_OK)
		take(net, h, &from, r);
	if (r->err == VIZ_ERR_STATE) { /* it fails for a reason of ours, and the link stays */
		viz_reader_init(r, r->end, 0);
		link = viz_link_find(net, number);
		if (link)
			stop(net->trust, link, VIZ_MAIL_STOP_SIGN);
	}
	/* A mail that can never be right closes the link. It is acknowledged nevertheless, or its
	 * sender would send it again on each new link. A mail over the budget, or signed with a key
	 * that we do not know yet, must come again. */
	if (viz_reader_finish(r) == VIZ_ERR_ABSENT || over_budget || !numbered)
		return;
	acknowledge(net, number, m.number);
}
