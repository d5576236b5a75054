#include "node/gossip/pending.h"

#include "node/core/core.h"
#include "node/gossip/intake.h"
#include "node/link/link.h"
#include "proto/base.h"
#include "proto/record.h"

#define ALIKE 4 /* counts a slot */

struct viz_pending *viz_pending_find(struct viz_intake *in, uint64_t job)
{
	struct viz_pending *p = in->slots > 0 ? &in->slot[job & (in->slots - 1)] : NULL;

	return p && job != 0 && p->job == job ? p : NULL;
}

static uint16_t *alike(struct viz_intake *in, uint64_t tag)
{
	return &in->alike[tag & (ALIKE * in->slots - 1)];
}

/* More slots, with what waits. */
static void grow(struct viz_intake *in)
{
	size_t slots = in->slots > 0 ? 2 * in->slots : 16;
	struct viz_pending *slot = viz_core_alloc(slots * sizeof *slot);
	uint64_t *tag = viz_core_alloc(slots * sizeof *tag);

	memset(slot, 0, slots * sizeof *slot);
	memset(tag, 0, slots * sizeof *tag);
	for (uint64_t job = in->first_job; job <= in->last_job; job++) {
		const struct viz_pending *p = viz_pending_find(in, job);

		if (!p)
			continue;
		slot[job & (slots - 1)] = *p;
		tag[job & (slots - 1)] = in->tag[job & (in->slots - 1)];
	}
	free(in->slot);
	free(in->tag);
	free(in->alike);
	in->slot = slot;
	in->tag = tag;
	in->alike = viz_core_alloc(ALIKE * slots * sizeof *in->alike);
	memset(in->alike, 0, ALIKE * slots * sizeof *in->alike);
	in->slots = slots;
	for (size_t i = 0; i < slots; i++)
		if (slot[i].job != 0)
			++*alike(in, tag[i]);
}

static uint64_t tag_of(const uint8_t *bytes)
{
	return viz_be_get_u64(bytes);
}

bool viz_pending_has(struct viz_intake *in, const uint8_t *bytes, size_t len)
{
	uint64_t tag = tag_of(bytes);

	if (in->slots == 0 || *alike(in, tag) == 0)
		return false;
	for (uint64_t job = in->first_job; job <= in->last_job; job++) {
		const struct viz_pending *p;

		if (in->tag[job & (in->slots - 1)] != tag)
			continue;
		p = viz_pending_find(in, job);
		if (p && p->len == len && memcmp(p->bytes, bytes, len) == 0)
			return true;
	}
	return false;
}

bool viz_pending_has_of(struct viz_intake *in, const struct viz_id *author)
{
	for (uint64_t job = in->first_job; job <= in->last_job; job++) {
		const struct viz_pending *p = viz_pending_find(in, job);

		if (p && viz_id_eq(&p->rec.author, author))
			return true;
	}
	return false;
}

/* Behind what the link has brought before of this class. */
static void get_in_line(struct viz_intake *in, struct viz_link *link, struct viz_pending *p)
{
	struct viz_pending *before = viz_pending_find(in, link->checking[p->near]);

	if (before) {
		before->next = p->job;
		p->waits = true;
	}
	link->checking[p->near] = p->job;
}

struct viz_pending *viz_pending_add(struct viz_intake *in, struct viz_link *link,
				    const struct viz_record *rec, bool near, bool asked)
{
	const uint8_t *bytes = rec->bytes - sizeof rec->sig.b;
	size_t len = rec->len + sizeof rec->sig.b;
	struct viz_pending *p;

	if (in->last_job + 1 - in->first_job >= in->slots)
		grow(in);
	p = &in->slot[++in->last_job & (in->slots - 1)];
	VIZ_REQUIRE(p->job == 0);
	*p = (struct viz_pending){
	    .job = in->last_job, .link = link->number, .near = near, .asked = asked, .len = len};
	in->tag[p->job & (in->slots - 1)] = tag_of(bytes);
	++*alike(in, tag_of(bytes));
	p->bytes = viz_core_alloc(len);
	memcpy(p->bytes, bytes, len);
	p->rec = *rec;
	p->rec.bytes = p->bytes + (rec->bytes - bytes);
	p->rec.body = p->bytes + (rec->body - bytes);
	get_in_line(in, link, p);
	*(asked ? &in->asked : &in->count) += 1;
	return p;
}

struct viz_pending viz_pending_take_out(struct viz_intake *in, struct viz_pending *p)
{
	struct viz_pending out = *p, *next = viz_pending_find(in, p->next);

	if (next)
		next->waits = false;
	*(out.asked ? &in->asked : &in->count) -= 1;
	--*alike(in, tag_of(p->bytes));
	p->job = 0;
	while (in->first_job <= in->last_job && !viz_pending_find(in, in->first_job))
		in->first_job++;
	return out;
}

void viz_pending_free(struct viz_intake *in)
{
	for (size_t i = 0; i < in->slots; i++)
		if (in->slot[i].job != 0)
			free(in->slot[i].bytes);
	free(in->slot);
	free(in->tag);
	free(in->alike);
}
