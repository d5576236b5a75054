#include "tests/unit/vectors.h"

#include "proto/base.h"

json_t *viz_vectors_load(const char *file)
{
	const char *folder = getenv("VIZ_VECTORS");
	char path[4096];
	json_error_t error;
	json_t *root;

	snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "tests/vectors", file);
	root = json_load_file(path, 0, &error);
	if (root == NULL)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	return root;
}

json_t *viz_vectors_get(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (value == NULL)
		fail_msg("no member \"%s\"", key);
	return value;
}

const char *viz_vectors_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(viz_vectors_get(object, key));

	assert_non_null(text);
	return text;
}

uint8_t *viz_vectors_bytes(size_t *len, const json_t *text)
{
	size_t n = json_string_length(text) / 2;
	uint8_t *bytes = calloc(1, n > 0 ? n : 1);

	assert_true(json_is_string(text));
	assert_non_null(bytes);
	assert_int_equal(viz_hex_parse(bytes, n, json_string_value(text)), VIZ_OK);
	*len = n;
	return bytes;
}

uint8_t *viz_vectors_hex(size_t *len, const json_t *object, const char *key)
{
	return viz_vectors_bytes(len, viz_vectors_get(object, key));
}

void viz_vectors_fixed(uint8_t *out, size_t len, const json_t *object, const char *key)
{
	assert_int_equal(viz_hex_parse(out, len, viz_vectors_text(object, key)), VIZ_OK);
}

struct viz_id viz_vectors_id(const json_t *object, const char *key)
{
	struct viz_id id;

	viz_vectors_fixed(id.b, sizeof id.b, object, key);
	return id;
}

void viz_vectors_assert_id(const struct viz_id *id, const json_t *object, const char *key)
{
	struct viz_id expect = viz_vectors_id(object, key);

	assert_memory_equal(id->b, expect.b, sizeof id->b);
}

bool viz_vectors_flag(const json_t *test, const char *flag)
{
	json_t *flags = viz_vectors_get(test, "flags");
	json_t *value;
	size_t i;

	json_array_foreach(flags, i,
			   value) if (strcmp(json_string_value(value), flag) == 0) return true;
	return false;
}
