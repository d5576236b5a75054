/* gazetteer_build DATA_DIR OUT: makes gazetteer.bin from tools/data, the same bytes every time.
 *
 * Nothing is simplified. The outlines keep all their vertices, rounded to whole microdegrees (by at
 * most half of one, 8 cm), and each border is kept once. */
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <unistd.h>
#include <zlib.h>

#include "tools/geo/name.h"
#include "tools/geo/topology.h"
#include "tools/text/rows.h"

#define FIELDS_MAX  10
#define PATH_BYTES  1024
#define OUTLINE_MAX (64u << 20)
#define SOUTH_MIN   (-90000000)

/* What the run gathers lives until the end of the process. */
static struct build {
	const char *dir;
	struct gaz_state *states;
	size_t states_n, states_max;
	struct gaz_municipality *towns;
	size_t towns_n, towns_max;
	struct gaz_cep *ceps;
	size_t ceps_n, ceps_max;
	struct gaz_key *keys;
	size_t keys_n, keys_max;
	char *text;
	size_t text_n, text_max;
	struct touch *touches;
	size_t touches_n, touches_max;
	uint32_t *grid;
	struct gaz_run *runs;
	size_t runs_n, runs_max;
	struct topology topology;
	struct gaz_header head;
} b;

/* An edge that touches a square of the grid. */
struct touch {
	uint32_t square;
	uint32_t edge; /* its first point */
	uint32_t arc;
};

static void stop(const char *what, const char *where)
{
	fprintf(stderr, "gazetteer_build: %s: %s\n", where, what);
	exit(1);
}

static uint32_t text(const char *s)
{
	size_t len = strlen(s) + 1;
	uint32_t at = (uint32_t)b.text_n;

	for (size_t i = 0; i < len; i++) {
		b.text = viz_topology_grow(b.text, &b.text_max, b.text_n, 1);
		b.text[b.text_n++] = s[i];
	}
	return at;
}

/* Calls `take` with the strings of each row but the header, in a table of `fields_n` columns. */
static void each_row(const char *file, char delimiter, size_t fields_n,
		     void (*take)(const char *const *fields))
{
	static struct viz_row row;
	const char *fields[FIELDS_MAX];
	char path[PATH_BYTES];
	struct viz_rows rows;
	int fd;

	snprintf(path, sizeof path, "%s/%s", b.dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || viz_rows_open(&rows, fd) != 0)
		stop("cannot be read", path);
	rows.delimiter = delimiter;
	while (viz_rows_next(&rows, &row) == 1) {
		if (row.problem != VIZ_ROW_OK || row.n != fields_n)
			stop("a line with another number of fields", path);
		viz_rows_strings(&rows, &row);
		for (size_t i = 0; i < fields_n; i++)
			fields[i] = row.field[i].text;
		if (row.line > 1)
			take(fields);
	}
	viz_rows_close(&rows);
	close(fd);
}

static int32_t udeg(const char *degrees)
{
	return (int32_t)lround(strtod(degrees, NULL) * 1e6);
}

static void take_state(const char *const *f)
{
	struct gaz_state s = {.code = (uint32_t)strtoul(f[0], NULL, 10), .name = text(f[2])};

	snprintf(s.uf, sizeof s.uf, "%.2s", f[1]);
	b.states = viz_topology_grow(b.states, &b.states_max, b.states_n, sizeof s);
	b.states[b.states_n++] = s;
}

static void take_town(const char *const *f)
{
	struct gaz_municipality m = {
	    .ibge = (uint32_t)strtoul(f[0], NULL, 10),
	    .name = text(f[1]),
	    .seat = {udeg(f[2]), udeg(f[3])},
	    .ddd = (uint16_t)strtoul(f[7], NULL, 10),
	    .capital = f[4][0] == '1',
	};

	m.box =
	    (struct viz_box){m.seat.lat_udeg, m.seat.lon_udeg, m.seat.lat_udeg, m.seat.lon_udeg};
	while (b.states[m.state].code != m.ibge / 100000)
		if (++m.state == b.states_n)
			stop("a municipality without state", f[0]);
	b.towns = viz_topology_grow(b.towns, &b.towns_max, b.towns_n, sizeof m);
	b.towns[b.towns_n++] = m;
}

static int by_ibge(const void *x, const void *y)
{
	const struct gaz_municipality *p = x, *q = y;

	return (p->ibge > q->ibge) - (p->ibge < q->ibge);
}

static uint16_t town(uint32_t ibge)
{
	struct viz_gazetteer g = {.municipalities = b.towns, .municipalities_n = b.towns_n};

	return viz_gazetteer_map_index(&g, ibge);
}

static void put_key(uint16_t index, const char *name, enum gaz_alias alias)
{
	char folded[VIZ_NAME_BYTES];
	struct gaz_key key = {.municipality = index, .alias = (uint16_t)alias};

	if (viz_name_fold(folded, name) != 0)
		stop("does not fold", name);
	key.key = text(folded);
	b.keys = viz_topology_grow(b.keys, &b.keys_max, b.keys_n, sizeof key);
	b.keys[b.keys_n++] = key;
}

/* "Augusto Severo (Campo Grande)" is found by both names. The one in brackets is an alias. */
static void put_name(uint16_t index, const char *name)
{
	char part[VIZ_NAME_BYTES];
	const char *open = strchr(name, '(');

	if (!open) {
		put_key(index, name, GAZ_NAME);
		return;
	}
	snprintf(part, sizeof part, "%.*s", (int)(open - name), name);
	put_key(index, part, GAZ_NAME);
	snprintf(part, sizeof part, "%.*s", (int)strcspn(open + 1, ")"), open + 1);
	put_key(index, part, GAZ_ALIAS);
}

static void take_alias(const char *const *f)
{
	uint16_t index = town((uint32_t)strtoul(f[0], NULL, 10));

	if (index == GAZ_NONE)
		stop("an alias of no municipality", f[0]);
	put_key(index, f[1],
		!f[2][0]                   ? GAZ_ALIAS
		: strcmp(f[2], "sim") == 0 ? GAZ_RIVAL
					   : GAZ_RIVAL_ACCENT);
}

static int by_key(const void *x, const void *y)
{
	const struct gaz_key *p = x, *q = y;
	int order = strcmp(b.text + p->key, b.text + q->key);

	if (order != 0)
		return order;
	if (p->alias != q->alias)
		return p->alias - q->alias;
	return p->municipality - q->municipality;
}

/* The municipality of a row of postcodes: by its code, else by its name within its state. */
static uint16_t town_of_row(const char *const *f)
{
	char folded[VIZ_NAME_BYTES];

	if (f[6][0])
		return town((uint32_t)strtoul(f[6], NULL, 10));
	if (viz_name_fold(folded, f[1]) != 0)
		return GAZ_NONE;
	for (size_t i = 0; i < b.keys_n; i++)
		if (strcmp(b.text + b.keys[i].key, folded) == 0 &&
		    strcmp(b.states[b.towns[b.keys[i].municipality].state].uf, f[0]) == 0)
			return b.keys[i].municipality;
	return GAZ_NONE;
}

static void take_cep(const char *const *f)
{
	struct gaz_cep c = {.municipality = town_of_row(f)};

	if (viz_cep_parse(&c.from, f[2]) != 0 || viz_cep_parse(&c.to, f[3]) != 0 || c.from > c.to)
		stop("a bad range of postcodes", f[1]);
	if (c.municipality == GAZ_NONE)
		stop("postcodes of no municipality", f[1]);
	c.coding = f[4][0] == 'S'   ? VIZ_CEP_STREET
		   : f[4][0] == 'E' ? VIZ_CEP_CHANGING
				    : VIZ_CEP_GENERAL;
	b.ceps = viz_topology_grow(b.ceps, &b.ceps_max, b.ceps_n, sizeof c);
	b.ceps[b.ceps_n++] = c;
}

/* Of ranges with the same start the widest comes first, so that the range of a seat within it can
 * be left out. */
static int by_range(const void *x, const void *y)
{
	const struct gaz_cep *p = x, *q = y;

	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	if (p->to != q->to)
		return p->to > q->to ? -1 : 1;
	return p->municipality - q->municipality;
}

static void sort_ceps(void)
{
	size_t n = 0;

	qsort(b.ceps, b.ceps_n, sizeof *b.ceps, by_range);
	for (size_t i = 0; i < b.ceps_n; i++) {
		bool within = false;

		for (size_t k = n; k > 0 && !within && n - k < 8; k--)
			within = b.ceps[k - 1].municipality == b.ceps[i].municipality &&
				 b.ceps[k - 1].to >= b.ceps[i].to;
		if (!within)
			b.ceps[n++] = b.ceps[i];
	}
	b.ceps_n = n;
}

/* The outlines. */

static char *unpacked(const char *path)
{
	gzFile f = gzopen(path, "rb");
	size_t n = 0, max = 1 << 20;
	char *all = malloc(max);
	int got;

	if (!f || !all)
		stop("cannot be read", path);
	while ((got = gzread(f, all + n, (unsigned)(max - n - 1))) > 0) {
		n += (size_t)got;
		if (n + 1 == max) {
			max *= 2;
			all = max <= OUTLINE_MAX ? realloc(all, max) : NULL;
			if (!all)
				stop("too long", path);
		}
	}
	gzclose(f);
	all[n] = '\0';
	return all;
}

static void take_ring(uint16_t index, const json_t *ring)
{
	size_t n = json_array_size(ring);
	struct viz_point *p = calloc(n + 1, sizeof *p);

	VIZ_REQUIRE(p != NULL);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = json_array_get(ring, i);

		p[i].lon_udeg = (int32_t)lround(json_number_value(json_array_get(c, 0)) * 1e6);
		p[i].lat_udeg = (int32_t)lround(json_number_value(json_array_get(c, 1)) * 1e6);
		if (!viz_point_valid(p[i]))
			stop("a point out of range", b.text + b.towns[index].name);
	}
	viz_topology_add(&b.topology, index, p, n);
	free(p);
}

static void take_feature(const json_t *feature)
{
	const char *id =
	    json_string_value(json_object_get(json_object_get(feature, "properties"), "id"));
	const json_t *geometry = json_object_get(feature, "geometry");
	const json_t *rings = json_object_get(geometry, "coordinates");
	uint16_t index = id ? town((uint32_t)strtoul(id, NULL, 10)) : GAZ_NONE;

	if (index == GAZ_NONE || !json_is_array(rings) ||
	    strcmp(json_string_value(json_object_get(geometry, "type")), "Polygon") != 0)
		return; /* a lake on the border has an id that is no municipality's */
	b.towns[index].first_ring = (uint32_t)b.topology.rings_n;
	for (size_t i = 0; i < json_array_size(rings); i++)
		take_ring(index, json_array_get(rings, i));
	b.towns[index].rings_n = (uint32_t)b.topology.rings_n - b.towns[index].first_ring;
}

static void read_outlines(void)
{
	for (size_t s = 0; s < b.states_n; s++) {
		char path[PATH_BYTES], *all;
		json_error_t why;
		json_t *root;
		const json_t *features;

		snprintf(path, sizeof path, "%s/outlines/geojs-%u-mun.json.gz", b.dir,
			 b.states[s].code);
		all = unpacked(path);
		root = json_loads(all, 0, &why);
		if (!root)
			stop(why.text, path);
		features = json_object_get(root, "features");
		for (size_t i = 0; i < json_array_size(features); i++)
			take_feature(json_array_get(features, i));
		json_decref(root);
		free(all);
	}
}

static void set_boxes(void)
{
	for (size_t i = 0; i < b.topology.rings_n; i++) {
		const struct topo_ring *r = &b.topology.rings[i];
		struct viz_box *box = &b.towns[r->owner].box;

		for (uint32_t k = 0; k < r->n; k++) {
			struct viz_point p = b.topology.vertices[b.topology.corners[r->first + k]];

			if (i == b.towns[r->owner].first_ring && k == 0)
				*box = (struct viz_box){p.lat_udeg, p.lon_udeg, p.lat_udeg,
							p.lon_udeg};
			if (p.lat_udeg < box->south_udeg)
				box->south_udeg = p.lat_udeg;
			if (p.lat_udeg > box->north_udeg)
				box->north_udeg = p.lat_udeg;
			if (p.lon_udeg < box->west_udeg)
				box->west_udeg = p.lon_udeg;
			if (p.lon_udeg > box->east_udeg)
				box->east_udeg = p.lon_udeg;
		}
	}
}

/* The grid. */

static uint32_t slot(int32_t v, int32_t from)
{
	return (uint32_t)((v - from) / GAZ_STEP);
}

/* Whether all corners of the closed square lie strictly on one side of the line pq. */
static bool misses(struct viz_point p, struct viz_point q, int32_t south, int32_t west)
{
	int sides = 0;

	for (int i = 0; i < 4; i++) {
		int64_t lat = south + (i & 1) * GAZ_STEP, lon = west + (i >> 1) * GAZ_STEP;
		int64_t cross = ((int64_t)q.lon_udeg - p.lon_udeg) * (lat - p.lat_udeg) -
				((int64_t)q.lat_udeg - p.lat_udeg) * (lon - p.lon_udeg);

		sides += (cross > 0) - (cross < 0);
	}
	return sides == 4 || sides == -4;
}

static void touch_squares(uint32_t edge, uint32_t arc)
{
	struct viz_point p = b.topology.points[edge], q = b.topology.points[edge + 1];
	int32_t south = p.lat_udeg < q.lat_udeg ? p.lat_udeg : q.lat_udeg;
	int32_t north = p.lat_udeg < q.lat_udeg ? q.lat_udeg : p.lat_udeg;
	int32_t west = p.lon_udeg < q.lon_udeg ? p.lon_udeg : q.lon_udeg;
	int32_t east = p.lon_udeg < q.lon_udeg ? q.lon_udeg : p.lon_udeg;

	/* one microdegree more, because an edge on the side of a square touches it */
	for (uint32_t r = slot(south - 1, b.head.south); r <= slot(north, b.head.south); r++)
		for (uint32_t c = slot(west - 1, b.head.west); c <= slot(east, b.head.west); c++) {
			struct touch t = {r * b.head.columns + c, edge, arc};

			if (misses(p, q, b.head.south + (int32_t)r * GAZ_STEP,
				   b.head.west + (int32_t)c * GAZ_STEP))
				continue;
			b.touches =
			    viz_topology_grow(b.touches, &b.touches_max, b.touches_n, sizeof t);
			b.touches[b.touches_n++] = t;
		}
}

static int by_square(const void *x, const void *y)
{
	const struct touch *p = x, *q = y;

	if (p->square != q->square)
		return p->square < q->square ? -1 : 1;
	return (p->edge > q->edge) - (p->edge < q->edge);
}

static void make_runs(void)
{
	for (size_t i = 0; i < b.touches_n; i++) {
		const struct touch *t = &b.touches[i];
		struct gaz_run *last = b.runs_n ? &b.runs[b.runs_n - 1] : NULL;
		bool first = i == 0 || b.touches[i - 1].square != t->square;

		if (first)
			b.grid[t->square] = GAZ_MIXED | (uint32_t)b.runs_n;
		if (!first && last && last->arc == t->arc &&
		    last->first + last->n_last == t->edge && last->n_last < 0x7fff) {
			last->n_last++;
		} else {
			b.runs = viz_topology_grow(b.runs, &b.runs_max, b.runs_n, sizeof *b.runs);
			b.runs[b.runs_n++] = (struct gaz_run){t->edge, (uint16_t)t->arc, 1};
		}
		if (i + 1 == b.touches_n || b.touches[i + 1].square != t->square)
			b.runs[b.runs_n - 1].n_last |= 0x8000;
	}
}

static void make_grid(void)
{
	struct viz_box all = b.towns[0].box;
	struct viz_gazetteer g = {.head = &b.head};

	for (size_t i = 0; i < b.towns_n; i++) {
		const struct viz_box *box = &b.towns[i].box;

		all.south_udeg =
		    box->south_udeg < all.south_udeg ? box->south_udeg : all.south_udeg;
		all.west_udeg = box->west_udeg < all.west_udeg ? box->west_udeg : all.west_udeg;
		all.north_udeg =
		    box->north_udeg > all.north_udeg ? box->north_udeg : all.north_udeg;
		all.east_udeg = box->east_udeg > all.east_udeg ? box->east_udeg : all.east_udeg;
	}
	b.head.south = (all.south_udeg / GAZ_STEP - 2) * GAZ_STEP;
	b.head.west = (all.west_udeg / GAZ_STEP - 2) * GAZ_STEP;
	b.head.rows = slot(all.north_udeg, b.head.south) + 2;
	b.head.columns = slot(all.east_udeg, b.head.west) + 2;
	b.grid = calloc((size_t)b.head.rows * b.head.columns, sizeof *b.grid);
	VIZ_REQUIRE(b.grid != NULL);
	for (uint32_t a = 0; a < b.topology.arcs_n; a++)
		for (uint32_t i = 0; i + 1 < b.topology.arcs[a].n; i++)
			touch_squares(b.topology.arcs[a].first + i, a);
	qsort(b.touches, b.touches_n, sizeof *b.touches, by_square);
	make_runs();
	g.grid = b.grid;
	g.runs = b.runs;
	g.arcs = b.topology.arcs;
	g.points = b.topology.points;
	for (uint32_t r = 0; r < b.head.rows; r++)
		for (uint32_t c = 0; c < b.head.columns; c++) {
			uint32_t *square = &b.grid[(size_t)r * b.head.columns + c];
			struct viz_point p = {b.head.south + (int32_t)r * GAZ_STEP + GAZ_STEP / 2,
					      b.head.west + (int32_t)c * GAZ_STEP};

			if (!(*square & GAZ_MIXED))
				*square = viz_gazetteer_map_west(&g, p, (int64_t)c - 1);
		}
}

/* The file. */

static uint8_t *append(uint8_t *file, enum gaz_section section, const void *items, size_t n,
		       size_t size)
{
	size_t at = ((size_t)b.head.bytes + 7) / 8 * 8, end = at + n * size;

	file = realloc(file, end);
	VIZ_REQUIRE(file != NULL);
	memset(file + b.head.bytes, 0, at - b.head.bytes);
	memcpy(file + at, items, n * size);
	b.head.sections[section] = (struct gaz_span){(uint32_t)at, (uint32_t)n};
	b.head.bytes = (uint32_t)end;
	return file;
}

static void write_file(const char *path)
{
	const struct topology *t = &b.topology;
	uint8_t *file = malloc(sizeof b.head);
	FILE *f;

	VIZ_REQUIRE(file != NULL);
	b.head.bytes = sizeof b.head;
	file = append(file, GAZ_STATES, b.states, b.states_n, sizeof *b.states);
	file = append(file, GAZ_MUNICIPALITIES, b.towns, b.towns_n, sizeof *b.towns);
	file = append(file, GAZ_RINGS, t->out_rings, t->rings_n, sizeof *t->out_rings);
	file = append(file, GAZ_REFS, t->refs, t->refs_n, sizeof *t->refs);
	file = append(file, GAZ_ARCS, t->arcs, t->arcs_n, sizeof *t->arcs);
	file = append(file, GAZ_POINTS, t->points, t->points_n, sizeof *t->points);
	file = append(file, GAZ_GRID, b.grid, (size_t)b.head.rows * b.head.columns, sizeof *b.grid);
	file = append(file, GAZ_RUNS, b.runs, b.runs_n, sizeof *b.runs);
	file = append(file, GAZ_CEPS, b.ceps, b.ceps_n, sizeof *b.ceps);
	file = append(file, GAZ_KEYS, b.keys, b.keys_n, sizeof *b.keys);
	file = append(file, GAZ_TEXT, b.text, b.text_n, 1);
	memcpy(b.head.magic, GAZ_MAGIC, sizeof b.head.magic);
	b.head.order = GAZ_ORDER;
	b.head.crc =
	    (uint32_t)crc32(0, file + sizeof b.head, b.head.bytes - (unsigned)sizeof b.head);
	memcpy(file, &b.head, sizeof b.head);
	f = fopen(path, "wb");
	if (!f || fwrite(file, 1, b.head.bytes, f) != b.head.bytes || fclose(f) != 0)
		stop("cannot be written", path);
	free(file);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		stop("usage: gazetteer_build DATA_DIR OUT", "arguments");
	b.dir = argv[1];
	each_row("estados.csv", ',', 6, take_state);
	each_row("municipios.csv", ',', 9, take_town);
	qsort(b.towns, b.towns_n, sizeof *b.towns, by_ibge);
	for (size_t i = 0; i < b.towns_n; i++)
		put_name((uint16_t)i, b.text + b.towns[i].name);
	each_row("aliases.csv", ',', 3, take_alias);
	qsort(b.keys, b.keys_n, sizeof *b.keys, by_key);
	each_row("cep_faixas.csv", ';', 7, take_cep);
	sort_ceps();
	read_outlines();
	viz_topology_build(&b.topology);
	set_boxes();
	make_grid();
	write_file(argv[2]);
	printf("%zu municipalities, %zu outlines' rings, %zu arcs, %zu vertices (%zu conflicts), "
	       "%zu runs, %zu ranges, %u bytes\n",
	       b.towns_n, b.topology.rings_n, b.topology.arcs_n, b.topology.vertices_n,
	       b.topology.conflicts, b.runs_n, b.ceps_n, b.head.bytes);
	return 0;
}
