#include <jansson.h>

#include "tools/vizinho/recovery.h"

#include "crypto/secret.h"
#include "node/host/random.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/print.h"

#define LINE_MAX_CHARS 400 /* of what is typed: the groups, and what is set between them */
#define GROUPS_A_LINE  4

void viz_recovery_key_make(struct viz_secret *secret, struct viz_pub *pub)
{
	viz_host_random(secret->b, sizeof secret->b);
	viz_recovery_pub(pub, secret);
}

void viz_recovery_key_show(const struct viz_cli *cli, json_t *o, const struct viz_secret *secret)
{
	char text[VIZ_RECOVERY_TEXT_MAX], *at = text;

	viz_recovery_text(text, secret);
	if (cli->json)
		json_object_set_new(o, "recovery_key", json_string(text));
	viz_print(cli, VIZ_MSG_RECOVERY_SHOW);
	for (unsigned i = 1; i < VIZ_RECOVERY_GROUPS; i++) {
		at += VIZ_RECOVERY_GROUP;
		*at++ = i % GROUPS_A_LINE == 0 ? '\n' : ' ';
	}
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		viz_print(cli, VIZ_MSG_RECOVERY_LINE, line);
	viz_print(cli, VIZ_MSG_RECOVERY_KEEP);
	viz_secret_wipe(text, sizeof text);
}

static int wrong(const struct viz_cli *cli, unsigned group)
{
	if (group == 0)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_BAD_RECOVERY_KEY,
				       VIZ_MSG_RECOVERY_LENGTH, VIZ_RECOVERY_GROUPS,
				       VIZ_RECOVERY_GROUP);
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_BAD_RECOVERY_KEY,
			       VIZ_MSG_RECOVERY_GROUP, group, VIZ_RECOVERY_GROUPS);
}

static int read_file(struct viz_secret *secret, const struct viz_cli *cli, const char *file)
{
	struct viz_input in;
	unsigned group = 0;
	int status = viz_input_file(&in, cli, file);

	if (status != VIZ_EXIT_OK)
		return status;
	for (char *line = in.text; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		if (line[0] == '#')
			memset(line, ' ', len);
		line += len + (line[len] == '\n');
	}
	if (viz_recovery_parse(secret, &group, in.text, in.len) != VIZ_OK)
		status = wrong(cli, group);
	viz_input_free(&in);
	return status;
}

int viz_recovery_key_read(struct viz_secret *secret, const struct viz_cli *cli, const char *file)
{
	char line[LINE_MAX_CHARS];
	unsigned group = 0;
	int status;

	if (file != NULL)
		return read_file(secret, cli, file);
	do {
		status = viz_ask_line(line, sizeof line, cli, true, VIZ_MSG_RECOVERY_ASK,
				      VIZ_RECOVERY_GROUPS);
		if (status == VIZ_EXIT_OK &&
		    viz_recovery_parse(secret, &group, line, strlen(line)) != VIZ_OK)
			status = wrong(cli, group);
		else
			group = UINT32_MAX;
		/* Whoever typed one character wrong types it again. */
	} while (status != VIZ_EXIT_OK && group != UINT32_MAX && viz_ask_terminal());
	viz_secret_wipe(line, sizeof line);
	return status;
}
