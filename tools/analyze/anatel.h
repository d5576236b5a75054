/* The providers that serve a municipality, by Anatel's public file of SCM accesses ("Acessos de
 * banda larga fixa", dadosabertos.anatel.gov.br): its columns Ano, Mês, Empresa, Código IBGE
 * Município and Acessos. The rest is not read. */
#ifndef VIZ_ANALYZE_ANATEL_H
#define VIZ_ANALYZE_ANATEL_H

#include "tools/analyze/towns.h"

#define VIZ_ANATEL_ENTRIES_MAX 65536u /* providers times towns; more are counted and left out */
#define VIZ_ANATEL_NAME_BYTES  48
#define VIZ_ANATEL_TOP         5

struct viz_anatel_entry {
	char name[VIZ_ANATEL_NAME_BYTES]; /* empty: free */
	uint64_t hash;
	uint64_t accesses;
	uint16_t town;
};

struct viz_anatel {
	struct viz_anatel_entry *entry;
	size_t n;
	uint64_t left_out; /* rows for which there was no room */
	uint64_t rows;     /* that were counted */
	const char *what;  /* why it is no table (tools/text/rows.h); NULL: it is one */
	int32_t month; /* the latest in the file, as year * 12 + month; only it counts. 0: none */
};

/* Reads the file into *anatel, which is empty. `wanted` has a flag for each town. VIZ_ERR_INPUT
 * when it is no such file, VIZ_ERR_NOMEM. Free it in any case. */
int viz_anatel_read(struct viz_anatel *anatel, const struct viz_towns *towns, const bool *wanted,
		    int fd);
void viz_anatel_free(struct viz_anatel *anatel);

/* The providers of a town with the most accesses, most first. Returns how many. */
size_t viz_anatel_top(const struct viz_anatel_entry *top[VIZ_ANATEL_TOP],
		      const struct viz_anatel *anatel, uint16_t town);

#endif
