#include "tools/analyze/coverage_files.h"

#include "tools/text/encoding.h"

static int import(struct viz_import *out, FILE *warnings, const struct viz_gazetteer *gazetteer,
		  const char *path, enum viz_lang lang, char *why, size_t why_max)
{
	struct viz_import_report *report = calloc(1, sizeof *report);
	const struct viz_import_options options = {.gazetteer = gazetteer, .lang = lang};
	int err;

	if (!report)
		return VIZ_ERR_NOMEM;
	err = viz_import_file(out, report, path, &options);
	if (err < 0 && err != VIZ_ERR_NOMEM) {
		snprintf(why, why_max, "%s", path);
		viz_encoding_clean(why, false);
		if (report->errors_n)
			viz_import_report_note_text(why, why_max, report, &report->errors[0]);
		err = VIZ_ERR_INPUT;
	}
	if (err == 0 && warnings)
		viz_import_report_list_left_out(warnings, out, report);
	free(report);
	return err;
}

int viz_coverage_files_add(struct viz_coverage_files *files, struct viz_coverage *coverage,
			   const struct viz_gazetteer *gazetteer, const char *name,
			   const char *path, enum viz_lang lang, char *why, size_t why_max)
{
	struct viz_import in = {0};
	struct viz_coverage_ad ad;
	int err = import(&in, files->warnings, gazetteer, path, lang, why, why_max);

	if (err < 0)
		return err;
	ad = (struct viz_coverage_ad){.name = name,
				      .cells = in.cells,
				      .cells_n = in.cells_n,
				      .ceps = in.ceps,
				      .ceps_n = in.ceps_n,
				      .ibge = in.ibge,
				      .ibge_n = in.ibge_n,
				      .whole = in.whole,
				      .whole_n = in.whole_n};
	if (!name && files->own_files++ == 0) {
		files->own = in;
		ad.plant = &files->own.plant;
		return viz_coverage_add(coverage, true, &ad);
	}
	err = viz_coverage_add(coverage, name == NULL, &ad);
	viz_import_free(&in);
	return err;
}

void viz_coverage_files_free(struct viz_coverage_files *files)
{
	if (files->own_files)
		viz_import_free(&files->own);
	files->own_files = 0;
}
