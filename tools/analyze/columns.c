#include "tools/analyze/columns.h"
#include "tools/analyze/value.h"
#include "tools/text/encoding.h"
#include "tools/text/heading.h"

static const char *const roles[VIZ_ROLES] = {
    [VIZ_ROLE_DATE] = "date",
    [VIZ_ROLE_REASON] = "reason",
    [VIZ_ROLE_DETAIL] = "detail",
    [VIZ_ROLE_VALUE] = "value",
    [VIZ_ROLE_DEST_CEP] = "dest_cep",
    [VIZ_ROLE_DEST_CITY] = "dest_city",
    [VIZ_ROLE_DEST_UF] = "dest_uf",
    [VIZ_ROLE_DEST_IBGE] = "dest_ibge",
    [VIZ_ROLE_DEST_TEXT] = "dest_text",
    [VIZ_ROLE_DEST_NUMBER] = "dest_number",
    [VIZ_ROLE_DEST_LAT] = "dest_lat",
    [VIZ_ROLE_DEST_LON] = "dest_lon",
    [VIZ_ROLE_DEST_POINT] = "dest_point",
    [VIZ_ROLE_CEP] = "cep",
    [VIZ_ROLE_CITY] = "city",
    [VIZ_ROLE_UF] = "uf",
    [VIZ_ROLE_IBGE] = "ibge",
    [VIZ_ROLE_NUMBER] = "number",
    [VIZ_ROLE_LAT] = "lat",
    [VIZ_ROLE_LON] = "lon",
    [VIZ_ROLE_STATUS] = "status",
    [VIZ_ROLE_PLAN] = "plan",
    [VIZ_ROLE_SINCE] = "since",
    [VIZ_ROLE_QUARTER] = "neighbourhood",
    [VIZ_ROLE_DOCUMENT] = "document",
    [VIZ_ROLE_NEVER] = "never",
};

/* More names of roles on the command line. */
static const struct {
	const char *word;
	enum viz_role role;
} words[] = {
    {"data", VIZ_ROLE_DATE},
    {"motivo", VIZ_ROLE_REASON},
    {"obs", VIZ_ROLE_DETAIL},
    {"detalhe", VIZ_ROLE_DETAIL},
    {"valor", VIZ_ROLE_VALUE},
    {"cep_destino", VIZ_ROLE_DEST_CEP},
    {"cidade_destino", VIZ_ROLE_DEST_CITY},
    {"uf_destino", VIZ_ROLE_DEST_UF},
    {"ibge_destino", VIZ_ROLE_DEST_IBGE},
    {"destino", VIZ_ROLE_DEST_TEXT},
    {"numero_destino", VIZ_ROLE_DEST_NUMBER},
    {"lat_destino", VIZ_ROLE_DEST_LAT},
    {"lon_destino", VIZ_ROLE_DEST_LON},
    {"ponto_destino", VIZ_ROLE_DEST_POINT},
    {"cidade", VIZ_ROLE_CITY},
    {"numero", VIZ_ROLE_NUMBER},
    {"situacao", VIZ_ROLE_STATUS},
    {"plano", VIZ_ROLE_PLAN},
    {"ativacao", VIZ_ROLE_SINCE},
    {"bairro", VIZ_ROLE_QUARTER},
    {"documento", VIZ_ROLE_DOCUMENT},
};

const char *viz_columns_role_name(enum viz_role role)
{
	return roles[role];
}

static bool same(const char *a, const char *b, size_t len)
{
	return strlen(a) == len && memcmp(a, b, len) == 0;
}

bool viz_columns_role(enum viz_role *role, const char *name, size_t len)
{
	for (unsigned i = 0; i < VIZ_ROLES; i++) {
		if (same(roles[i], name, len)) {
			*role = (enum viz_role)i;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (same(words[i].word, name, len)) {
			*role = words[i].role;
			return true;
		}
	}
	return false;
}

static bool role_of_header(enum viz_role *role, uint16_t *rank, const struct viz_field *field)
{
	const char *name;

	return viz_heading_role(&name, rank, field->text, field->len, VIZ_HEADING_CANCELLATIONS) &&
	       viz_columns_role(role, name, strlen(name));
}

/* The words of the header as UTF-8 for the report, without anything but letters, digits and "_-./
 * ". A cell that looks like a value is left out: the header may be a row of data. */
static void keep_name(char out[48], const char *text, size_t len)
{
	size_t n = 0;

	viz_value_empty_trim(&text, &len);
	if (viz_value_like(text, len))
		len = 0;
	for (size_t i = 0; i < len && n + 5 < 48;) {
		unsigned char c = (unsigned char)text[i];
		uint32_t cp;
		size_t u = viz_encoding_next(&cp, text + i, len - i);

		if (u == 0 && c >= 0xc0) {
			n += viz_encoding_put(out + n, viz_encoding_windows_1252(c));
		} else if (u == 1 && c >= 0x20 && c != '<' && c != '>' && c != '&' && c != 0x7f) {
			out[n++] = (char)c;
		} else if (u > 1) {
			memcpy(out + n, text + i, u);
			n += u;
		}
		i += u ? u : 1;
	}
	out[n] = 0;
}

void viz_columns_name(char out[48], const struct viz_field *heading)
{
	keep_name(out, heading->text, heading->len);
}

bool viz_columns_never(const struct viz_field *heading)
{
	enum viz_role role;
	uint16_t rank;

	return role_of_header(&role, &rank, heading) && role == VIZ_ROLE_NEVER;
}

static void assign(struct viz_columns *c, enum viz_role role, uint16_t rank, size_t column,
		   const struct viz_field *field)
{
	c->at[role] = (uint16_t)column;
	c->rank[role] = rank;
	keep_name(c->name[role], field->text, field->len);
}

size_t viz_columns_read(struct viz_columns *c, const struct viz_row *header)
{
	size_t found = 0;

	memset(c, 0, sizeof *c);
	c->n = header->n;
	for (unsigned i = 0; i < VIZ_ROLES; i++) {
		c->at[i] = VIZ_COLUMN_NONE;
		c->rank[i] = UINT16_MAX;
	}
	for (size_t i = 0; i < header->n; i++) {
		enum viz_role role;
		uint16_t rank;

		if (!role_of_header(&role, &rank, &header->field[i])) {
			c->unknown++;
			continue;
		}
		if (role == VIZ_ROLE_NEVER) {
			c->never++;
			continue;
		}
		if (rank >= c->rank[role]) {
			c->unknown++;
			continue;
		}
		found += c->at[role] == VIZ_COLUMN_NONE;
		c->unknown += c->at[role] != VIZ_COLUMN_NONE;
		assign(c, role, rank, i, &header->field[i]);
	}
	return found;
}

bool viz_columns_data(const struct viz_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		const char *text = row->field[i].text;
		size_t len = row->field[i].len;

		viz_value_empty_trim(&text, &len);
		if (viz_value_like(text, len))
			return true;
	}
	return false;
}

void viz_columns_forget(struct viz_columns *c)
{
	for (unsigned i = 0; i < VIZ_ROLES; i++)
		if (!c->mapped[i])
			c->at[i] = VIZ_COLUMN_NONE;
	memset(c->name, 0, sizeof c->name);
	c->headless = true;
	c->never = 0;
}

/* The column that a --map names: by number from 1, or by its name. */
static size_t find_column(bool *by_number, const struct viz_row *header, const char *column)
{
	char want[VIZ_HEADING_BYTES], name[VIZ_HEADING_BYTES];
	size_t len = viz_heading_bare(want, sizeof want, column, strlen(column));
	char *end;
	unsigned long number = strtoul(column, &end, 10);

	/* the number first: a cell of a file without a header may be "4" */
	*by_number = *column && *end == 0 && number >= 1 && number <= header->n;
	if (*by_number)
		return number - 1;
	for (size_t i = 0; i < header->n; i++) {
		size_t n = viz_heading_bare(name, sizeof name, header->field[i].text,
					    header->field[i].len);

		if (len > 0 && n == len && memcmp(name, want, len) == 0)
			return i;
	}
	return VIZ_COLUMN_NONE;
}

/* How many columns no role has. */
static size_t unused(const struct viz_columns *c)
{
	size_t used = 0;

	for (unsigned i = 0; i < VIZ_ROLES; i++) {
		bool first = c->at[i] != VIZ_COLUMN_NONE;

		for (unsigned k = 0; k < i; k++)
			first = first && c->at[k] != c->at[i];
		used += first;
	}
	return c->n > used + c->never ? c->n - used - c->never : 0;
}

int viz_columns_map(struct viz_columns *c, size_t *bad, const struct viz_row *header,
		    const struct viz_column_map *map, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool by_number;
		size_t column = find_column(&by_number, header, map[i].column);
		enum viz_role was;
		uint16_t rank;

		if (strcmp(map[i].column, "-") == 0) {
			c->at[map[i].role] = VIZ_COLUMN_NONE;
			c->name[map[i].role][0] = 0;
			c->mapped[map[i].role] = true;
			continue;
		}
		if (column == VIZ_COLUMN_NONE) {
			*bad = i;
			return VIZ_ERR_INPUT;
		}
		/* its name had another role; now --map decides */
		for (unsigned r = 0; r < VIZ_ROLES; r++)
			if (c->at[r] == column && !c->mapped[r])
				c->at[r] = VIZ_COLUMN_NONE;
		if (c->never && role_of_header(&was, &rank, &header->field[column]) &&
		    was == VIZ_ROLE_NEVER)
			c->never--;
		assign(c, map[i].role, 0, column, &header->field[column]);
		if (by_number && (c->headless || map[i].role == VIZ_ROLE_DOCUMENT))
			c->name[map[i].role][0] = 0;
		c->mapped[map[i].role] = true;
	}
	c->unknown = unused(c);
	return 0;
}

void viz_columns_as_destinations(struct viz_columns *c)
{
	static const enum viz_role pair[][2] = {
	    {VIZ_ROLE_CEP, VIZ_ROLE_DEST_CEP},       {VIZ_ROLE_CITY, VIZ_ROLE_DEST_CITY},
	    {VIZ_ROLE_UF, VIZ_ROLE_DEST_UF},         {VIZ_ROLE_IBGE, VIZ_ROLE_DEST_IBGE},
	    {VIZ_ROLE_NUMBER, VIZ_ROLE_DEST_NUMBER}, {VIZ_ROLE_LAT, VIZ_ROLE_DEST_LAT},
	    {VIZ_ROLE_LON, VIZ_ROLE_DEST_LON}};

	if (viz_columns_destination(c))
		return; /* beside it, the other columns are where they moved from */
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		enum viz_role from = pair[i][0], to = pair[i][1];

		if (c->at[to] != VIZ_COLUMN_NONE || c->at[from] == VIZ_COLUMN_NONE)
			continue;
		c->at[to] = c->at[from];
		c->at[from] = VIZ_COLUMN_NONE;
		memcpy(c->name[to], c->name[from], sizeof c->name[to]);
	}
}

bool viz_columns_destination(const struct viz_columns *c)
{
	return c->at[VIZ_ROLE_DEST_CEP] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DEST_CITY] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DEST_IBGE] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DEST_TEXT] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DEST_POINT] != VIZ_COLUMN_NONE ||
	       (c->at[VIZ_ROLE_DEST_LAT] != VIZ_COLUMN_NONE &&
		c->at[VIZ_ROLE_DEST_LON] != VIZ_COLUMN_NONE);
}

bool viz_columns_usable(const struct viz_columns *c)
{
	return c->at[VIZ_ROLE_REASON] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DETAIL] != VIZ_COLUMN_NONE ||
	       c->at[VIZ_ROLE_DATE] != VIZ_COLUMN_NONE || viz_columns_destination(c);
}

size_t viz_columns_needed(const struct viz_columns *c)
{
	static const enum viz_role tell[] = {VIZ_ROLE_DATE, VIZ_ROLE_REASON, VIZ_ROLE_DETAIL};
	size_t needed = SIZE_MAX;

	for (size_t i = 0; i < sizeof tell / sizeof *tell; i++)
		if (c->at[tell[i]] != VIZ_COLUMN_NONE && c->at[tell[i]] < needed)
			needed = c->at[tell[i]] + 1u;
	return needed == SIZE_MAX ? 1 : needed;
}

size_t viz_columns_used(const struct viz_columns *c)
{
	size_t used = 1;

	for (unsigned i = 0; i < VIZ_ROLES; i++)
		if (i != VIZ_ROLE_NEVER && c->at[i] != VIZ_COLUMN_NONE && c->at[i] >= used)
			used = c->at[i] + 1u;
	return used;
}
