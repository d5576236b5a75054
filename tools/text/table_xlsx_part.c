#include "tools/text/table_xlsx.h"

#include "tools/text/encoding.h"
#include "tools/text/zip.h"

static const char *bare_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *viz_table_xlsx_part_attribute(const XML_Char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(bare_name(attributes[i]), name) == 0)
			return attributes[i + 1];
	return NULL;
}

bool viz_table_xlsx_part_in(const struct xlsx_part *p, const char *name)
{
	for (unsigned i = 0; i < p->depth; i++)
		if (strcmp(p->name[i], name) == 0)
			return true;
	return false;
}

void viz_table_xlsx_part_fail(struct xlsx_part *p, enum viz_table_fault fault, const char *where)
{
	struct viz_table_error *e = p->x->error;

	if (p->err)
		return;
	p->err = VIZ_ERR_INPUT;
	e->fault = fault;
	if (where)
		snprintf(e->where, sizeof e->where, "%s", where);
	else
		snprintf(e->where, sizeof e->where, "%.60s:%lu:%lu", p->path,
			 (unsigned long)XML_GetCurrentLineNumber(p->xml),
			 (unsigned long)XML_GetCurrentColumnNumber(p->xml) + 1);
	XML_StopParser(p->xml, XML_FALSE);
}

static void XMLCALL on_start(void *data, const XML_Char *element, const XML_Char **attributes)
{
	struct xlsx_part *p = data;

	if (p->err)
		return;
	if (p->depth == XLSX_DEPTH_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_SYNTAX, NULL);
		return;
	}
	snprintf(p->name[p->depth++], XLSX_NAME_BYTES, "%s", bare_name(element));
	if (p->start)
		p->start(p, p->name[p->depth - 1], attributes);
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
	struct xlsx_part *p = data;

	if (!p->err && p->text)
		p->text(p, text, (size_t)len);
}

static void XMLCALL on_end(void *data, const XML_Char *element)
{
	struct xlsx_part *p = data;

	(void)element;
	if (p->err)
		return;
	if (p->end)
		p->end(p, p->name[p->depth - 1]);
	p->depth--;
}

/* No program writes a document type into a workbook. Its entities could fill the memory. */
static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	viz_table_xlsx_part_fail(data, VIZ_TABLE_DOCTYPE, NULL);
}

static int parse_piece(void *to, const uint8_t *piece, size_t n)
{
	struct xlsx_part *p = to;

	if (XML_Parse(p->xml, (const char *)piece, (int)n, 0) != XML_STATUS_OK && !p->err) {
		if (XML_GetErrorCode(p->xml) == XML_ERROR_NO_MEMORY)
			p->err = VIZ_ERR_NOMEM;
		else
			viz_table_xlsx_part_fail(p, VIZ_TABLE_SYNTAX, NULL);
	}
	return p->err;
}

static int read_entry(struct xlsx *x, struct xlsx_part *p, const struct viz_zip_entry *entry)
{
	int err;

	if (viz_zip_is_encrypted(entry)) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_ENCRYPTED, p->path);
		return p->err;
	}
	err = viz_zip_read(entry, x->bytes, x->len, &x->budget, parse_piece, p);
	if (!p->err && err == VIZ_ERR_INPUT)
		viz_table_xlsx_part_fail(p, VIZ_TABLE_DAMAGED, p->path);
	if (!p->err && err == VIZ_ERR_LIMIT)
		viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, p->path);
	if (!p->err && !err && XML_Parse(p->xml, "", 0, 1) != XML_STATUS_OK)
		viz_table_xlsx_part_fail(p, VIZ_TABLE_SYNTAX, NULL);
	return p->err ? p->err : err;
}

int viz_table_xlsx_part(struct xlsx *x, struct xlsx_part *p, const char *path)
{
	struct viz_zip_entry entry;
	int err;

	if (viz_zip_find(&entry, x->bytes, x->len, path) != 0)
		return VIZ_ERR_ABSENT;
	p->x = x;
	p->path = path;
	p->xml = XML_ParserCreate(NULL);
	if (!p->xml)
		return VIZ_ERR_NOMEM;
	XML_SetUserData(p->xml, p);
	XML_SetElementHandler(p->xml, on_start, on_end);
	XML_SetCharacterDataHandler(p->xml, on_text);
	XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
	err = read_entry(x, p, &entry);
	XML_ParserFree(p->xml);
	return err;
}
