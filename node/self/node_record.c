#include "node/self/node_record.h"

#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/core/profile.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

bool viz_self_node_record_is_current(struct viz_trust *trust)
{
	const struct viz_member *m = viz_member_self(trust);
	const struct viz_profile *p = &trust->profile;
	struct viz_node_body b;
	size_t n = 0;

	if (!viz_member_node(trust->core, &b, m) || m->node_key != trust->self.key_number ||
	    b.log != trust->self.log || strcmp(b.name, p->name) != 0 ||
	    strcmp(b.cnpj, p->cnpj) != 0 || b.asn != p->asn || b.by_hand != p->by_hand ||
	    strcmp(b.whatsapp, p->whatsapp) != 0 || strcmp(b.hours, p->hours) != 0 ||
	    strcmp(b.privacy, p->privacy) != 0 || strcmp(b.version, VIZ_VERSION) != 0)
		return false;
	while (n < VIZ_ADDRESSES_MAX && p->address[n][0] != '\0') {
		if (n >= b.address_count || strcmp(b.address[n], p->address[n]) != 0)
			return false;
		n++;
	}
	return n == b.address_count;
}

static void node_body(struct viz_trust *trust, struct viz_node_body *b)
{
	const struct viz_profile *p = &trust->profile;

	memset(b, 0, sizeof *b);
	b->first_key = trust->self.birth.first_key;
	b->next_hash = trust->self.birth.next_hash;
	memcpy(b->nonce, trust->self.birth.nonce, sizeof b->nonce);
	viz_x25519_pub(&b->transport, &trust->self.transport);
	snprintf(b->name, sizeof b->name, "%s", p->name);
	snprintf(b->cnpj, sizeof b->cnpj, "%s", p->cnpj);
	b->asn = p->asn;
	while (b->address_count < VIZ_ADDRESSES_MAX && p->address[b->address_count][0] != '\0') {
		snprintf(b->address[b->address_count], sizeof b->address[0], "%s",
			 p->address[b->address_count]);
		b->address_count++;
	}
	b->by_hand = p->by_hand;
	snprintf(b->whatsapp, sizeof b->whatsapp, "%s", p->whatsapp);
	snprintf(b->hours, sizeof b->hours, "%s", p->hours);
	snprintf(b->privacy, sizeof b->privacy, "%s", p->privacy);
	snprintf(b->version, sizeof b->version, "%s", VIZ_VERSION);
	b->journal = trust->core->journal.head;
	b->start = trust->core->started;
	b->log = trust->self.log;
	viz_ids_head(&b->head, viz_publish_seq(trust, VIZ_TYPE_NODE, 0), b->log,
		     trust->self.log_number, &trust->self.log_value);
}

/* The PARTNERS of ours that is held; zeros when there is none. */
static void own_partners(struct viz_trust *trust, struct viz_id *id)
{
	struct viz_record rec;
	struct viz_held held;

	memset(id, 0, sizeof *id);
	if (viz_place_get(trust->core, &held, &rec, &trust->self.author, VIZ_TYPE_PARTNERS, 0))
		viz_ids_record(id, &trust->core->federation_id, &rec);
}

int viz_self_node_record_publish(struct viz_net *net)
{
	const struct viz_member *m = viz_member_self(net->trust);
	struct viz_self *self = &net->trust->self;
	bool heartbeat = !m->has_node || self->next_heartbeat.ms <= net->core->now.ms;
	struct viz_node_body b, last;
	VIZ_WRITER(w, 2048);
	int err;

	node_body(net->trust, &b);
	own_partners(net->trust, &b.partners);
	/* With each other NODE the journal would show when an offer was made. */
	if (!heartbeat && viz_member_node(net->core, &last, m))
		b.journal = last.journal;
	viz_node_body_write(&w, &b);
	err = viz_self_publish_body(net, NULL, VIZ_TYPE_NODE, 0, &w);
	if (err == VIZ_OK && heartbeat)
		self->next_heartbeat =
		    viz_after(net->core->now, net->core->federation.heartbeat_ms);
	return err;
}

/* The times at which entries become effective or end. */
struct instants {
	int64_t delay_ms;
	struct viz_time after, until; /* only those after the one, and up to the other */
	struct viz_time first;        /* the earliest of them; 0: none */
};

static void add_instant(struct instants *in, struct viz_time date)
{
	struct viz_time at = viz_after(date, in->delay_ms);

	if (date.ms != 0 && at.ms > in->after.ms && at.ms <= in->until.ms &&
	    (in->first.ms == 0 || at.ms < in->first.ms))
		in->first = at;
}

static void add_entry(struct instants *in, const struct viz_partner_entry *e)
{
	add_instant(in, e->added);
	add_instant(in, e->removed);
}

/* Adds what partners that we list say about us. */
static void add_theirs(struct instants *in, struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	for (size_t i = 0; m && i < m->us_count; i++)
		add_entry(in, &m->us[i]);
}

/* The first instant after `after` and up to `until` at which an entry of our PARTNERS, or one for
 * us in the PARTNERS of somebody we list, becomes effective or ends; 0: none. */
static struct viz_time first_change(struct viz_trust *trust, struct viz_time after,
				    struct viz_time until)
{
	const struct viz_member *self = viz_member_self(trust);
	struct instants in = {
	    .delay_ms = trust->core->federation.partner_delay_ms, .after = after, .until = until};

	for (size_t i = 0; self->partners && i < self->partners->count; i++) {
		add_entry(&in, &self->partners->entry[i]);
		add_theirs(&in, trust, &self->partners->entry[i].id);
	}
	return in.first;
}

#define NODE_PAUSE_MS 1000 /* between NODEs for such instants, at least */

void viz_node_record_refresh(struct viz_net *net)
{
	struct viz_trust *trust = net->trust;
	struct viz_time now = net->core->now, signed_at = viz_member_self(trust)->node_time;
	struct viz_time next, earliest;

	if (first_change(trust, signed_at, now).ms != 0 ||
	    signed_at.ms <= now.ms - net->core->federation.heartbeat_ms) {
		viz_self_node_record_publish(net); /* or the next heartbeat, when it fails now */
		trust->self.instant_at = now;
	}
	next = first_change(trust, now, (struct viz_time){INT64_MAX});
	/* the dates of a partner must not make us sign faster than others take our records */
	earliest = viz_after(trust->self.instant_at, NODE_PAUSE_MS);
	if (next.ms != 0 && next.ms < earliest.ms)
		next = earliest;
	if (next.ms != 0)
		viz_due_set(net->core, next, VIZ_DUE_NODE, &trust->self.author, 0);
}

void viz_node_record_partners(struct viz_net *net, const struct viz_record *rec,
			      const struct viz_id *id)
{
	const struct viz_member *self = viz_member_self(net->trust);

	(void)id;
	/* The timer runs at the end of this batch, when all records of it are held. */
	if (viz_id_eq(&rec->author, &net->trust->self.author) ||
	    (self->partners && viz_partners_find(self->partners, &rec->author)))
		viz_due_set(net->core, net->core->now, VIZ_DUE_NODE, &net->trust->self.author, 0);
}
