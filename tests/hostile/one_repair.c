#include "tests/hostile/one_repair.h"

struct viz_repair *repair(struct one_node *b)
{
	return &b->node->gossip.repair;
}

size_t under_way(struct one_node *b)
{
	size_t n = 0;

	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		n += repair(b)->task[i].link != 0;
	return n;
}

void give_tree(struct one_node *b, uint64_t hour, const struct viz_id *root)
{
	VIZ_WRITER(w, 64);

	viz_message_tree_write(&w,
			       &(struct viz_message_tree){.hour = hour, .cut = 3, .root = *root});
	message(b, &w);
}

uint64_t hour_now(struct one_node *b)
{
	return viz_tree_hour_of(&b->node->core, b->now);
}

struct viz_id root_of(struct one_node *b, uint64_t hour)
{
	return viz_tree_at(&b->node->trust, hour)->root;
}

void begin_on(struct one_node *b, uint64_t link)
{
	size_t before = b->trees;

	link_of(b, link)->repair_at = b->now;
	tick(b, 0);
	assert_true(b->trees > before);
}

void give_buckets(struct one_node *b, uint64_t link)
{
	struct viz_message_buckets m = {.hour = b->tree[link].hour, .cut = b->tree[link].cut};
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_rng_bytes(&b->rng, m.piece, sizeof m.piece);
	viz_writer_init(&w, body, sizeof body);
	viz_message_buckets_write(&w, &m);
	message_on(b, link, &w);
}

void give_authors(struct one_node *b, uint64_t link, const struct viz_tree_author *author,
		  size_t count, bool last)
{
	struct viz_message_author *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->hour = b->tree[link].hour;
	m->cut = b->tree[link].cut;
	m->last = last;
	m->count = count;
	memcpy(m->author, author, count * sizeof *author);
	viz_writer_init(&w, body, sizeof body);
	viz_message_author_write(&w, m);
	message_on(b, link, &w);
	free(m);
}

void give_last(struct one_node *b, uint64_t link)
{
	struct viz_tree_author none;

	while (repair(b)->task[0].link == link && repair(b)->task[0].open > 0)
		give_authors(b, link, &none, 0, true);
}

void give_nothing(struct one_node *b, unsigned from, unsigned to)
{
	struct viz_message_bucket *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->hour = hour_now(b);
	for (unsigned i = from; i < to; i++)
		m->list[m->count++] = (struct viz_tree_list){
		    .bucket = (uint16_t)i, .to = VIZ_TREE_TAIL_MAX, .entries = body};
	viz_writer_init(&w, body, sizeof body);
	viz_message_bucket_write(&w, m);
	message(b, &w);
	free(m);
}
