#include "tools/vizinho/proof_input.h"

#include <jansson.h>

#include "crypto/id.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

static bool is_id(const json_t *value, const struct viz_id *id)
{
	char text[VIZ_TEXT_ID_MAX];

	viz_id_text(text, "viz", id->b);
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

static bool is_hex(const json_t *value, const struct viz_id *id)
{
	char hex[65];

	viz_hex(hex, id->b, sizeof id->b);
	return json_is_string(value) && strcmp(json_string_value(value), hex) == 0;
}

/* Whether all that the object says is what its line says. */
static bool object_fits(const json_t *o, const struct viz_offer_proof *p)
{
	const json_t *asked = json_object_get(o, "asked"), *order = json_object_get(o, "order");
	const json_t *chosen = json_object_get(o, "chosen");
	bool fits = is_hex(json_object_get(o, "federation"), &p->line.federation) &&
		    is_hex(json_object_get(o, "offer"), &p->body.offer) &&
		    is_id(json_object_get(o, "author"), &p->author) &&
		    is_hex(json_object_get(o, "text_hash"), &p->body.text_hash) &&
		    strcmp(viz_reply_text(o, "text_version"), p->body.text_version) == 0 &&
		    json_is_integer(json_object_get(o, "k")) &&
		    viz_reply_number(o, "k") == p->body.k &&
		    json_array_size(asked) == p->body.asked_count &&
		    json_array_size(order) == p->body.order_len &&
		    (p->body.has_blinding ? is_id(chosen, &p->body.chosen) : chosen == NULL);

	for (size_t i = 0; fits && i < p->body.asked_count; i++)
		fits = is_id(json_array_get(asked, i), &p->body.asked[i]);
	for (size_t i = 0; fits && i < p->body.order_len; i++)
		fits = p->body.order[i] < p->body.asked_count &&
		       is_id(json_array_get(order, i), &p->body.asked[p->body.order[i]]);
	return fits;
}

/* The line of the proof: `lead proof` prints words above it. Without one the first line. */
static const char *find_line(char *text)
{
	const size_t len = strlen(VIZ_OFFER_PROOF_PREFIX);
	char *line = text;

	for (char *at = text; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, VIZ_OFFER_PROOF_PREFIX, len) == 0) {
			line = at;
			break;
		}
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

int viz_proof_input_read(struct viz_offer_proof *out, const struct viz_cli *cli, const char *word)
{
	bool is_line = strncmp(word, VIZ_OFFER_PROOF_PREFIX, strlen(VIZ_OFFER_PROOF_PREFIX)) == 0;
	struct viz_input in = {0};
	json_t *object = NULL;
	const char *line = word;
	int err, status = is_line ? VIZ_EXIT_OK : viz_input_file(&in, cli, word);

	if (status != VIZ_EXIT_OK)
		return status;
	if (!is_line) {
		object = json_loads(in.text, JSON_REJECT_DUPLICATES, NULL);
		line = json_is_object(object) ? viz_reply_text(object, "line") : find_line(in.text);
	}
	err = viz_offer_proof_read(out, line);
	if (err == VIZ_OK && object != NULL && !object_fits(object, out))
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_OTHER_JSON,
					 VIZ_MSG_PROOF_OTHER_JSON);
	else if (err == VIZ_ERR_AUTH)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FALSE_PROOF,
					 VIZ_MSG_PROOF_FALSE);
	else if (err != VIZ_OK)
		status =
		    viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_BAD_PROOF, VIZ_MSG_PROOF_BAD);
	json_decref(object);
	if (!is_line)
		viz_input_free(&in);
	return status;
}
