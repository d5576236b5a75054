/* Workbooks, pages and UTF-16 as delimited text, and files that lie. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <zlib.h>

#include "tools/text/rows.h"
#include "tools/text/table.h"

static uint8_t file[1 << 20];
static size_t file_n;
static char *text;
static bool tabs;
static struct viz_table_sheet choice;
static struct viz_table_error error;

static int read_file(void)
{
	size_t n;
	int err;

	text = NULL;
	choice = (struct viz_table_sheet){.want = choice.want};
	err = viz_table_read(&text, &n, &tabs, &choice, &error, file, file_n, 1);
	if (err == 0)
		text[n] = '\0';
	return err;
}

static void gives(const char *want)
{
	char why[256];

	if (read_file() != 0) {
		viz_table_explain(why, sizeof why, &error, VIZ_LANG_EN);
		fail_msg("%s", why);
	}
	assert_string_equal(text, want);
	free(text);
}

static void fails(enum viz_table_fault fault, const char *where)
{
	assert_int_equal(read_file(), VIZ_ERR_INPUT);
	if (error.fault != fault || strcmp(error.where, where) != 0)
		fail_msg("%d at \"%s\"", error.fault, error.where);
}

static void page(const char *html)
{
	file_n = strlen(html);
	memcpy(file, html, file_n);
	assert_int_equal(viz_table_kind(file, file_n), VIZ_TABLE_HTML);
}

static void put16(size_t at, uint32_t v)
{
	file[at] = (uint8_t)v;
	file[at + 1] = (uint8_t)(v >> 8);
}

static void put32(size_t at, uint32_t v)
{
	put16(at, v & 0xffff);
	put16(at + 2, v >> 16);
}

struct part {
	const char *name, *text;
	size_t len; /* 0: of a string */
};

/* Makes a zip archive of deflated parts. The directory claims `claim` bytes for the last one, where
 * that is not 0. */
static void zip(const struct part *parts, size_t n, uint32_t claim)
{
	struct {
		uint32_t at, packed, size, crc;
	} e[8];
	size_t at = 0, central;

	memset(file, 0, sizeof file);
	for (size_t i = 0; i < n; i++) {
		size_t len = parts[i].len ? parts[i].len : strlen(parts[i].text);
		size_t name = strlen(parts[i].name);
		uint8_t *in = malloc(len + 1);
		z_stream z = {0};

		assert_non_null(in);
		memcpy(in, parts[i].text, len);
		e[i].at = (uint32_t)at;
		e[i].size = (uint32_t)len;
		e[i].crc = (uint32_t)crc32(0, in, (uInt)len);
		memcpy(file + at, "PK\3\4", 4);
		put16(at + 8, 8);
		put16(at + 26, (uint32_t)name);
		memcpy(file + at + 30, parts[i].name, name);
		at += 30 + name;
		assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
				 Z_OK);
		z.next_in = in;
		z.avail_in = (uInt)len;
		z.next_out = file + at;
		z.avail_out = (uInt)(sizeof file - at);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		e[i].packed = (uint32_t)z.total_out;
		at += z.total_out;
		deflateEnd(&z);
		free(in);
	}
	central = at;
	for (size_t i = 0; i < n; i++) {
		size_t name = strlen(parts[i].name);

		memcpy(file + at, "PK\1\2", 4);
		put16(at + 10, 8);
		put32(at + 16, e[i].crc);
		put32(at + 20, e[i].packed);
		put32(at + 24, i + 1 == n && claim ? claim : e[i].size);
		put16(at + 28, (uint32_t)name);
		put32(at + 42, e[i].at);
		memcpy(file + at + 46, parts[i].name, name);
		at += 46 + name;
	}
	memcpy(file + at, "PK\5\6", 4);
	put16(at + 10, (uint32_t)n);
	put32(at + 16, (uint32_t)central);
	file_n = at + 22;
}

#define RELATION(id, type, target)                                                                 \
	"<Relationship Id=\"" id "\" Type=\"http://schemas.openxmlformats.org/officeDocument/"     \
	"2006/relationships/" type "\" Target=\"" target "\"/>"
#define BOOK                                                                                       \
	"<workbook xmlns:r=\"r\"><sheets><sheet name=\"Oculta\" r:id=\"rId9\" state=\"hidden\"/>"  \
	"<sheet name=\"Plan1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
#define RELATIONS                                                                                  \
	"<Relationships>" RELATION("rId1", "worksheet", "worksheets/sheet1.xml")                   \
	    RELATION("rId2", "sharedStrings", "/xl/sharedStrings.xml")                             \
		RELATION("rId3", "styles", "styles.xml") "</Relationships>"
#define STRINGS                                                                                    \
	"<sst><si><t>Motivo</t></si><si><r><t>Mudan\xc3\xa7"                                       \
	"a de </t></r><r><t>\"casa\"</t></r><rPh><t>x</t></rPh></si></sst>"
#define STYLES                                                                                     \
	"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-416]d&quot; de "            \
	"&quot;mmmm\"/><numFmt numFmtId=\"165\" formatCode=\"&quot;dia &quot;0.00\"/></numFmts>"   \
	"<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"          \
	"<xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>"

static void workbook(const char *sheet)
{
	const struct part parts[] = {{"xl/workbook.xml", BOOK, 0},
				     {"xl/_rels/workbook.xml.rels", RELATIONS, 0},
				     {"xl/sharedStrings.xml", STRINGS, 0},
				     {"xl/styles.xml", STYLES, 0},
				     {"xl/worksheets/sheet1.xml", sheet, 0}};

	zip(parts, 5, 0);
	assert_int_equal(viz_table_kind(file, file_n), VIZ_TABLE_XLSX);
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void workbooks(void **state)
{
	(void)state;
	workbook(
	    SHEET("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\">"
		  "<is><t>a&#10;b\tc</t></is></c></row>"
		  "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>1</v></c><c r=\"B4\" s=\"1\"><v>45362"
		  "</v></c><c r=\"C4\" s=\"2\"><v>45362.72529</v></c><c r=\"D4\" s=\"3\"><v>"
		  "45362</v></c><c r=\"E4\"><v>99.900000000000006</v></c><c r=\"F4\"><v>1234.567"
		  "</v></c><c t=\"b\"><v>1</v></c><c t=\"str\"><v>=A1</v></c></row>"));
	gives("\nMotivo\t\ta b c\n\n\"Mudan\xc3\xa7"
	      "a de \"\"casa\"\"\"\t2024-03-11\t2024-03-11 17:24:25\t45362\t99.9\t1234.5670\t1\t"
	      "=A1");
	assert_true(tabs);
}

/* Of several sheets the one with the most cells, whatever their order. */
static void sheets(void **state)
{
	const struct part parts[] = {
	    {"xl/workbook.xml",
	     "<x:workbook xmlns:x=\"x\" xmlns:r=\"r\"><x:workbookPr date1904=\"1\"/><x:sheets>"
	     "<x:sheet name=\"Capa\" r:id=\"a\"/><x:sheet name=\"Dados\" r:id=\"b\"/><x:sheet "
	     "name=\"Notas\" r:id=\"c\"/></x:sheets></x:workbook>",
	     0},
	    {"xl/_rels/workbook.xml.rels",
	     "<Relationships>" RELATION("a", "worksheet", "a.xml")
		 RELATION("b", "worksheet", "b.xml") RELATION("c", "worksheet", "a.xml")
		     RELATION("d", "styles", "styles.xml") "</Relationships>",
	     0},
	    {"xl/a.xml", SHEET("<row><c><v>1</v></c></row>"), 0},
	    {"xl/b.xml", SHEET("<row><c s=\"1\"><v>43900</v></c><c><v>2</v></c></row>"), 0},
	    {"xl/styles.xml", STYLES, 0}};

	(void)state;
	zip(parts, 5, 0);
	gives("2024-03-11\t2");
}

#define HEADER  "<row><c t=\"str\"><v>Data Cancelamento</v></c><c t=\"str\"><v>Motivo</v></c></row>"
#define DATA(n) "<row><c><v>" n "</v></c><c><v>" n "</v></c></row>"

/* The table is the sheet with a header, however many cells another one has. */
static void the_sheet_with_a_header(void **state)
{
	const struct part parts[] = {
	    {"xl/workbook.xml",
	     "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Resumo do m\xc3\xaas\" r:id=\"a\"/>"
	     "<sheet name=\"Ativos\" r:id=\"b\"/><sheet name=\"Cancelados\" r:id=\"c\"/></sheets>"
	     "</workbook>",
	     0},
	    {"xl/_rels/workbook.xml.rels",
	     "<Relationships>" RELATION("a", "worksheet", "a.xml") RELATION(
		 "b", "worksheet", "b.xml") RELATION("c", "worksheet", "c.xml") "</Relationships>",
	     0},
	    {"xl/a.xml", SHEET(DATA("1") DATA("2") DATA("3") DATA("4") DATA("5")), 0},
	    {"xl/b.xml", SHEET(HEADER DATA("6") DATA("7")), 0},
	    {"xl/c.xml", SHEET(HEADER DATA("8")), 0}};

	(void)state;
	zip(parts, 5, 0);
	gives("Data Cancelamento\tMotivo\n8\t8");
	assert_string_equal(choice.name, "Cancelados");
	assert_int_equal(choice.of, 3);
	choice.want = "ATIVOS";
	gives("Data Cancelamento\tMotivo\n6\t6\n7\t7");
	choice.want = "1";
	gives("1\t1\n2\t2\n3\t3\n4\t4\n5\t5");
	assert_string_equal(choice.name, "Resumo do m\xc3\xaas");
	choice.want = "Clientes";
	fails(VIZ_TABLE_NO_SHEET, "Resumo do m\xc3\xaas, Ativos, Cancelados");
	choice.want = NULL;
	/* the XML of Excel 2003 has sheets too */
	page("<?xml version=\"1.0\"?><Workbook><Worksheet ss:Name=\"Capa\"><Table><Row><Cell><Data>"
	     "a</Data></Cell><Cell><Data>b</Data></Cell><Cell><Data>c</Data></Cell></Row></Table>"
	     "</Worksheet><Worksheet ss:Name=\"Dados\"><Table><Row><Cell><Data>Motivo</Data></Cell>"
	     "</Row></Table></Worksheet></Workbook>");
	gives("Motivo");
	assert_string_equal(choice.name, "Dados");
}

#define ODS(body)                                                                                  \
	"<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" "          \
	"xmlns:style=\"s\"><office:automatic-styles><style:style style:name=\"ta2\">"              \
	"<style:table-properties table:display=\"false\"/></style:style>"                          \
	"</office:automatic-styles><office:body><office:spreadsheet>" body                         \
	"</office:spreadsheet></office:body></office:document-content>"
#define CELL(text) "<table:table-cell><text:p>" text "</text:p></table:table-cell>"

static void ods(const char *content, const char *manifest)
{
	const struct part parts[] = {{"content.xml", content, 0},
				     {"META-INF/manifest.xml", manifest, 0}};

	zip(parts, 2, 0);
}

/* Spreadsheets of LibreOffice. */
static void open_documents(void **state)
{
	static const uint8_t head[] =
	    "PK\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0mimetypeapplication/"
	    "vnd.oasis.opendocument.spreadsheetPK";

	(void)state;
	assert_int_equal(viz_table_kind(head, sizeof head), VIZ_TABLE_ODS);
	ods(ODS("<table:table table:name=\"Capa\">"
		"<table:table-row>" CELL("a") CELL("b") CELL("c") CELL(
		    "d") "</table:table-row>"
			 "</table:table><table:table table:name=\"Oculta\" "
			 "table:style-name=\"ta2\">"
			 "<table:table-row>" CELL("Data") CELL("Motivo") CELL(
			     "Valor") "</table:table-row>"
				      "</table:table><table:table table:name=\"Dados\">"
				      "<table:table-row "
				      "table:number-rows-repeated=\"2\"><table:table-cell "
				      "table:number-columns-repeated=\"1024\"/></table:table-row>"
				      "<table:table-row>" CELL(
					  "Data") "<table:table-cell table:number-columns-repeated="
						  "\"2\"/>" CELL(
						      "Motivo") "</table:table-row>"
								"<table:table-row "
								"table:number-rows-repeated=\"2\"><"
								"table:table-cell "
								"office:value-type=\"date\" "
								"office:date-value=\"2024-03-11T17:"
								"24:25\"><text:p>11/03/24"
								"</text:p></"
								"table:table-cell><table:table-"
								"cell "
								"office:value-type=\"currency\" "
								"office:value=\"99."
								"900000000000006\"><text:p>R$ "
								"99,90</text:p></table:table-cell>"
								"<table:covered-table-cell/"
								"><table:table-cell><office:"
								"annotation><text:p>nota"
								"</text:p></"
								"office:annotation><text:p>Mudou<"
								"text:s/>de</text:p><text:p>casa</"
								"text:p>"
								"</table:table-cell></"
								"table:table-row>"
								"<table:table-row "
								"table:number-rows-repeated="
								"\"1048570\"><table:table-cell "
								"table:number-columns-repeated="
								"\"1024\"/></table:table-row></"
								"table:table>"),
	    "<manifest/>");
	gives("\n\nData\t\t\tMotivo\n2024-03-11 17:24:25\t99.9\t\tMudou de casa\n"
	      "2024-03-11 17:24:25\t99.9\t\tMudou de casa");
	assert_true(tabs);
	assert_string_equal(choice.name, "Dados");
	assert_int_equal(choice.of, 2);
	/* what is not there, locked, or too much */
	ods(ODS(""), "<manifest/>");
	fails(VIZ_TABLE_NO_WORKBOOK, "");
	ods("\x8f\x01secret", "<manifest><file-entry><encryption-data/></file-entry></manifest>");
	fails(VIZ_TABLE_ENCRYPTED, "");
	ods(ODS("<table:table table:name=\"A\"><table:table-row><table:table-cell "
		"table:number-columns-repeated=\"513\"><text:p>x</text:p></table:table-cell>"
		"</table:table-row></table:table>"),
	    "<manifest/>");
	fails(VIZ_TABLE_TOO_MANY_COLUMNS, "A!A1");
	ods(ODS("<table:table table:name=\"A\"><table:table-row table:number-rows-repeated="
		"\"99999999\">" CELL("x") "</table:table-row></table:table>"),
	    "<manifest/>");
	fails(VIZ_TABLE_TOO_LARGE, "A!B1");
	ods("<office:document-content><table:table>", "<manifest/>");
	fails(VIZ_TABLE_SYNTAX, "content.xml:1:39");
}

static void workbooks_that_lie(void **state)
{
	static char big[200000];
	const struct part other[] = {{"word/document.xml", "<w/>", 0}};
	size_t at;

	(void)state;
	zip(other, 1, 0);
	fails(VIZ_TABLE_NO_WORKBOOK, "");
	workbook(SHEET("<row r=\"2\"><c r=\"B2\" t=\"s\"><v>7</v></c></row>"));
	fails(VIZ_TABLE_NO_STRING, "Plan1!B2");
	workbook(SHEET("<row r=\"3\"/><row r=\"2\"/>"));
	fails(VIZ_TABLE_SYNTAX, "xl/worksheets/sheet1.xml:1:35");
	workbook(SHEET("<row r=\"9999999\"/>"));
	fails(VIZ_TABLE_SYNTAX, "xl/worksheets/sheet1.xml:1:23");
	workbook(SHEET("<row><c r=\"B1\"/><c r=\"A1\"/></row>"));
	fails(VIZ_TABLE_SYNTAX, "xl/worksheets/sheet1.xml:1:39");
	workbook(SHEET("<row><c r=\"ZZ1\"><v>1</v></c></row>"));
	fails(VIZ_TABLE_TOO_MANY_COLUMNS, "Plan1!ZZ1");
	workbook("<worksheet>\n<sheetData><row>");
	fails(VIZ_TABLE_SYNTAX, "xl/worksheets/sheet1.xml:2:17");
	workbook("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" SHEET(
	    "<row><c><v>&b;</v></c></row>"));
	fails(VIZ_TABLE_DOCTYPE, "xl/worksheets/sheet1.xml:1:13");
	at = (size_t)sprintf(big, "<worksheet><sheetData><row><c t=\"str\"><v>");
	memset(big + at, 'a', 150000);
	strcpy(big + at + 150000, "</v></c></row></sheetData></worksheet>");
	workbook(big);
	fails(VIZ_TABLE_CELL_TOO_LONG, "Plan1!A1");
	workbook(SHEET("<row><c><v>1</v></c></row>"));
	for (size_t n = file_n, cut = 4; cut < n; cut += 11) {
		file_n = cut;
		assert_int_equal(read_file(), VIZ_ERR_INPUT);
	}
}

#define BLANKS (60u << 20)

/* 60 KiB of a file become 60 MiB of blanks within an element, ten times: the limit is for all. */
static void bombs(void **state)
{
	static char blanks[BLANKS + 64];
	const size_t len = BLANKS;
	char book[2000];
	size_t at;

	(void)state;
	at = (size_t)sprintf(book, "<workbook xmlns:r=\"r\"><sheets>");
	for (int i = 0; i < 10; i++)
		at += (size_t)sprintf(book + at, "<sheet name=\"%d\" r:id=\"rId1\"/>", i);
	sprintf(book + at, "</sheets></workbook>");
	at = (size_t)sprintf(blanks, "<worksheet>");
	memset(blanks + at, ' ', len);
	sprintf(blanks + at + len, "</worksheet>");
	zip((const struct part[]){{"xl/workbook.xml", book, 0},
				  {"xl/_rels/workbook.xml.rels", RELATIONS, 0},
				  {"xl/worksheets/sheet1.xml", blanks, at + len + 12}},
	    3, 0);
	fails(VIZ_TABLE_TOO_LARGE, "xl/worksheets/sheet1.xml");
	/* the directory says less than there is */
	zip((const struct part[]){{"xl/workbook.xml", BOOK, 0},
				  {"xl/_rels/workbook.xml.rels", RELATIONS, 0},
				  {"xl/worksheets/sheet1.xml", blanks, 1 << 20}},
	    3, 100);
	fails(VIZ_TABLE_DAMAGED, "xl/worksheets/sheet1.xml");
}

static void pages(void **state)
{
	(void)state;
	page("<html><head><title>x</title><style>td { color: red }</style></head><body>\n"
	     "<!-- <td>no</td> --><table border=1><tr><th colspan='2'>Cancelamentos</th></tr>\n"
	     "<TR><TD>C&oacute;digo<TD>Motivo &amp; \"causa\"<td>R$&nbsp;99,90\n"
	     "<tr><td rowspan=2>1<br>2</td><td>Mudan&#231;a<td>&#xE9; &x; a &lt; b < c</tr>"
	     "<tr><td>x</td></tr></table></body></html>");
	gives("Cancelamentos\nC\xc3\xb3"
	      "digo\t\"Motivo & \"\"causa\"\"\"\tR$ 99,90\n1 2\tMudan\xc3\xa7"
	      "a\t\xc3\xa9 &x; a < b < c\n\tx");
	assert_true(tabs);
	/* Windows-1252, and a table that stands in one for the layout */
	page("<TABLE><TR><TD>menu<TABLE><TR><TD>Mudan\xe7"
	     "a</TD><TD>2</TD></TR></TABLE></TD></TR></TABLE>");
	gives("\nMudan\xc3\xa7"
	      "a\t2");
	/* a program writes lines before its page */
	page("Relat\xf3rio de cancelamentos\n<TABLE border=1><tr><td>a</td></tr></TABLE>");
	gives("a");
	/* the XML of Excel 2003 */
	page(
	    "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n"
	    "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table>"
	    "<Row><Cell><Data ss:Type=\"String\">a</Data></Cell><Cell ss:Index=\"4\"><Data>d</Data>"
	    "</Cell></Row></Table></Worksheet></Workbook>");
	gives("a\t\t\td");
}

static void pages_that_lie(void **state)
{
	static char big[200000];

	(void)state;
	page("<html><body>Sess\xe3o expirada</body></html>");
	fails(VIZ_TABLE_NO_TABLE, "");
	page("<table>\n<tr><td>a</td>\n<td>b");
	fails(VIZ_TABLE_CUT, "3");
	page("<table>\n<tr><td>a</td>\n<td class=\"x");
	fails(VIZ_TABLE_CUT, "3");
	page("<table><tr><td>a</td></tr><!-- ");
	fails(VIZ_TABLE_CUT, "1");
	strcpy(big, "<table>\n<td>");
	memset(big + 12, 'a', 150000);
	page(big);
	fails(VIZ_TABLE_CELL_TOO_LONG, "2");
	/* a million columns are named and not there */
	page("<table><tr><td colspan=99999>a<td>b</table>");
	fails(VIZ_TABLE_TOO_MANY_COLUMNS, "1");
}

static void utf16(const char *bytes, size_t n)
{
	memcpy(file, bytes, n);
	file_n = n;
	assert_int_equal(viz_table_kind(file, file_n), VIZ_TABLE_UTF16);
}

static void texts_in_utf16(void **state)
{
	(void)state;
	utf16("\xff\xfe"
	      "a\0;\0\xe7\0\r\0\n\0\x3d\xd8\x00\xde",
	      16);
	gives("a;\xc3\xa7\r\n\xf0\x9f\x98\x80");
	assert_false(tabs);
	utf16("\xfe\xff\0a\0\t\0b", 8);
	gives("a\tb");
	utf16("d\0a\0t\0a\0;\0b\0", 12); /* without a mark */
	gives("data;b");
	utf16("\xff\xfe"
	      "a\0\n\0b",
	      7);
	fails(VIZ_TABLE_CUT, "2");
	utf16("\xff\xfe"
	      "a\0\n\0\0\xd8"
	      "b\0",
	      10);
	fails(VIZ_TABLE_NOT_UTF16, "2");
	/* a page in UTF-16 */
	utf16("\xff\xfe<\0t\0a\0b\0l\0e\0>\0<\0t\0d\0>\0a\0<\0/\0t\0d\0>\0", 36);
	gives("a");
}

/* Rows come from them as from any other file. */
static void rows_of_tables(void **state)
{
	struct viz_rows r;
	struct viz_row *row = malloc(sizeof *row);

	(void)state;
	assert_non_null(row);
	page("<table><tr><td>a;b</td><td>c</td></tr><tr></tr><tr><td>\"d\"</td></tr></table>");
	assert_int_equal(viz_rows_open_bytes(&r, (const char *)file, file_n, NULL), 0);
	viz_rows_guess_delimiter(&r);
	assert_int_equal(viz_rows_next(&r, row), 1);
	viz_rows_strings(&r, row);
	assert_int_equal(row->n, 2);
	assert_string_equal(row->field[0].text, "a;b");
	assert_int_equal(viz_rows_next(&r, row), 1);
	assert_int_equal(row->line, 3); /* the third row of the table */
	viz_rows_strings(&r, row);
	assert_string_equal(row->field[0].text, "\"d\"");
	assert_int_equal(viz_rows_next(&r, row), 0);
	viz_rows_close(&r);
	free(row);
}

static void no_other_files(void **state)
{
	static const char *const others[] = {
	    "data;motivo\n", "<kml><Document/></kml>",      "{\"a\":1}",    "",
	    "a < b;c\n",     "<?xml version='1.0'?><kml/>", "a;<tablet>\n", "{\"a\":\"<table>\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(viz_table_kind((const uint8_t *)others[i], strlen(others[i])),
				 VIZ_TABLE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(workbooks),
	    cmocka_unit_test(sheets),
	    cmocka_unit_test(the_sheet_with_a_header),
	    cmocka_unit_test(open_documents),
	    cmocka_unit_test(workbooks_that_lie),
	    cmocka_unit_test(bombs),
	    cmocka_unit_test(pages),
	    cmocka_unit_test(pages_that_lie),
	    cmocka_unit_test(texts_in_utf16),
	    cmocka_unit_test(rows_of_tables),
	    cmocka_unit_test(no_other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
