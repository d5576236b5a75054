/* Brazilian postcodes (CEP): eight digits. As text they have a hyphen before the last three or
 * none; as a number they lose leading zeros, so only this file writes the text form. Both ends of a
 * range belong to it. */
#ifndef VIZ_PROTO_GEO_CEP_H
#define VIZ_PROTO_GEO_CEP_H

#include "proto/base.h"
#include "proto/geo/limits.h"

#define VIZ_CEP_MAX        UINT32_C(99999999)
#define VIZ_CEP_TEXT_BYTES 10u /* "29900-000" and its NUL */

struct viz_cep_range {
	uint32_t from;
	uint32_t to;
};

/* "29900000", "29900-000", "29.900-000"; blanks around are ignored. Nothing else: VIZ_ERR_INPUT. */
int viz_cep_parse(uint32_t *cep, const char *text);

/* Writes "29900-000" to `out` of VIZ_CEP_TEXT_BYTES. */
void viz_cep_format(char *out, uint32_t cep);

/* A general code ("-000"). It stands for a whole municipality or district, or for the lowest
 * numbers of a range of streets, never for one street. */
bool viz_cep_is_general(uint32_t cep);

/* Sorts, and joins ranges that overlap or touch; *n becomes the new count. VIZ_ERR_MEANING (nothing
 * is changed) when one has from > to or passes VIZ_CEP_MAX. */
int viz_cep_normalise(struct viz_cep_range *ranges, size_t *n);

/* Sorted, disjoint, not touching, in bounds: what a decoder requires. */
bool viz_cep_is_normalised(const struct viz_cep_range *ranges, size_t n);

/* Of normalised ranges: whether `cep`, or any code of `range`, lies in one. */
bool viz_cep_contains(const struct viz_cep_range *ranges, size_t n, uint32_t cep);
bool viz_cep_meets(const struct viz_cep_range *ranges, size_t n, struct viz_cep_range range);

#endif
