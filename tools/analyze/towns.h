/* The tables of the gazetteer as flat arrays, for millions of look-ups, and the municipality that a
 * badly written address means. Municipalities have the numbers of the gazetteer. */
#ifndef VIZ_ANALYZE_TOWNS_H
#define VIZ_ANALYZE_TOWNS_H

#include "tools/geo/gazetteer.h"

#define VIZ_TOWN_NONE      UINT16_MAX
#define VIZ_TOWN_AMBIGUOUS (UINT16_MAX - 1)

struct viz_towns;

/* `g` is borrowed and outlives the tables. VIZ_ERR_NOMEM. */
int viz_towns_new(struct viz_towns **towns, const struct viz_gazetteer *g);
void viz_towns_free(struct viz_towns *towns);

size_t viz_towns_count(const struct viz_towns *towns);
uint32_t viz_towns_ibge(const struct viz_towns *towns, uint16_t town);
/* The state's IBGE code: 32. */
unsigned viz_towns_uf(const struct viz_towns *towns, uint16_t town);

/* By code of 6 or 7 digits (a wrong check digit is no municipality). */
uint16_t viz_towns_by_code(const struct viz_towns *towns, uint32_t code);

/* By postcode. *street: the code may belong to a street, so it is finer than the town. */
uint16_t viz_towns_by_cep(const struct viz_towns *towns, bool *street, uint32_t cep);

/* By a name as a file has it, which may include the state ("Linhares/ES", "Linhares - ES"), in
 * state `uf` (0: unknown). Without a state, a name of several towns is VIZ_TOWN_AMBIGUOUS; *uf
 * becomes the state in the name. Remembers what only the slower search of the gazetteer found. */
uint16_t viz_towns_by_name(struct viz_towns *towns, unsigned *uf, const char *name, size_t len);

/* By a text that is more than a name, or less: "Búzios" in RJ, "3203205 - Linhares", an address, a
 * plus code. Slow, but remembered. In state `uf` (0: the text says it, or one town alone has this
 * name). */
uint16_t viz_towns_by_text(struct viz_towns *towns, unsigned uf, const char *text, size_t len);

/* By a name of several states, in this state: exactly, or by the slower search. */
uint16_t viz_towns_by_name_in(struct viz_towns *towns, unsigned uf, const char *name, size_t len);

/* By a folded name, exactly; `uf` 0 for any. */
uint16_t viz_towns_by_folded(const struct viz_towns *towns, unsigned uf, const char *name,
			     size_t len);

/* By a point; VIZ_TOWN_NONE at sea and abroad. */
uint16_t viz_towns_at(const struct viz_towns *towns, struct viz_point p);

#endif
