/* Cells: the tiles of the web-mercator square, named by one integer. Normative for the protocol.
 *
 * Coordinates are integer microdegrees (WGS 84) from the moment they are parsed. Level L cuts the
 * square into 2^L columns from west to east and 2^L rows from north to south, as in the tile scheme
 * of web maps (x, y, zoom). With lon and lat in microdegrees:
 *
 *   column(L) = min(floor((lon + 180000000) * 2^L / 360000000), 2^L - 1)
 *   row(20)   = floor(2^20 * (1/2 - asinh(tan(lat)) / (2 pi))), limited to 0 .. 2^20 - 1
 *   row(L)    = row(20) >> (20 - L)
 *
 * Both are meant in exact real arithmetic, so that they have one answer. Only lat = 0 falls on an
 * edge of a row, and it belongs to the southern one. Of all other whole microdegrees none comes
 * nearer to an edge than 1.03 * 10^-6 microdegrees (69.090752 degrees), or than 4.2 * 10^-14 in
 * asinh(tan (lat)): an evaluation with an absolute error below 4 * 10^-14 is always right.
 * This module does it in 64-bit fixed point, with an error below 2^-56, because no standard
 * promises anything of a library's tan; all 1,048,575 edges were compared with an evaluation in 113
 * bits, and tests/vectors/cell.json has the nearest cases. What lies beyond 85.0511 degrees belongs
 * to the first and the last row.
 *
 * The quadkey q of a cell of level L interleaves the bits of row and column, the row's bit before
 * the column's, from the highest: q has 2 L bits. The cell's id is
 *
 *   id = (2 q + 1) << (2 * (20 - L))
 *
 * so the lowest set bit gives the level, level 0 is 2^40, every id is below 2^41 (and exact in a
 * double), and the descendants of a cell are the ids from id - (b - 1) to id + (b - 1), where b is
 * that lowest bit. Ids sort in Morton order. */
#ifndef VIZ_PROTO_GEO_CELL_H
#define VIZ_PROTO_GEO_CELL_H

#include "proto/geo/limits.h"
#include "proto/geo/point.h"

/* The cell of `level` (0 to 20) that holds a valid point. */
uint64_t viz_cell_from_point(struct viz_point p, unsigned level);

/* The cell of column x and row y, both below 2^level. */
uint64_t viz_cell_from_xy(uint32_t x, uint32_t y, unsigned level);

/* The cell of `level` that holds the whole circle around a valid point; 0: none does. The circle
 * counts as the square from 12 microdegrees a metre south and west of the point to as many north
 * and east. In Brazil a metre is less than 11 of them, and every implementation gives the same
 * answer. */
uint64_t viz_cell_around(struct viz_point p, uint32_t radius_m, unsigned level);

/* Column and row of a longitude and a latitude at `level`; both in range. */
uint32_t viz_cell_column(int32_t lon_udeg, unsigned level);
uint32_t viz_cell_row(int32_t lat_udeg, unsigned level);

bool viz_cell_valid(uint64_t cell);

/* All that follow take a valid cell. */
unsigned viz_cell_level(uint64_t cell);
void viz_cell_xy(uint64_t cell, uint32_t *x, uint32_t *y);

/* The ancestor at `level`, which is at most the cell's own. */
uint64_t viz_cell_parent(uint64_t cell, unsigned level);

/* The smallest and the greatest id of the cell's descendants (the cell itself lies between). */
void viz_cell_range(uint64_t cell, uint64_t *lo, uint64_t *hi);

/* Whether `inner` is `outer` or a descendant of it. */
bool viz_cell_contains(uint64_t outer, uint64_t inner);

/* The whole microdegrees that belong to the cell: a valid point is in the cell exactly when it is
 * in this box. The next cell starts one microdegree further. */
struct viz_box viz_cell_bounds(uint64_t cell);

/* The first longitude of column `x`, the first (southernmost) and last latitude of row `y`. Column
 * 2^level is allowed and gives 180000001, one past the last. */
int32_t viz_cell_column_west(uint32_t x, unsigned level);
int32_t viz_cell_row_south(uint32_t y, unsigned level);
int32_t viz_cell_row_north(uint32_t y, unsigned level);

/* A point in the middle of the cell. */
struct viz_point viz_cell_center(uint64_t cell);

#endif
