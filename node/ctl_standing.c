/* How things stand between a member and us, from our own settings and from both PARTNERS records:
 * an entry counts from the federation's delay after its dates on. */
#include "node/ctl.h"

/* When one side's entry begins and ends to count. */
struct side {
	bool listed;                 /* there is an entry, and it is not being removed */
	struct viz_time from, until; /* until: 0 when it is not removed */
};

static struct side side_of(struct viz_node *node, const struct viz_member *of,
			   const struct viz_id *about)
{
	const struct viz_partner_entry *e = NULL;
	struct side s = {.listed = false};

	if (of->partners && !viz_key_ended(of, of->partners_key))
		e = viz_partners_find(of->partners, about);
	if (!e)
		return s;
	s.listed = e->removed.ms == 0;
	s.from = viz_after(e->added, node->federation.partner_delay_ms);
	if (!s.listed)
		s.until = viz_after(e->removed, node->federation.partner_delay_ms);
	return s;
}

/* The earlier of two ends, of which either may be none. */
static struct viz_time first_end(struct viz_time a, struct viz_time b)
{
	if (a.ms == 0 || (b.ms != 0 && b.ms < a.ms))
		return b;
	return a;
}

/* own-revoked, revoked, pending, blocked: settings and keys come first.
 * partner; leaving (still a partner, until a date); coming (both have listed each other: from a
 * date); waits (we list it, it does not list us); asked (it lists us, we do not list it); ended
 * (the other side has ended it); member (no dealings); known (no member yet). */
static const char *word(struct viz_node *node, const struct viz_member *m, const struct side *ours,
			const struct side *theirs)
{
	bool now = viz_partner_now(node, &m->id);

	if (node->self.revoked)
		return "own-revoked";
	if (viz_member_revoked(m))
		return "revoked";
	if (m->peer.pending)
		return "pending";
	if (m->peer.blocked)
		return "blocked";
	if (now)
		return ours->until.ms || theirs->until.ms ? "leaving" : "partner";
	if (!m->member && (!ours->listed || theirs->listed))
		return "known";
	if (ours->listed && theirs->listed)
		return "coming";
	if (ours->listed)
		return theirs->until.ms ? "ended" : "waits";
	return theirs->listed ? "asked" : "member";
}

void viz_ctl_standing(json_t *o, struct viz_node *node, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(node);
	struct side ours = side_of(node, self, &m->id), theirs = side_of(node, m, &self->id);
	struct viz_time from = {0}, until = first_end(ours.until, theirs.until);

	if (ours.listed && theirs.listed && !m->peer.blocked)
		from = ours.from.ms > theirs.from.ms ? ours.from : theirs.from;
	json_object_set_new(o, "standing", json_string(word(node, m, &ours, &theirs)));
	viz_ctl_set_time(o, "partner_from", from);
	viz_ctl_set_time(o, "partner_until", until);
	json_object_set_new(o, "ended_by",
			    until.ms == 0 ? json_null()
					  : json_string(until.ms == ours.until.ms ? "us" : "them"));
}
