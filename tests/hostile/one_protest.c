#include "tests/hostile/one_protest.h"

#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"

struct viz_audit_protester protests_by(struct one_node *b, const struct viz_id *origin,
				       const struct viz_id *by)
{
	struct viz_audit_protester *list, found = {.author = *by};
	size_t n;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	list = viz_audit_protest_count(&b->node->core, &n, origin);
	viz_store_abort(b->store);
	for (size_t i = 0; i < n; i++)
		if (viz_id_eq(&list[i].author, by))
			found = list[i];
	free(list);
	return found;
}

struct viz_protest protest_about_us(struct one_node *b)
{
	const struct viz_member *self = viz_member_find(&b->node->trust, viz_node_author(b->node));
	struct viz_protest p = {.origin = self->id, .kind = VIZ_PROTEST_HEAD};
	struct viz_record rec;
	struct viz_held held;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(&b->node->core, &held, &rec, &self->id, VIZ_TYPE_NODE, 0));
	viz_ids_record(&p.node, &b->node->core.federation_id, &rec);
	viz_store_abort(b->store);
	p.node_time = self->node_time;
	p.partners = self->node.partners;
	return p;
}

void sign_protest(struct one_node *b, struct forged *out, const struct forge *f,
		  const struct viz_protest *p, unsigned n)
{
	uint8_t body[1024];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, p);
	forge_record(out, f, VIZ_TYPE_PROTEST, viz_record_slot_make(b->now, n), b->now, &w);
}
