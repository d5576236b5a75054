#include "tests/fuzz/fuzz.h"

#include "tools/import/import.h"

/* Any file gives an import, or errors and no import. A file that begins like a zip archive is
 * read as one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct viz_gazetteer *g;
	static struct viz_import_report report;
	struct viz_import got;
	struct viz_import_options opt = {.format = VIZ_IMPORT_KML, .zoom = 10};
	char text[512];

	if (!g)
		VIZ_REQUIRE(viz_gazetteer_open(&g, NULL) == 0);
	opt.gazetteer = g;
	if (len > 0 && data[0] == 'P')
		opt.format = VIZ_IMPORT_KMZ;
	if (viz_import_bytes(&got, &report, "fuzz", data, len, &opt) == 0) {
		VIZ_REQUIRE(report.errors_n == 0 &&
			    viz_region_is_normalised(got.cells, got.cells_n) &&
			    viz_cep_is_normalised(got.ceps, got.ceps_n));
		for (size_t i = 0; i < got.left_out_n; i++)
			viz_import_report_note_text(text, sizeof text, &report, &got.left_out[i]);
		viz_import_free(&got);
	} else {
		VIZ_REQUIRE(report.errors_n > 0 && !got.cells && !got.left_out &&
			    viz_geometry_is_empty(&got.plant));
		viz_import_report_note_text(text, sizeof text, &report, &report.errors[0]);
	}
	return 0;
}
