#include "node/self/node_record.h"

#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/core/profile.h"
#include "node/link/net.h"
#include "node/self/publish.h"
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
	size_t n = 0;

	if (!m->has_node || m->node_key != trust->self.key_number ||
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
}

int viz_self_node_record_publish(struct viz_net *net)
{
	struct viz_node_body b;
	VIZ_WRITER(w, 2048);

	node_body(net->trust, &b);
	viz_node_body_write(&w, &b);
	net->trust->self.next_heartbeat =
	    viz_after(net->core->now, net->core->federation.heartbeat_ms);
	return viz_self_publish_body(net, NULL, VIZ_TYPE_NODE, 0, &w);
}
