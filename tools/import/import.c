#include "tools/import/import_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/import/filetype.h"
#include "tools/text/encoding.h"
#include "tools/text/table.h"

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcasecmp(name + n - m, end) == 0;
}

static enum viz_import_format guess(const char *name, const uint8_t *bytes, size_t len)
{
	size_t at = 0;

	switch (viz_table_kind(bytes, len)) {
	case VIZ_TABLE_XLSX:
		return viz_filetype_is_workbook(bytes, len) ? VIZ_IMPORT_CSV : VIZ_IMPORT_KMZ;
	case VIZ_TABLE_ODS:
	case VIZ_TABLE_HTML:
		return VIZ_IMPORT_CSV;
	case VIZ_TABLE_UTF16:
	case VIZ_TABLE_NONE:
		break;
	}
	if (ends_with(name, ".kmz"))
		return VIZ_IMPORT_KMZ;
	if (ends_with(name, ".kml"))
		return VIZ_IMPORT_KML;
	if (ends_with(name, ".json") || ends_with(name, ".geojson"))
		return VIZ_IMPORT_GEOJSON;
	if (ends_with(name, ".csv") || ends_with(name, ".txt") || ends_with(name, ".tsv"))
		return VIZ_IMPORT_CSV;
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && strchr(" \t\r\n", bytes[at]) && bytes[at])
		at++;
	if (at < len && (bytes[at] == '{' || bytes[at] == '['))
		return VIZ_IMPORT_GEOJSON;
	return at < len && bytes[at] == '<' ? VIZ_IMPORT_KML : VIZ_IMPORT_CSV;
}

static void parse(struct import_job *job, const char *name, const char *bytes, size_t len)
{
	enum viz_import_format format = job->opt->format;

	if (format == VIZ_IMPORT_BY_NAME)
		format = guess(name, (const uint8_t *)bytes, len);
	switch (format) {
	case VIZ_IMPORT_BY_NAME:
	case VIZ_IMPORT_GEOJSON:
		viz_import_geojson(job, bytes, len);
		return;
	case VIZ_IMPORT_CSV:
		viz_import_csv(job, bytes, len);
		return;
	case VIZ_IMPORT_KML:
		viz_import_kml(job, bytes, len, false);
		return;
	case VIZ_IMPORT_KMZ:
		viz_import_kmz(job, (const uint8_t *)bytes, len);
		return;
	}
}

static void start_report(struct viz_import_report *report, const char *name, enum viz_lang lang)
{
	const char *base = strrchr(name, '/');

	*report = (struct viz_import_report){.lang = lang};
	snprintf(report->file, sizeof report->file, "%s", base ? base + 1 : name);
	viz_encoding_clean(report->file, false);
}

static void give_up(struct import_job *job)
{
	if (job->fatal == VIZ_ERR_NOMEM)
		viz_import_error(job, VIZ_IMPORT_NO_MEMORY, VIZ_IMPORT_TEXT_NO_MEMORY);
	else
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_CEP_ROWS,
				 IMPORT_CEPS_MAX);
}

/* `bytes` has a NUL after it. */
static int run(struct viz_import *out, struct viz_import_report *report, const char *name,
	       const char *bytes, size_t len, const struct viz_import_options *opt)
{
	struct import_job job = {
	    .out = out,
	    .report = report,
	    .opt = opt,
	    .radius_m = opt->radius_m ? opt->radius_m : VIZ_IMPORT_DEFAULT_RADIUS,
	    .zoom = opt->zoom ? opt->zoom : VIZ_IMPORT_DEFAULT_ZOOM,
	    .whole = calloc(viz_gazetteer_count(opt->gazetteer), 1),
	    .beside = calloc(viz_gazetteer_count(opt->gazetteer), 1),
	};

	viz_geometry_init(&out->plant);
	if (!job.whole || !job.beside)
		job.fatal = VIZ_ERR_NOMEM;
	else if (job.zoom < IMPORT_ZOOM_MIN || job.zoom > IMPORT_ZOOM_MAX)
		viz_import_error(&job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_ZOOM, job.zoom,
				 IMPORT_ZOOM_MIN, IMPORT_ZOOM_MAX);
	else if (viz_filetype_is_empty((const uint8_t *)bytes, len))
		viz_import_error(&job, VIZ_IMPORT_NOTHING, VIZ_IMPORT_TEXT_EMPTY);
	else if (viz_filetype_is_spreadsheet((const uint8_t *)bytes, len) &&
		 !viz_filetype_is_workbook((const uint8_t *)bytes, len))
		viz_import_error(&job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_SPREADSHEET);
	else
		parse(&job, name, bytes, len);
	if (!job.fatal && (report->errors_n > 0 || job.used == 0))
		viz_import_report_left_out_errors(&job);
	if (!job.fatal && report->errors_n == 0)
		job.fatal = viz_import_collect_derive(&job);
	if (job.fatal && report->errors_n == 0)
		give_up(&job);
	viz_import_polygon_free(&job.polygon);
	free(job.whole);
	free(job.beside);
	free(job.ceps);
	if (report->errors_n == 0)
		return 0;
	viz_import_free(out);
	return job.fatal ? job.fatal : VIZ_ERR_INPUT;
}

int viz_import_bytes(struct viz_import *out, struct viz_import_report *report, const char *name,
		     const uint8_t *bytes, size_t len, const struct viz_import_options *opt)
{
	char *copy;
	int err;

	*out = (struct viz_import){0};
	start_report(report, name, opt->lang);
	copy = len < VIZ_IMPORT_FILE_BYTES_MAX ? malloc(len + 1) : NULL;
	if (!copy)
		return VIZ_ERR_NOMEM;
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	err = run(out, report, name, copy, len, opt);
	free(copy);
	return err;
}

/* NULL: errno says why. EFBIG: it is over VIZ_IMPORT_FILE_BYTES_MAX. 0: it is no regular file. */
static char *read_all(size_t *len, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	char *bytes = NULL;
	int error = 0;

	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) != 0)
		error = errno;
	else if (S_ISDIR(st.st_mode))
		error = EISDIR;
	else if (S_ISREG(st.st_mode) && st.st_size >= (off_t)VIZ_IMPORT_FILE_BYTES_MAX)
		error = EFBIG;
	else if (S_ISREG(st.st_mode) && (bytes = malloc((size_t)st.st_size + 1)) == NULL)
		error = ENOMEM;
	if (bytes) {
		*len = fread(bytes, 1, (size_t)st.st_size, f);
		bytes[*len] = '\0';
	}
	fclose(f);
	errno = error;
	return bytes;
}

int viz_import_file(struct viz_import *out, struct viz_import_report *report, const char *path,
		    const struct viz_import_options *opt)
{
	struct import_job job = {.report = report};
	size_t len = 0;
	char *bytes;
	int err;

	*out = (struct viz_import){0};
	start_report(report, path, opt->lang);
	bytes = read_all(&len, path);
	if (!bytes && errno == EFBIG)
		viz_import_error(&job, VIZ_IMPORT_UNREADABLE, VIZ_IMPORT_TEXT_OVERSIZE,
				 VIZ_IMPORT_FILE_BYTES_MAX >> 20);
	else if (!bytes && errno == 0)
		viz_import_error(&job, VIZ_IMPORT_UNREADABLE, VIZ_IMPORT_TEXT_IRREGULAR);
	else if (!bytes)
		viz_import_error(&job, VIZ_IMPORT_UNREADABLE, VIZ_IMPORT_TEXT_UNREADABLE,
				 viz_host_speech_reason(errno, opt->lang));
	if (!bytes)
		return VIZ_ERR_INPUT;
	err = run(out, report, path, bytes, len, opt);
	free(bytes);
	return err;
}

void viz_import_free(struct viz_import *import)
{
	viz_geometry_free(&import->plant);
	free(import->cells);
	free(import->ceps);
	free(import->ibge);
	free(import->whole);
	free(import->left_out);
	*import = (struct viz_import){0};
}
