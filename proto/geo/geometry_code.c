#include "proto/geo/geometry.h"

#include "proto/fields.h"

/* [version, [[ring, ...], ...], [circle, ...]]. A ring is an array of differences. */
#define VERSION 1u

#define VIZ_WRITE_VERSION(w, s, v) viz_writer_uint(w, v);
#define VIZ_READ_VERSION(r, s, v)                                                                  \
	if (viz_reader_uint(r, v) != (v))                                                          \
		viz_reader_fail(r, VIZ_ERR_FORM);

#define GEOMETRY(F)                                                                                \
	F(VERSION, VERSION)                                                                        \
	F(REST, polygons)                                                                          \
	F(REST, circles)

#define CIRCLE(F)                                                                                  \
	F(INT, center.lat_udeg, -90000000, 90000000)                                               \
	F(INT, center.lon_udeg, -180000000, 180000000)                                             \
	F(UINT, radius_m, 0, VIZ_GEOMETRY_RADIUS_MAX_M)

static void write_ring(struct viz_writer *w, const struct viz_point *ring, size_t n)
{
	struct viz_point before = {0, 0};

	viz_writer_array(w, 2 * n);
	for (size_t i = 0; i < n; i++) {
		viz_writer_int(w, (int64_t)ring[i].lat_udeg - before.lat_udeg);
		viz_writer_int(w, (int64_t)ring[i].lon_udeg - before.lon_udeg);
		before = ring[i];
	}
}

int viz_geometry_code_write(uint8_t **out, size_t *len, const struct viz_geometry *g)
{
	/* at most 5 bytes for an integer or a head */
	size_t max = 32 + g->points_n * 10 + g->rings_n * 5 + g->polygons_n * 5 + g->circles_n * 16;
	uint8_t *bytes;
	struct viz_writer w;
	size_t ring = 0, from = 0;
	int err;

	if (max > VIZ_GEOMETRY_BYTES_MAX)
		max = VIZ_GEOMETRY_BYTES_MAX;
	bytes = malloc(max);
	if (!bytes)
		return VIZ_ERR_NOMEM;
	viz_writer_init(&w, bytes, max);
	VIZ_FIELDS_WRITE(&w, g, GEOMETRY);
	viz_writer_array(&w, g->polygons_n);
	for (size_t p = 0; p < g->polygons_n; p++) {
		viz_writer_array(&w, g->polygon_end[p] - ring);
		for (; ring < g->polygon_end[p]; ring++) {
			write_ring(&w, g->points + from, g->ring_end[ring] - from);
			from = g->ring_end[ring];
		}
	}
	viz_writer_array(&w, g->circles_n);
	for (size_t i = 0; i < g->circles_n; i++)
		VIZ_FIELDS_WRITE(&w, &g->circles[i], CIRCLE);
	err = viz_writer_finish(&w, len);
	if (err) {
		free(bytes);
		return err;
	}
	*out = bytes;
	return 0;
}

/* One ring; its memory is bounded by the bytes left, which viz_reader_array checks. */
static void read_ring(struct viz_reader *r, struct viz_geometry *g, bool hole)
{
	size_t n = viz_reader_array(r, 6, 2 * (size_t)VIZ_GEOMETRY_VERTICES_MAX);
	struct viz_point *ring, before = {0, 0};
	enum viz_geometry_fault why;
	size_t had = g->points_n;
	int err;

	if (r->err)
		return;
	if (n % 2 != 0) {
		viz_reader_fail(r, VIZ_ERR_FORM);
		return;
	}
	n /= 2;
	ring = malloc(n * sizeof *ring);
	if (!ring) {
		viz_reader_fail(r, VIZ_ERR_NOMEM);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int64_t lat = before.lat_udeg + viz_reader_int(r, -180000000, 180000000);
		int64_t lon = before.lon_udeg + viz_reader_int(r, -360000000, 360000000);

		if (llabs(lat) > 90000000 || llabs(lon) > 180000000) {
			viz_reader_fail(r, VIZ_ERR_MEANING);
			break;
		}
		ring[i] = before = (struct viz_point){(int32_t)lat, (int32_t)lon};
	}
	err = r->err ? r->err : viz_geometry_add_ring(g, &why, ring, n, hole);
	/* Every ring has one encoding: one that add_ring had to change was not encoded so. */
	if (!err && g->points_n - had != n)
		err = VIZ_ERR_MEANING;
	if (err)
		viz_reader_fail(r, err);
	free(ring);
}

static void read_circle(struct viz_reader *r, struct viz_geometry *g)
{
	enum viz_geometry_fault why;
	struct viz_circle c;
	int err;

	VIZ_FIELDS_READ(r, &c, CIRCLE);
	err = r->err ? r->err : viz_geometry_add_circle(g, &why, c);
	if (err)
		viz_reader_fail(r, err);
}

int viz_geometry_code_read(struct viz_geometry *g, const uint8_t *bytes, size_t len)
{
	struct viz_reader r;
	size_t polygons, circles;
	int err;

	VIZ_REQUIRE(viz_geometry_is_empty(g));
	if (len > VIZ_GEOMETRY_BYTES_MAX)
		return VIZ_ERR_LIMIT;
	viz_reader_init(&r, bytes, len);
	VIZ_FIELDS_READ(&r, g, GEOMETRY);
	polygons = viz_reader_array(&r, 0, VIZ_GEOMETRY_POLYGONS_MAX);
	for (size_t p = 0; p < polygons && !r.err; p++) {
		size_t rings = viz_reader_array(&r, 1, VIZ_GEOMETRY_RINGS_MAX);

		for (size_t i = 0; i < rings && !r.err; i++)
			read_ring(&r, g, i > 0);
	}
	circles = viz_reader_array(&r, 0, VIZ_GEOMETRY_CIRCLES_MAX);
	for (size_t i = 0; i < circles && !r.err; i++)
		read_circle(&r, g);
	err = viz_reader_finish(&r);
	if (err)
		viz_geometry_free(g);
	return err;
}
