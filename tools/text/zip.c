#include "tools/text/zip.h"

#include <zlib.h>

#define END_BYTES     22u
#define CENTRAL_BYTES 46u
#define LOCAL_BYTES   30u
#define COMMENT_MAX   65535u
#define PIECE_BYTES   32768u

static uint16_t u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const uint8_t *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

/* The end of the central directory. Only a comment may follow it. */
static const uint8_t *find_end(const uint8_t *zip, size_t len)
{
	if (len < END_BYTES)
		return NULL;
	for (size_t back = END_BYTES; back <= len && back <= END_BYTES + COMMENT_MAX; back++)
		if (memcmp(zip + len - back, "PK\5\6", 4) == 0)
			return zip + len - back;
	return NULL;
}

int viz_zip_open(struct viz_zip *zip, const uint8_t *bytes, size_t len)
{
	const uint8_t *end = find_end(bytes, len);

	if (!end)
		return VIZ_ERR_INPUT;
	*zip = (struct viz_zip){bytes, len, u32(end + 16), u16(end + 10)};
	return 0;
}

bool viz_zip_next(struct viz_zip *zip, struct viz_zip_entry *entry)
{
	const uint8_t *e;
	size_t name;

	if (zip->left == 0 || zip->at > zip->len || zip->len - zip->at < CENTRAL_BYTES)
		return false;
	e = zip->bytes + zip->at;
	if (memcmp(e, "PK\1\2", 4) != 0)
		return false;
	name = u16(e + 28);
	if (zip->len - zip->at - CENTRAL_BYTES < name)
		return false;
	*entry = (struct viz_zip_entry){u16(e + 8),  u16(e + 10), u32(e + 16),       u32(e + 20),
					u32(e + 24), u32(e + 42), e + CENTRAL_BYTES, name};
	zip->at += CENTRAL_BYTES + name + u16(e + 30) + u16(e + 32);
	zip->left--;
	return true;
}

int viz_zip_find(struct viz_zip_entry *entry, const uint8_t *bytes, size_t len, const char *name)
{
	struct viz_zip zip;
	struct viz_zip_entry e;

	if (viz_zip_open(&zip, bytes, len) != 0)
		return VIZ_ERR_ABSENT;
	while (viz_zip_next(&zip, &e))
		if (e.name_n == strlen(name) && memcmp(e.name, name, e.name_n) == 0) {
			*entry = e;
			return 0;
		}
	return VIZ_ERR_ABSENT;
}

bool viz_zip_is_encrypted(const struct viz_zip_entry *entry)
{
	return entry->flags & 1;
}

/* The packed bytes of an entry, or NULL. */
static const uint8_t *packed_bytes(const struct viz_zip_entry *e, const uint8_t *bytes, size_t len)
{
	const uint8_t *local;
	size_t skip;

	if (e->offset > len || len - e->offset < LOCAL_BYTES)
		return NULL;
	local = bytes + e->offset;
	if (memcmp(local, "PK\3\4", 4) != 0)
		return NULL;
	skip = LOCAL_BYTES + (size_t)u16(local + 26) + u16(local + 28);
	if (len - e->offset < skip || len - e->offset - skip < e->packed)
		return NULL;
	return local + skip;
}

struct unpacking {
	const struct viz_zip_entry *entry;
	uint64_t *budget, done;
	uLong crc;
	int (*sink)(void *to, const uint8_t *piece, size_t n);
	void *to;
};

static int give(struct unpacking *u, const uint8_t *piece, size_t n)
{
	if (n == 0)
		return 0;
	if (n > *u->budget)
		return VIZ_ERR_LIMIT;
	*u->budget -= n;
	u->done += n;
	if (u->done > u->entry->size)
		return VIZ_ERR_INPUT;
	u->crc = crc32(u->crc, piece, (uInt)n);
	return u->sink(u->to, piece, n);
}

static int inflate_all(struct unpacking *u, const uint8_t *in)
{
	uint8_t piece[PIECE_BYTES], part[4096];
	size_t at = 0, packed = u->entry->packed;
	z_stream z = {0};
	int err = 0, state = Z_OK;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return VIZ_ERR_NOMEM;
	while (!err && state == Z_OK) {
		if (z.avail_in == 0 && at < packed) {
			size_t n = packed - at < sizeof part ? packed - at : sizeof part;

			memcpy(part, in + at, n); /* zlib's next_in is not const in every build */
			z.next_in = part;
			z.avail_in = (uInt)n;
			at += n;
		}
		z.next_out = piece;
		z.avail_out = sizeof piece;
		state = inflate(&z, Z_NO_FLUSH);
		if (state == Z_OK || state == Z_STREAM_END)
			err = give(u, piece, sizeof piece - z.avail_out);
	}
	inflateEnd(&z);
	if (err)
		return err;
	return state == Z_STREAM_END && u->done == u->entry->size ? 0 : VIZ_ERR_INPUT;
}

int viz_zip_read(const struct viz_zip_entry *entry, const uint8_t *bytes, size_t len,
		 uint64_t *budget, int (*sink)(void *to, const uint8_t *piece, size_t n), void *to)
{
	struct unpacking u = {entry, budget, 0, crc32(0, NULL, 0), sink, to};
	const uint8_t *in = packed_bytes(entry, bytes, len);
	int err = 0;

	if (!in || viz_zip_is_encrypted(entry) || (entry->method != 0 && entry->method != 8) ||
	    (entry->method == 0 && entry->packed != entry->size))
		return VIZ_ERR_INPUT;
	if (entry->method == 8)
		err = inflate_all(&u, in);
	for (size_t at = 0; entry->method == 0 && !err && at < entry->size;) {
		size_t n = entry->size - at < PIECE_BYTES ? entry->size - at : PIECE_BYTES;

		err = give(&u, in + at, n);
		at += n;
	}
	if (err)
		return err;
	return u.crc == entry->crc ? 0 : VIZ_ERR_INPUT;
}
