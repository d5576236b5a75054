/* I4: a key that was erased, or that a crash left without an owner, is in no file of its node. */
#include "node/core/core.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"
#include "tests/sim/check.h"

struct noted {
	unsigned node;
	struct viz_secret key;
	bool live; /* scratch: a row still refers to it */
};

struct sim_secrets {
	struct noted *list;
	size_t count, capacity;
	size_t wiping; /* marked blocks at the last look */
};

struct sim_secrets *sim_secrets_new(void)
{
	struct sim_secrets *s = calloc(1, sizeof *s);

	VIZ_REQUIRE(s);
	return s;
}

void sim_secrets_free(struct sim_secrets *s)
{
	free(s->list);
	free(s);
}

void sim_secrets_made(struct sim_world *w, const struct viz_secret *key)
{
	struct sim_secrets *s = w->checks->secrets;

	s->list = sim_more(s->list, s->count, &s->capacity, sizeof *s->list);
	s->list[s->count++] = (struct noted){.node = w->stepping->index, .key = *key};
}

void sim_secrets_commit(struct sim_world *w, struct sim_machine *m)
{
	/* a batch that marked blocks overwrites them before it returns */
	if (viz_vault_erasing(m->vault) != 0)
		sim_fail(w, "I4", m, "%zu blocks wait to be overwritten after the batch",
			 viz_vault_erasing(m->vault));
}

static void mark(struct sim_secrets *s, const struct sim_machine *m, uint32_t ref)
{
	struct viz_lead_secrets secrets;

	if (ref == 0 || !viz_secrets_read(&m->node->core, &secrets, ref))
		return;
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].node == m->index &&
		    memcmp(s->list[i].key.b, secrets.key.b, sizeof secrets.key.b) == 0)
			s->list[i].live = true;
}

static void mark_live(struct sim_world *w, struct sim_machine *m)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_inbox_walk_init(&walk, &m->node->core, NULL);
	while (viz_inbox_walk_next(&walk, in))
		mark(w->checks->secrets, m, in->vault);
	viz_walk_init(&walk, m->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(&m->node->core, lead, viz_be_get_u64(key.p))) {
			mark(w->checks->secrets, m, lead->vault);
			mark(w->checks->secrets, m, lead->contact_vault);
		}
	free(in);
	free(lead);
}

static uint8_t *read_file(size_t *len, const struct sim_machine *m, const char *name)
{
	char path[160];
	uint8_t *bytes;
	long size;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", m->dir, name);
	f = fopen(path, "rb");
	VIZ_REQUIRE(f && fseek(f, 0, SEEK_END) == 0);
	size = ftell(f);
	VIZ_REQUIRE(size >= 0 && fseek(f, 0, SEEK_SET) == 0);
	bytes = viz_core_alloc((size_t)size);
	VIZ_REQUIRE(fread(bytes, 1, (size_t)size, f) == (size_t)size);
	fclose(f);
	*len = (size_t)size;
	return bytes;
}

/* Searches the file of the vault and that of the store. */
static void search(struct sim_world *w, struct sim_machine *m, size_t how_many)
{
	static const char *const files[] = {"vault", "store.mdb"};
	struct sim_secrets *s = w->checks->secrets;

	if (m->rolled) /* an older state has what was erased since */
		return;
	for (size_t i = 0; i < s->count; i++)
		s->list[i].live = false;
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	mark_live(w, m);
	viz_store_abort(m->store);
	for (size_t f = 0; f < how_many; f++) {
		size_t len = 0;
		uint8_t *bytes = read_file(&len, m, files[f]);

		for (size_t i = 0; i < s->count; i++) {
			const struct noted *n = &s->list[i];

			/* a key in use is in the vault and nowhere else */
			if (n->node != m->index || (n->live && f == 0))
				continue;
			if (memmem(bytes, len, n->key.b, sizeof n->key.b))
				sim_fail(w, "I4", m, "a key of a lead is in the file %s", files[f]);
		}
		if (memmem(bytes, len, SIM_CANARY_NAME, strlen(SIM_CANARY_NAME)))
			sim_fail(w, "I4", m, "a person's name is in the file %s", files[f]);
		free(bytes);
	}
}

void sim_secrets_end(struct sim_world *w, struct sim_machine *m)
{
	char error[256];

	if (viz_vault_check(m->vault, error) != VIZ_OK)
		sim_fail(w, "I4", m, "%s", error);
	search(w, m, 2);
}

void sim_secrets_reported(struct sim_world *w, struct sim_machine *m)
{
	search(w, m, 1);
}
