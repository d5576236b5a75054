#include "tests/sim/image.h"

#include <sys/mman.h>
#include "proto/base.h"

#define PIECE     64
#define IMAGE_MAX ((size_t)1 << 30)
#define ALIGN     16
#define TURN      ((uint32_t)1 << 31)
#define AHEAD     8 /* pieces that are fetched to the cache before their turn */

void *__real_malloc(size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);
char *__wrap_strdup(const char *s);
void *__real_calloc(size_t count, size_t size);

struct sim_view {
	uint32_t *piece;         /* their numbers, in the order in which they were changed */
	uint8_t (*bytes)[PIECE]; /* what stands there */
	size_t count, capacity;
};

static struct {
	uint8_t *now, *first; /* as the view that is entered has it; as it was made */
	size_t used, last;    /* last: where the last allocation begins */
	bool making, checks;
	struct sim_view *view; /* the one that is entered; NULL: none */
	uint32_t *place;       /* of a piece in that view, from 1; 0: it has not changed it */
	uint32_t turn;         /* is in each place: TURN or 0, in turns from view to view */
	uint8_t *written;      /* 1: since it was entered */
	uint32_t *list;        /* the pieces that were */
	size_t count;
} image;

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	VIZ_REQUIRE(p != MAP_FAILED);
	madvise(p, size, MADV_HUGEPAGE); /* views are all over it */
	return p;
}

/* ---- the image ---- */

static size_t pieces(void)
{
	return (image.used + PIECE - 1) / PIECE;
}

void sim_image_begin(void)
{
	VIZ_REQUIRE(!image.now);
	image.now = map(IMAGE_MAX);
	image.used = image.last = 0;
	image.making = true;
}

void sim_image_end(void)
{
	size_t n = pieces();

	image.making = false;
	image.first = map(n * PIECE);
	memcpy(image.first, image.now, n * PIECE);
	image.place = map(n * sizeof *image.place);
	image.written = map(n);
	image.list = map(n * sizeof *image.list);
	image.count = 0;
}

void sim_image_free(void)
{
	size_t n = pieces();

	if (!image.now)
		return;
	VIZ_REQUIRE(!image.view && !image.making);
	munmap(image.now, IMAGE_MAX);
	munmap(image.first, n * PIECE);
	munmap(image.place, n * sizeof *image.place);
	munmap(image.written, n);
	munmap(image.list, n * sizeof *image.list);
	image.now = image.first = NULL;
	image.used = 0;
}

uint64_t sim_image_bytes(void)
{
	return image.used;
}

void sim_image_check_writes(void)
{
	image.checks = true;
}

/* Where in the image `p` points to; image.used and more: elsewhere. */
static size_t offset(const void *p)
{
	return (size_t)((uintptr_t)p - (uintptr_t)image.now);
}

static void note(size_t piece)
{
	if (image.written[piece])
		return;
	image.written[piece] = 1;
	image.list[image.count++] = (uint32_t)piece;
}

void sim_image_written(const void *at, size_t len)
{
	size_t from = offset(at);

	if (from >= image.used || !image.view || len == 0)
		return; /* what enters and leaves a view is none of its writes */
	for (size_t i = from / PIECE; i <= (from + len - 1) / PIECE; i++)
		note(i);
}

/* ---- what is allocated ---- */

static size_t *size_at(size_t at)
{
	return (size_t *)(void *)(image.now + at - ALIGN);
}

static void *take(size_t size)
{
	size_t at = image.used + ALIGN;

	VIZ_REQUIRE(size < IMAGE_MAX && at + size + ALIGN <= IMAGE_MAX);
	*size_at(at) = size;
	image.last = at;
	image.used = at + (size + ALIGN - 1) / ALIGN * ALIGN;
	return image.now + at;
}

void *__wrap_malloc(size_t size)
{
	return image.making ? take(size) : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *p;

	if (!image.making)
		return __real_calloc(count, size);
	VIZ_REQUIRE(size == 0 || count < IMAGE_MAX / size);
	p = take(count * size);
	memset(p, 0, count * size);
	return p;
}

void __wrap_free(void *p)
{
	if (!p || offset(p) >= image.used)
		__real_free(p);
	else if (image.making && offset(p) == image.last)
		image.used = image.last - ALIGN;
}

void *__wrap_realloc(void *p, size_t size)
{
	size_t old;
	void *q;

	if (p && offset(p) >= image.used)
		return __real_realloc(p, size);
	q = __wrap_malloc(size);
	if (!p || !q)
		return q;
	old = *size_at(offset(p));
	memcpy(q, p, old < size ? old : size);
	return q;
}

char *__wrap_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = __wrap_malloc(n);

	if (p)
		memcpy(p, s, n);
	return p;
}

/* ---- views ---- */

struct sim_view *sim_view_new(void)
{
	struct sim_view *v = __real_calloc(1, sizeof *v);

	VIZ_REQUIRE(v);
	return v;
}

static void grow(struct sim_view *v)
{
	if (v->count < v->capacity)
		return;
	v->capacity += v->capacity / 4 + 32;
	v->piece = __real_realloc(v->piece, v->capacity * sizeof *v->piece);
	v->bytes = __real_realloc(v->bytes, v->capacity * sizeof *v->bytes);
	VIZ_REQUIRE(v->piece && v->bytes);
}

/* Finds what was written by looking at all of it. */
static void compare(struct sim_view *v)
{
	for (size_t i = 0; i < pieces(); i++) {
		const uint8_t *now = image.now + i * PIECE;
		const uint8_t *then = image.place[i] ? v->bytes[(image.place[i] & ~TURN) - 1]
						     : image.first + i * PIECE;

		if (memcmp(now, then, PIECE) == 0)
			continue;
		VIZ_REQUIRE(!sim_image_has_writes() || image.written[i]); /* it was not reported */
		note(i);
	}
}

/* Keeps what was written since the view was entered. */
static void keep(struct sim_view *v)
{
	if (image.checks || !sim_image_has_writes())
		compare(v);
	for (size_t k = 0; k < image.count; k++) {
		size_t i = image.list[k];
		const uint8_t *now = image.now + i * PIECE;

		image.written[i] = 0;
		if (image.place[i] == 0) {
			if (memcmp(now, image.first + i * PIECE, PIECE) == 0)
				continue;
			grow(v);
			v->piece[v->count++] = (uint32_t)i;
			image.place[i] = (uint32_t)v->count | image.turn;
		}
		memcpy(v->bytes[(image.place[i] & ~TURN) - 1], now, PIECE);
	}
	image.count = 0;
}

/* Brings a piece to the cache. */
static void fetch(const struct sim_view *v, size_t k)
{
	if (k >= v->count)
		return;
	__builtin_prefetch(image.now + (size_t)v->piece[k] * PIECE, 1);
	__builtin_prefetch(&image.place[v->piece[k]], 1);
}

/* What the view has changed, and the one that is entered now has not, is again as it was made. */
static void restore(const struct sim_view *v, uint32_t turn)
{
	for (size_t k = 0; k < v->count; k++) {
		size_t i = v->piece[k];

		fetch(v, k + AHEAD);
		if ((image.place[i] & TURN) != turn)
			continue;
		memcpy(image.now + i * PIECE, image.first + i * PIECE, PIECE);
		image.place[i] = 0;
	}
}

static void leave(void)
{
	struct sim_view *v = image.view;

	if (!v)
		return;
	keep(v);
	image.view = NULL;
	restore(v, image.turn);
}

void sim_view_enter(struct sim_view *v)
{
	struct sim_view *last = image.view;
	uint32_t turn = image.turn;

	if (v == last)
		return;
	if (last)
		keep(last);
	image.view = v;
	image.turn = turn ^ TURN;
	for (size_t k = 0; k < v->count; k++) {
		size_t i = v->piece[k];

		fetch(v, k + AHEAD);
		memcpy(image.now + i * PIECE, v->bytes[k], PIECE);
		image.place[i] = ((uint32_t)k + 1) | image.turn;
	}
	if (last)
		restore(last, turn);
}

void sim_view_free(struct sim_view *v)
{
	if (v == image.view)
		leave();
	__real_free(v->piece);
	__real_free(v->bytes);
	__real_free(v);
}

uint64_t sim_view_bytes(const struct sim_view *v)
{
	return sizeof *v + v->capacity * (sizeof *v->piece + sizeof *v->bytes);
}
