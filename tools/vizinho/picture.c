#include "tools/vizinho/picture.h"

#include "proto/geo/cell.h"
#include "tools/vizinho/print.h"

#define INDENT      2u
#define WIDTH       (VIZ_PICTURE_COLUMNS_MAX - INDENT) /* pixels: one a column */
#define HEIGHT      (2 * (VIZ_PICTURE_ROWS_MAX - 2))   /* two a row; two rows are for the scale */
#define MAGNIFY_MAX 4u
#define SCALE_MAX   24u /* columns */

/* Tiles of the finest level in the picture, and their size: several tiles to a pixel, or several
 * pixels to a tile. */
struct frame {
	unsigned level;
	uint32_t west, north, wide, tall; /* in tiles */
	uint32_t tiles, pixels; /* `tiles` of them are `pixels` across; one of both is 1 */
	uint8_t *dots;          /* HEIGHT rows of WIDTH */
};

/* The tiles of a cell at the level of the frame: the first column and row, and how many. */
static void tiles_of(uint32_t *x, uint32_t *y, uint32_t *n, const struct frame *f, uint64_t cell)
{
	unsigned shift = f->level - viz_cell_level(cell);

	viz_cell_xy(cell, x, y);
	*x <<= shift;
	*y <<= shift;
	*n = 1u << shift;
}

static uint32_t divided_up(uint32_t a, uint32_t b)
{
	return (a + b - 1) / b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void choose_frame(struct frame *f, const struct viz_picture *p)
{
	uint32_t east = 0, south = 0, across, down;

	f->west = f->north = UINT32_MAX;
	for (size_t i = 0; i < p->cells_n; i++)
		if (viz_cell_level(p->cells[i]) > f->level)
			f->level = viz_cell_level(p->cells[i]);
	for (size_t i = 0; i < p->cells_n; i++) {
		uint32_t x, y, n;

		tiles_of(&x, &y, &n, f, p->cells[i]);
		f->west = smaller(f->west, x);
		f->north = smaller(f->north, y);
		east = x + n > east ? x + n : east;
		south = y + n > south ? y + n : south;
	}
	f->wide = east - f->west;
	f->tall = south - f->north;
	across = divided_up(f->wide, WIDTH);
	down = divided_up(f->tall, HEIGHT);
	f->tiles = across > down ? across : down;
	f->pixels = 1;
	if (f->tiles == 1)
		f->pixels = smaller(MAGNIFY_MAX, smaller(WIDTH / f->wide, HEIGHT / f->tall));
}

static void paint(struct frame *f, uint64_t cell)
{
	uint32_t x, y, n, from_x, from_y, to_x, to_y;

	tiles_of(&x, &y, &n, f, cell);
	from_x = (x - f->west) * f->pixels / f->tiles;
	from_y = (y - f->north) * f->pixels / f->tiles;
	to_x = divided_up((x + n - f->west) * f->pixels, f->tiles);
	to_y = divided_up((y + n - f->north) * f->pixels, f->tiles);
	for (uint32_t row = from_y; row < to_y && row < HEIGHT; row++)
		for (uint32_t column = from_x; column < to_x && column < WIDTH; column++)
			f->dots[row * WIDTH + column] = 1;
}

/* Prints two rows of pixels as one line of half blocks, without blanks at its end. */
static void print_rows(FILE *out, const uint8_t *upper, const uint8_t *lower)
{
	static const char *const blocks[] = {" ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88"};
	uint32_t end = WIDTH;

	while (end > 0 && !upper[end - 1] && !lower[end - 1])
		end--;
	if (end > 0)
		fprintf(out, "%*s", (int)INDENT, "");
	for (uint32_t i = 0; i < end; i++)
		fputs(blocks[upper[i] | lower[i] << 1], out);
	fputc('\n', out);
}

uint32_t viz_picture_scale_m(double max_m)
{
	uint32_t best = 0;

	for (uint32_t unit = 1; unit <= 1000000; unit *= 10)
		for (uint32_t i = 1; i <= 5; i += i == 1 ? 1 : 3)
			if (unit * i <= max_m)
				best = unit * i;
	return best;
}

void viz_picture_scale_text(char *out, size_t max, uint32_t metres)
{
	if (metres >= 1000)
		snprintf(out, max, "%u km", metres / 1000);
	else
		snprintf(out, max, "%u m", metres);
}

static void print_scale(FILE *out, const struct frame *f)
{
	uint32_t row = f->north + f->tall / 2;
	struct viz_point a = {viz_cell_row_south(row, f->level),
			      viz_cell_column_west(f->west, f->level)};
	struct viz_point b = {a.lat_udeg, viz_cell_column_west(f->west + 1, f->level)};
	double pixel_m = viz_point_distance_cm(a, b) / 100.0 * f->tiles / f->pixels;
	uint32_t metres = viz_picture_scale_m(pixel_m * SCALE_MAX);
	char text[24];

	viz_picture_scale_text(text, sizeof text, metres);
	fprintf(out, "\n%*sN \xe2\x86\x91   \xe2\x94\x9c", (int)INDENT, "");
	for (int i = 2; i < (int)(metres / pixel_m + 0.5); i++)
		fputs("\xe2\x94\x80", out);
	fprintf(out, "\xe2\x94\xa4 %s\n", text);
}

int viz_picture_text(FILE *out, const struct viz_picture *picture, enum viz_lang lang)
{
	struct frame f = {0};

	if (picture->cells_n == 0) {
		viz_print_to(out, lang, VIZ_MSG_PICTURE_NONE);
		return 0;
	}
	f.dots = calloc(HEIGHT, WIDTH);
	if (!f.dots)
		return VIZ_ERR_NOMEM;
	choose_frame(&f, picture);
	for (size_t i = 0; i < picture->cells_n; i++)
		paint(&f, picture->cells[i]);
	for (uint32_t row = 0; row < divided_up(f.tall * f.pixels, f.tiles) && row < HEIGHT;
	     row += 2)
		print_rows(out, f.dots + row * WIDTH, f.dots + (row + 1) * WIDTH);
	print_scale(out, &f);
	free(f.dots);
	return 0;
}
