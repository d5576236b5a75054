#include "tests/unit/node/stored_row.h"

#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "store/store.h"
#include "tests/unit/node/bed.h"
#include "tests/unit/vectors.h"

static json_t *vectors;
static uint8_t count; /* the last byte that fill() used */

int row_setup(void **state)
{
	struct bed *b;

	bed_setup_at(state, (struct viz_time){ROW_NOW});
	b = *state;
	bed_begin(b);
	vectors = viz_vectors_load("rows.json");
	count = 0;
	return 0;
}

int row_teardown(void **state)
{
	struct bed *b = *state;

	viz_store_abort(b->store);
	json_decref(vectors);
	return bed_teardown(state);
}

const json_t *row_vectors(void)
{
	return vectors;
}

void fill(void *p, size_t len)
{
	memset(p, ++count, len);
}

struct viz_time at(void)
{
	return (struct viz_time){ROW_NOW + ++count};
}

void check(struct bed *b, const char *name, enum viz_table table, const void *key, size_t key_len)
{
	struct viz_slice v;
	char *row;

	assert_true(viz_core_get(&b->node->core, &v, table, key, key_len));
	row = calloc(v.len + 1, 2);
	assert_non_null(row);
	for (size_t i = 0; i < v.len; i++)
		snprintf(row + 2 * i, 3, "%02x", v.p[i]);
	if (!json_object_get(vectors, name) || strcmp(row, viz_vectors_text(vectors, name)) != 0) {
		fprintf(stderr, " \"%s\": \"%s\",\n", name, row); /* fail_msg cuts it off */
		fail_msg("not in rows.json, or another one: \"%s\"", name);
	}
	free(row);
}

void plant_vector(struct bed *b, const char *name, enum viz_table table, const void *key,
		  size_t key_len)
{
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, vectors, name);

	viz_core_put(&b->node->core, table, key, key_len, bytes, len);
	free(bytes);
}
