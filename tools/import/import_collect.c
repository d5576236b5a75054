#include "tools/import/import_internal.h"

#include <strings.h>

bool viz_import_collect_radius(uint32_t *radius_m, const char *text)
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

void viz_import_collect_cep(struct import_job *job, struct viz_cep_range range)
{
	struct viz_cep_entry e;
	size_t n;

	if (range.from > range.to) {
		viz_import_error(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_CEP_ORDER);
		return;
	}
	if (job->ceps_n == job->ceps_max) {
		size_t max = job->ceps_max ? job->ceps_max * 2 : 256;
		void *more =
		    max > IMPORT_CEPS_MAX * 2 ? NULL : realloc(job->ceps, max * sizeof range);

		if (!more) {
			job->fatal = max > IMPORT_CEPS_MAX * 2 ? VIZ_ERR_LIMIT : VIZ_ERR_NOMEM;
			return;
		}
		job->ceps = more;
		job->ceps_max = max;
	}
	if (viz_gazetteer_by_cep_range(job->opt->gazetteer, &e, &n, 1, range) != 0)
		viz_import_warning(job, VIZ_IMPORT_UNKNOWN, VIZ_IMPORT_TEXT_CEP_UNKNOWN,
				   range.from / 1000, range.from % 1000);
	job->ceps[job->ceps_n++] = range;
	job->report->ceps++;
	job->used++;
}

/* The index of a municipality's code, or of the next greater one. */
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

void viz_import_collect_municipality(struct import_job *job, uint32_t ibge)
{
	size_t i = index_of(job->opt->gazetteer, ibge);

	job->report->municipalities += !job->whole[i];
	job->whole[i] = 1;
	job->used++;
}

void viz_import_collect_beside(struct import_job *job, uint32_t ibge)
{
	job->beside[index_of(job->opt->gazetteer, ibge)] = 1;
}

static int derive_codes(struct import_job *job)
{
	const struct viz_gazetteer *g = job->opt->gazetteer;
	size_t count = viz_gazetteer_count(g), n = 0;
	struct viz_import *out = job->out;
	struct viz_cep_entry *entries = calloc(count * 4, sizeof *entries);
	uint8_t *all = calloc(count, 1);
	uint32_t *touched = NULL;
	int err = entries && all ? viz_gazetteer_near_touched(g, &touched, &n, &out->plant)
				 : VIZ_ERR_NOMEM;

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
		all[i] |= job->whole[i] | job->beside[i];
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

/* Notes the error: the largest part, and the zoom at which everything fits. */
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
	viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_TOO_LARGE, job->zoom, zoom);
	return err == VIZ_ERR_NOMEM ? err : VIZ_ERR_LIMIT;
}

static void nothing(struct import_job *job)
{
	char ignored[VIZ_IMPORT_MESSAGE_BYTES / 2];

	viz_import_report_ignored_text(ignored, sizeof ignored, job->report->ignored,
				       job->report->lang);
	if (ignored[0])
		viz_import_error(job, VIZ_IMPORT_NOTHING, VIZ_IMPORT_TEXT_NOTHING_IGNORED, ignored);
	else
		viz_import_error(job, VIZ_IMPORT_NOTHING, VIZ_IMPORT_TEXT_NOTHING);
}

int viz_import_collect_derive(struct import_job *job)
{
	struct viz_import *out = job->out;
	int err = viz_cep_normalise(job->ceps, &job->ceps_n);

	out->ceps = job->ceps;
	out->ceps_n = job->ceps_n;
	job->ceps = NULL;
	job->where = (struct import_where){0};
	if (!err && out->ceps_n > VIZ_CEP_RANGES_MAX)
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_CEP_RANGES, out->ceps_n,
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
