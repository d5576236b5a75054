#include "tools/text/table.h"

#include <strings.h>

#include "tools/text/encoding.h"
#include "tools/text/table_internal.h"
#include "tools/text/texts.h"

#define LOOK_BYTES 4096u

/* Half of UTF-16's bytes are zero where the text is Latin. Not every program writes the mark. */
static bool is_utf16(bool *big, const uint8_t *p, size_t len)
{
	size_t look = len < 512 ? len : 512, zero[2] = {0};

	if (len >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
		*big = p[0] == 0xfe;
		return true;
	}
	look -= look % 2;
	for (size_t i = 0; i < look; i++)
		zero[i % 2] += p[i] == 0;
	*big = zero[0] > 0;
	return look >= 8 && (zero[0] == 0 || zero[1] == 0) && (zero[0] + zero[1]) * 4 > look;
}

static size_t skip_blanks(const uint8_t *p, size_t at, size_t len)
{
	while (at < len && (p[at] == ' ' || p[at] == '\t' || p[at] == '\r' || p[at] == '\n'))
		at++;
	return at;
}

static size_t skip_past(const uint8_t *p, size_t at, size_t len, const char *mark)
{
	size_t n = strlen(mark);

	while (at + n <= len && memcmp(p + at, mark, n) != 0)
		at++;
	return at + n <= len ? at + n : len;
}

/* The first element that is no declaration and no comment decides. */
static bool is_html(const uint8_t *p, size_t len)
{
	static const char *const tags[] = {
	    "html", "head",   "meta",    "table", "body",  "style",       "title", "center",  "div",
	    "p",    "font",   "link",    "thead", "tbody", "tr",          "h1",    "h2",      "h3",
	    "b",    "script", "caption", "span",  "form",  "ss:workbook", "br",    "workbook"};
	size_t at = len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, n = 0;

	len = len < LOOK_BYTES ? len : LOOK_BYTES;
	for (;;) {
		at = skip_blanks(p, at, len);
		if (at + 4 > len || p[at] != '<')
			return false;
		if (memcmp(p + at, "<!--", 4) == 0)
			at = skip_past(p, at, len, "-->");
		else if (p[at + 1] == '?' || p[at + 1] == '!')
			at = skip_past(p, at, len, ">");
		else
			break;
	}
	for (at++; at + n < len && strchr(" \t\r\n/>", p[at + n]) == NULL;)
		n++;
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (strlen(tags[i]) == n && strncasecmp(tags[i], (const char *)p + at, n) == 0)
			return true;
	return false;
}

/* OpenDocument 1.2 part 3, section 3.3: the first part, which is stored, is the type. */
static bool is_ods(const uint8_t *p, size_t len)
{
	static const char head[] = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";

	return len >= 30 + sizeof head - 1 && memcmp(p + 30, head, sizeof head - 1) == 0;
}

/* Programs write lines of text before their page. A text that begins with '<' says itself what it
 * is, and in a list of objects a page is a value. */
static bool is_html_later(const uint8_t *p, size_t len)
{
	static const char table[] = "<table";
	size_t at = skip_blanks(p, 0, len);

	len = len < LOOK_BYTES ? len : LOOK_BYTES;
	if (at < len && strchr("<{[", p[at]))
		return false;
	for (; at + sizeof table <= len; at++)
		if (strncasecmp((const char *)p + at, table, sizeof table - 1) == 0 &&
		    strchr(" >\r\n\t", p[at + sizeof table - 1]) && p[at + sizeof table - 1])
			return true;
	return false;
}

enum viz_table_kind viz_table_kind(const uint8_t *bytes, size_t len)
{
	bool big;

	if (len >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return is_ods(bytes, len) ? VIZ_TABLE_ODS : VIZ_TABLE_XLSX;
	if (is_utf16(&big, bytes, len))
		return VIZ_TABLE_UTF16;
	return is_html(bytes, len) || is_html_later(bytes, len) ? VIZ_TABLE_HTML : VIZ_TABLE_NONE;
}

/* A container of OLE ([MS-CFB], section 2.2), or BIFF 2 to 4 without one: their first record. */
bool viz_table_is_xls(const uint8_t *p, size_t len)
{
	if (len >= 4 && memcmp(p, "\xd0\xcf\x11\xe0", 4) == 0)
		return true;
	return len >= 8 && p[0] == 9 && (p[1] == 0 || p[1] == 2 || p[1] == 4) &&
	       (p[2] == 4 || p[2] == 6) && p[3] == 0;
}

const char *viz_table_kind_name(enum viz_table_kind kind)
{
	switch (kind) {
	case VIZ_TABLE_NONE:
		return "text";
	case VIZ_TABLE_XLSX:
		return "xlsx";
	case VIZ_TABLE_ODS:
		return "ods";
	case VIZ_TABLE_HTML:
		return "html";
	case VIZ_TABLE_UTF16:
		return "utf-16";
	}
	return "text";
}

static int fail_at(struct viz_table_error *error, enum viz_table_fault fault, uint64_t line)
{
	*error = (struct viz_table_error){.fault = fault};
	if (line)
		snprintf(error->where, sizeof error->where, "%llu", (unsigned long long)line);
	return VIZ_ERR_INPUT;
}

static uint32_t unit(const uint8_t *p, bool big)
{
	return big ? (uint32_t)(p[0] << 8 | p[1]) : (uint32_t)(p[1] << 8 | p[0]);
}

/* From UTF-16. Half of a pair, or of a character, is the end of a file that is cut; within the text
 * it is damage. */
static int from_utf16(struct table_out *out, struct viz_table_error *error, const uint8_t *p,
		      size_t len)
{
	uint64_t line = 1;
	bool big;
	size_t at = 0;

	is_utf16(&big, p, len);
	if (len >= 2 && unit(p, big) == 0xfeff)
		at = 2;
	for (uint32_t cp; at<len; at += cp> 0xffff ? 4 : 2) {
		char bytes[4];
		int err;

		if (len - at < 2)
			return fail_at(error, VIZ_TABLE_CUT, line);
		cp = unit(p + at, big);
		if (cp >= 0xd800 && cp < 0xdc00) {
			uint32_t low = len - at < 4 ? 0 : unit(p + at + 2, big);

			if (len - at < 4)
				return fail_at(error, VIZ_TABLE_CUT, line);
			if (low < 0xdc00 || low > 0xdfff)
				return fail_at(error, VIZ_TABLE_NOT_UTF16, line);
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
		} else if (cp == 0 || (cp >= 0xdc00 && cp < 0xe000)) {
			return fail_at(error, VIZ_TABLE_NOT_UTF16, line);
		}
		line += cp == '\n';
		err = viz_table_out_bytes(out, bytes, viz_encoding_put(bytes, cp));
		if (err)
			return err == VIZ_ERR_LIMIT ? fail_at(error, VIZ_TABLE_TOO_LARGE, line)
						    : err;
	}
	return 0;
}

static int from_html(struct table_out *out, struct viz_table_sheet *sheet,
		     struct viz_table_error *error, const char *bytes, size_t len)
{
	size_t n;
	char *text = viz_encoding_to_utf8(&n, bytes, len, 1);
	int err = text ? viz_table_html(out, sheet, error, text, n) : VIZ_ERR_NOMEM;

	free(text);
	return err;
}

/* UTF-16 may hold HTML. */
static int read_utf16(struct table_out *out, bool *tabs, struct viz_table_sheet *sheet,
		      struct viz_table_error *error, const uint8_t *bytes, size_t len)
{
	struct table_out plain = {0};
	int err = from_utf16(&plain, error, bytes, len);

	if (!err && viz_table_kind((const uint8_t *)plain.text, plain.len) == VIZ_TABLE_HTML) {
		*tabs = true;
		err = from_html(out, sheet, error, plain.text, plain.len);
		free(plain.text);
		return err;
	}
	*out = plain;
	return err;
}

int viz_table_read(char **text, size_t *text_len, bool *tabs, struct viz_table_sheet *sheet,
		   struct viz_table_error *error, const uint8_t *bytes, size_t len, size_t slack)
{
	struct table_out out = {0};
	char *more;
	int err = 0;

	*error = (struct viz_table_error){0};
	*tabs = false;
	if (len > VIZ_TABLE_FILE_BYTES_MAX)
		return fail_at(error, VIZ_TABLE_TOO_LARGE, 0);
	switch (viz_table_kind(bytes, len)) {
	case VIZ_TABLE_NONE:
		VIZ_REQUIRE(false);
		break;
	case VIZ_TABLE_XLSX:
		*tabs = true;
		err = viz_table_xlsx(&out, sheet, error, bytes, len);
		break;
	case VIZ_TABLE_ODS:
		*tabs = true;
		err = viz_table_ods(&out, sheet, error, bytes, len);
		break;
	case VIZ_TABLE_HTML:
		*tabs = true;
		err = from_html(&out, sheet, error, (const char *)bytes, len);
		break;
	case VIZ_TABLE_UTF16:
		err = read_utf16(&out, tabs, sheet, error, bytes, len);
		break;
	}
	more = err ? NULL : realloc(out.text, out.len + slack + 1);
	if (!more) {
		free(out.text);
		return err ? err : VIZ_ERR_NOMEM;
	}
	*text = more;
	*text_len = out.len;
	return 0;
}

void viz_table_explain(char *out, size_t max, const struct viz_table_error *error,
		       enum viz_lang lang)
{
	snprintf(out, max, "%s%s%s", error->where, error->where[0] ? ": " : "",
		 viz_table_text_texts[VIZ_TABLE_TEXT_FAULT_SOUND + (int)error->fault][lang]);
}

_Static_assert((int)VIZ_TABLE_TEXT_FAULT_NO_SHEET - (int)VIZ_TABLE_TEXT_FAULT_SOUND ==
		   (int)VIZ_TABLE_NO_SHEET,
	       "each fault has a text");
