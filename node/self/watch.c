#include "node/self/watch.h"

#include "node/core/core.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#define COVERAGE_EVERY_MS 600000 /* a plant of many slots changes many records, one by one */

static void look(struct viz_trust *trust, struct viz_member *m)
{
	bool revoked = viz_author_revoked(m), partner = viz_live_partner(trust, &m->id);
	bool first = m->told.keys == 0;

	if (m->key_count == 0)
		return;
	if (!first && m->told.partner != partner)
		viz_notice_add(trust, partner ? VIZ_NOTICE_PARTNER : VIZ_NOTICE_PARTNER_ENDED, NULL,
			       &m->id, 0);
	if (!first && m->key_count > m->told.keys)
		viz_notice_add(trust, VIZ_NOTICE_PEER_KEY, NULL, &m->id, 0);
	if (!first && revoked && !m->told.revoked)
		viz_notice_add(trust, VIZ_NOTICE_PEER_REVOKED, NULL, &m->id, 0);
	m->told.keys = (uint32_t)m->key_count;
	m->told.partner = partner;
	m->told.revoked = revoked;
}

void viz_watch_peers(struct viz_trust *trust)
{
	for (size_t i = 0; i < trust->directory.peer_count; i++)
		look(trust, trust->directory.peer[i]);
}

void viz_watch_coverage(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_member *m = viz_member_find(net->trust, &rec->author);

	(void)id;
	if (!m || !viz_live_partner(net->trust, &m->id) ||
	    (m->told.coverage_ms != 0 &&
	     m->told.coverage_ms + COVERAGE_EVERY_MS > net->core->now.ms))
		return;
	m->told.coverage_ms = net->core->now.ms;
	viz_notice_add(net->trust, VIZ_NOTICE_PEER_COVERAGE, NULL, &m->id, 0);
}
