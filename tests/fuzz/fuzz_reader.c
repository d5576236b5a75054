/* The strict reader. A value that it skips as canonical can be read element by element and
 * written again as the same bytes. Its depth is bounded. */
#include "tests/fuzz/fuzz.h"

#include "proto/reader.h"
#include "proto/writer.h"

#define DEPTH 8u

static void copy(struct viz_reader *r, struct viz_writer *w, unsigned depth)
{
	uint8_t tag = *r->at;
	size_t n = 0;

	if ((tag & 0xf0) == 0x90 || tag == 0xdc || tag == 0xdd) {
		VIZ_REQUIRE(depth > 0);
		n = viz_reader_array(r, 0, SIZE_MAX);
		viz_writer_array(w, n);
		for (size_t i = 0; i < n; i++)
			copy(r, w, depth - 1);
	} else if (tag >= 0xc4 && tag <= 0xc6) {
		const uint8_t *p = viz_reader_bin(r, &n, 0, SIZE_MAX);

		viz_writer_bin(w, p, n);
	} else if ((tag & 0xe0) == 0xa0 || (tag >= 0xd9 && tag <= 0xdb)) {
		size_t space = (size_t)(r->end - r->at) + 1;
		char *text = malloc(space);

		VIZ_REQUIRE(text);
		viz_reader_text(r, text, 0, space - 1);
		viz_writer_text(w, text);
		free(text);
	} else if (tag == 0xc0) {
		VIZ_REQUIRE(viz_reader_nil(r));
		viz_writer_nil(w);
	} else if (tag == 0xc2 || tag == 0xc3) {
		viz_writer_bool(w, viz_reader_bool(r));
	} else if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3)) {
		viz_writer_int(w, viz_reader_int(r, INT64_MIN, INT64_MAX));
	} else {
		viz_writer_uint(w, viz_reader_uint(r, UINT64_MAX));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct viz_reader r;
	struct viz_writer w;
	const uint8_t *value;
	uint8_t *out;
	size_t n, again = 0;

	viz_reader_init(&r, data, len);
	value = viz_reader_skip(&r, &n, DEPTH);
	VIZ_REQUIRE((value != NULL) == (r.err == VIZ_OK));
	if (!value)
		return 0;
	VIZ_REQUIRE(value == data && n > 0 && n <= len);
	out = malloc(n);
	VIZ_REQUIRE(out);
	viz_reader_init(&r, data, n);
	viz_writer_init(&w, out, n);
	copy(&r, &w, DEPTH);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	VIZ_REQUIRE(viz_writer_finish(&w, &again) == VIZ_OK && again == n);
	VIZ_REQUIRE(memcmp(out, data, n) == 0);
	free(out);
	return 0;
}
