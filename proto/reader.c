#include "proto/reader.h"

#include "proto/text.h"

void viz_reader_init(struct viz_reader *r, const uint8_t *bytes, size_t len)
{
	r->at = bytes;
	r->end = bytes + len;
	r->err = VIZ_OK;
}

void viz_reader_fail(struct viz_reader *r, int err)
{
	if (r->err == VIZ_OK)
		r->err = err;
}

int viz_reader_finish(struct viz_reader *r)
{
	if (r->err == VIZ_OK && r->at != r->end)
		r->err = VIZ_ERR_FORM;
	return r->err;
}

static size_t left(const struct viz_reader *r)
{
	return (size_t)(r->end - r->at);
}

/* The next byte, which must exist; 0xc1 ("never used") on failure. */
static uint8_t take(struct viz_reader *r)
{
	if (r->err != VIZ_OK)
		return 0xc1;
	if (r->at == r->end) {
		r->err = VIZ_ERR_FORM;
		return 0xc1;
	}
	return *r->at++;
}

static uint64_t take_be(struct viz_reader *r, size_t n)
{
	uint64_t v = 0;

	if (r->err != VIZ_OK)
		return 0;
	if (left(r) < n) {
		r->err = VIZ_ERR_FORM;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		v = (v << 8) | *r->at++;
	return v;
}

/* An unsigned integer of `n` bytes. It must be at least `floor`: a smaller one has a shorter form.
 */
static uint64_t take_shortest(struct viz_reader *r, size_t n, uint64_t floor)
{
	uint64_t v = take_be(r, n);

	if (r->err == VIZ_OK && v < floor)
		r->err = VIZ_ERR_FORM;
	return v;
}

static uint64_t uint_of_tag(struct viz_reader *r, uint8_t tag)
{
	if (tag <= 0x7f)
		return tag;
	if (tag == 0xcc)
		return take_shortest(r, 1, 0x80);
	if (tag == 0xcd)
		return take_shortest(r, 2, 0x100);
	if (tag == 0xce)
		return take_shortest(r, 4, 0x10000);
	if (tag == 0xcf)
		return take_shortest(r, 8, UINT64_C(0x100000000));
	viz_reader_fail(r, VIZ_ERR_FORM);
	return 0;
}

uint64_t viz_reader_between(struct viz_reader *r, uint64_t min, uint64_t max)
{
	uint64_t v = uint_of_tag(r, take(r));

	if (r->err == VIZ_OK && (v < min || v > max))
		r->err = VIZ_ERR_LIMIT;
	return r->err == VIZ_OK ? v : 0;
}

uint64_t viz_reader_uint(struct viz_reader *r, uint64_t max)
{
	return viz_reader_between(r, 0, max);
}

/* The value of a negative integer, in two's complement of `n` bytes. `ceil` is the least value that
 * a shorter form holds, so a canonical one is below it. */
static int64_t take_negative(struct viz_reader *r, size_t n, int64_t ceil)
{
	uint64_t raw = take_be(r, n);
	uint64_t sign = UINT64_C(1) << (8 * n - 1);
	int64_t v;

	if (r->err != VIZ_OK)
		return 0;
	if ((raw & sign) == 0) {
		r->err = VIZ_ERR_FORM;
		return 0;
	}
	/* -(2^(8n) - raw), without leaving the range of int64_t */
	v = -(int64_t)((sign - (raw & (sign - 1))) - 1) - 1;
	if (v >= ceil)
		r->err = VIZ_ERR_FORM;
	return v;
}

static int64_t negative_of_tag(struct viz_reader *r, uint8_t tag)
{
	if (tag >= 0xe0)
		return (int64_t)tag - 256;
	if (tag == 0xd0)
		return take_negative(r, 1, -32);
	if (tag == 0xd1)
		return take_negative(r, 2, INT8_MIN);
	if (tag == 0xd2)
		return take_negative(r, 4, INT16_MIN);
	return take_negative(r, 8, INT32_MIN);
}

int64_t viz_reader_int(struct viz_reader *r, int64_t min, int64_t max)
{
	uint8_t tag = take(r);
	int64_t v;

	if (r->err == VIZ_OK && (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3))) {
		v = negative_of_tag(r, tag);
	} else {
		uint64_t u = uint_of_tag(r, tag);
		if (r->err == VIZ_OK && u > INT64_MAX)
			r->err = VIZ_ERR_LIMIT;
		v = r->err == VIZ_OK ? (int64_t)u : 0;
	}
	if (r->err == VIZ_OK && (v < min || v > max))
		r->err = VIZ_ERR_LIMIT;
	return r->err == VIZ_OK ? v : 0;
}

bool viz_reader_bool(struct viz_reader *r)
{
	uint8_t tag = take(r);

	if (tag != 0xc2 && tag != 0xc3)
		viz_reader_fail(r, VIZ_ERR_FORM);
	return r->err == VIZ_OK && tag == 0xc3;
}

struct viz_time viz_reader_time(struct viz_reader *r)
{
	/* Up to the year 10000: no honest clock is beyond it, and the sum of two such times never
	 * overflows. */
	return (struct viz_time){(int64_t)viz_reader_uint(r, UINT64_C(253402300800000))};
}

static size_t count_of_tag(struct viz_reader *r, uint8_t tag)
{
	if ((tag & 0xf0) == 0x90)
		return tag & 0x0f;
	if (tag == 0xdc)
		return (size_t)take_shortest(r, 2, 16);
	if (tag == 0xdd)
		return (size_t)take_shortest(r, 4, 0x10000);
	viz_reader_fail(r, VIZ_ERR_FORM);
	return 0;
}

size_t viz_reader_array(struct viz_reader *r, size_t min, size_t max)
{
	size_t n = count_of_tag(r, take(r));

	if (r->err == VIZ_OK && n > left(r))
		r->err = VIZ_ERR_FORM;
	if (r->err == VIZ_OK && (n < min || n > max))
		r->err = VIZ_ERR_LIMIT;
	return r->err == VIZ_OK ? n : 0;
}

void viz_reader_tuple(struct viz_reader *r, size_t n)
{
	size_t got = count_of_tag(r, take(r));

	if (r->err == VIZ_OK && got != n)
		r->err = VIZ_ERR_FORM;
}

static const uint8_t *take_bytes(struct viz_reader *r, size_t len)
{
	const uint8_t *p = r->at;

	if (r->err != VIZ_OK)
		return NULL;
	if (left(r) < len) {
		r->err = VIZ_ERR_FORM;
		return NULL;
	}
	r->at += len;
	return p;
}

static size_t bin_length(struct viz_reader *r, uint8_t tag)
{
	if (tag == 0xc4)
		return (size_t)take_be(r, 1);
	if (tag == 0xc5)
		return (size_t)take_shortest(r, 2, 0x100);
	if (tag == 0xc6)
		return (size_t)take_shortest(r, 4, 0x10000);
	viz_reader_fail(r, VIZ_ERR_FORM);
	return 0;
}

static size_t str_length(struct viz_reader *r, uint8_t tag)
{
	if ((tag & 0xe0) == 0xa0)
		return tag & 0x1f;
	if (tag == 0xd9)
		return (size_t)take_shortest(r, 1, 32);
	if (tag == 0xda)
		return (size_t)take_shortest(r, 2, 0x100);
	if (tag == 0xdb)
		return (size_t)take_shortest(r, 4, 0x10000);
	viz_reader_fail(r, VIZ_ERR_FORM);
	return 0;
}

const uint8_t *viz_reader_bin(struct viz_reader *r, size_t *len, size_t min, size_t max)
{
	size_t n = bin_length(r, take(r));
	const uint8_t *p = take_bytes(r, n);

	if (r->err == VIZ_OK && (n < min || n > max))
		r->err = VIZ_ERR_LIMIT;
	*len = r->err == VIZ_OK ? n : 0;
	return r->err == VIZ_OK ? p : NULL;
}

void viz_reader_buffer(struct viz_reader *r, uint8_t *out, size_t *len, size_t max)
{
	const uint8_t *p = viz_reader_bin(r, len, 0, max);

	if (p)
		memcpy(out, p, *len);
}

void viz_reader_fixed(struct viz_reader *r, uint8_t *out, size_t len)
{
	size_t n = bin_length(r, take(r));
	const uint8_t *p;

	if (r->err == VIZ_OK && n != len)
		r->err = VIZ_ERR_FORM;
	p = take_bytes(r, n);
	if (p)
		memcpy(out, p, len);
	else
		memset(out, 0, len);
}

struct viz_id viz_reader_id(struct viz_reader *r)
{
	struct viz_id id;

	viz_reader_fixed(r, id.b, sizeof id.b);
	return id;
}

void viz_reader_text(struct viz_reader *r, char *out, size_t min, size_t max)
{
	size_t n = str_length(r, take(r));
	const uint8_t *p = take_bytes(r, n);

	if (r->err == VIZ_OK && (n < min || n > max))
		r->err = VIZ_ERR_LIMIT;
	if (r->err == VIZ_OK && !viz_text_valid((const char *)p, n))
		r->err = VIZ_ERR_FORM;
	if (r->err == VIZ_OK)
		memcpy(out, p, n);
	out[r->err == VIZ_OK ? n : 0] = '\0';
}

bool viz_reader_nil(struct viz_reader *r)
{
	if (r->err != VIZ_OK || r->at == r->end || *r->at != 0xc0)
		return false;
	r->at++;
	return true;
}

void viz_reader_optional(struct viz_reader *r, char *out, size_t max)
{
	if (viz_reader_nil(r))
		out[0] = '\0';
	else
		viz_reader_text(r, out, 1, max);
}

void viz_reader_word(struct viz_reader *r, const char *text)
{
	char got[16];
	size_t len = strlen(text);

	VIZ_REQUIRE(len < sizeof got);
	viz_reader_text(r, got, len, len);
	if (r->err == VIZ_OK && strcmp(got, text) != 0)
		r->err = VIZ_ERR_MEANING;
}

static void skip_value(struct viz_reader *r, unsigned depth)
{
	uint8_t tag;
	size_t n;

	if (r->err != VIZ_OK || r->at == r->end) {
		viz_reader_fail(r, VIZ_ERR_FORM);
		return;
	}
	tag = *r->at;
	if ((tag & 0xf0) == 0x90 || tag == 0xdc || tag == 0xdd) {
		if (depth == 0) {
			viz_reader_fail(r, VIZ_ERR_LIMIT);
			return;
		}
		n = viz_reader_array(r, 0, SIZE_MAX);
		for (size_t i = 0; i < n && r->err == VIZ_OK; i++)
			skip_value(r, depth - 1);
	} else if (tag == 0xc4 || tag == 0xc5 || tag == 0xc6) {
		viz_reader_bin(r, &n, 0, SIZE_MAX);
	} else if ((tag & 0xe0) == 0xa0 || (tag >= 0xd9 && tag <= 0xdb)) {
		const uint8_t *p;
		r->at++;
		n = str_length(r, tag);
		p = take_bytes(r, n);
		if (p && !viz_text_valid((const char *)p, n))
			viz_reader_fail(r, VIZ_ERR_FORM);
	} else if (tag == 0xc0 || tag == 0xc2 || tag == 0xc3) {
		r->at++;
	} else if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3)) {
		viz_reader_int(r, INT64_MIN, INT64_MAX);
	} else {
		viz_reader_uint(r, UINT64_MAX);
	}
}

const uint8_t *viz_reader_skip(struct viz_reader *r, size_t *len, unsigned depth)
{
	const uint8_t *start = r->at;

	skip_value(r, depth);
	*len = r->err == VIZ_OK ? (size_t)(r->at - start) : 0;
	return r->err == VIZ_OK ? start : NULL;
}
