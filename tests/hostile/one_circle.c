#include "tests/hostile/one_circle.h"

#include "proto/record.h"
#include "proto/trust.h"

void sign_partners(struct one_node *b, struct forge *f, struct forged *partners,
		   struct forged *node, const struct entry *e, size_t count)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t body[1024];
	struct viz_writer w;

	assert_non_null(p);
	b->now.ms += 1000;
	p->log = f->log;
	p->previous.b[0] = 1;
	for (size_t i = 0; i < count; i++) {
		size_t at = p->count++;

		for (; at > 0 && viz_id_cmp(&p->entry[at - 1].id, e[i].id) > 0; at--)
			p->entry[at] = p->entry[at - 1];
		p->entry[at] =
		    (struct viz_partner_entry){*e[i].id,
					       viz_after(b->now, e[i].added),
					       {e[i].removed ? b->now.ms + e[i].removed : 0}};
	}
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(partners, f, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	f->names = partners->id;
	forge_node(node, f, b->now);
	free(p);
}

void give_partners(struct one_node *b, struct forge *f, uint64_t link, const struct entry *e,
		   size_t count)
{
	struct forged *record = calloc(2, sizeof *record);

	sign_partners(b, f, &record[0], &record[1], e, count);
	give_on(b, link, &record[0]);
	give_on(b, link, &record[1]);
	assert_int_equal(b->closed, 0);
	free(record);
}
