#include "tools/geo/cep_points.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tools/geo/cep_points_file.h"

#define MAGIC "VIZCEP01"

struct header {
	char magic[8];
	uint32_t order;
	uint32_t n;
	uint32_t crc; /* of the entries */
	uint32_t unused;
};

struct viz_cep_points {
	void *map;
	size_t map_len;
	const struct cep_point *entries;
	size_t n;
};

static int by_cep(const void *a, const void *b)
{
	const struct cep_point *x = a, *y = b;

	return (x->cep > y->cep) - (x->cep < y->cep);
}

int viz_cep_points_write(const char *path, struct cep_point *entries, size_t n)
{
	struct header h = {.order = 0x01020304, .n = (uint32_t)n};
	char beside[4096];
	FILE *f;
	bool ok;

	qsort(entries, n, sizeof *entries, by_cep);
	memcpy(h.magic, MAGIC, sizeof h.magic);
	h.crc = (uint32_t)crc32(0, (const uint8_t *)entries, (uInt)(n * sizeof *entries));
	if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
		return VIZ_ERR_STORE;
	f = fopen(beside, "wb");
	if (!f)
		return VIZ_ERR_STORE;
	ok = fwrite(&h, sizeof h, 1, f) == 1 && fwrite(entries, sizeof *entries, n, f) == n &&
	     fflush(f) == 0 && fsync(fileno(f)) == 0;
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

	if (p->map_len < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0 ||
	    h->order != 0x01020304 || h->n > VIZ_CEP_POINTS_MAX ||
	    p->map_len != sizeof *h + h->n * sizeof *e)
		return VIZ_ERR_FORM;
	e = (const struct cep_point *)(h + 1);
	if (h->crc != crc32(0, (const uint8_t *)e, (uInt)(h->n * sizeof *e)))
		return VIZ_ERR_FORM;
	p->entries = e;
	p->n = h->n;
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
