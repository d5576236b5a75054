/* `vizinho geo import`: one point for each postcode, for finer answers about addresses. */
#include "node/host/speech.h"
#include "tools/analyze/same_file.h"
#include "tools/geo/cep_points.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/where.h"

/* One line for each reason to skip rows. `hint`: on standard error, because nothing was imported.
 */
static void print_skipped(const struct viz_cli *cli, const struct viz_cep_points_report *report,
			  bool hint)
{

	for (unsigned i = 0; i < VIZ_CEP_POINTS_SKIPS; i++) {
		const struct viz_cep_points_skipped *s = &report->skip[i];
		char lines[VIZ_CEP_POINTS_LINES * 12 + 8] = "";
		size_t at = 0;

		for (size_t k = 0; k < s->n && k < VIZ_CEP_POINTS_LINES; k++)
			at += (size_t)snprintf(lines + at, sizeof lines - at, "%s%u",
					       k > 0 ? ", " : "", s->lines[k]);
		if (s->n > VIZ_CEP_POINTS_LINES)
			snprintf(lines + at, sizeof lines - at, ", ...");
		if (s->n > 0 && hint)
			viz_print_hint(cli, VIZ_MSG_GEO_SKIPPED, s->n,
				       viz_cep_points_import_skip_text(i, cli->lang), lines);
		else if (s->n > 0)
			viz_print(cli, VIZ_MSG_GEO_SKIPPED, s->n,
				  viz_cep_points_import_skip_text(i, cli->lang), lines);
	}
}

static int refuse(const struct viz_cli *cli, const struct viz_cep_points_report *report,
		  const char *csv, const char *out)
{
	const char *file = report->fault == VIZ_CEP_POINTS_NOT_WRITTEN ? out : csv;
	char where[32] = "", why[256], text[2048];
	json_t *more;

	if (report->line > 0)
		snprintf(where, sizeof where, "%u:", report->line);
	snprintf(why, sizeof why, "%s%s%s",
		 viz_cep_points_import_fault_text(report->fault, cli->lang),
		 report->error != 0 ? ": " : "",
		 report->error != 0 ? viz_host_speech_errno(report->error) : "");
	viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_GEO_FAILED, file, where, why);
	more = json_pack("{s:o}", "file", viz_print_path(file));
	if (report->line > 0)
		json_object_set_new(more, "line", json_integer(report->line));
	viz_print_fault(cli, VIZ_EXIT_FAILED,
			report->fault == VIZ_CEP_POINTS_NOT_WRITTEN ? VIZ_CODE_NOT_WRITTEN
								    : VIZ_CODE_INPUT,
			text, more);
	print_skipped(cli, report, true);
	return VIZ_EXIT_FAILED;
}

static void print(const struct viz_cep_points_report *report, const char *out)
{
	json_t *reasons = json_array();
	json_t *o;

	for (unsigned i = 0; i < VIZ_CEP_POINTS_SKIPS; i++)
		if (report->skip[i].n > 0)
			json_array_append_new(reasons,
					      json_pack("{s:s,s:I}", "reason",
							viz_cep_points_import_skip_name(i), "count",
							(json_int_t)report->skip[i].n));
	o = json_pack("{s:o,s:I,s:I,s:I,s:o}", "file", viz_print_path(out), "row_count",
		      (json_int_t)report->rows, "cep_count", (json_int_t)report->postcodes,
		      "skipped_count", (json_int_t)report->skipped, "skipped_reasons", reasons);
	viz_print_json_new(o);
}

int viz_cmd_geo_import(const struct viz_cli *cli, int argc, char **argv)
{
	const char *out = viz_where_points_path();
	const struct viz_arg options[] = {{"out", &out, NULL}, {NULL, NULL, NULL}};
	struct viz_cep_points_report report = {0};
	struct viz_where where;
	struct viz_args words;
	int status, err;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	if (viz_same_file_any(out, words.word, 1))
		return viz_help_error(cli, VIZ_MSG_OVERWRITE, out);
	status = viz_where_open(&where, cli);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_print_hint(cli, VIZ_MSG_IMPORT_READING, words.word[0]);
	err = viz_cep_points_import(&report, out, words.word[0], where.gazetteer);
	viz_where_close(&where);
	if (err != VIZ_OK)
		return refuse(cli, &report, words.word[0], out);
	if (cli->json) {
		print(&report, out);
		return VIZ_EXIT_OK;
	}
	viz_print(cli, VIZ_MSG_GEO_DONE, report.rows, report.postcodes, report.skipped, out);
	print_skipped(cli, &report, false);
	return VIZ_EXIT_OK;
}
