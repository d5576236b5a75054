/* Postcodes as people and spreadsheets write them. */
#ifndef VIZ_TOOLS_GEO_CEP_TEXT_H
#define VIZ_TOOLS_GEO_CEP_TEXT_H

#include "proto/geo/cep.h"

/* Reads "29900-155", "29.900-155", "29900 155". Seven digits ("1310-100", "1310100") get back the
 * zero that a spreadsheet dropped. A hyphen or a blank may stand only before the last three digits.
 * VIZ_ERR_INPUT. */
int viz_cep_text(uint32_t *cep, const char *text);

#endif
