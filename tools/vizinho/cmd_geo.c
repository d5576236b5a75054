/* `vizinho geo import`: one point for each postcode, for finer answers about addresses. */
#include "tools/geo/cep_points.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/tell.h"
#include "tools/vizinho/where.h"

int viz_cmd_geo_import(const struct viz_cli *cli, int argc, char **argv)
{
	const char *out = viz_where_points_path();
	const struct viz_arg options[] = {{"out", &out, NULL}, {NULL, NULL, NULL}};
	struct viz_cep_points_report report = {0};
	struct viz_words_read words;
	int status, err;

	if (!viz_args_read(&words, &status, cli, "geo import", options, argc, argv, 1, 1))
		return status;
	viz_tell_aside(cli, VIZ_SAY_IMPORT_READING, words.word[0]);
	err = viz_cep_points_import(&report, out, words.word[0]);
	if (err != VIZ_OK)
		return viz_tell_error(
		    cli, VIZ_EXIT_FAILED, viz_err_name(err), VIZ_SAY_GEO_FAILED, words.word[0],
		    report.line, report.message[0] != '\0' ? report.message : viz_err_name(err));
	if (cli->json) {
		json_t *o = json_pack(
		    "{s:s,s:I,s:I,s:I}", "out", out, "rows", (json_int_t)report.rows, "postcodes",
		    (json_int_t)report.postcodes, "skipped", (json_int_t)report.skipped);

		viz_client_print(o);
		json_decref(o);
		return VIZ_EXIT_OK;
	}
	viz_tell(cli, VIZ_SAY_GEO_DONE, report.rows, report.postcodes, report.skipped, out);
	return VIZ_EXIT_OK;
}
