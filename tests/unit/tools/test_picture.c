#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "proto/geo/region.h"
#include "tools/text/width.h"
#include "tools/vizinho/picture.h"
#include "tools/vizinho/format.h"

static char *drawn; /* the last picture as text */

static void draw(const uint64_t *cells, size_t n)
{
	struct viz_geometry none = {0};
	struct viz_picture p = {.cells = cells, .cells_n = n, .plant = &none};
	size_t len, rows = 0;
	FILE *f;
	char *copy, *save = NULL;

	free(drawn);
	f = open_memstream(&drawn, &len);
	assert_non_null(f);
	assert_int_equal(viz_picture_text(f, &p, VIZ_LANG_PT), 0);
	fclose(f);
	for (const char *c = drawn; *c; c++)
		rows += *c == '\n';
	assert_in_range(rows, 1, VIZ_PICTURE_ROWS_MAX);
	copy = strdup(drawn);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		assert_in_range(viz_width_of(line, strlen(line)), 0, VIZ_PICTURE_COLUMNS_MAX);
	free(copy);
}

static void one_cell(void **state)
{
	uint64_t cell = viz_cell_from_point((struct viz_point){-19391100, -40071700}, 16);

	(void)state;
	draw(&cell, 1);
	assert_string_equal(drawn, "  ████\n  ████\n\n  N ↑   ├────────────┤ 2 km\n");
	draw(NULL, 0);
	assert_true(strstr(drawn, "nenhuma célula") != NULL);
}

/* A coarse cell is as large as its parts. A plant that is small enough is magnified. */
static void shapes_keep_their_form(void **state)
{
	uint64_t fine[2] = {viz_cell_from_xy(1600, 2276, 12), viz_cell_from_xy(1640, 2279, 12)};
	uint64_t coarse[2] = {viz_cell_from_xy(800, 1138, 11), viz_cell_from_xy(1603, 2276, 12)};

	(void)state;
	draw(fine, 2); /* 41 columns: two pixels a tile do not fit */
	assert_int_equal(strncmp(drawn, "  ▀\n", strlen("  ▀\n")), 0);
	draw(coarse, 2);
	assert_int_equal(strncmp(drawn, "  ████████    ████\n", strlen("  ████████    ████\n")), 0);
}

static void it_always_fits(void **state)
{
	static const struct {
		uint32_t wide, tall;
	} sizes[] = {{1, 1},     {76, 1},    {77, 1},   {1, 56},   {1, 57},     {75, 56},
		     {152, 112}, {153, 113}, {3000, 5}, {5, 3000}, {1000, 1000}};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		uint64_t cells[2] = {
		    viz_cell_from_xy(25000, 36000, 16),
		    viz_cell_from_xy(25000 + sizes[i].wide - 1, 36000 + sizes[i].tall - 1, 16)};
		size_t n = 2;

		assert_int_equal(viz_region_normalise(cells, &n), 0);
		draw(cells, n);
		assert_true(strstr(drawn, "N ↑   ├") != NULL);
	}
}

static void areas_in_words(void **state)
{
	struct viz_cli pt = {.lang = VIZ_LANG_PT}, en = {.lang = VIZ_LANG_EN};
	char text[VIZ_FORMAT_MAX];

	(void)state;
	viz_format_area(text, &pt, 29000000);
	assert_string_equal(text, "29,0 km²");
	viz_format_area(text, &en, 29000000);
	assert_string_equal(text, "29.0 km²");
	viz_format_area(text, &pt, 31416);
	assert_string_equal(text, "0,03 km²");
	assert_int_equal(viz_picture_scale_m(0.5), 0);
	assert_int_equal(viz_picture_scale_m(1999), 1000);
	assert_int_equal(viz_picture_scale_m(5000), 5000);
	viz_picture_scale_text(text, sizeof text, 20000);
	assert_string_equal(text, "20 km");
}

static void a_page_of_its_own(void **state)
{
	static const char path[] = "test_picture.svg";
	struct viz_geometry plant;
	enum viz_geometry_fault why;
	uint64_t *cells;
	uint32_t ibge = 3203205;
	size_t n;
	struct viz_picture p = {.plant = &plant, .ibge = &ibge, .ibge_n = 1};
	struct viz_gazetteer *g;
	static char text[200000];
	FILE *f;

	(void)state;
	assert_int_equal(viz_gazetteer_open(&g, NULL), 0);
	viz_geometry_init(&plant);
	assert_int_equal(viz_geometry_add_circle(&plant, &why,
						 (struct viz_circle){{-19391100, -40071700}, 2000}),
			 0);
	assert_int_equal(viz_geometry_cover(&cells, &n, &plant, 16), 0);
	p.cells = cells;
	p.cells_n = n;
	assert_int_equal(viz_picture_svg(path, &p, g, VIZ_LANG_PT), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof text - 1, f) > 1000);
	fclose(f);
	assert_true(strstr(text, "<circle class=\"plant\"") && strstr(text, "class=\"ours\"") &&
		    strstr(text, "Linhares/ES") && strstr(text, "</svg>\n</svg>") == NULL);
	assert_null(strstr(text, "href"));
	p.cells_n = 0;
	viz_geometry_free(&plant);
	assert_int_equal(viz_picture_svg(path, &p, g, VIZ_LANG_PT), 0); /* the municipality */
	p.ibge_n = 0;
	assert_int_equal(viz_picture_svg(path, &p, g, VIZ_LANG_PT), VIZ_ERR_ABSENT);
	p.ibge_n = 1;
	assert_int_equal(viz_picture_svg("/nowhere/a.svg", &p, g, VIZ_LANG_PT), VIZ_ERR_STORE);
	unlink(path);
	free(cells);
	viz_gazetteer_close(g);
}

static int free_all(void **state)
{
	(void)state;
	free(drawn);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_cell),          cmocka_unit_test(shapes_keep_their_form),
	    cmocka_unit_test(it_always_fits),    cmocka_unit_test(areas_in_words),
	    cmocka_unit_test(a_page_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
