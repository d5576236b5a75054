/* KMZ: a zip archive (PKWARE APPNOTE 6.3.3) whose KML files are all read. They may be stored or
 * deflated, but neither encrypted nor zip64. Sizes are taken from the central directory, and the
 * unpacked bytes are limited, whatever it says. */
#include "tools/import/import_internal.h"
#include "tools/text/encoding.h"

#include <strings.h>
#include <zlib.h>

#define KML_BYTES_MAX (64u << 20) /* of all files together, unpacked */
#define KML_FILES_MAX 256u
#define END_BYTES     22u
#define CENTRAL_BYTES 46u
#define LOCAL_BYTES   30u
#define COMMENT_MAX   65535u

struct entry {
	uint16_t flags, method;
	uint32_t crc, packed, size, offset;
	const uint8_t *name; /* not terminated */
	size_t name_n;
};

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

/* macOS puts a second file with attributes beside each file of an archive. It has the same ending
 * and is no KML. */
static bool is_kml(const uint8_t *name, size_t n)
{
	return n >= 4 && strncasecmp((const char *)name + n - 4, ".kml", 4) == 0 &&
	       !(n >= 9 && memcmp(name, "__MACOSX/", 9) == 0);
}

/* Lists the KML files of the archive, at most `max`. Returns how many there are. */
static size_t list_kml(struct entry *out, size_t max, const uint8_t *zip, size_t len)
{
	const uint8_t *end = find_end(zip, len);
	size_t at, count, found = 0;

	if (!end)
		return 0;
	count = u16(end + 10);
	at = u32(end + 16);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *e;
		size_t name;

		if (at > len || len - at < CENTRAL_BYTES || memcmp(zip + at, "PK\1\2", 4) != 0)
			return found;
		e = zip + at;
		name = u16(e + 28);
		if (len - at - CENTRAL_BYTES < name)
			return found;
		if (is_kml(e + CENTRAL_BYTES, name)) {
			if (found < max)
				out[found] = (struct entry){
				    u16(e + 8),  u16(e + 10), u32(e + 16),       u32(e + 20),
				    u32(e + 24), u32(e + 42), e + CENTRAL_BYTES, name};
			found++;
		}
		at += CENTRAL_BYTES + name + u16(e + 30) + u16(e + 32);
	}
	return found;
}

/* Unpacks raw deflate to exactly `size` bytes, at most KML_BYTES_MAX. */
static bool unpack(uint8_t *out, size_t size, const uint8_t *in, size_t in_len)
{
	uint8_t *copy = malloc(in_len + 1);
	z_stream z = {0};
	bool ok = false;

	if (!copy)
		return false;
	memcpy(copy, in, in_len); /* zlib's next_in is not const in every build */
	z.next_in = copy;
	z.avail_in = (uInt)in_len;
	z.next_out = out;
	z.avail_out = (uInt)size;
	if (inflateInit2(&z, -MAX_WBITS) == Z_OK) {
		ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == size;
		inflateEnd(&z);
	}
	free(copy);
	return ok;
}

/* The bytes of an entry, with a NUL after them. NULL when they are not as the directory says. */
static char *extract(const struct entry *e, const uint8_t *zip, size_t len)
{
	const uint8_t *local;
	size_t skip;
	char *out;
	bool ok;

	if (e->offset > len || len - e->offset < LOCAL_BYTES)
		return NULL;
	local = zip + e->offset;
	if (memcmp(local, "PK\3\4", 4) != 0)
		return NULL;
	skip = LOCAL_BYTES + (size_t)u16(local + 26) + u16(local + 28);
	if (len - e->offset < skip || len - e->offset - skip < e->packed)
		return NULL;
	out = malloc((size_t)e->size + 1);
	if (!out)
		return NULL;
	if (e->method == 0) {
		ok = e->packed == e->size;
		if (ok)
			memcpy(out, local + skip, e->size);
	} else {
		ok = e->method == 8 && unpack((uint8_t *)out, e->size, local + skip, e->packed);
	}
	if (!ok || crc32(0, (const uint8_t *)out, e->size) != e->crc) {
		free(out);
		return NULL;
	}
	out[e->size] = '\0';
	return out;
}

static void read_entry(struct import_job *job, const struct entry *e, const uint8_t *zip,
		       size_t len)
{
	char *kml;

	if (e->flags & 1) {
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_KMZ_ENCRYPTED);
		return;
	}
	kml = extract(e, zip, len);
	if (!kml) {
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_KMZ_DAMAGED);
		return;
	}
	viz_import_kml(job, kml, e->size, true);
	free(kml);
}

/* Names the file within the archive in messages when there are several. */
static void set_inner(struct import_job *job, const struct entry *e, size_t n)
{
	job->where = (struct import_where){0};
	if (n < 2)
		return;
	snprintf(job->where.inner, sizeof job->where.inner, "%.*s",
		 (int)(e->name_n < 63 ? e->name_n : 63), (const char *)e->name);
	viz_encoding_clean(job->where.inner, false);
}

void viz_import_kmz(struct import_job *job, const uint8_t *bytes, size_t len)
{
	struct entry *e = calloc(KML_FILES_MAX, sizeof *e);
	uint64_t size = 0;
	size_t n = 0;

	if (!e) {
		job->fatal = VIZ_ERR_NOMEM;
		return;
	}
	n = list_kml(e, KML_FILES_MAX, bytes, len);
	for (size_t i = 0; i < n && i < KML_FILES_MAX; i++)
		size += e[i].size;
	if (n == 0)
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_KMZ_NO_KML);
	else if (n > KML_FILES_MAX || size > KML_BYTES_MAX)
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_KMZ_TOO_LARGE,
				 KML_BYTES_MAX >> 20, KML_FILES_MAX);
	else
		for (size_t i = 0; i < n && !job->fatal; i++) {
			set_inner(job, &e[i], n);
			read_entry(job, &e[i], bytes, len);
		}
	free(e);
}
