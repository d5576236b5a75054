/* Which column of an export is what: by its heading (tools/data/columns.tsv is the data), or as
 * --map says. */
#ifndef VIZ_ANALYZE_COLUMNS_H
#define VIZ_ANALYZE_COLUMNS_H

#include "tools/text/rows.h"

enum viz_role {
	VIZ_ROLE_DATE, /* of the cancellation */
	VIZ_ROLE_REASON,
	VIZ_ROLE_DETAIL, /* free text beside the reason */
	VIZ_ROLE_VALUE,  /* monthly fee */
	VIZ_ROLE_DEST_CEP,
	VIZ_ROLE_DEST_CITY,
	VIZ_ROLE_DEST_UF,
	VIZ_ROLE_DEST_IBGE,
	VIZ_ROLE_DEST_TEXT,
	VIZ_ROLE_DEST_NUMBER,
	VIZ_ROLE_DEST_LAT,
	VIZ_ROLE_DEST_LON,
	VIZ_ROLE_DEST_POINT,
	VIZ_ROLE_CEP, /* of the address that was left */
	VIZ_ROLE_CITY,
	VIZ_ROLE_UF,
	VIZ_ROLE_IBGE,
	VIZ_ROLE_NUMBER,
	VIZ_ROLE_LAT,
	VIZ_ROLE_LON,
	VIZ_ROLE_STATUS,
	VIZ_ROLE_PLAN,
	VIZ_ROLE_SINCE,    /* the day on which the contract began */
	VIZ_ROLE_QUARTER,  /* of the town, of the address that was left */
	VIZ_ROLE_DOCUMENT, /* only its check digits are looked at */
	VIZ_ROLE_NEVER,    /* names, telephones: not read */
};
#define VIZ_ROLES 26

#define VIZ_COLUMN_NONE UINT16_MAX

struct viz_columns {
	uint16_t at[VIZ_ROLES];   /* column number from 0, or VIZ_COLUMN_NONE */
	uint16_t rank[VIZ_ROLES]; /* position of its name in the list; a smaller one wins */
	bool mapped[VIZ_ROLES];   /* by --map */
	char name[VIZ_ROLES][48]; /* the name in the header, only where it is in the table or
				     mapped: an unknown header may be the name of a person */
	size_t n;                 /* columns of the header */
	size_t unknown;           /* with an unknown name */
	size_t never;             /* recognised, and not read */
	bool headless;            /* no header is known: names are not shown */
};

/* One --map ROLE=COLUMN: the column by its name in the header or by its number from 1, or "-" for
 * none. */
struct viz_column_map {
	enum viz_role role;
	const char *column;
};

/* "date", "reason", "dest_cep", ... and back (false for none). Portuguese names of --map ("data",
 * "motivo", "cep_destino", ...) are understood too. */
const char *viz_columns_role_name(enum viz_role role);
bool viz_columns_role(enum viz_role *role, const char *name, size_t len);

/* Finds the roles of the columns of `header`. Returns how many have one by name. */
size_t viz_columns_read(struct viz_columns *columns, const struct viz_row *header);
/* Whether a row has a value that no header has: a date, an amount, a document, an address. */
bool viz_columns_data(const struct viz_row *row);
/* Then names, and roles by name, are dropped; the maps stay. */
void viz_columns_forget(struct viz_columns *columns);
/* Applies the maps. VIZ_ERR_INPUT, with the map in *bad, when its column is not there. The cell of
 * a column that is given by number becomes its name only below a known header. */
int viz_columns_map(struct viz_columns *columns, size_t *bad, const struct viz_row *header,
		    const struct viz_column_map *map, size_t n);

/* A heading for people, as UTF-8; empty when it looks like a value. */
void viz_columns_name(char out[48], const struct viz_field *heading);
/* Whether a column with this heading is not read on purpose. */
bool viz_columns_never(const struct viz_field *heading);

/* Makes destinations of the addresses: for a plain list of addresses. */
void viz_columns_as_destinations(struct viz_columns *columns);

/* Whether the columns have anything to report: a reason, a date or a destination. */
bool viz_columns_usable(const struct viz_columns *columns);
/* Whether some column says where a mover went. */
bool viz_columns_destination(const struct viz_columns *columns);
/* How many columns a row needs at least: up to the first of date, reason and text. Spreadsheets
 * drop empty cells at the end of a row, so missing ones after that are empty. */
size_t viz_columns_needed(const struct viz_columns *columns);
/* The number of columns up to the last that is used. */
size_t viz_columns_used(const struct viz_columns *columns);

#endif
