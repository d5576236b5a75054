#include "node/audit/export_pair.h"

#include "node/audit/contradiction.h"
#include "node/audit/export_add.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"

#define KEPT_MAX (VIZ_NAMED_PER_AUTHOR + 16 * VIZ_FINDINGS_PER_RULE)

bool viz_export_pair_shows(const struct viz_export_collection *c, const struct viz_record *rec,
			   size_t n, const struct viz_contradiction_head *head, size_t heads)
{
	struct viz_contradiction p = {.federation = &c->core->federation,
				      .rule = c->x->rule,
				      .accused = c->x->accused,
				      .about = c->x->about,
				      .record = rec,
				      .record_count = n,
				      .head = head,
				      .head_count = heads,
				      .stub = c->x->next.stub,
				      .stub_count = c->x->next.stub_count};

	return viz_contradiction_shows(&p);
}

/* Whether the two may be of one place, or show the order of PARTNERS and NODE. */
static bool may_be_pair(const struct viz_export *x, const struct viz_record *a,
			const struct viz_record *b)
{
	if (x->rule == VIZ_RULE_EQUIVOCATION)
		return a->type == x->about.b[0] && b->type == a->type && a->seq == b->seq;
	return (a->type == VIZ_TYPE_PARTNERS || b->type == VIZ_TYPE_PARTNERS) &&
	       (a->type == b->type) == (x->rule == VIZ_RULE_PARTNER_DATES);
}

/* The PARTNERS that one of the two, a NODE, names. False: it is not held. */
static bool named_by(struct viz_export_collection *c, struct viz_record *out,
		     const struct viz_record pair[2])
{
	struct viz_node_body *body = viz_core_alloc(sizeof *body);
	bool held = false;

	for (size_t i = 0; i < 2 && !held; i++)
		held = pair[i].type == VIZ_TYPE_NODE &&
		       viz_node_body_parse(body, &pair[i]) == VIZ_OK &&
		       viz_named_get(c->core, out, &c->x->accused, &body->partners);
	free(body);
	return held;
}

/* Takes the two, alone or with the PARTNERS that their NODE names, if they show it. */
static bool take_pair(struct viz_export_collection *c, const struct viz_record *a,
		      const struct viz_record *b)
{
	struct viz_record proof[3] = {*a, *b};
	size_t count = 2;

	if (!may_be_pair(c->x, a, b) || (!viz_export_pair_shows(c, proof, count, NULL, 0) &&
					 (!named_by(c, &proof[2], proof) ||
					  !viz_export_pair_shows(c, proof, ++count, NULL, 0))))
		return false;
	for (size_t r = 0; r < count; r++)
		viz_export_add(c->x, &proof[r]);
	return true;
}

/* Appends those that are kept of the accused at the finding's slot, as a proof or not. */
static size_t list_kept(struct viz_export_collection *c, struct viz_record *list, size_t n,
			bool proof)
{
	struct viz_named_walk walk;

	viz_named_walk_init(&walk, c->core, &c->x->accused);
	while (n < KEPT_MAX && viz_named_walk_next(&walk, &list[n]))
		n += list[n].slot == c->x->slot && walk.proof == proof;
	return n;
}

/* Of the records that the accused replaced and that are kept, and the list of those that stand, the
 * first pair that shows it. One of the pair was kept as a proof when the finding was made, or
 * stands still: the accused can have so many others here that all pairs of them would take seconds.
 */
static void collect_kept(struct viz_export_collection *c, struct viz_record *list, size_t n)
{
	size_t first = list_kept(c, list, n, true);

	n = list_kept(c, list, first, false);
	for (size_t k = 0; k < first; k++)
		for (size_t i = k + 1; i < n; i++)
			if (take_pair(c, &list[i], &list[k]))
				return;
}

void viz_export_pair_dates(struct viz_export_collection *c)
{
	struct viz_record *list = viz_core_alloc(KEPT_MAX * sizeof *list);
	const struct viz_id *accused = &c->x->accused;
	struct viz_held held;
	size_t n = 0;

	n += viz_place_get(c->core, &held, &list[n], accused, VIZ_TYPE_PARTNERS, 0);
	n += viz_place_get(c->core, &held, &list[n], accused, VIZ_TYPE_NODE, 0);
	collect_kept(c, list, n);
	free(list);
}

void viz_export_pair_dead(struct viz_export_collection *c)
{
	struct viz_record *list;

	viz_export_add_dead(c, c->x->about.b[0], c->x->slot);
	if (viz_export_pair_shows(c, c->x->record, c->x->record_count, NULL, 0))
		return;
	c->x->record_count = 0;
	list = viz_core_alloc(KEPT_MAX * sizeof *list);
	collect_kept(c, list, 0);
	free(list);
}
