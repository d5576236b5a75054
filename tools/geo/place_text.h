/* What stands beside the name of a municipality in a text: its state, its country, its code, a
 * postcode. All but strip_country leave the text alone when they return false. */
#ifndef VIZ_TOOLS_GEO_PLACE_TEXT_H
#define VIZ_TOOLS_GEO_PLACE_TEXT_H

#include "tools/geo/gazetteer.h"

#define VIZ_PLACE_TEXT_MAX 2048u /* bytes of a text, with its NUL */

/* Copies without blanks at both ends, and cuts at VIZ_PLACE_TEXT_MAX. */
void viz_place_text_trim(char *out, const char *text);

/* Takes ", Brasil" off the end, which maps write, with the sign before it. */
void viz_place_text_strip_country(const struct viz_gazetteer *g, char *text);

/* Takes the state off "Linhares - ES", "Linhares/ES", "Linhares, ES", "Linhares (ES)",
 * "Linhares ES", "ES - Linhares", "(ES) Linhares". *uf is "" when no state is named. False when
 * what stands after a slash is no state. */
bool viz_place_text_split_state(const struct viz_gazetteer *g, char *name, char uf[3]);

/* Takes the name of a state off the end, where no sign is before it: "Planaltina de Goiás". */
bool viz_place_text_split_state_name(const struct viz_gazetteer *g, char *name, char uf[3]);

/* A postcode within an address: "..., 29900-000 Linhares", "29.900-000", "CEP 29900000". */
bool viz_place_text_cep(uint32_t *cep, const char *text);

/* Takes seven digits off one end, which are written beside a name: "3203205 - Linhares". */
bool viz_place_text_split_code(uint32_t *code, char *text);

/* Takes the word "capital" off: "SP capital", "Capital/SP", "São Paulo - Capital". */
bool viz_place_text_split_capital(char *text);

/* Joins the letters of "B.H." and "B. H.". */
bool viz_place_text_join_initials(char *text);

#endif
