/* KMZ: a zip archive (tools/text/zip.h) whose KML files are all read. The unpacked bytes are
 * limited, whatever the archive says. */
#include "tools/import/import_internal.h"
#include "tools/text/encoding.h"
#include "tools/text/zip.h"

#include <strings.h>

#define KML_BYTES_MAX (64u << 20) /* of all files together, unpacked */
#define KML_FILES_MAX 256u

/* macOS puts a second file with attributes beside each file of an archive. It has the same ending
 * and is no KML. */
static bool is_kml(const uint8_t *name, size_t n)
{
	return n >= 4 && strncasecmp((const char *)name + n - 4, ".kml", 4) == 0 &&
	       !(n >= 9 && memcmp(name, "__MACOSX/", 9) == 0);
}

/* Lists the KML files of the archive, at most `max`. Returns how many there are. */
static size_t list_kml(struct viz_zip_entry *out, size_t max, const uint8_t *bytes, size_t len)
{
	struct viz_zip zip;
	struct viz_zip_entry e;
	size_t found = 0;

	if (viz_zip_open(&zip, bytes, len) != 0)
		return 0;
	while (viz_zip_next(&zip, &e)) {
		if (!is_kml(e.name, e.name_n))
			continue;
		if (found < max)
			out[found] = e;
		found++;
	}
	return found;
}

struct unpacked {
	char *text;
	size_t n;
};

static int put_piece(void *to, const uint8_t *piece, size_t n)
{
	struct unpacked *u = to;

	memcpy(u->text + u->n, piece, n);
	u->n += n;
	return 0;
}

/* The bytes of an entry, with a NUL after them. NULL when they are not as the directory says. */
static char *extract(const struct viz_zip_entry *e, const uint8_t *zip, size_t len)
{
	struct unpacked u = {.text = malloc((size_t)e->size + 1)};
	uint64_t budget = e->size;

	if (!u.text)
		return NULL;
	if (viz_zip_read(e, zip, len, &budget, put_piece, &u) != 0) {
		free(u.text);
		return NULL;
	}
	u.text[u.n] = '\0';
	return u.text;
}

static void read_entry(struct import_job *job, const struct viz_zip_entry *e, const uint8_t *zip,
		       size_t len)
{
	char *kml;

	if (viz_zip_is_encrypted(e)) {
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
static void set_inner(struct import_job *job, const struct viz_zip_entry *e, size_t n)
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
	struct viz_zip_entry *e = calloc(KML_FILES_MAX, sizeof *e);
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
