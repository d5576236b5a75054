#include "node/audit/suspect.h"

#include "node/audit/finding.h"
#include "node/link/linked.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"

void viz_suspect_looked(size_t *rows, size_t looked)
{
	*rows -= looked < *rows ? looked : *rows;
}

bool viz_suspect_missing_first(const struct viz_suspect *s, const struct viz_owed_what *what,
			       int64_t ms, int64_t first_ms)
{
	size_t looked;
	bool raised = viz_owed_missing(s->net->trust, &looked, what, ms, first_ms);

	viz_suspect_looked(s->rows, looked);
	return raised;
}

bool viz_suspect_missing(const struct viz_suspect *s, const struct viz_member *m,
			 enum viz_suspicion rule, uint64_t slot, const struct viz_id *about,
			 int64_t ms)
{
	struct viz_owed_what what = {m->id, (uint8_t)rule, slot, *about};

	return viz_suspect_missing_first(s, &what, ms, 0);
}

void viz_suspect_found(struct viz_trust *trust, const struct viz_id *who, enum viz_suspicion rule,
		       uint64_t slot, const struct viz_id *about)
{
	viz_finding_keep(trust, who, slot, (enum viz_rule)rule, VIZ_VERDICT_SUSPICION, about);
}

bool viz_suspect_in_circle(struct viz_trust *trust, const struct viz_member *origin,
			   const struct viz_id *who)
{
	struct viz_circle circle = {.origin = origin->id};

	if (!origin->has_node || viz_author_revoked(origin))
		return false;
	circle.at = origin->node_time;
	circle.partners = origin->node.partners;
	return viz_circle_has(trust, &circle, who) == VIZ_CIRCLE_IN;
}

int64_t viz_suspect_circle_ms(const struct viz_suspect *s, const struct viz_member *origin)
{
	const struct viz_links *l = &s->net->links;
	int64_t most = viz_linked_ms(origin);

	for (size_t i = 0; i < l->remote_count; i++) {
		const struct viz_member *m = l->remote[i]->member;
		int64_t ms = viz_linked_ms(m);

		if (ms > most && viz_suspect_in_circle(s->net->trust, origin, &m->id))
			most = ms;
	}
	return most;
}
