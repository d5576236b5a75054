/* Points of postcodes, as a file of somebody else gives them. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "proto/limits.h"
#include "tools/geo/cep_points.h"
#include "tools/geo/place.h"
#include "tests/unit/tools/gazetteer.h"

static struct viz_place place;
static struct viz_place_trouble trouble;

static void finer_points_of_postcodes(void **state)
{
	static const char csv[] = "test_cep_points.csv", bin[] = "test_cep_points.bin";
	struct viz_cep_points *points = NULL;
	struct viz_cep_points_report report;
	struct viz_point p;
	uint32_t m;
	FILE *f = fopen(csv, "w");

	(void)state;
	assert_non_null(f);
	fprintf(f, "COD_UNICO_ENDERECO;CEP;LATITUDE;LONGITUDE\n");
	fprintf(f, "1;29900100;-19.391100;-40.071700\n2;29900-100;-19,3913;-40,0719\n3;;;\n");
	fprintf(f, "4;29900200;-19.4;-40.1\n5;29900200;19.4;40.1\n");
	/* a point in São Paulo, the general code of a town, an unknown code, half a point */
	fprintf(f, "5;29900200;-23.55;-46.63\n5;29900000;-19.4;-40.1\n5;00001001;-19.4;-40.1\n");
	fprintf(f, "5;29900300;-19.4;\n");
	for (int i = 0; i < 9000; i++)
		fprintf(f, "6;%08d;-19.5;-40.2\n", 29910000 + i);
	fclose(f);
	assert_int_equal(viz_cep_points_import(&report, bin, csv, g), 0);
	assert_int_equal(report.rows, 9009);
	assert_int_equal(report.postcodes, 8993);
	assert_int_equal(report.skipped, 15);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_NO_CEP].n, 1);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_NO_CEP].lines[0], 4);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_NO_POINT].n, 1);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_ABROAD].n, 1);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_ABROAD].lines[0], 6);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_ELSEWHERE].n, 1);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_ELSEWHERE].lines[0], 7);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_GENERAL].n, 10);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_UNKNOWN].n, 1);
	assert_int_equal(viz_cep_points_open(&points, bin), 0);
	assert_int_equal(viz_cep_points_count(points), 8993);
	assert_int_equal(viz_cep_points_find(points, &p, &m, 29900100), 0);
	assert_int_equal(p.lat_udeg, -19391200);
	assert_in_range(m, 25, 40);
	assert_int_equal(viz_cep_points_find(points, &p, &m, 29900101), VIZ_ERR_ABSENT);
	assert_int_equal(viz_place_find(&place, &trouble, g, points, "29900-100", 0), 0);
	assert_int_equal(place.kind, VIZ_PLACE_CELL);
	assert_true(place.has_cep && place.precision_m == m);
	assert_int_equal(viz_place_find(&place, &trouble, g, points, "29900-000", 0), 0);
	assert_int_equal(place.kind, VIZ_PLACE_MUNICIPALITY);
	viz_cep_points_close(points);
	f = fopen(bin, "r+");
	fseek(f, 100, SEEK_SET);
	fputc('x', f);
	fclose(f);
	assert_int_equal(viz_cep_points_open(&points, bin), VIZ_ERR_FORM);
	f = fopen(csv, "w");
	fprintf(f, "a;b;c\n1;2;3\n");
	fclose(f);
	assert_int_equal(viz_cep_points_import(&report, bin, csv, g), VIZ_ERR_INPUT);
	assert_int_equal(report.line, 1);
	assert_int_equal(viz_cep_points_import(&report, bin, "/nowhere", g), VIZ_ERR_INPUT);
	assert_int_equal(report.fault, VIZ_CEP_POINTS_UNREADABLE);
	assert_string_equal(viz_cep_points_import_fault_text(report.fault, VIZ_LANG_PT),
			    "não pode ser lido");
	assert_int_equal(viz_cep_points_open(&points, "/nowhere"), VIZ_ERR_ABSENT);
	unlink(csv);
	unlink(bin);
}

/* Each row with a sound point is an address of its cell, also with the postcode of a whole town. */
static void addresses_of_cells(void **state)
{
	static const char csv[] = "test_place_cells.csv", bin[] = "test_place_cells.bin";
	const struct viz_point linhares = {-19391000, -40072000};
	uint64_t cell = viz_cell_from_point(linhares, VIZ_AREA_LEVEL);
	struct viz_box box = viz_cell_bounds(cell);
	struct viz_cep_points *points = NULL;
	struct viz_cep_points_report report;
	FILE *f = fopen(csv, "w");

	(void)state;
	assert_non_null(f);
	fprintf(f, "CEP;LATITUDE;LONGITUDE\n");
	for (int i = 0; i < 300; i++)
		fprintf(f, "29900-1%02d;-19.391%03d;-40.072\n", i % 100, i);
	for (int i = 0; i < 7; i++)
		fprintf(f, "29900-000;-19.391000;-40.072000\n");
	/* the last microdegree of the cell, the first of its neighbour, one that is elsewhere */
	fprintf(f, "29900-101;-19.391000;%.6f\n", box.east_udeg / 1e6);
	fprintf(f, "29900-101;-19.391000;%.6f\n", (box.east_udeg + 1) / 1e6);
	fprintf(f, "29900-101;-23.550000;-46.630000\n");
	/* many cells: the table grows */
	for (int i = 0; i < 5000; i++)
		fprintf(f, "29900-000;%.6f;%.6f\n", -10 - i / 100 * 0.05, -50 - i % 100 * 0.05);
	fclose(f);
	assert_int_equal(viz_cep_points_import(&report, bin, csv, g), 0);
	assert_int_equal(viz_cep_points_open(&points, bin), 0);
	assert_int_equal(viz_cep_points_count(points), 100);
	assert_int_equal(viz_cep_points_addresses(points, cell), 308);
	assert_int_equal(
	    viz_cep_points_addresses(
		points, viz_cell_from_point((struct viz_point){-19391000, box.east_udeg + 1},
					    VIZ_AREA_LEVEL)),
	    1);
	assert_int_equal(viz_cep_points_addresses(
			     points, viz_cell_from_point((struct viz_point){-23550000, -46630000},
							 VIZ_AREA_LEVEL)),
			 0);
	for (int i = 0; i < 5000; i++) {
		struct viz_point p = {-10000000 - i / 100 * 50000, -50000000 - i % 100 * 50000};

		assert_int_equal(
		    viz_cep_points_addresses(points, viz_cell_from_point(p, VIZ_AREA_LEVEL)), 1);
	}
	assert_int_equal(viz_cep_points_addresses(points, 0), 0);
	viz_cep_points_close(points);
	/* the counts are under the checksum too */
	f = fopen(bin, "r+");
	fseek(f, -8, SEEK_END);
	fputc('x', f);
	fclose(f);
	assert_int_equal(viz_cep_points_open(&points, bin), VIZ_ERR_FORM);
	unlink(csv);
	unlink(bin);
}

/* Quotes, a wrong opening quote, other columns than in the header, and a line without an end. */
static void rows_of_postcodes(void **state)
{
	static const char csv[] = "test_place_rows.csv", bin[] = "test_place_rows.bin";
	struct viz_cep_points *points = NULL;
	struct viz_cep_points_report report;
	struct viz_point p;
	uint32_t m;
	FILE *f = fopen(csv, "w");

	(void)state;
	assert_non_null(f);
	fprintf(f, "\xef\xbb\xbfrua,\"CEP\",lat,lon,lat\n\"a, b\",29900100,-19.39,-40.07,1\n");
	fprintf(f, "\"two\nlines\",\"29900300\",-19.39,-40.07,\n\"open,29900200,-19.39,-40.07,\n");
	fprintf(f, "x,29900400,-19.39,-40.07,1,more\n");
	for (int i = 0; i < 20000; i++)
		fputs("long", f);
	fprintf(f, ",29900500,-19.39,-40.07,\nend,29900600,-19.39,-40.07");
	fclose(f);
	assert_int_equal(viz_cep_points_import(&report, bin, csv, NULL), 0);
	assert_int_equal(report.rows, 6);
	assert_int_equal(report.postcodes, 3);
	assert_int_equal(report.skipped, 3);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_BROKEN].n, 3);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_BROKEN].lines[0], 5);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_BROKEN].lines[1], 6);
	assert_int_equal(report.skip[VIZ_CEP_POINTS_BROKEN].lines[2], 7);
	assert_string_equal(viz_cep_points_import_skip_name(VIZ_CEP_POINTS_BROKEN), "broken");
	assert_int_equal(viz_cep_points_open(&points, bin), 0);
	assert_int_equal(viz_cep_points_find(points, &p, &m, 29900300), 0);
	assert_int_equal(p.lat_udeg, -19390000);
	assert_int_equal(viz_cep_points_find(points, &p, &m, 29900600), 0);
	assert_int_equal(viz_cep_points_find(points, &p, &m, 29900200), VIZ_ERR_ABSENT);
	viz_cep_points_close(points);
	unlink(csv);
	unlink(bin);
}

static enum viz_cep_points_fault fault_of(const char *text)
{
	static const char csv[] = "test_place_fault.csv";
	struct viz_cep_points_report report;
	FILE *f = fopen(csv, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(viz_cep_points_import(&report, "test_place_fault.bin", csv, g),
			 VIZ_ERR_INPUT);
	assert_int_equal(access("test_place_fault.bin", F_OK), -1);
	unlink(csv);
	return report.fault;
}

static void files_that_hold_no_points(void **state)
{
	(void)state;
	assert_int_equal(fault_of(""), VIZ_CEP_POINTS_EMPTY);
	assert_int_equal(fault_of("\xef\xbb\xbf"), VIZ_CEP_POINTS_EMPTY);
	assert_int_equal(fault_of("PK\3\4\24 [Content_Types].xml"), VIZ_CEP_POINTS_SPREADSHEET);
	assert_int_equal(fault_of("\n \n"), VIZ_CEP_POINTS_HEADER);
	assert_int_equal(fault_of("a;b\n1;2\n"), VIZ_CEP_POINTS_HEADER);
	assert_int_equal(fault_of("%PDF-1.4 cep;lat;lon\n"), VIZ_CEP_POINTS_BINARY);
	assert_int_equal(fault_of("cep;lat\n29900-100;-19.4\n"), VIZ_CEP_POINTS_HEADER);
	assert_int_equal(fault_of("cep;lat;lon\n"), VIZ_CEP_POINTS_NO_ROWS);
	assert_int_equal(fault_of("cep;lat;lon\n29900-100;-19.4;\n"), VIZ_CEP_POINTS_NO_ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finer_points_of_postcodes),
	    cmocka_unit_test(addresses_of_cells),
	    cmocka_unit_test(rows_of_postcodes),
	    cmocka_unit_test(files_that_hold_no_points),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
