/* `vizinho inbox card ...`: customers who chose us, for an ERP without a connector: field by field,
 * to be copied, or as CSV. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/cmd_inbox.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/where.h"

#define FIELDS 10

/* What ERPs have fields for. */
static const enum viz_msg names[FIELDS] = {
    VIZ_MSG_PERSON_NAME, VIZ_MSG_PERSON_PHONE, VIZ_MSG_PERSON_ADDRESS, VIZ_MSG_PERSON_POSTCODE,
    VIZ_MSG_PERSON_TOWN, VIZ_MSG_PERSON_PLAN,  VIZ_MSG_PERSON_DATE,    VIZ_MSG_PERSON_SERVICE,
    VIZ_MSG_CARD_ORIGIN, VIZ_MSG_CARD_LEAD};

/* Their values; most are borrowed from the reply. */
struct card {
	const char *value[FIELDS];
	char postcode[VIZ_FORMAT_MAX], date[VIZ_FORMAT_MAX];
	char town[VIZ_GAZETTEER_NAME_BYTES + 8];
};

static void read_card(struct card *c, const struct viz_cli *cli, const struct viz_where *where,
		      const json_t *shown)
{
	const json_t *contact = json_object_get(shown, "contact"),
		     *location = json_object_get(shown, "location"),
		     *entry = json_object_get(shown, "entry"),
		     *wish = json_object_get(shown, "wish");
	const char *phone = viz_reply_text(contact, "phone"),
		   *service = viz_reply_text(location != NULL ? location : wish, "service");
	int64_t code = viz_reply_code(location, "municipality");

	if (code == 0)
		code = viz_reply_code(entry, "municipality");
	c->town[0] = '\0';
	if (code != 0)
		viz_where_name(c->town, sizeof c->town, where, code);
	viz_format_postcode(c->postcode, viz_reply_number(location, "cep"));
	viz_format_date(c->date, cli, viz_reply_text(contact, "date"));
	c->value[0] = viz_reply_text(contact, "name");
	/* as ERPs take it: area and number */
	c->value[1] = strncmp(phone, "+55", 3) == 0 ? phone + 3 : phone;
	c->value[2] = viz_reply_text(contact, "address");
	c->value[3] = c->postcode;
	c->value[4] = c->town;
	c->value[5] = viz_reply_text(contact, "plan");
	c->value[6] = c->date;
	c->value[7] = service[0] != '\0' ? viz_format_word(cli, service) : "";
	c->value[8] = viz_reply_name(entry, "origin");
	c->value[9] = viz_reply_id(shown, "entry");
}

/* A value stands alone in its line, so that a double or triple click takes it. */
static void print_card(const struct viz_cli *cli, const struct card *c)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (c->value[i][0] != '\0')
			printf("%s:\n%s\n\n", viz_msg(cli->lang, names[i]), c->value[i]);
}

/* RFC 4180, with the semicolon that spreadsheets in Brazil expect. A value that a spreadsheet would
 * take for a formula gets an apostrophe before it. */
static void print_cell(FILE *out, const char *value, bool last)
{
	fputc('"', out);
	if (value[0] != '\0' && strchr("=+-@", value[0]) != NULL)
		fputc('\'', out);
	for (; *value != '\0'; value++) {
		if (*value == '"')
			fputc('"', out);
		fputc(*value, out);
	}
	fputs(last ? "\"\r\n" : "\";", out);
}

static void print_heads(FILE *out, const struct viz_cli *cli)
{
	for (size_t i = 0; i < FIELDS; i++)
		print_cell(out, viz_msg(cli->lang, names[i]), i + 1 == FIELDS);
}

/* One entry: as a card, or as a row of `csv`. *count counts those with a contact. */
static int take_entry(size_t *count, const struct viz_cli *cli, const struct viz_where *where,
		      const char *id, FILE *csv)
{
	struct card c;
	json_t *shown;
	int status = viz_cmd_inbox_open(&shown, cli, id);

	if (status != VIZ_EXIT_OK)
		return status;
	if (!json_is_object(json_object_get(shown, "contact"))) {
		viz_print_hint(cli, VIZ_MSG_CARD_NONE, id);
		json_decref(shown);
		return VIZ_EXIT_OK;
	}
	read_card(&c, cli, where, shown);
	++*count;
	if (csv != NULL)
		for (size_t i = 0; i < FIELDS; i++)
			print_cell(csv, c.value[i], i + 1 == FIELDS);
	else if (cli->json)
		viz_print_json(shown);
	else
		print_card(cli, &c);
	json_decref(shown);
	return VIZ_EXIT_OK;
}

/* All entries whose contact we hold. */
static int take_all(size_t *count, const struct viz_cli *cli, const struct viz_where *where,
		    FILE *csv)
{
	json_t *result, *e;
	size_t i;
	int status = viz_client_ask(&result, cli, "inbox.list", json_pack("{s:b}", "all", 1));

	if (status != VIZ_EXIT_OK)
		return status;
	json_array_foreach(json_object_get(result, "entries"), i, e)
	{
		if (status == VIZ_EXIT_OK && viz_reply_true(e, "holds_contact"))
			status = take_entry(count, cli, where, viz_reply_text(e, "id"), csv);
	}
	json_decref(result);
	return status;
}

static int take_words(const struct viz_cli *cli, const struct viz_args *words, FILE *csv,
		      const char *path)
{
	struct viz_where where = {.cli = cli};
	int status = VIZ_EXIT_OK;
	size_t count = 0;

	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	if (csv != NULL)
		print_heads(csv, cli);
	if (words->count == 0)
		status = take_all(&count, cli, &where, csv);
	for (size_t i = 0; i < words->count && status == VIZ_EXIT_OK; i++)
		status = take_entry(&count, cli, &where, words->word[i], csv);
	if (status == VIZ_EXIT_OK && csv != NULL) {
		viz_print(cli, VIZ_MSG_CARD_WRITTEN, count);
		if (cli->json)
			viz_print_json_new(json_pack("{s:o,s:I}", "file", viz_print_path(path),
						     "entry_count", (json_int_t)count));
	}
	viz_where_close(&where);
	return status;
}

int viz_cmd_inbox_card(const struct viz_cli *cli, int argc, char **argv)
{
	const char *path = NULL;
	const struct viz_arg options[] = {{"csv", &path, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	FILE *csv = NULL;
	int status, fd;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, VIZ_ARGS_WORDS_MAX))
		return status;
	if (path != NULL) {
		/* persons: for its owner alone, and never in the place of another file */
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		csv = fd >= 0 ? fdopen(fd, "w") : NULL;
		if (csv == NULL)
			return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT,
					       path, viz_host_speech_errno(errno));
	}
	status = take_words(cli, &words, csv, path);
	if (csv != NULL && fclose(csv) != 0)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
					 viz_host_speech_errno(errno));
	if (csv != NULL && status != VIZ_EXIT_OK)
		unlink(path);
	return status;
}
