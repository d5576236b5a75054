/* The rows of a memory. */
#include "tests/sim/memory_inside.h"

#include "store/checksum.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "store/store.h"

static struct sim_memory *used;

/* ---- rows ---- */

static bool is_number(unsigned table)
{
	return table == VIZ_TABLE_LOOKUP || table == VIZ_TABLE_LOOKUP_CEP;
}

int sim_memory_compare(unsigned table, const uint8_t *a, size_t a_len, const uint8_t *b,
		       size_t b_len)
{
	size_t n = a_len < b_len ? a_len : b_len;
	int c;

	if (is_number(table)) {
		size_t x, y;

		memcpy(&x, a, sizeof x);
		memcpy(&y, b, sizeof y);
		return (x > y) - (x < y);
	}
	c = n ? memcmp(a, b, n) : 0;
	return c ? c : (a_len > b_len) - (a_len < b_len);
}

/* Keys that begin otherwise stand in the order of these numbers. */
static uint64_t beginning(unsigned table, const uint8_t *key, size_t key_len)
{
	uint8_t b[8] = {0};
	size_t number;

	if (is_number(table)) {
		memcpy(&number, key, sizeof number);
		return number;
	}
	memcpy(b, key, key_len < 8 ? key_len : 8);
	return viz_be_get_u64(b);
}

int sim_memory_compare_rows(unsigned table, const struct row *a, const struct row *b)
{
	return sim_memory_compare(table, a->bytes, a->key_len, b->bytes, b->key_len);
}

size_t sim_memory_position(unsigned table, const struct rows *rows, const uint8_t *key,
			   size_t key_len)
{
	size_t low = 0, high = rows->count;
	uint64_t begins = beginning(table, key, key_len);

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct entry *e = &rows->list[middle];

		if (e->begins != begins ? e->begins < begins
					: sim_memory_compare(table, e->row->bytes, e->row->key_len,
							     key, key_len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct row *at(unsigned table, const struct rows *rows, size_t i, const uint8_t *key,
		      size_t key_len)
{
	struct row *r = i < rows->count ? rows->list[i].row : NULL;

	return r && sim_memory_compare(table, r->bytes, r->key_len, key, key_len) == 0 ? r : NULL;
}

struct row *sim_memory_find(unsigned table, const struct rows *rows, const uint8_t *key,
			    size_t key_len)
{
	return at(table, rows, sim_memory_position(table, rows, key, key_len), key, key_len);
}

static size_t size_of(const struct row *r)
{
	return sizeof *r + r->key_len + (r->value_len == GONE ? 0 : r->value_len);
}

struct row *sim_memory_make(const uint8_t *key, size_t key_len, const uint8_t *value, uint32_t len)
{
	size_t copied = len == GONE ? 0 : len;
	struct row *r = viz_core_alloc(sizeof *r + key_len + copied);

	*r = (struct row){(uint32_t)key_len, len};
	memcpy(r->bytes, key, key_len);
	if (copied > 0 && value)
		memcpy(r->bytes + key_len, value, copied);
	return r;
}

static void insert(unsigned table, struct rows *rows, size_t i, struct row *r)
{
	if (rows->count == rows->capacity) {
		rows->capacity += rows->capacity / 2 + 4;
		rows->list = viz_core_grow(rows->list, rows->capacity, sizeof *rows->list);
	}
	memmove(&rows->list[i + 1], &rows->list[i], (rows->count - i) * sizeof *rows->list);
	rows->list[i] = (struct entry){beginning(table, r->bytes, r->key_len), r};
	rows->count++;
}

static void remove_at(struct rows *rows, size_t i)
{
	rows->count--;
	memmove(&rows->list[i], &rows->list[i + 1], (rows->count - i) * sizeof *rows->list);
}

static void free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->list[i].row);
	free(rows->list);
	*rows = (struct rows){NULL, 0, 0};
}

/* A value that was read stays valid until the end of the transaction. */
static void drop(struct sim_memory *m, struct row *r)
{
	m->bytes -= size_of(r);
	insert(VIZ_TABLE_META, &m->dropped, m->dropped.count, r);
}

/* Puts `r` into the own rows, or only removes what is there (NULL). Returns what was there. */
static struct row *exchange(struct sim_memory *m, unsigned table, const uint8_t *key,
			    size_t key_len, struct row *r)
{
	struct rows *rows = &m->table[table];
	size_t i = sim_memory_position(table, rows, key, key_len);
	struct row *old = at(table, rows, i, key, key_len);

	m->writes++;
	if (old && r)
		rows->list[i].row = r;
	else if (old)
		remove_at(rows, i);
	else if (r)
		insert(table, rows, i, r);
	return old;
}

/* The same, for a transaction that may be aborted. `entries` are what a reader sees after it. */
void sim_memory_replace(struct sim_memory *m, unsigned table, const uint8_t *key, size_t key_len,
			struct row *r, size_t entries)
{
	struct row *old = exchange(m, table, key, key_len, r);

	if (m->change_count == m->change_capacity) {
		m->change_capacity += m->change_capacity / 2 + 8;
		m->change = viz_core_grow(m->change, m->change_capacity, sizeof *m->change);
	}
	m->change[m->change_count++] = (struct change){table, old, r, m->entries[table]};
	m->entries[table] = entries;
	if (r)
		m->bytes += size_of(r);
	if (old)
		drop(m, old);
}

/* What a reader finds under the key; NULL: nothing. */
const struct row *sim_memory_look(const struct sim_memory *m, unsigned table, const uint8_t *key,
				  size_t key_len)
{
	const struct row *r = sim_memory_find(table, &m->table[table], key, key_len);

	if (!r)
		r = sim_memory_find(table, &m->base->table[table], key, key_len);
	return r && r->value_len != GONE ? r : NULL;
}

void sim_memory_keep(struct sim_memory *m)
{
	for (size_t i = 0; i < m->dropped.count; i++)
		free(m->dropped.list[i].row);
	m->dropped.count = m->change_count = 0;
}

void sim_memory_undo(struct sim_memory *m, uint64_t bytes)
{
	while (m->change_count > 0) {
		struct change *c = &m->change[--m->change_count];
		const struct row *key = c->now ? c->now : c->old;

		if (key)
			exchange(m, c->table, key->bytes, key->key_len, c->old);
		m->entries[c->table] = c->entries;
		free(c->now);
	}
	m->dropped.count = 0;
	m->bytes = bytes;
}

/* ---- memories ---- */

struct sim_memory_base *sim_memory_base_new(void)
{
	struct sim_memory_base *base = calloc(1, sizeof *base);

	VIZ_REQUIRE(base);
	return base;
}

void sim_memory_base_free(struct sim_memory_base *base)
{
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		free_rows(&base->table[t]);
	free(base);
}

struct sim_memory *sim_memory_new(const struct sim_memory_base *base)
{
	struct sim_memory *m = calloc(1, sizeof *m);

	VIZ_REQUIRE(m);
	m->base = base;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		m->entries[t] = base->table[t].count;
	return m;
}

void sim_memory_free(struct sim_memory *m)
{
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		free_rows(&m->table[t]);
	free_rows(&m->dropped);
	free(m->change);
	free(m);
}

struct sim_memory *sim_memory_copy(const struct sim_memory *m)
{
	struct sim_memory *copy = sim_memory_new(m->base);

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++) {
		for (size_t i = 0; i < m->table[t].count; i++) {
			const struct row *r = m->table[t].list[i].row;

			insert(t, &copy->table[t], i,
			       sim_memory_make(r->bytes, r->key_len, r->bytes + r->key_len,
					       r->value_len));
		}
		copy->entries[t] = m->entries[t];
	}
	copy->bytes = m->bytes;
	copy->map_bytes = m->map_bytes;
	return copy;
}

struct sim_memory *sim_memory_used(void)
{
	return used;
}

void sim_memory_use(struct sim_memory *m)
{
	used = m;
	for (unsigned t = 0; m && t < VIZ_TABLE_COUNT; t++) { /* the base may have grown */
		m->entries[t] = m->base->table[t].count;
		for (size_t i = 0; i < m->table[t].count; i++) {
			const struct row *r = m->table[t].list[i].row;
			bool hides = sim_memory_find(t, &m->base->table[t], r->bytes, r->key_len);

			m->entries[t] += r->value_len != GONE;
			m->entries[t] -= hides;
		}
	}
}

static void give(struct sim_memory_base *base, unsigned table, struct row *r)
{
	struct rows *rows = &base->table[table];
	size_t i = sim_memory_position(table, rows, r->bytes, r->key_len);
	struct row *old = at(table, rows, i, r->bytes, r->key_len);

	base->bytes += size_of(r) + sizeof *rows->list;
	if (!old) {
		insert(table, rows, i, r);
		return;
	}
	base->bytes -= size_of(old) + sizeof *rows->list;
	rows->list[i].row = r;
	free(old);
}

void sim_memory_give_base(struct sim_memory_base *base, struct sim_memory *m, enum viz_table table)
{
	struct rows *rows = &m->table[table];

	for (size_t i = 0; i < rows->count; i++) {
		struct row *r = rows->list[i].row;

		m->bytes -= size_of(r);
		VIZ_REQUIRE(r->value_len != GONE);
		give(base, table, r);
	}
	rows->count = 0;
	free_rows(rows);
}

void sim_memory_give_row(struct sim_memory_base *base, struct sim_memory *m, enum viz_table table,
			 const uint8_t *key, size_t key_len)
{
	struct rows *rows = &m->table[table];
	size_t i = sim_memory_position(table, rows, key, key_len);
	struct row *r = at(table, rows, i, key, key_len);

	if (!r || r->value_len == GONE)
		return;
	remove_at(rows, i);
	m->bytes -= size_of(r);
	give(base, table, r);
}

bool sim_memory_own(const struct sim_memory *m, struct viz_slice *key, struct viz_slice *value,
		    bool *gone, enum viz_table table, size_t position)
{
	const struct rows *rows = &m->table[table];
	const struct row *r = position < rows->count ? rows->list[position].row : NULL;

	if (!r)
		return false;
	*gone = r->value_len == GONE;
	if (*gone)
		r = sim_memory_find(table, &m->base->table[table], r->bytes, r->key_len);
	VIZ_REQUIRE(r);
	*key = (struct viz_slice){r->bytes, r->key_len};
	*value = (struct viz_slice){r->bytes + r->key_len, r->value_len - VIZ_CHECKSUM_LEN};
	return true;
}

uint64_t sim_memory_bytes(const struct sim_memory *m)
{
	uint64_t bytes = m->bytes + sizeof *m;

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		bytes += m->table[t].capacity * sizeof *m->table[t].list;
	return bytes;
}

uint64_t sim_memory_base_bytes(const struct sim_memory_base *base)
{
	return base->bytes;
}
