/* `vizinho lead link`: a link by which the customer of a lead decides alone. The node gives its
 * token once, so it is on standard output and nowhere else. */
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/msg.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/qr.h"
#include "tools/vizinho/reply.h"

#define URL_MAX  256
#define LINK_MAX (URL_MAX + 64)

/* "https://example.org" and nothing that a chat would cut the link at. */
static bool url_valid(const char *url)
{
	size_t len = strlen(url);

	return (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) &&
	       len < URL_MAX && url[len - 1] != '/' && strpbrk(url, " \t\"'<>?#") == NULL;
}

/* As a part of an address (RFC 3986, section 2.1). */
static void print_escaped(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;

		if (plain)
			putchar(c);
		else
			printf("%%%02X", c);
	}
}

static void print_link(const struct viz_cli *cli, const char *link, bool complete, bool qr)
{
	char text[1024];
	size_t columns = qr ? viz_qr_print(stdout, link, isatty(STDOUT_FILENO) == 1) : 0;

	if (columns > 0)
		viz_print_hint(cli, VIZ_MSG_PROOF_QR, columns);
	printf("%s\n", link);
	if (complete) {
		viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_LINK_MESSAGE, link);
		printf("https://wa.me/?text=");
		print_escaped(text);
		printf("\n");
	}
	(viz_print_hint)(cli, complete ? VIZ_MSG_LINK_SEND : VIZ_MSG_LINK_PATH);
}

int viz_cmd_lead_link(const struct viz_cli *cli, int argc, char **argv)
{
	const char *url = NULL, *days = NULL;
	bool qr = false;
	const struct viz_arg options[] = {
	    {"url", &url, NULL}, {"days", &days, NULL}, {"qr", NULL, &qr}, {NULL, NULL, NULL}};
	struct viz_args words;
	char link[LINK_MAX];
	json_t *args, *result;
	int64_t n = 0;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	if (url && !url_valid(url))
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION,
				       "--url", url, viz_msg(cli->lang, VIZ_MSG_LINK_URL));
	if (days) {
		status = viz_args_number(&n, cli, "--days", days, 1, 30);
		if (status != VIZ_EXIT_OK)
			return status;
	}
	args = json_pack("{s:s}", "lead", words.word[0]);
	if (days)
		json_object_set_new(args, "days", json_integer(n));
	status = viz_client_ask(&result, cli, "link.create", args);
	if (status != VIZ_EXIT_OK)
		return status;
	snprintf(link, sizeof link, "%s%s", url ? url : "", viz_reply_text(result, "path"));
	if (cli->json)
		viz_print_json(result);
	else
		print_link(cli, link, url != NULL, qr);
	json_decref(result);
	return VIZ_EXIT_OK;
}
