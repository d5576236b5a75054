/* The files for people, and verify.sh. The latter has a line for each thing to check, and the hash
 * of each file before it. The first lines hold the hash of the rest of itself. */
#include <ctype.h>

#include "crypto/hash.h"
#include "proto/base.h"
#include "proto/trust.h"
#include "tools/vizinho/evidence_draft.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/wrap.h"

#define PAGE_PART_MAX 8192
#define PAGE_COLUMNS  78

/* A text that grows. */
struct text {
	char *p; /* owned */
	size_t len;
};

static __attribute__((format(printf, 2, 3))) void say(struct text *t, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	VIZ_REQUIRE(n >= 0);
	t->p = realloc(t->p, t->len + (size_t)n + 1);
	VIZ_REQUIRE(t->p);
	vsnprintf(t->p + t->len, (size_t)n + 1, format, again);
	t->len += (size_t)n;
	va_end(again);
	va_end(args);
}

static const char language[] =
    "case ${LC_ALL:-${LC_MESSAGES:-$LANG}} in pt*) pt=1 ;; *) pt= ;; esac\n"
    "# Checks the folder with b2sum, openssl, od, cmp and dd. Says what does not fit, and ends "
    "with 1.\n"
    "LC_ALL=C\n"
    "export LC_ALL\n"
    "cd \"$(dirname \"$0\")\" || exit 1\n";

static const char functions[] =
    "[ \"$(dd if=verify.sh bs=1 count=10 2>/dev/null)\" = '#!/bin/sh' ] || no verify.sh\n"
    "own=$(dd if=verify.sh bs=1 skip=79 2>/dev/null | b2sum -l 256) || no verify.sh\n"
    "[ \"${own%% *}\" = \"$sum\" ] || no verify.sh\n"
    "hash() {\n"
    "\tis=$(b2sum -l 256 2>/dev/null <\"$1\") || no \"$1\"\n"
    "\t[ \"${is%% *}\" = \"$2\" ] || no \"$1\"\n"
    "}\n"
    "id() {\n"
    "\thash \"$1.input\" \"$2\"\n"
    "\tis=$(od -An -v -tx1 2>/dev/null <\"$1.id\") || no \"$1.id\"\n"
    "\tall=\n"
    "\tfor byte in $is; do all=$all$byte; done\n"
    "\t[ \"$all\" = \"$2\" ] || no \"$1.id\"\n"
    "}\n"
    "signature() {\n"
    "\topenssl pkeyutl -verify -pubin -inkey \"$2\" -rawin -in \"$1.id\" -sigfile \"$1.sig\" \\\n"
    "\t\t>/dev/null 2>&1 || no \"$1.sig\"\n"
    "}\n"
    "part() {\n"
    "\tcase $1 in\n"
    "\t*.pem) openssl pkey -pubin -in \"$1\" -outform DER | od -An -v -tx1 -j \"$2\" -N \"$3\" ;;\n"
    "\t*) od -An -v -tx1 -j \"$2\" -N \"$3\" \"$1\" ;;\n"
    "\tesac 2>/dev/null\n"
    "}\n"
    "equal() { [ \"$(part \"$1\" \"$2\" \"$5\")\" = \"$(part \"$3\" \"$4\" \"$5\")\" ] || no "
    "\"$1\"; }\n"
    "differ() { [ \"$(part \"$1\" \"$2\" \"$5\")\" != \"$(part \"$3\" \"$4\" \"$5\")\" ] || no "
    "\"$1\"; }\n"
    "less() {\n"
    "\ta= b=\n"
    "\tfor byte in $(part \"$1\" \"$2\" \"$3\"); do a=$a$byte; done\n"
    "\tfor byte in $(part \"$4\" \"$5\" \"$6\"); do b=$b$byte; done\n"
    "\t[ $((0x$a)) -lt $((0x$b)) ] || no \"$1\"\n"
    "}\n";

/* A command that says this text in the reader's language, and then `more` of the shell. */
static void say_command(struct text *t, enum viz_msg id, const char *more)
{
	const char *pt = viz_msg(VIZ_LANG_PT, id), *en = viz_msg(VIZ_LANG_EN, id);

	VIZ_REQUIRE(!strpbrk(pt, "'\\%") && !strpbrk(en, "'\\%"));
	say(t, "if [ \"$pt\" ]; then echo '%s'%s; else echo '%s'%s; fi\n", pt, more, en, more);
}

static void check_files(struct text *t, const struct viz_evidence_folder *f, bool replies)
{
	say(t,
	    "for file in * .[!.]* r/* r/.[!.]* h/* h/.[!.]* k/* k/.[!.]*%s; do\n"
	    "\t[ -e \"$file\" ] || [ -L \"$file\" ] || continue\n"
	    "\tcase $file in\n"
	    "\tr | h | k%s) [ -d \"$file\" ] && [ ! -L \"$file\" ] || no \"$file\" ;;\n"
	    "\tverify.sh) ;;\n",
	    replies ? " reply/* reply/.[!.]*" : "", replies ? " | reply" : "");
	for (size_t i = 0; i < f->count; i++)
		say(t, "\t%s) ;;\n", f->file[i].name);
	say(t, "\t*) no \"$file\" ;;\n"
	       "\tesac\n"
	       "done\n");
	for (size_t i = 0; i < f->count; i++) {
		struct viz_id sum;
		char hex[65];

		viz_hash_plain(&sum, f->file[i].bytes, f->file[i].len);
		viz_hex(hex, sum.b, sizeof sum.b);
		say(t, "hash %s %s\n", f->file[i].name, hex);
	}
}

static void check_signatures(struct text *t, const char *folder, const json_t *records)
{
	const json_t *value;
	size_t i;

	json_array_foreach(records, i, value)
	{
		say(t, "id %s/%02u %s\n", folder, (unsigned)(i + 1),
		    json_string_value(json_object_get(value, "id")));
		say(t, "signature %s/%02u %s\n", folder, (unsigned)(i + 1),
		    json_string_value(json_object_get(value, "key")));
	}
}

/* The lines for the ids and signatures of h/, r/ and reply/. */
static void check_ids(struct text *t, const struct viz_evidence_draft *b)
{
	json_t *value;
	size_t i;

	json_array_foreach(b->hashes, i, value)
	    say(t, "id h/%02u %s\n", (unsigned)(i + 1),
		json_string_value(json_object_get(value, "id")));
	check_signatures(t, "r", b->records);
	check_signatures(t, "reply", b->replies);
}

static void check_places(struct text *t, const struct viz_evidence_draft *b)
{
	static const char *const names[] = {"equal", "differ", "less"};

	for (size_t i = 0; i < b->comparison_count; i++) {
		const struct viz_evidence_comparison *c = &b->comparison[i];

		say(t, "%s %s %zu ", names[c->relation], c->a.file, c->a.offset);
		if (c->relation == VIZ_EVIDENCE_LESS)
			say(t, "%zu ", c->a.len);
		say(t, "%s %zu %zu\n", c->b.file, c->b.offset, c->b.len);
	}
}

static void write_script(struct viz_evidence_draft *b)
{
	struct text rest = {0}, all = {0};
	struct viz_id sum;
	char hex[65];

	say(&rest, "%sno() {\n", language);
	say_command(&rest, VIZ_MSG_EVIDENCE_SH_NO, "\" $1\"");
	say(&rest, "exit 1\n}\n%s", functions);
	check_files(&rest, &b->folder, b->e->reply_count > 0);
	check_ids(&rest, b);
	check_places(&rest, b);
	say_command(&rest, b->complete ? VIZ_MSG_EVIDENCE_SH_ALL : VIZ_MSG_EVIDENCE_SH_BYTES, "");
	viz_hash_plain(&sum, (const uint8_t *)rest.p, rest.len);
	viz_hex(hex, sum.b, sizeof sum.b);
	say(&all, "#!/bin/sh\nsum=%s\n%s", hex, rest.p);
	viz_evidence_draft_file(b, "verify.sh", all.p, all.len);
	free(rest.p);
	free(all.p);
}

/* Adds a text. Its arguments are compared with it by the macro below. */
static void add_text(struct text *t, enum viz_lang lang, enum viz_msg id, ...)
{
	char part[PAGE_PART_MAX];
	va_list args;

	va_start(args, id);
	viz_print_vtext(part, sizeof part, lang, id, args);
	va_end(args);
	say(t, "%s\n", part);
}
#define add_text(t, lang, id, ...)                                                                 \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (add_text)(t, lang, id, ##__VA_ARGS__))

/* The text of this name in words; the compiler of the texts knows all of them. */
static const char *worded(enum viz_lang lang, const char *prefix, const char *name)
{
	enum viz_msg id;

	VIZ_REQUIRE(viz_msg_find(&id, prefix, name));
	return viz_msg(lang, id);
}

/* What partners said about the offer, and the replies. */
static void add_replies(struct text *t, const struct viz_evidence *e, enum viz_lang lang)
{
	char author[VIZ_TEXT_ID_MAX];
	struct viz_protest p;
	struct viz_id offer;

	if (e->reply_count == 0) {
		(add_text)(t, lang,
			   viz_evidence_offer(e, &offer) ? VIZ_MSG_EVIDENCE_NO_PROTEST
							 : VIZ_MSG_EVIDENCE_NO_OFFER);
		return;
	}
	add_text(t, lang, VIZ_MSG_EVIDENCE_PROTESTS);
	for (size_t i = viz_evidence_proof_count(e); i < e->record_count; i++) {
		if (viz_protest_parse(&p, &e->record[i]) != VIZ_OK || p.kind == VIZ_PROTEST_REPLY)
			continue;
		viz_id_text(author, "viz", e->record[i].author.b);
		add_text(
		    t, lang, VIZ_MSG_EVIDENCE_PROTEST, author,
		    worded(lang, "protest_", viz_protest_kind_name(p.kind)),
		    worded(lang, "answer_", viz_protest_answer_name(viz_evidence_answer(e, i))));
	}
}

/* A text of the accused, which stands between quotes: it must not end them. */
static void quote(char *text)
{
	for (char *p = text; *p; p++)
		if (*p == '"' || (unsigned char)*p < ' ' || *p == 0x7f)
			*p = '\'';
}

/* What the accused calls itself, by a NODE in the folder: lines of their own, or "" when there is
 * none. */
static void name_accused(char *out, size_t max, const struct viz_evidence *e, enum viz_lang lang)
{
	struct viz_node_body *node = calloc(1, sizeof *node);
	char text[VIZ_NAME_MAX + 256];

	VIZ_REQUIRE(node);
	out[0] = '\0';
	for (size_t i = 0; i < e->record_count; i++)
		if (e->record[i].type == VIZ_TYPE_NODE &&
		    viz_id_eq(&e->record[i].author, &e->accused) &&
		    viz_node_body_parse(node, &e->record[i]) == VIZ_OK) {
			quote(node->name);
			viz_print_text(text, sizeof text, lang, VIZ_MSG_EVIDENCE_NAME, node->name,
				       node->cnpj[0] ? node->cnpj : "-");
			snprintf(out, max, "\n%s", text);
		}
	free(node);
}

/* What each record is, when its clock said it was signed, and by whom. */
static void add_records(struct text *t, const struct viz_evidence_draft *b, enum viz_lang lang)
{
	const struct viz_evidence *e = b->e;

	add_text(t, lang, VIZ_MSG_EVIDENCE_RECORDS);
	for (size_t i = 0; i < e->record_count; i++) {
		const struct viz_record *rec = &e->record[i];
		struct viz_evidence_place file = viz_evidence_draft_record(b, i, "input", 0, 0);
		char when[VIZ_FORMAT_MAX], name[32];

		viz_format_signed(when, lang, rec->time);
		snprintf(name, sizeof name, "%s", viz_record_type_name(rec->type));
		for (char *p = name; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		add_text(t, lang, VIZ_MSG_EVIDENCE_RECORD, (int)strcspn(file.file, "."), file.file,
			 when, viz_record_type_name(rec->type),
			 worded(lang, "evidence_type_", name),
			 viz_msg(lang, viz_id_eq(&rec->author, &e->accused)
					   ? VIZ_MSG_EVIDENCE_BY_ACCUSED
					   : VIZ_MSG_EVIDENCE_BY_OTHER));
	}
}

static void write_page(struct viz_evidence_draft *b, const char *name, enum viz_lang lang)
{
	const struct viz_cli cli = {.lang = lang};
	const char *rule = viz_rules_name(b->e->rule);
	char accused[VIZ_TEXT_ID_MAX], name_line[VIZ_NAME_MAX + 260], *page = NULL;
	struct text t = {0};
	size_t len;
	FILE *out = open_memstream(&page, &len);

	VIZ_REQUIRE(out);
	viz_id_text(accused, "viz", b->e->accused.b);
	name_accused(name_line, sizeof name_line, b->e, lang);
	add_text(&t, lang, VIZ_MSG_EVIDENCE_README, accused, name_line, (int)b->e->rule,
		 viz_format_word(&cli, rule), worded(lang, "claim_", rule),
		 viz_evidence_proof_count(b->e),
		 viz_msg(lang, b->complete ? VIZ_MSG_EVIDENCE_SHELL : VIZ_MSG_EVIDENCE_NODE));
	say(&t, "\n");
	add_replies(&t, b->e, lang);
	say(&t, "\n");
	add_records(&t, b, lang);
	say(&t, "\n");
	add_text(&t, lang, VIZ_MSG_EVIDENCE_FILES);
	viz_wrap(out, t.p, PAGE_COLUMNS);
	VIZ_REQUIRE(fclose(out) == 0);
	viz_evidence_draft_file(b, name, page, len);
	free(page);
	free(t.p);
}

static const struct viz_evidence_file *find_file(const struct viz_evidence_folder *f,
						 const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	return NULL;
}

/* Whether verify.sh has this line. */
static bool has_line(const struct viz_evidence_file *script, const char *line, size_t *from)
{
	size_t len = strlen(line);

	/* lines come in the order of the files, so the search goes on from the last one */
	for (unsigned turn = 0; turn < 2; turn++, *from = 0)
		while (*from < script->len) {
			const uint8_t *found =
			    memmem(script->bytes + *from, script->len - *from, line, len);

			if (!found)
				break;
			*from = (size_t)(found - script->bytes) + 1;
			if (found == script->bytes || found[-1] == '\n')
				return true;
		}
	return false;
}

/* Whether each file that verify.sh names is there. */
static bool has_all(const struct viz_evidence_folder *f, const struct viz_evidence_file *script,
		    char bad[VIZ_EVIDENCE_NAME])
{
	const char *at = (const char *)script->bytes, *end = at + script->len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;

		if (next - at > 5 && memcmp(at, "hash ", 5) == 0) {
			const char *blank = memchr(at + 5, ' ', (size_t)(next - at - 5));
			size_t len = blank ? (size_t)(blank - at - 5) : 0;

			if (len == 0 || len >= VIZ_EVIDENCE_NAME)
				return false;
			snprintf(bad, VIZ_EVIDENCE_NAME, "%.*s", (int)len, at + 5);
			if (!find_file(f, bad))
				return false;
		}
		at = next;
	}
	return true;
}

bool viz_evidence_script_fits(const struct viz_evidence_folder *f, char bad[VIZ_EVIDENCE_NAME])
{
	static const char head[] = "#!/bin/sh\nsum=";
	const size_t skip = sizeof head - 1 + 64 + 1;
	const struct viz_evidence_file *script = find_file(f, "verify.sh");
	char line[VIZ_EVIDENCE_NAME + 80], hex[65];
	struct viz_id sum;
	size_t from = 0;

	snprintf(bad, VIZ_EVIDENCE_NAME, "verify.sh");
	if (!script || script->len < skip)
		return false;
	viz_hash_plain(&sum, script->bytes + skip, script->len - skip);
	viz_hex(hex, sum.b, sizeof sum.b);
	snprintf(line, sizeof line, "%s%s\n", head, hex);
	if (memcmp(script->bytes, line, skip) != 0)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		if (&f->file[i] == script)
			continue;
		viz_hash_plain(&sum, f->file[i].bytes, f->file[i].len);
		viz_hex(hex, sum.b, sizeof sum.b);
		snprintf(bad, VIZ_EVIDENCE_NAME, "%s", f->file[i].name);
		snprintf(line, sizeof line, "hash %s %s\n", f->file[i].name, hex);
		if (!has_line(script, line, &from))
			return false;
	}
	return has_all(f, script, bad);
}

void viz_evidence_script_write(struct viz_evidence_draft *b)
{
	write_page(b, "LEIAME.txt", VIZ_LANG_PT);
	write_page(b, "README.txt", VIZ_LANG_EN);
	write_script(b);
}
