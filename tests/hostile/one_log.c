#include "tests/hostile/one_log.h"

#include "node/core/ids.h"
#include "node/node.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/store.h"

int setup_named(void **state)
{
	struct one_node *b;
	int err = setup(state);

	b = *state;
	b->evil.names = b->scratch.id;
	return err;
}

uint64_t commit_to(struct one_node *b, uint32_t number, const struct viz_id *value)
{
	b->now.ms += 1000;
	viz_ids_head(&b->evil.head, (uint64_t)b->now.ms, b->evil.log, number, value);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	return (uint64_t)b->now.ms;
}

void send_head(struct one_node *b, uint64_t seq, uint32_t number, const struct viz_id *value)
{
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &(struct viz_message_head){.origin = b->evil.author,
							      .node_seq = seq,
							      .log = b->evil.log,
							      .held = number,
							      .number = number,
							      .value = *value});
	message(b, &w);
}

void open_head(struct one_node *b, uint32_t number, const struct viz_id *value)
{
	send_head(b, commit_to(b, number, value), number, value);
	assert_int_equal(b->closed, 0);
}

void send_log(struct one_node *b, uint32_t from, const struct viz_stub *stub, size_t count)
{
	struct viz_message_log *m = calloc(1, sizeof *m);
	uint8_t *body = malloc(VIZ_BODY_MAX);
	struct viz_writer w;

	assert_true(m && body);
	m->origin = b->evil.author;
	m->log = b->evil.log;
	m->from = from;
	m->count = count;
	memcpy(m->stub, stub, count * sizeof *stub);
	viz_writer_init(&w, body, VIZ_BODY_MAX);
	viz_message_log_write(&w, m);
	message(b, &w);
	free(body);
	free(m);
}

bool chain(struct one_node *b, struct viz_chain *c)
{
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_chain_get(&b->node->core, c, &b->evil.author);
	viz_store_abort(b->store);
	return there;
}

bool has_stub(struct one_node *b, uint32_t number)
{
	struct viz_stub stub;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_chain_stub_get(&b->node->core, &stub, &b->evil.author, b->evil.log, number);
	viz_store_abort(b->store);
	return there;
}
