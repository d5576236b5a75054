#include "tools/analyze/towns.h"
#include "tools/analyze/hash64.h"
#include "tools/geo/place.h"
#include "tools/text/fold.h"
#include "tools/analyze/limits_analyze.h"
#include "tools/analyze/value.h"

#define CODES      1000000u /* of 6 digits */
#define TEXT_SALT  100u     /* no state: texts are remembered beside names */
#define NAME_SLOTS 32768u   /* a power of two, over twice the names with and without state */
#define CEP_AREAS  100000u
#define CEP_TRIES  16u /* ranges that may begin in one area, and a wide one around them */
#define CEP_MANY   64u /* ranges of one municipality */

struct name_slot {
	uint64_t hash; /* 0: free */
	uint16_t town;
};

struct cep_entry {
	uint32_t from, to;
	uint16_t town;
	bool street;
};

struct remembered {
	uint64_t hash;
	uint16_t town;
};

struct viz_towns {
	const struct viz_gazetteer *g;
	size_t n;
	uint32_t *ibge;
	uint16_t *by_code;
	struct name_slot *names;
	struct cep_entry *ceps;
	size_t ceps_n;
	uint16_t *cep_last; /* by five digits: the last entry that begins at or before their end */
	struct remembered cache[VIZ_ANALYZE_PLACES_CACHE];
};

static uint64_t name_hash(unsigned uf, const char *name, size_t len)
{
	uint64_t h = viz_hash64(name, len) + uf * UINT64_C(0x9e3779b97f4a7c15);

	return h ? h : 1;
}

/* A second town of one name makes it ambiguous. */
static void put_name(struct viz_towns *t, unsigned uf, const char *name, size_t len, uint16_t town)
{
	uint64_t hash = name_hash(uf, name, len);
	size_t i = hash % NAME_SLOTS;

	while (t->names[i].hash && t->names[i].hash != hash)
		i = (i + 1) % NAME_SLOTS;
	if (t->names[i].hash == hash && t->names[i].town != town)
		town = VIZ_TOWN_AMBIGUOUS;
	t->names[i] = (struct name_slot){hash, town};
}

static int cep_order(const void *a, const void *b)
{
	const struct cep_entry *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to < y->to) - (x->to > y->to);
}

static int load_ceps(struct viz_towns *t, uint16_t town, size_t *max)
{
	struct viz_cep_entry e[CEP_MANY];
	size_t n = 0;

	if (viz_gazetteer_ceps(t->g, e, &n, CEP_MANY, t->ibge[town]) < 0)
		return 0;
	for (size_t i = 0; i < n && i < CEP_MANY; i++) {
		if (t->ceps_n == *max) {
			struct cep_entry *grown = realloc(t->ceps, (*max + 4096) * sizeof *grown);

			if (!grown)
				return VIZ_ERR_NOMEM;
			t->ceps = grown;
			*max += 4096;
		}
		t->ceps[t->ceps_n++] = (struct cep_entry){e[i].range.from, e[i].range.to, town,
							  e[i].coding != VIZ_CEP_GENERAL};
	}
	return 0;
}

/* Names that two places share, of which only one is a municipality: POA, Planaltina. */
static void load_rivals(struct viz_towns *t)
{
	const char *folded;
	uint32_t ibge;

	for (size_t at = 0; viz_gazetteer_names_rival(t->g, &at, &folded, &ibge);) {
		uint16_t town = viz_towns_by_code(t, ibge);

		put_name(t, ibge / 100000, folded, strlen(folded), town);
		put_name(t, 0, folded, strlen(folded), town);
	}
}

static int load(struct viz_towns *t)
{
	size_t max = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct viz_municipality m = viz_gazetteer_get(t->g, i);
		char folded[VIZ_ANALYZE_NAME_MAX];
		size_t len = viz_fold_text(folded, sizeof folded, m.name, strlen(m.name));
		unsigned code6 = m.ibge / 10;

		t->ibge[i] = m.ibge;
		if (code6 < CODES)
			t->by_code[code6] = (uint16_t)i;
		put_name(t, m.ibge / 100000, folded, len, (uint16_t)i);
		put_name(t, 0, folded, len, (uint16_t)i);
		if (load_ceps(t, (uint16_t)i, &max) < 0)
			return VIZ_ERR_NOMEM;
	}
	load_rivals(t);
	if (t->ceps_n == 0 || t->ceps_n > UINT16_MAX)
		return VIZ_ERR_LIMIT;
	qsort(t->ceps, t->ceps_n, sizeof *t->ceps, cep_order);
	for (size_t area = 0, at = 0; area < CEP_AREAS; area++) {
		while (at + 1 < t->ceps_n && t->ceps[at + 1].from / 1000 <= area)
			at++;
		t->cep_last[area] = (uint16_t)at;
	}
	return 0;
}

int viz_towns_new(struct viz_towns **towns, const struct viz_gazetteer *g)
{
	struct viz_towns *t = calloc(1, sizeof *t);

	if (!t)
		return VIZ_ERR_NOMEM;
	t->g = g;
	t->n = viz_gazetteer_count(g);
	t->ibge = calloc(t->n + 1, sizeof *t->ibge);
	t->by_code = malloc(CODES * sizeof *t->by_code);
	t->names = calloc(NAME_SLOTS, sizeof *t->names);
	t->cep_last = calloc(CEP_AREAS, sizeof *t->cep_last);
	if (!t->ibge || !t->by_code || !t->names || !t->cep_last || t->n >= VIZ_TOWN_AMBIGUOUS)
		goto fail;
	memset(t->by_code, 0xff, CODES * sizeof *t->by_code);
	if (load(t) < 0)
		goto fail;
	*towns = t;
	return 0;
fail:
	viz_towns_free(t);
	return VIZ_ERR_NOMEM;
}

void viz_towns_free(struct viz_towns *t)
{
	if (!t)
		return;
	free(t->ibge);
	free(t->by_code);
	free(t->names);
	free(t->ceps);
	free(t->cep_last);
	free(t);
}

size_t viz_towns_count(const struct viz_towns *t)
{
	return t->n;
}

uint32_t viz_towns_ibge(const struct viz_towns *t, uint16_t town)
{
	return t->ibge[town];
}

unsigned viz_towns_uf(const struct viz_towns *t, uint16_t town)
{
	return t->ibge[town] / 100000;
}

uint16_t viz_towns_by_code(const struct viz_towns *t, uint32_t code)
{
	uint16_t town;

	if (code < CODES)
		return t->by_code[code];
	if (code / 10 >= CODES)
		return VIZ_TOWN_NONE;
	town = t->by_code[code / 10];
	return town != VIZ_TOWN_NONE && t->ibge[town] == code ? town : VIZ_TOWN_NONE;
}

uint16_t viz_towns_by_cep(const struct viz_towns *t, bool *street, uint32_t cep)
{
	size_t at;

	if (cep / 1000 >= CEP_AREAS)
		return VIZ_TOWN_NONE;
	at = t->cep_last[cep / 1000];
	/* The range of a seat lies within that of its municipality: the narrower one comes second.
	 */
	for (size_t tries = 0; tries < CEP_TRIES; tries++) {
		const struct cep_entry *e = &t->ceps[at];

		if (e->from <= cep && cep <= e->to) {
			*street = e->street && !viz_cep_is_general(cep);
			return e->town;
		}
		if (at-- == 0)
			break;
	}
	return VIZ_TOWN_NONE;
}

uint16_t viz_towns_by_folded(const struct viz_towns *t, unsigned uf, const char *name, size_t len)
{
	uint64_t hash = name_hash(uf, name, len);
	size_t i = hash % NAME_SLOTS;

	while (t->names[i].hash) {
		if (t->names[i].hash == hash)
			return t->names[i].town;
		i = (i + 1) % NAME_SLOTS;
	}
	return VIZ_TOWN_NONE;
}

/* For abbreviations and old spellings: the search of the gazetteer, once for each text. */
static uint16_t search(struct viz_towns *t, unsigned uf, const char *name, size_t len)
{
	uint64_t hash = name_hash(uf, name, len);
	struct remembered *r = &t->cache[hash % VIZ_ANALYZE_PLACES_CACHE];
	struct viz_municipality m;
	char text[VIZ_ANALYZE_NAME_MAX + 1];
	size_t n = 0;

	if (r->hash == hash)
		return r->town;
	memcpy(text, name, len);
	text[len] = 0;
	r->hash = hash;
	r->town = VIZ_TOWN_NONE;
	if (viz_gazetteer_names_find(t->g, &m, &n, 1, text,
				     uf ? viz_value_identity_uf_name(uf) : NULL) == 0)
		r->town = n > 1 ? VIZ_TOWN_AMBIGUOUS : viz_towns_by_code(t, m.ibge);
	return r->town;
}

uint16_t viz_towns_by_name(struct viz_towns *t, unsigned *uf, const char *name, size_t len)
{
	char folded[VIZ_ANALYZE_NAME_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, name, len);
	uint16_t town = viz_towns_by_folded(t, *uf, folded, n);
	unsigned own;

	if (town != VIZ_TOWN_NONE || n == 0)
		return town;
	if (n > 7 && (memcmp(folded + n - 7, " brasil", 7) == 0 ||
		      memcmp(folded + n - 7, " brazil", 7) == 0))
		n -= 7;
	if (n > 4 && folded[n - 3] == ' ' && folded[n - 1] > '9' &&
	    viz_value_identity_uf(&own, folded + n - 2, 2) == 0) {
		*uf = own;
		n -= 3;
		town = viz_towns_by_folded(t, own, folded, n);
	}
	return town != VIZ_TOWN_NONE ? town : search(t, *uf, folded, n);
}

/* In state `uf`, which the text may name too. */
static uint16_t search_text(const struct viz_towns *t, unsigned uf, const char *text)
{
	struct viz_place_trouble trouble;
	struct viz_place place;
	char stated[VIZ_ANALYZE_NAME_MAX + 8];

	snprintf(stated, sizeof stated, "%s/%s", text, viz_value_identity_uf_name(uf));
	if (uf && viz_place_find(&place, &trouble, t->g, NULL, stated, 0) == 0)
		return viz_towns_by_code(t, place.ibge);
	if (uf && trouble.fault == VIZ_PLACE_AMBIGUOUS)
		return VIZ_TOWN_AMBIGUOUS;
	if (viz_place_find(&place, &trouble, t->g, NULL, text, 0) == 0)
		return uf && place.ibge / 100000 != uf ? VIZ_TOWN_NONE
						       : viz_towns_by_code(t, place.ibge);
	return trouble.fault == VIZ_PLACE_AMBIGUOUS && !uf ? VIZ_TOWN_AMBIGUOUS : VIZ_TOWN_NONE;
}

uint16_t viz_towns_by_text(struct viz_towns *t, unsigned uf, const char *name, size_t len)
{
	char text[VIZ_ANALYZE_NAME_MAX];
	uint64_t hash = name_hash(uf + TEXT_SALT, name, len);
	struct remembered *r = &t->cache[hash % VIZ_ANALYZE_PLACES_CACHE];

	if (len == 0 || len >= sizeof text)
		return VIZ_TOWN_NONE;
	if (r->hash == hash)
		return r->town;
	memcpy(text, name, len);
	text[len] = 0;
	r->hash = hash;
	r->town = search_text(t, uf, text);
	return r->town;
}

uint16_t viz_towns_by_name_in(struct viz_towns *t, unsigned uf, const char *name, size_t len)
{
	char folded[VIZ_ANALYZE_NAME_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, name, len);
	uint16_t town = viz_towns_by_folded(t, uf, folded, n);

	/* "Bom Jesus" is not short for "Bom Jesus do Norte". */
	if (town != VIZ_TOWN_NONE || n == 0 ||
	    viz_towns_by_folded(t, 0, folded, n) != VIZ_TOWN_NONE)
		return town;
	return search(t, uf, folded, n);
}

uint16_t viz_towns_at(const struct viz_towns *t, struct viz_point p)
{
	struct viz_municipality m;

	if (viz_gazetteer_at(t->g, &m, p) < 0)
		return VIZ_TOWN_NONE;
	return viz_towns_by_code(t, m.ibge);
}
