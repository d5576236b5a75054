#include "tools/geo/gazetteer_map.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#ifndef VIZ_DATADIR
#define VIZ_DATADIR "/usr/share/vizinho"
#endif

static const char *const build_places[] = {"../tools/geo", "../geo", "geo", "../../tools/geo"};

static bool readable(char *path, size_t max, const char *dir, const char *place)
{
	int n =
	    snprintf(path, max, "%s%s%s/gazetteer.bin", dir, place ? "/" : "", place ? place : "");

	return n > 0 && (size_t)n < max && access(path, R_OK) == 0;
}

static int usual_place(char *path, size_t max)
{
	const char *named = getenv("VIZINHO_GAZETTEER");
	char self[PATH_MAX];
	ssize_t n;

	if (named && named[0]) {
		n = snprintf(path, max, "%s", named);
		return n > 0 && (size_t)n < max ? 0 : VIZ_ERR_ABSENT;
	}
	n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		for (size_t i = 0; i < sizeof build_places / sizeof *build_places; i++)
			if (readable(path, max, self, build_places[i]))
				return 0;
	}
	return readable(path, max, VIZ_DATADIR, NULL) ? 0 : VIZ_ERR_ABSENT;
}

/* The array of a section, or NULL when the section is not within the file. */
static const void *section(const struct viz_gazetteer *g, enum gaz_section which, size_t size,
			   size_t *n)
{
	const struct gaz_span *s = &g->head->sections[which];

	if (s->offset % 8 != 0 || s->offset > g->map_len || s->n > (g->map_len - s->offset) / size)
		return NULL;
	*n = s->n;
	return (const uint8_t *)g->map + s->offset;
}

static bool find_sections(struct viz_gazetteer *g)
{
	size_t grid_n = 0;

	g->states = section(g, GAZ_STATES, sizeof *g->states, &g->states_n);
	g->municipalities =
	    section(g, GAZ_MUNICIPALITIES, sizeof *g->municipalities, &g->municipalities_n);
	g->rings = section(g, GAZ_RINGS, sizeof *g->rings, &g->rings_n);
	g->refs = section(g, GAZ_REFS, sizeof *g->refs, &g->refs_n);
	g->arcs = section(g, GAZ_ARCS, sizeof *g->arcs, &g->arcs_n);
	g->points = section(g, GAZ_POINTS, sizeof *g->points, &g->points_n);
	g->grid = section(g, GAZ_GRID, sizeof *g->grid, &grid_n);
	g->runs = section(g, GAZ_RUNS, sizeof *g->runs, &g->runs_n);
	g->ceps = section(g, GAZ_CEPS, sizeof *g->ceps, &g->ceps_n);
	g->keys = section(g, GAZ_KEYS, sizeof *g->keys, &g->keys_n);
	g->text = section(g, GAZ_TEXT, 1, &g->text_n);
	return g->states && g->municipalities && g->rings && g->refs && g->arcs && g->points &&
	       g->grid && g->runs && g->ceps && g->keys && g->text && g->text_n > 0 &&
	       g->text[g->text_n - 1] == '\0' && g->municipalities_n < GAZ_NONE &&
	       grid_n == (size_t)g->head->rows * g->head->columns;
}

static bool within(uint32_t first, uint32_t n, size_t all)
{
	return first <= all && n <= all - first;
}

static bool owner_ok(const struct viz_gazetteer *g, uint16_t index)
{
	return index == GAZ_NONE || index < g->municipalities_n;
}

static bool tables_ok(const struct viz_gazetteer *g)
{
	for (size_t i = 0; i < g->states_n; i++)
		if (g->states[i].uf[2] != '\0' || g->states[i].name >= g->text_n)
			return false;
	for (size_t i = 0; i < g->municipalities_n; i++) {
		const struct gaz_municipality *m = &g->municipalities[i];

		if (m->name >= g->text_n || m->state >= g->states_n ||
		    !within(m->first_ring, m->rings_n, g->rings_n))
			return false;
	}
	for (size_t i = 0; i < g->ceps_n; i++)
		if (g->ceps[i].municipality >= g->municipalities_n ||
		    g->ceps[i].coding > VIZ_CEP_CHANGING)
			return false;
	for (size_t i = 0; i < g->keys_n; i++)
		if (g->keys[i].key >= g->text_n || g->keys[i].municipality >= g->municipalities_n)
			return false;
	return true;
}

static bool map_ok(const struct viz_gazetteer *g)
{
	size_t squares = (size_t)g->head->rows * g->head->columns;

	for (size_t i = 0; i < g->rings_n; i++)
		if (!within(g->rings[i].first, g->rings[i].n, g->refs_n))
			return false;
	for (size_t i = 0; i < g->refs_n; i++)
		if (g->refs[i] / 2 >= g->arcs_n)
			return false;
	for (size_t i = 0; i < g->arcs_n; i++)
		if (g->arcs[i].n < 2 || !within(g->arcs[i].first, g->arcs[i].n, g->points_n) ||
		    !owner_ok(g, g->arcs[i].left) || !owner_ok(g, g->arcs[i].right))
			return false;
	for (size_t i = 0; i < g->runs_n; i++)
		if (g->runs[i].arc >= g->arcs_n ||
		    !within(g->runs[i].first, (g->runs[i].n_last & 0x7fffu) + 1, g->points_n))
			return false;
	if (g->runs_n > 0 && !(g->runs[g->runs_n - 1].n_last & 0x8000u))
		return false;
	for (size_t i = 0; i < squares; i++)
		if (g->grid[i] & GAZ_MIXED ? (g->grid[i] & ~GAZ_MIXED) >= g->runs_n
					   : !owner_ok(g, (uint16_t)g->grid[i]))
			return false;
	return true;
}

static int check(struct viz_gazetteer *g)
{
	const struct gaz_header *h = g->map;

	if (g->map_len < sizeof *h || memcmp(h->magic, GAZ_MAGIC, sizeof h->magic) != 0 ||
	    h->order != GAZ_ORDER || h->bytes != g->map_len || h->rows > 4096 || h->columns > 4096)
		return VIZ_ERR_FORM;
	g->head = h;
	if (h->crc != crc32(0, (const uint8_t *)g->map + sizeof *h, (uInt)(g->map_len - sizeof *h)))
		return VIZ_ERR_FORM;
	return find_sections(g) && tables_ok(g) && map_ok(g) ? 0 : VIZ_ERR_FORM;
}

int viz_gazetteer_open(struct viz_gazetteer **out, const char *path)
{
	char usual[PATH_MAX];
	struct viz_gazetteer *g;
	struct stat st;
	int fd, err;

	if (!path && usual_place(usual, sizeof usual) != 0)
		return VIZ_ERR_ABSENT;
	fd = open(path ? path : usual, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return VIZ_ERR_ABSENT;
	g = calloc(1, sizeof *g);
	err = g ? 0 : VIZ_ERR_NOMEM;
	if (!err && (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > INT32_MAX))
		err = VIZ_ERR_FORM;
	if (!err) {
		g->map_len = (size_t)st.st_size;
		g->map = mmap(NULL, g->map_len, PROT_READ, MAP_SHARED, fd, 0);
		if (g->map == MAP_FAILED) {
			g->map = NULL;
			err = VIZ_ERR_NOMEM;
		}
	}
	close(fd);
	if (!err)
		err = check(g);
	if (err) {
		viz_gazetteer_close(g);
		return err;
	}
	*out = g;
	return 0;
}

void viz_gazetteer_close(struct viz_gazetteer *g)
{
	if (g && g->map)
		munmap(g->map, g->map_len);
	free(g);
}

size_t viz_gazetteer_count(const struct viz_gazetteer *g)
{
	return g->municipalities_n;
}

struct viz_municipality viz_gazetteer_get(const struct viz_gazetteer *g, size_t index)
{
	VIZ_REQUIRE(index < g->municipalities_n);
	return viz_gazetteer_map_view(g, (uint16_t)index);
}

int viz_gazetteer_by_code(const struct viz_gazetteer *g, struct viz_municipality *m, uint32_t ibge)
{
	uint16_t index = viz_gazetteer_map_index(g, ibge);

	if (index == GAZ_NONE && ibge >= 100000 && ibge < 1000000)
		for (uint32_t digit = 0; digit < 10 && index == GAZ_NONE; digit++)
			index = viz_gazetteer_map_index(g, ibge * 10 + digit);
	if (index == GAZ_NONE)
		return VIZ_ERR_ABSENT;
	*m = viz_gazetteer_map_view(g, index);
	return 0;
}

int viz_gazetteer_at(const struct viz_gazetteer *g, struct viz_municipality *m, struct viz_point p)
{
	uint16_t index = viz_gazetteer_map_at(g, p);
	uint32_t distance_m;

	if (index == GAZ_NONE)
		return viz_gazetteer_near(g, m, &distance_m, p, VIZ_GAZETTEER_GAP_M);
	*m = viz_gazetteer_map_view(g, index);
	return 0;
}

/* Ranges are sorted by their start, so those that start after `range` are left out by a binary
 * search. All others are looked at, because a long range may start far before. */
int viz_gazetteer_by_cep_range(const struct viz_gazetteer *g, struct viz_cep_entry *entries,
			       size_t *n, size_t max, struct viz_cep_range range)
{
	size_t lo = 0, hi = g->ceps_n, count = 0;

	if (range.from > range.to || range.to > VIZ_CEP_MAX)
		return VIZ_ERR_MEANING;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->ceps[mid].from <= range.to)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (size_t i = 0; i < lo; i++) {
		const struct gaz_cep *c = &g->ceps[i];

		if (c->to < range.from)
			continue;
		if (count < max)
			entries[count] = (struct viz_cep_entry){
			    .range = {c->from, c->to},
			    .ibge = g->municipalities[c->municipality].ibge,
			    .coding = (enum viz_cep_coding)c->coding,
			};
		count++;
	}
	if (count == 0)
		return VIZ_ERR_ABSENT;
	*n = count;
	return 0;
}

int viz_gazetteer_by_cep(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
			 size_t max, uint32_t cep)
{
	return viz_gazetteer_by_cep_range(g, entries, n, max, (struct viz_cep_range){cep, cep});
}

int viz_gazetteer_ceps(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
		       size_t max, uint32_t ibge)
{
	uint16_t index = viz_gazetteer_map_index(g, ibge);
	size_t count = 0;

	if (index == GAZ_NONE)
		return VIZ_ERR_ABSENT;
	for (size_t i = 0; i < g->ceps_n; i++) {
		const struct gaz_cep *c = &g->ceps[i];

		if (c->municipality != index)
			continue;
		if (count < max)
			entries[count] = (struct viz_cep_entry){
			    .range = {c->from, c->to},
			    .ibge = ibge,
			    .coding = (enum viz_cep_coding)c->coding,
			};
		count++;
	}
	*n = count;
	return count > 0 ? 0 : VIZ_ERR_ABSENT;
}
