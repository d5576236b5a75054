#include "tests/unit/node/trust/vouching.h"

#include "node/core/core.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/heavy.h"
#include "node/trust/trust.h"
#include "proto/base.h"

struct viz_trust *trust_of(struct bed *b)
{
	return &b->node->trust;
}

void give_key(struct viz_member *m)
{
	m->key = viz_core_grow(m->key, 1, sizeof *m->key);
	m->key[0] = (struct viz_author_key){.revoked = false};
	m->key_count = 1;
}

struct viz_member *author_of(struct bed *b, const struct viz_id *id, uint64_t weight)
{
	struct viz_member *m = viz_member_ensure(trust_of(b), id);

	assert_non_null(m);
	give_key(m);
	m->has_node = true;
	m->weight = weight;
	trust_of(b)->leave.total += viz_heavy_counts(&b->node->core, m);
	trust_of(b)->leave.weighing++;
	return m;
}

/* An author whose id begins with `name`, and that weighs so much. */
struct viz_member *author(struct bed *b, uint8_t name, uint64_t weight)
{
	return author_of(b, &(struct viz_id){{name, 1}}, weight);
}

void vouch(struct bed *b, struct viz_member *from, const struct viz_id *to)
{
	viz_member_put_vouch(trust_of(b), from, (uint8_t)from->vouch_count, 0, to, false);
	viz_member_changed(trust_of(b), from);
}

void join(struct bed *b, struct viz_member *x, struct viz_member *y)
{
	vouch(b, x, &y->id);
	vouch(b, y, &x->id);
}

struct viz_member *begin(struct bed *b)
{
	struct viz_member *self;

	bed_begin(b);
	self = viz_member_self(trust_of(b));
	give_key(self);
	return self;
}

size_t choose(struct bed *b, struct viz_member **out, uint64_t share)
{
	viz_closure_extend(trust_of(b));
	return viz_heavy_choose(trust_of(b), out, 64, share, share);
}
