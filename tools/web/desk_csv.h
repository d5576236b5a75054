/* A spreadsheet: rows of fields in quotes, ";" between them, as spreadsheets in Brazil read it. */
#ifndef VIZ_TOOLS_WEB_DESK_CSV_H
#define VIZ_TOOLS_WEB_DESK_CSV_H

#include "tools/web/page.h"

/* Appends a field to `row`, an array. One that begins like a formula would be run: it gets a "'".
 */
void viz_desk_csv_put(json_t *row, const char *text);
void viz_desk_csv_put_number(json_t *row, json_int_t number);
/* Answers with the rows (taken), an array of arrays, as a file of this name. */
void viz_desk_csv_answer(struct viz_page *p, const char *name, json_t *rows);

#endif
