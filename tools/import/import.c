#include "tools/import/import_internal.h"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/import/filetype.h"

#define IMPORT_ZOOM_MIN 8u
#define IMPORT_ZOOM_MAX 18u

bool viz_import_radius(uint32_t *radius_m, const char *text)
{
	char number[32], *end;
	size_t n = 0;
	double v;

	while (*text == ' ')
		text++;
	while (n + 1 < sizeof number && *text && strchr("0123456789.,", *text)) {
		number[n++] = *text == ',' ? '.' : *text;
		text++;
	}
	number[n] = '\0';
	v = strtod(number, &end);
	while (*text == ' ')
		text++;
	if (strncasecmp(text, "km", 2) == 0)
		v *= 1000;
	else if (*text && strcasecmp(text, "m") != 0 && strncasecmp(text, "metro", 5) != 0 &&
		 strncasecmp(text, "meter", 5) != 0)
		return false;
	if (n == 0 || *end || !(v >= 0.5 && v <= (double)VIZ_GEOMETRY_RADIUS_MAX_M))
		return false;
	*radius_m = (uint32_t)(v + 0.5);
	return true;
}

void viz_import_cep(struct import_job *job, struct viz_cep_range range)
{
	struct viz_cep_entry e;
	size_t n;

	if (range.from > range.to) {
		viz_import_error(job, VIZ_IMPORT_EXPECTED,
				 "the range of postcodes ends before it begins",
				 "a faixa de CEP termina antes de começar");
		return;
	}
	if (job->ceps_n == job->ceps_max) {
		size_t room = job->ceps_max ? job->ceps_max * 2 : 256;
		void *more =
		    room > IMPORT_CEPS_MAX * 2 ? NULL : realloc(job->ceps, room * sizeof range);

		if (!more) {
			job->fatal = room > IMPORT_CEPS_MAX * 2 ? VIZ_ERR_LIMIT : VIZ_ERR_NOMEM;
			return;
		}
		job->ceps = more;
		job->ceps_max = room;
	}
	if (viz_gazetteer_by_cep_range(job->opt->gazetteer, &e, &n, 1, range) != 0)
		viz_import_warning(job, VIZ_IMPORT_UNKNOWN,
				   "postcode %05u-%03u is in no known range",
				   "o CEP %05u-%03u não está em nenhuma faixa conhecida",
				   range.from / 1000, range.from % 1000);
	job->ceps[job->ceps_n++] = range;
	job->report->ceps++;
	job->used++;
}

/* The index of a code, or of the next. */
static size_t index_of(const struct viz_gazetteer *g, uint32_t ibge)
{
	size_t lo = 0, hi = viz_gazetteer_count(g);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (viz_gazetteer_get(g, mid).ibge < ibge)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void viz_import_municipality(struct import_job *job, uint32_t ibge)
{
	size_t i = index_of(job->opt->gazetteer, ibge);

	job->report->municipalities += !job->whole[i];
	job->whole[i] = 1;
	job->used++;
}

/* ---- the end: what follows from the plant ---- */

static int derive_codes(struct import_job *job)
{
	const struct viz_gazetteer *g = job->opt->gazetteer;
	size_t count = viz_gazetteer_count(g), n = 0;
	struct viz_import *out = job->out;
	struct viz_cep_entry *entries = calloc(count * 4, sizeof *entries);
	uint8_t *all = calloc(count, 1);
	uint32_t *touched = NULL;
	int err =
	    entries && all ? viz_gazetteer_touched(g, &touched, &n, &out->plant) : VIZ_ERR_NOMEM;

	out->ibge = calloc(count, sizeof *out->ibge);
	out->whole = calloc(count, sizeof *out->whole);
	if (!err && (!out->ibge || !out->whole))
		err = VIZ_ERR_NOMEM;
	for (size_t i = 0, t = 0; !err && i < count; i++) {
		uint32_t code = viz_gazetteer_get(g, i).ibge;

		all[i] = t < n && touched[t] == code;
		t += all[i];
		if (job->whole[i])
			out->whole[out->whole_n++] = code;
		all[i] |= job->whole[i];
	}
	for (size_t i = 0; !err && i < out->ceps_n; i++) {
		size_t found = 0;

		if (viz_gazetteer_by_cep_range(g, entries, &found, count * 4, out->ceps[i]) != 0)
			continue;
		for (size_t k = 0; k < found && k < count * 4; k++)
			all[index_of(g, entries[k].ibge)] = 1;
	}
	for (size_t i = 0; !err && i < count; i++)
		if (all[i])
			out->ibge[out->ibge_n++] = viz_gazetteer_get(g, i).ibge;
	free(entries);
	free(all);
	free(touched);
	return err;
}

/* Names the largest part, and the zoom at which all fits. */
static int too_large(struct import_job *job)
{
	unsigned zoom = job->zoom;
	int err = VIZ_ERR_LIMIT;

	while (err == VIZ_ERR_LIMIT && zoom > IMPORT_ZOOM_MIN) {
		uint64_t *cells = NULL;
		size_t n = 0;

		err = viz_geometry_cover(&cells, &n, &job->out->plant, --zoom);
		if (!err && n > VIZ_REGION_CELLS_MAX)
			err = VIZ_ERR_LIMIT;
		free(cells);
	}
	job->where = job->largest;
	viz_import_error(
	    job, VIZ_IMPORT_TOO_MUCH,
	    "the area is too large for cells of zoom %u (this is its largest part): zoom %u or a "
	    "smaller number would do",
	    "a área é grande demais para células de zoom %u (esta é a maior parte dela): zoom %u "
	    "ou um número menor serve",
	    job->zoom, zoom);
	return err == VIZ_ERR_NOMEM ? err : VIZ_ERR_LIMIT;
}

static void nothing(struct import_job *job)
{
	char en[VIZ_IMPORT_MESSAGE_BYTES / 2], pt[VIZ_IMPORT_MESSAGE_BYTES / 2];
	char all[VIZ_IMPORT_MESSAGE_BYTES], all_pt[VIZ_IMPORT_MESSAGE_BYTES];

	viz_import_ignored_text(en, sizeof en, job->report->ignored, "en");
	viz_import_ignored_text(pt, sizeof pt, job->report->ignored, "pt");
	snprintf(all, sizeof all,
		 "no coverage found%s%s%s: expected polygons, points, postcodes "
		 "or municipalities",
		 *en ? " (ignored: " : "", en, *en ? ")" : "");
	snprintf(all_pt, sizeof all_pt,
		 "nenhuma cobertura encontrada%s%s%s: esperava polígonos, "
		 "pontos, CEPs ou municípios",
		 *pt ? " (ignorados: " : "", pt, *pt ? ")" : "");
	viz_import_error_text(job, VIZ_IMPORT_NOTHING, all, all_pt);
}

static int derive(struct import_job *job)
{
	struct viz_import *out = job->out;
	int err = viz_cep_normalise(job->ceps, &job->ceps_n);

	out->ceps = job->ceps;
	out->ceps_n = job->ceps_n;
	job->ceps = NULL;
	job->where = (struct import_where){0};
	if (!err && out->ceps_n > VIZ_CEP_RANGES_MAX)
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, "%zu ranges of postcodes, at most %u",
				 "%zu faixas de CEP, no máximo %u", out->ceps_n,
				 VIZ_CEP_RANGES_MAX);
	if (!err)
		err = viz_geometry_cover(&out->cells, &out->cells_n, &out->plant, job->zoom);
	if (err == VIZ_ERR_LIMIT || (!err && out->cells_n > VIZ_REGION_CELLS_MAX))
		return too_large(job);
	if (!err)
		err = derive_codes(job);
	if (!err)
		err = viz_geometry_area_m2(&job->report->area_m2, &out->plant);
	if (!err && viz_geometry_is_empty(&out->plant) && out->ceps_n == 0 && out->whole_n == 0)
		nothing(job);
	return err;
}

/* ---- the door ---- */

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcasecmp(name + n - m, end) == 0;
}

static enum viz_import_format guess(const char *name, const uint8_t *bytes, size_t len)
{
	size_t at = 0;

	if (len >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return VIZ_IMPORT_KMZ;
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

static void start_report(struct viz_import_report *report, const char *name)
{
	const char *base = strrchr(name, '/');

	*report = (struct viz_import_report){0};
	snprintf(report->file, sizeof report->file, "%s", base ? base + 1 : name);
}

static void give_up(struct import_job *job)
{
	if (job->fatal == VIZ_ERR_NOMEM)
		viz_import_error(job, VIZ_IMPORT_NO_MEMORY, "out of memory",
				 "memória insuficiente");
	else
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, "more than %u rows of postcodes",
				 "mais de %u linhas de CEP", IMPORT_CEPS_MAX);
}

/* `bytes` has a NUL behind its end. */
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
	};

	viz_geometry_init(&out->plant);
	if (!job.whole)
		job.fatal = VIZ_ERR_NOMEM;
	else if (job.zoom < IMPORT_ZOOM_MIN || job.zoom > IMPORT_ZOOM_MAX)
		viz_import_error(&job, VIZ_IMPORT_RANGE, "zoom %u: expected %u to %u",
				 "zoom %u: esperava de %u a %u", job.zoom, IMPORT_ZOOM_MIN,
				 IMPORT_ZOOM_MAX);
	else if (viz_filetype_is_empty((const uint8_t *)bytes, len))
		viz_import_error(&job, VIZ_IMPORT_NOTHING, "the file is empty",
				 "o arquivo está vazio");
	else if (viz_filetype_is_spreadsheet((const uint8_t *)bytes, len))
		viz_import_error(
		    &job, VIZ_IMPORT_SYNTAX,
		    "a spreadsheet, which is not read: save it as CSV (UTF-8), and import that",
		    "é uma planilha, que não é lida: salve como CSV (UTF-8) e importe o CSV");
	else
		parse(&job, name, bytes, len);
	if (!job.fatal && report->errors_n == 0)
		job.fatal = derive(&job);
	if (job.fatal && report->errors_n == 0)
		give_up(&job);
	free(job.whole);
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
	start_report(report, name);
	copy = len < VIZ_IMPORT_FILE_BYTES_MAX ? malloc(len + 1) : NULL;
	if (!copy)
		return VIZ_ERR_NOMEM;
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	err = run(out, report, name, copy, len, opt);
	free(copy);
	return err;
}

static char *read_all(size_t *len, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	char *bytes = NULL;

	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 &&
	    st.st_size < (off_t)VIZ_IMPORT_FILE_BYTES_MAX)
		bytes = malloc((size_t)st.st_size + 1);
	if (bytes) {
		*len = fread(bytes, 1, (size_t)st.st_size, f);
		bytes[*len] = '\0';
	}
	fclose(f);
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
	start_report(report, path);
	bytes = read_all(&len, path);
	if (!bytes) {
		viz_import_error(&job, VIZ_IMPORT_UNREADABLE, "cannot be read, or is over %u MiB",
				 "não pode ser lido, ou passa de %u MiB",
				 VIZ_IMPORT_FILE_BYTES_MAX >> 20);
		return VIZ_ERR_INPUT;
	}
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
	*import = (struct viz_import){0};
}
