#include "node/link/linked.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/member.h"

void viz_linked_pass(struct viz_net *net)
{
	struct viz_links *l = &net->links;

	for (size_t i = 0; i < l->count; i++) {
		struct viz_link *link = &l->list[i];
		struct viz_member *m = viz_member_find(net->trust, &link->peer);
		struct viz_time from;

		if (link->closing || link->guest || !m || !m->remote)
			continue;
		from = link->counted_at.ms > link->full_at.ms ? link->counted_at : link->full_at;
		m->remote->full_ms += net->core->now.ms - from.ms;
		link->counted_at = net->core->now;
	}
	for (size_t i = 0; i < l->remote_count; i++) {
		l->remote[i]->passed_ms = l->remote[i]->full_ms;
		l->remote[i]->full_ms = 0;
	}
}

int64_t viz_linked_ms(const struct viz_member *m)
{
	return m->remote ? m->remote->passed_ms : 0;
}

/* Whether the span, without its begin, has an instant from `from` to `to`. */
static bool meets(struct viz_span span, struct viz_time from, struct viz_time to)
{
	int64_t begin = span.from.ms + VIZ_LINKED_LEAD_MS;

	return begin <= span.to.ms && begin <= to.ms && span.to.ms >= from.ms;
}

bool viz_linked_within(struct viz_net *net, const struct viz_member *m, struct viz_time from,
		       struct viz_time to)
{
	const struct viz_link *link = viz_link_of(net, &m->id);

	if (link && !link->guest &&
	    meets((struct viz_span){link->full_at, net->core->now}, from, to))
		return true;
	for (size_t i = 0; m->remote && i < VIZ_FULL_SPANS; i++)
		if (m->remote->full[i].to.ms != 0 && meets(m->remote->full[i], from, to))
			return true;
	return false;
}
