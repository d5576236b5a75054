#include "proto/geo/region.h"

#include <zlib.h>

#define VERSION     1u
#define HEADER      2u
#define VARINT_MAX  6u /* bytes; an id is below 2^41 */
#define CHUNK_BYTES 4096u

static uint64_t lowest_bit(uint64_t cell)
{
	return cell & (~cell + 1);
}

static uint64_t first_of(uint64_t cell)
{
	return cell - (lowest_bit(cell) - 1);
}

static uint64_t last_of(uint64_t cell)
{
	return cell + (lowest_bit(cell) - 1);
}

static int by_id(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Whether these four, in order, are the children of one cell. */
static bool siblings(const uint64_t *four)
{
	uint64_t bit = lowest_bit(four[0]);

	/* The first child has zeros in the two bits above its sentinel. */
	return bit < UINT64_C(1) << (2 * VIZ_CELL_LEVEL_MAX) && (four[0] & (6 * bit)) == 0 &&
	       four[1] == four[0] + 2 * bit && four[2] == four[0] + 4 * bit &&
	       four[3] == four[0] + 6 * bit;
}

int viz_region_normalise(uint64_t *cells, size_t *n)
{
	size_t top = 0;
	bool sorted = true;

	for (size_t i = 0; i < *n; i++) {
		if (!viz_cell_valid(cells[i]))
			return VIZ_ERR_MEANING;
		sorted = sorted && (i == 0 || cells[i - 1] <= cells[i]);
	}
	if (!sorted)
		qsort(cells, *n, sizeof *cells, by_id);
	/* In the order of ids a cell comes after some of its descendants and before the others. So
	 * a new cell is compared with the top of the stack both ways: either may hold the other. */
	for (size_t i = 0; i < *n; i++) {
		uint64_t cell = cells[i];

		if (top > 0 && viz_cell_contains(cells[top - 1], cell))
			continue;
		while (top > 0 && viz_cell_contains(cell, cells[top - 1]))
			top--;
		cells[top++] = cell;
		while (top >= 4 && siblings(cells + top - 4)) {
			uint64_t bit = lowest_bit(cells[top - 4]);

			cells[top - 4] += 3 * bit;
			top -= 3;
		}
	}
	*n = top;
	return 0;
}

bool viz_region_is_normalised(const uint64_t *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!viz_cell_valid(cells[i]))
			return false;
		if (i > 0 && last_of(cells[i - 1]) >= first_of(cells[i]))
			return false;
		if (i >= 3 && siblings(cells + i - 3))
			return false;
	}
	return true;
}

/* The first cell whose last descendant is not before `id`. */
static size_t lower_bound(const uint64_t *cells, size_t n, uint64_t id)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;

		if (last_of(cells[mid]) < id)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

bool viz_region_contains(const uint64_t *cells, size_t n, uint64_t cell)
{
	size_t i = lower_bound(cells, n, cell);

	return i < n && viz_cell_contains(cells[i], cell);
}

bool viz_region_meets(const uint64_t *cells, size_t n, uint64_t cell)
{
	size_t i = lower_bound(cells, n, first_of(cell));

	return i < n && first_of(cells[i]) <= last_of(cell);
}

bool viz_region_meets_region(const uint64_t *a, size_t a_n, const uint64_t *b, size_t b_n)
{
	size_t i = 0, j = 0;

	while (i < a_n && j < b_n) {
		if (last_of(a[i]) < first_of(b[j]))
			i++;
		else if (last_of(b[j]) < first_of(a[i]))
			j++;
		else
			return true;
	}
	return false;
}

uint64_t viz_region_size(const uint64_t *cells, size_t n)
{
	uint64_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += lowest_bit(cells[i]); /* 4^(20 - level): the sentinel stands at that bit */
	return size;
}

int viz_region_coarsen(uint64_t *cells, size_t *n, unsigned level)
{
	if (level > VIZ_CELL_LEVEL_MAX)
		return VIZ_ERR_LIMIT;
	for (size_t i = 0; i < *n; i++)
		if (!viz_cell_valid(cells[i]))
			return VIZ_ERR_MEANING;
	for (size_t i = 0; i < *n; i++)
		if (viz_cell_level(cells[i]) > level)
			cells[i] = viz_cell_parent(cells[i], level);
	return viz_region_normalise(cells, n);
}

static unsigned finest_shift(const uint64_t *cells, size_t n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all |= cells[i];
	return (unsigned)__builtin_ctzll(all);
}

static uint8_t *put_varint(uint8_t *at, uint64_t v)
{
	while (v >= 0x80) {
		*at++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*at++ = (uint8_t)v;
	return at;
}

/* Deflates into `out`. *len is its size before, and the number of bytes used after. */
static int pack(uint8_t *out, size_t *len, uint8_t *in, size_t in_len)
{
	z_stream z = {0};
	int rc;

	if (deflateInit(&z, Z_BEST_COMPRESSION) != Z_OK)
		return VIZ_ERR_NOMEM;
	z.next_in = in;
	z.avail_in = (uInt)in_len;
	z.next_out = out;
	z.avail_out = *len > UINT32_MAX ? UINT32_MAX : (uInt)*len;
	rc = deflate(&z, Z_FINISH);
	if (rc == Z_STREAM_END)
		*len = z.total_out;
	deflateEnd(&z);
	return rc == Z_STREAM_END ? 0 : VIZ_ERR_LIMIT;
}

int viz_region_encode(uint8_t *out, size_t *out_len, size_t max, const uint64_t *cells, size_t n)
{
	unsigned shift;
	uint64_t before = 0;
	uint8_t *plain, *at;
	size_t len;
	int err;

	if (n == 0) {
		*out_len = 0;
		return 0;
	}
	if (n > VIZ_REGION_CELLS_MAX || max < HEADER)
		return VIZ_ERR_LIMIT;
	if (!viz_region_is_normalised(cells, n))
		return VIZ_ERR_MEANING;
	plain = malloc(n * VARINT_MAX);
	if (!plain)
		return VIZ_ERR_NOMEM;
	shift = finest_shift(cells, n);
	at = plain;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = cells[i] >> shift;

		at = put_varint(at, v - before);
		before = v;
	}
	len = max - HEADER;
	err = pack(out + HEADER, &len, plain, (size_t)(at - plain));
	free(plain);
	if (err)
		return err;
	out[0] = VERSION;
	out[1] = (uint8_t)(VIZ_CELL_LEVEL_MAX - shift / 2);
	*out_len = HEADER + len;
	return 0;
}

/* The state of a decoding, fed with the inflated bytes in pieces. */
struct decoding {
	uint64_t *cells;
	size_t n;
	size_t max;
	unsigned shift;
	bool finest_seen;
	uint64_t v; /* the id before, shifted */
	uint64_t varint;
	unsigned varint_bytes;
};

static int take_delta(struct decoding *d, uint64_t delta)
{
	uint64_t top = UINT64_C(1) << (2 * VIZ_CELL_LEVEL_MAX + 1), cell;

	if (delta >= top || d->v + delta >= top >> d->shift)
		return VIZ_ERR_FORM;
	d->v += delta;
	cell = d->v << d->shift;
	if (delta == 0 || !viz_cell_valid(cell))
		return VIZ_ERR_FORM;
	if (d->n == d->max)
		return VIZ_ERR_LIMIT;
	if (d->n > 0 && last_of(d->cells[d->n - 1]) >= first_of(cell))
		return VIZ_ERR_MEANING;
	d->cells[d->n++] = cell;
	if (d->n >= 4 && siblings(d->cells + d->n - 4))
		return VIZ_ERR_MEANING;
	if (lowest_bit(cell) == UINT64_C(1) << d->shift)
		d->finest_seen = true;
	return 0;
}

static int feed(struct decoding *d, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = bytes[i];
		int err;

		if (byte == 0 && d->varint_bytes > 0)
			return VIZ_ERR_FORM; /* not the shortest form */
		d->varint |= (uint64_t)(byte & 0x7f) << (7 * d->varint_bytes);
		d->varint_bytes++;
		if (byte & 0x80) {
			if (d->varint_bytes == VARINT_MAX)
				return VIZ_ERR_FORM;
			continue;
		}
		err = take_delta(d, d->varint);
		if (err)
			return err;
		d->varint = 0;
		d->varint_bytes = 0;
	}
	return 0;
}

static int inflate_all(struct decoding *d, z_stream *z)
{
	uint8_t chunk[CHUNK_BYTES];

	for (;;) {
		int rc, err;

		z->next_out = chunk;
		z->avail_out = sizeof chunk;
		rc = inflate(z, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			return VIZ_ERR_NOMEM;
		if (rc != Z_OK && rc != Z_STREAM_END)
			return VIZ_ERR_FORM;
		err = feed(d, chunk, sizeof chunk - z->avail_out);
		if (err)
			return err;
		if (rc == Z_STREAM_END)
			break;
	}
	if (z->avail_in != 0 || d->varint_bytes != 0 || d->n == 0 || !d->finest_seen)
		return VIZ_ERR_FORM;
	return 0;
}

int viz_region_decode(uint64_t *cells, size_t *n, size_t max_cells, const uint8_t *bytes,
		      size_t len)
{
	struct decoding d = {.cells = cells, .max = max_cells};
	z_stream z = {0};
	uint8_t *in;
	int err;

	if (len == 0) {
		*n = 0;
		return 0;
	}
	if (len <= HEADER || bytes[0] != VERSION || bytes[1] > VIZ_CELL_LEVEL_MAX)
		return VIZ_ERR_FORM;
	if (len > VIZ_REGION_BOUND(VIZ_REGION_CELLS_MAX))
		return VIZ_ERR_LIMIT;
	if (d.max > VIZ_REGION_CELLS_MAX)
		d.max = VIZ_REGION_CELLS_MAX;
	d.shift = 2 * (VIZ_CELL_LEVEL_MAX - bytes[1]);
	/* next_in is not const in every build of zlib: a copy avoids a cast. */
	in = malloc(len - HEADER);
	if (!in)
		return VIZ_ERR_NOMEM;
	memcpy(in, bytes + HEADER, len - HEADER);
	z.next_in = in;
	z.avail_in = (uInt)(len - HEADER);
	err = inflateInit(&z) == Z_OK ? inflate_all(&d, &z) : VIZ_ERR_NOMEM;
	inflateEnd(&z);
	free(in);
	if (!err)
		*n = d.n;
	return err;
}
