#include "tools/geo/cep_points.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tools/geo/cep_points_file.h"

#define MAGIC "VIZCEP02"

struct header {
	char magic[8];
	uint32_t order;
	uint32_t n, cells_n;
	uint32_t crc; /* of all that follows */
};

struct viz_cep_points {
	void *map;
	size_t map_len;
	const struct cep_point *entries;
	const struct cell_count *cells;
	size_t n, cells_n;
};

static int by_cep(const void *a, const void *b)
{
	const struct cep_point *x = a, *y = b;

	return (x->cep > y->cep) - (x->cep < y->cep);
}

int viz_cep_points_write(const char *path, struct cep_point *entries, size_t n,
			 const struct cell_count *cells, size_t cells_n)
{
	struct header h = {.order = 0x01020304, .n = (uint32_t)n, .cells_n = (uint32_t)cells_n};
	uLong crc;
	char beside[4096];
	FILE *f;
	bool ok;

	qsort(entries, n, sizeof *entries, by_cep);
	memcpy(h.magic, MAGIC, sizeof h.magic);
	crc = crc32(0, (const uint8_t *)entries, (uInt)(n * sizeof *entries));
	if (cells_n > 0)
		crc = crc32(crc, (const uint8_t *)cells, (uInt)(cells_n * sizeof *cells));
	h.crc = (uint32_t)crc;
	if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
		return VIZ_ERR_STORE;
	f = fopen(beside, "wb");
	if (!f)
		return VIZ_ERR_STORE;
	ok = fwrite(&h, sizeof h, 1, f) == 1 && fwrite(entries, sizeof *entries, n, f) == n &&
	     fwrite(cells, sizeof *cells, cells_n, f) == cells_n && fflush(f) == 0 &&
	     fsync(fileno(f)) == 0;
	ok = fclose(f) == 0 && ok;
	if (!ok || rename(beside, path) != 0) {
		unlink(beside);
		return VIZ_ERR_STORE;
	}
	return 0;
}

static int check(struct viz_cep_points *p)
{
	const struct header *h = p->map;
	const struct cep_point *e;
	const struct cell_count *c;

	if (p->map_len < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0 ||
	    h->order != 0x01020304 || h->n > VIZ_CEP_POINTS_MAX ||
	    h->cells_n > VIZ_CEP_POINTS_CELLS_MAX ||
	    p->map_len != sizeof *h + h->n * sizeof *e + h->cells_n * sizeof *c)
		return VIZ_ERR_FORM;
	e = (const struct cep_point *)(h + 1);
	c = (const struct cell_count *)(e + h->n);
	if (h->crc != crc32(0, (const uint8_t *)e, (uInt)(p->map_len - sizeof *h)))
		return VIZ_ERR_FORM;
	p->entries = e;
	p->n = h->n;
	p->cells = c;
	p->cells_n = h->cells_n;
	return 0;
}

const char *viz_cep_points_path(void)
{
	const char *path = getenv("VIZINHO_CEP_POINTS");

	return path && *path ? path : VIZ_CEP_POINTS_PATH;
}

int viz_cep_points_open(struct viz_cep_points **points, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct viz_cep_points *p;
	struct stat st;

	if (fd < 0)
		return VIZ_ERR_ABSENT;
	p = calloc(1, sizeof *p);
	if (!p)
		err = VIZ_ERR_NOMEM;
	else if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > INT32_MAX)
		err = VIZ_ERR_FORM;
	if (!err) {
		p->map_len = (size_t)st.st_size;
		p->map = mmap(NULL, p->map_len, PROT_READ, MAP_SHARED, fd, 0);
		if (p->map == MAP_FAILED) {
			p->map = NULL;
			err = VIZ_ERR_NOMEM;
		}
	}
	close(fd);
	if (!err)
		err = check(p);
	if (err) {
		viz_cep_points_close(p);
		return err;
	}
	*points = p;
	return 0;
}

void viz_cep_points_close(struct viz_cep_points *points)
{
	if (points && points->map)
		munmap(points->map, points->map_len);
	free(points);
}

size_t viz_cep_points_count(const struct viz_cep_points *points)
{
	return points->n;
}

int viz_cep_points_find(const struct viz_cep_points *points, struct viz_point *point,
			uint32_t *precision_m, uint32_t cep)
{
	struct cep_point want = {.cep = cep};
	const struct cep_point *e = bsearch(&want, points->entries, points->n, sizeof want, by_cep);

	if (!e)
		return VIZ_ERR_ABSENT;
	*point = e->point;
	*precision_m = e->precision_m;
	return 0;
}

uint32_t viz_cep_points_addresses(const struct viz_cep_points *points, uint64_t cell)
{
	size_t lo = 0, hi = points->cells_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (points->cells[mid].cell < cell)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < points->cells_n && points->cells[lo].cell == cell ? points->cells[lo].addresses
								      : 0;
}
