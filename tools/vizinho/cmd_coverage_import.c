/* `vizinho coverage import`: files become a private plant and its public advertisement. */
#include <errno.h>

#include "node/host/speech.h"
#include "proto/text.h"
#include "tools/analyze/same_file.h"
#include "tools/import/import.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/picture.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/where.h"

struct import_job {
	const struct viz_cli *cli;
	const char *name, *technology, *down, *zoom, *radius, *svg, *sheet;
	bool dry_run;
	int64_t down_value, zoom_value, radius_value;
	struct viz_where where;
	struct viz_geometry plant;
	uint64_t *cells;
	size_t cells_n;
	json_t *ceps, *ibge; /* arrays; the daemon sorts them */
	json_t *left_out;    /* texts: the parts that cannot be used, and why */
	size_t features, ignored[VIZ_IMPORT_IGNORED_KINDS];
	uint64_t area_m2; /* of all files together */
};

static int no_memory(const struct viz_cli *cli)
{
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_MEMORY, VIZ_MSG_CANNOT, "import",
			       viz_msg(cli->lang, VIZ_MSG_NO_MEMORY));
}

static int too_much(const struct viz_cli *cli, int err)
{
	if (err == VIZ_ERR_NOMEM)
		return no_memory(cli);
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_TOO_LARGE, VIZ_MSG_IMPORT_TOO_MUCH);
}

static void print_report(const struct import_job *job, const struct viz_import_report *report)
{
	char text[1024];
	size_t n = report->warnings_n < VIZ_IMPORT_WARNINGS_MAX ? report->warnings_n
								: VIZ_IMPORT_WARNINGS_MAX;

	for (size_t i = 0; i < n; i++) {
		viz_import_report_note_text(text, sizeof text, report, &report->warnings[i]);
		viz_print_hint(job->cli, VIZ_MSG_IMPORT_WARNING, text);
	}
	if (report->warnings_n > n)
		viz_print_hint(job->cli, VIZ_MSG_IMPORT_MORE, report->warnings_n - n);
}

/* The place of an error in its file, and its words. */
static json_t *note_json(const struct viz_import_report *report, const struct viz_import_note *note)
{
	json_t *o = json_pack("{s:o}", "file", viz_print_path(report->file));
	char text[1024];

	viz_import_report_note_text(text, sizeof text, report, note);
	json_object_set_new(o, "message", json_string(text));
	if (note->line > 0)
		json_object_set_new(o, "line", json_integer(note->line));
	if (note->column > 0)
		json_object_set_new(o, "column", json_integer(note->column));
	if (note->feature > 0)
		json_object_set_new(o, "feature", json_integer(note->feature));
	return o;
}

/* All of them, so that the owner can see each part that is missing. */
static int list_left_out(struct import_job *job, const struct viz_import *one,
			 const struct viz_import_report *report)
{
	char text[1024];

	if (one->left_out_n > 0)
		viz_print_hint(job->cli, VIZ_MSG_IMPORT_LEFT_OUT, one->left_out_n, report->file);
	for (size_t i = 0; i < one->left_out_n; i++) {
		viz_import_report_note_text(text, sizeof text, report, &one->left_out[i]);
		viz_print_hint(job->cli, VIZ_MSG_IMPORT_LEFT_OUT_PART, text);
		if (json_array_append_new(job->left_out, note_json(report, &one->left_out[i])) != 0)
			return no_memory(job->cli);
	}
	return VIZ_EXIT_OK;
}

/* One object with all errors: those of a file that was refused are in "errors", which the first of
 * them sums up. */
static int refuse_json(const struct import_job *job, const struct viz_import_report *report,
		       size_t n)
{
	json_t *list = json_array(), *more;
	char text[1024];

	for (size_t i = 0; i < n; i++) {
		json_t *o = note_json(report, &report->errors[i]);

		/* the file would be taken without these parts */
		json_object_set_new(o, "refuses", json_boolean(i < report->refusing_n || i == 0));
		json_array_append_new(list, o);
	}
	more = json_copy(json_array_get(list, 0));
	json_object_del(more, "message");
	json_object_del(more, "refuses");
	json_object_set_new(more, "error_count", json_integer((json_int_t)report->errors_n));
	json_object_set_new(more, "errors", list);
	viz_import_report_note_text(text, sizeof text, report, &report->errors[0]);
	return viz_print_fault(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, text, more);
}

/* All errors. */
static int refuse(const struct import_job *job, const struct viz_import_report *report)
{
	size_t n =
	    report->errors_n < VIZ_IMPORT_ERRORS_MAX ? report->errors_n : VIZ_IMPORT_ERRORS_MAX;
	char text[1024] = "";

	if (n == 0)
		return no_memory(job->cli);
	if (job->cli->json)
		return refuse_json(job, report, n);
	for (size_t i = 0; i < n; i++) {
		if (i == report->refusing_n && i > 0)
			viz_print_hint(job->cli, VIZ_MSG_IMPORT_LEFT_OUT_ONLY);
		viz_import_report_note_text(text, sizeof text, report, &report->errors[i]);
		viz_print_fault(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, text, NULL);
	}
	if (report->errors_n > n)
		viz_print_hint(job->cli, VIZ_MSG_IMPORT_MORE, report->errors_n - n);
	viz_print_hint(job->cli, VIZ_MSG_IMPORT_NOTHING_DONE);
	return VIZ_EXIT_FAILED;
}

static int add_plant(struct viz_geometry *to, const struct viz_geometry *from)
{
	enum viz_geometry_fault why;
	size_t ring = 0, point = 0;
	int err = VIZ_OK;

	for (size_t p = 0; p < from->polygons_n; p++) {
		bool hole = false;

		for (; err == VIZ_OK && ring < from->polygon_end[p]; ring++) {
			err = viz_geometry_add_ring(to, &why, from->points + point,
						    from->ring_end[ring] - point, hole);
			point = from->ring_end[ring];
			hole = true;
		}
	}
	for (size_t i = 0; err == VIZ_OK && i < from->circles_n; i++)
		err = viz_geometry_add_circle(to, &why, from->circles[i]);
	return err;
}

static bool has(const json_t *codes, uint32_t code)
{
	for (size_t i = 0; i < json_array_size(codes); i++)
		if (viz_reply_number(json_array_get(codes, i), "code") == (int64_t)code)
			return true;
	return false;
}

static int add(struct import_job *job, const struct viz_import *one)
{
	uint64_t *cells = realloc(job->cells, (job->cells_n + one->cells_n + 1) * sizeof *cells);
	int err;

	if (cells == NULL)
		return no_memory(job->cli);
	job->cells = cells;
	if (one->cells_n > 0)
		memcpy(cells + job->cells_n, one->cells, one->cells_n * sizeof *cells);
	job->cells_n += one->cells_n;
	err = viz_region_normalise(cells, &job->cells_n);
	if (err == VIZ_OK)
		err = add_plant(&job->plant, &one->plant);
	if (err != VIZ_OK)
		return too_much(job->cli, err);
	for (size_t i = 0; i < one->ceps_n; i++)
		json_array_append_new(job->ceps, json_pack("[I,I]", (json_int_t)one->ceps[i].from,
							   (json_int_t)one->ceps[i].to));
	for (size_t i = 0; i < one->ibge_n; i++)
		if (!has(job->ibge, one->ibge[i]))
			json_array_append_new(job->ibge,
					      json_pack("{s:I}", "code", (json_int_t)one->ibge[i]));
	return VIZ_EXIT_OK;
}

static int read_file(struct import_job *job, const char *path)
{
	struct viz_import_options opt = {.lang = job->cli->lang,
					 .gazetteer = job->where.gazetteer,
					 .sheet = job->sheet,
					 .zoom = (unsigned)job->zoom_value,
					 .radius_m = (uint32_t)job->radius_value};
	struct viz_import_report *report = calloc(1, sizeof *report);
	struct viz_import one;
	int status;

	if (report == NULL)
		return no_memory(job->cli);
	viz_print_hint(job->cli, VIZ_MSG_IMPORT_READING, path);
	if (viz_import_file(&one, report, path, &opt) != VIZ_OK) {
		status = refuse(job, report);
	} else {
		print_report(job, report);
		job->features += report->features;
		for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
			job->ignored[i] += report->ignored[i];
		status = list_left_out(job, &one, report);
		if (status == VIZ_EXIT_OK)
			status = add(job, &one);
		viz_import_free(&one);
	}
	free(report);
	return status;
}

static json_t *hex(const uint8_t *bytes, size_t len)
{
	char *text = malloc(2 * len + 1);
	json_t *out;

	if (text == NULL)
		return NULL;
	viz_hex(text, bytes, len);
	out = json_string_nocheck(text);
	free(text);
	return out;
}

/* The two packed fields of the request. */
static int pack(json_t *args, const struct import_job *job)
{
	uint8_t *geometry = NULL, *region = malloc(VIZ_REGION_BOUND(job->cells_n));
	size_t geometry_len = 0, region_len = 0;
	int err = region != NULL ? VIZ_OK : VIZ_ERR_NOMEM;

	if (err == VIZ_OK && !viz_geometry_is_empty(&job->plant))
		err = viz_geometry_code_write(&geometry, &geometry_len, &job->plant);
	if (err == VIZ_OK && job->cells_n > 0)
		err = viz_region_encode(region, &region_len, VIZ_REGION_BOUND(job->cells_n),
					job->cells, job->cells_n);
	if (err == VIZ_OK) {
		json_object_set_new(args, "geometry", hex(geometry, geometry_len));
		json_object_set_new(args, "region", hex(region, region_len));
	}
	free(geometry);
	free(region);
	if (err == VIZ_OK)
		return VIZ_EXIT_OK;
	return too_much(job->cli, err);
}

static void print_summary(const struct import_job *job)
{
	char name[VIZ_GAZETTEER_NAME_BYTES + 8], area[VIZ_FORMAT_MAX], ignored[256];

	if (job->cells_n > 0)
		viz_format_area(area, job->cli, job->area_m2);
	else
		snprintf(area, sizeof area, "%s",
			 viz_msg(job->cli->lang, VIZ_MSG_IMPORT_AREA_NONE));
	viz_import_report_ignored_text(ignored, sizeof ignored, job->ignored, job->cli->lang);
	viz_print(job->cli, VIZ_MSG_IMPORT_SUMMARY, job->features, area, job->cells_n,
		  (unsigned)job->zoom_value, json_array_size(job->ceps),
		  json_array_size(job->ibge));
	if (ignored[0] != '\0')
		viz_print(job->cli, VIZ_MSG_IMPORT_IGNORED, ignored);
	if (json_array_size(job->left_out) > 0)
		viz_print(job->cli, VIZ_MSG_IMPORT_LEFT_OUT_COUNT, json_array_size(job->left_out));
	for (size_t i = 0; i < json_array_size(job->ibge) && !job->cli->json; i++) {
		viz_where_name(name, sizeof name, &job->where,
			       viz_reply_number(json_array_get(job->ibge, i), "code"));
		printf("  %s\n", name);
	}
}

/* The pictures: as text with a dry run, and as a file where one is asked for. */
static int draw(const struct import_job *job)
{
	size_t n = json_array_size(job->ibge);
	uint32_t *ibge = calloc(n + 1, sizeof *ibge);
	struct viz_picture picture = {.cells = job->cells,
				      .cells_n = job->cells_n,
				      .plant = &job->plant,
				      .ibge = ibge,
				      .ibge_n = n};
	const char *why;
	int err = VIZ_OK;

	if (ibge == NULL)
		return no_memory(job->cli);
	for (size_t i = 0; i < n; i++)
		ibge[i] = (uint32_t)viz_reply_number(json_array_get(job->ibge, i), "code");
	if (job->svg != NULL)
		err = viz_picture_svg(job->svg, &picture, job->where.gazetteer, job->cli->lang);
	why = viz_host_speech_errno(errno);
	if (err == VIZ_ERR_ABSENT)
		why = viz_msg(job->cli->lang, VIZ_MSG_SVG_NOTHING);
	else if (err == VIZ_ERR_NOMEM)
		why = viz_msg(job->cli->lang, VIZ_MSG_NO_MEMORY);
	if (err != VIZ_OK) {
		free(ibge);
		return viz_print_error(job->cli, VIZ_EXIT_FAILED,
				       err == VIZ_ERR_ABSENT  ? VIZ_CODE_EMPTY
				       : err == VIZ_ERR_NOMEM ? VIZ_CODE_MEMORY
							      : VIZ_CODE_NOT_WRITTEN,
				       VIZ_MSG_SVG_FAILED, job->svg, why);
	}
	if (job->svg != NULL)
		viz_print_hint(job->cli, VIZ_MSG_SVG_DONE, job->svg);
	if (job->dry_run && !job->cli->json) {
		viz_print_blank(job->cli);
		err = viz_picture_text(stdout, &picture, job->cli->lang);
		viz_print_blank(job->cli);
	}
	free(ibge);
	return err == VIZ_OK ? VIZ_EXIT_OK : no_memory(job->cli);
}

/* What is published, or would be: a dry run prints the same keys. */
static json_t *summary(const struct import_job *job)
{
	size_t ignored = 0;

	for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
		ignored += job->ignored[i];
	json_t *o = json_pack(
	    "{s:s,s:b,s:s,s:I,s:I,s:O,s:I,s:I,s:I,s:O,s:O}", "name", job->name, "dry_run",
	    job->dry_run, "technology", job->technology, "feature_count", (json_int_t)job->features,
	    "ignored_count", (json_int_t)ignored, "left_out_parts", job->left_out, "area_m2",
	    (json_int_t)job->area_m2, "zoom", (json_int_t)job->zoom_value, "cell_count",
	    (json_int_t)job->cells_n, "ceps", job->ceps, "municipalities", job->ibge);

	if (job->down_value > 0)
		json_object_set_new(o, "down_mbps", json_integer((json_int_t)job->down_value));
	return o;
}

static int finish(const struct import_job *job)
{
	json_t *result = NULL;
	json_t *args = json_pack("{s:s,s:s,s:I,s:O,s:O}", "name", job->name, "technology",
				 job->technology, "down_mbps", (json_int_t)job->down_value, "ceps",
				 job->ceps, "municipalities", job->ibge);
	int status = pack(args, job);

	if (status == VIZ_EXIT_OK)
		status = draw(job);
	if (status != VIZ_EXIT_OK || job->dry_run)
		json_decref(args);
	else
		status = viz_client_ask(&result, job->cli, "coverage.import", args);
	if (status != VIZ_EXIT_OK)
		return status;
	json_decref(result);
	if (job->cli->json) {
		result = summary(job);
		viz_print_json_new(result);
		return VIZ_EXIT_OK;
	}
	print_summary(job);
	if (job->dry_run)
		viz_print(job->cli, VIZ_MSG_IMPORT_DRY);
	else
		viz_print(job->cli, VIZ_MSG_IMPORT_DONE, job->name);
	return VIZ_EXIT_OK;
}

static int numbers(struct import_job *job)
{
	int status;

	job->zoom_value = VIZ_IMPORT_DEFAULT_ZOOM;
	job->radius_value = VIZ_IMPORT_DEFAULT_RADIUS;
	status = viz_args_technology(&job->technology, job->cli, "--technology", job->technology);
	if (status == VIZ_EXIT_OK && job->down != NULL)
		status =
		    viz_args_number(&job->down_value, job->cli, "--down", job->down, 1, 1000000);
	if (status == VIZ_EXIT_OK && job->zoom != NULL)
		status = viz_args_number(&job->zoom_value, job->cli, "--zoom", job->zoom, 8, 18);
	if (status == VIZ_EXIT_OK && job->radius != NULL)
		status = viz_args_number(&job->radius_value, job->cli, "--radius", job->radius, 1,
					 VIZ_GEOMETRY_RADIUS_MAX_M);
	return status;
}

int viz_cmd_coverage_import(const struct viz_cli *cli, int argc, char **argv)
{
	struct import_job job = {.cli = cli};
	const struct viz_arg options[] = {{"name", &job.name, NULL},
					  {"technology", &job.technology, NULL},
					  {"down", &job.down, NULL},
					  {"zoom", &job.zoom, NULL},
					  {"radius", &job.radius, NULL},
					  {"svg", &job.svg, NULL},
					  {"sheet", &job.sheet, NULL},
					  {"dry-run", NULL, &job.dry_run},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, VIZ_ARGS_WORDS_MAX))
		return status;
	if (!viz_args_have(&status, cli, options, 1))
		return status;
	if (viz_same_file_any(job.svg, words.word, words.count))
		return viz_help_error(cli, VIZ_MSG_OVERWRITE, job.svg);
	if (!viz_text_valid(job.name, strlen(job.name)))
		return viz_help_error(cli, VIZ_MSG_NOT_UTF8, "");
	status = numbers(&job);
	if (status == VIZ_EXIT_OK)
		status = viz_where_open(&job.where, cli);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_geometry_init(&job.plant);
	job.ceps = json_array();
	job.ibge = json_array();
	job.left_out = json_array();
	for (size_t i = 0; status == VIZ_EXIT_OK && i < words.count; i++)
		status = read_file(&job, words.word[i]);
	if (status == VIZ_EXIT_OK && viz_geometry_area_m2(&job.area_m2, &job.plant) != VIZ_OK)
		status = no_memory(cli);
	if (status == VIZ_EXIT_OK)
		status = finish(&job);
	json_decref(job.ceps);
	json_decref(job.ibge);
	json_decref(job.left_out);
	free(job.cells);
	viz_geometry_free(&job.plant);
	viz_where_close(&job.where);
	return status;
}
