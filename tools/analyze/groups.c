#include "tools/analyze/groups.h"
#include "tools/analyze/columns.h"
#include "tools/analyze/hash64.h"
#include "tools/analyze/value.h"
#include "tools/text/fold.h"

static uint16_t *slot_of(struct viz_groups *g, uint64_t hash)
{
	size_t at = hash % VIZ_GROUPS_SLOTS;

	while (g->slot[at] && g->group[g->slot[at] - 1].hash != hash)
		at = (at + 1) % VIZ_GROUPS_SLOTS;
	return &g->slot[at];
}

struct viz_group_count *viz_groups_of(struct viz_groups *g, const char *text, size_t len)
{
	struct viz_field field;
	char folded[VIZ_GROUPS_NAME_BYTES];
	uint16_t *slot;
	uint64_t hash;
	size_t n;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len) || viz_value_empty_placeholder(text, len) ||
	    viz_value_like(text, len))
		return NULL;
	n = viz_fold_text(folded, sizeof folded, text, len);
	if (n == 0)
		return NULL;
	hash = viz_hash64(folded, n);
	slot = slot_of(g, hash);
	if (*slot)
		return &g->group[*slot - 1].count;
	if (g->n == VIZ_GROUPS_MAX)
		return &g->others;
	field = (struct viz_field){text, (uint32_t)len};
	viz_columns_name(g->group[g->n].name, &field);
	g->group[g->n].hash = hash;
	*slot = (uint16_t)(g->n + 1);
	return &g->group[g->n++].count;
}

size_t viz_groups_rank(uint16_t order[VIZ_GROUPS_MAX], const struct viz_groups *g, uint32_t least)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct viz_group *group = &g->group[i];
		size_t at = n;

		if (group->count.cancelled < least || !group->name[0])
			continue;
		for (; at > 0; at--) {
			const struct viz_group *before = &g->group[order[at - 1]];

			if (before->count.cancelled > group->count.cancelled ||
			    (before->count.cancelled == group->count.cancelled &&
			     strcmp(before->name, group->name) <= 0))
				break;
			order[at] = order[at - 1];
		}
		order[at] = (uint16_t)i;
		n++;
	}
	return n;
}

int viz_groups_tenure(int32_t since, int32_t until)
{
	static const int32_t months[VIZ_TENURES - 1] = {3, 6, 12, 24, 36};
	int bucket = 0;

	if (until < since)
		return -1;
	/* a month has 30.4 days */
	while (bucket < VIZ_TENURES - 1 && (int64_t)(until - since) * 10 >= months[bucket] * 304)
		bucket++;
	return bucket;
}
