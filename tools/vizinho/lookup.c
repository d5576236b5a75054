#include "tools/vizinho/lookup.h"

#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"

/* A less exact point cannot tell on which side of the edge of a plant it lies: as in
 * node/coverage/plant.c. */
#define EXACT_M 100

static int ask(json_t **result, const struct viz_cli *cli, json_t *place, const json_t *strike)
{
	json_t *args = json_pack("{s:O}", "place", place);

	if (strike != NULL)
		json_object_set_new(args, "strike", json_deep_copy(strike));
	return viz_client_ask(result, cli, "lead.lookup", args);
}

int viz_lookup_json(struct viz_lookup *l, const struct viz_cli *cli, const json_t *place,
		    const json_t *strike)
{
	int status;

	memset(l, 0, sizeof *l);
	l->place_json = json_deep_copy(place);
	status = ask(&l->result, cli, l->place_json, strike);
	if (status != VIZ_EXIT_OK)
		viz_lookup_free(l);
	return status;
}

void viz_lookup_home(struct viz_where *where)
{
	/* What fails here fails again in the look-up, which says so. */
	struct viz_cli quiet = *where->cli;
	json_t *result;

	quiet.quiet = true;
	if (viz_client_ask(&result, &quiet, "coverage.list", NULL) != VIZ_EXIT_OK)
		return;
	if (viz_reply_number(result, "home_state_code") > 0)
		where->near = (uint32_t)viz_reply_number(result, "home_state_code");
	json_decref(result);
}

int viz_lookup_text(struct viz_lookup *l, const struct viz_cli *cli, const char *text,
		    const json_t *strike)
{
	struct viz_place place;
	struct viz_where where;
	json_t *json;
	int status = viz_where_open(&where, cli);

	if (status != VIZ_EXIT_OK)
		return status;
	viz_lookup_home(&where);
	status = viz_where_find(&place, &where, text);
	json = status == VIZ_EXIT_OK ? viz_where_json(&where, &place) : NULL;
	viz_where_close(&where);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_lookup_json(l, cli, json, strike);
	json_decref(json);
	if (status == VIZ_EXIT_OK)
		l->place = place;
	return status;
}

/* Puts a new result in place of the old one. */
static int replace(struct viz_lookup *l, const struct viz_cli *cli, json_t *args)
{
	json_t *result;
	int status;

	json_object_set(args, "place", l->place_json);
	if (l->wish != NULL)
		json_object_update(args, l->wish);
	status = viz_client_ask(&result, cli, "lead.draw", args);
	if (status != VIZ_EXIT_OK)
		return status;
	json_decref(l->result);
	l->result = result;
	return VIZ_EXIT_OK;
}

int viz_lookup_draw(struct viz_lookup *l, const struct viz_cli *cli)
{
	return replace(l, cli, json_object());
}

int viz_lookup_again(struct viz_lookup *l, const struct viz_cli *cli, int64_t number,
		     const json_t *strike)
{
	json_t *args = json_pack("{s:I}", "draw", (json_int_t)number);

	if (strike != NULL)
		json_object_set_new(args, "strike", json_deep_copy(strike));
	return replace(l, cli, args);
}

int64_t viz_lookup_number(const struct viz_lookup *l)
{
	return json_integer_value(json_object_get(l->result, "draw"));
}

void viz_lookup_free(struct viz_lookup *l)
{
	json_decref(l->place_json);
	json_decref(l->result);
	memset(l, 0, sizeof *l);
}

const char *viz_lookup_own(const struct viz_lookup *l)
{
	return viz_reply_text(json_object_get(l->result, "own"), "answer");
}

size_t viz_lookup_drawn(const struct viz_lookup *l)
{
	const json_t *list = json_object_get(l->result, "partners");
	size_t n = 0;

	while (viz_reply_true(json_array_get(list, n), "drawn"))
		n++;
	return n;
}

size_t viz_lookup_asked(const struct viz_lookup *l)
{
	const json_t *list = json_object_get(l->result, "partners");
	size_t n = 0, drawn = viz_lookup_drawn(l);

	for (size_t i = 0; i < drawn; i++)
		n += !viz_reply_true(json_array_get(list, i), "struck");
	return n;
}

void viz_lookup_print_json(const struct viz_lookup *l)
{
	json_t *o = json_copy(l->result);

	json_object_set(o, "place", l->place_json);
	if (l->place.ibge != 0) {
		json_object_set_new(o, "how", json_string(viz_place_words_kind(l->place.kind)));
		json_object_set_new(o, "certainty",
				    json_string(viz_place_words_certainty(l->place.certainty)));
	}
	viz_print_json_new(o);
}

void viz_lookup_print_own(const struct viz_cli *cli, const struct viz_lookup *l)
{
	const char *answer = viz_lookup_own(l);
	bool exact = json_object_get(l->place_json, "lat_udeg") != NULL &&
		     viz_reply_number(l->place_json, "precision_m") <= EXACT_M;

	if (strcmp(answer, "yes") == 0)
		(viz_print)(cli, exact ? VIZ_MSG_OWN_YES : VIZ_MSG_OWN_YES_CEP);
	else if (strcmp(answer, "analysis") == 0)
		(viz_print)(cli, exact ? VIZ_MSG_OWN_NEAR : VIZ_MSG_OWN_VAGUE);
	else if (viz_reply_true(json_object_get(l->result, "own"), "none"))
		viz_print(cli, VIZ_MSG_OWN_NONE);
	else
		(viz_print)(cli, exact ? VIZ_MSG_OWN_NO : VIZ_MSG_OWN_NO_TOWN);
}

const char *viz_lookup_found(const struct viz_cli *cli, const json_t *partner)
{
	const char *found = viz_reply_text(partner, "found");

	return viz_msg(cli->lang, strcmp(found, "cell") == 0       ? VIZ_MSG_FOUND_CELL
				  : strcmp(found, "postcode") == 0 ? VIZ_MSG_FOUND_POSTCODE
								   : VIZ_MSG_FOUND_MUNICIPALITY);
}

void viz_lookup_print_partners(const struct viz_cli *cli, const struct viz_lookup *l)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME, VIZ_MSG_HEAD_ANSWERS,
					     VIZ_MSG_HEAD_FOUND, VIZ_MSG_HEAD_REMARK};
	const json_t *list = json_object_get(l->result, "partners");
	const json_t *members = json_object_get(l->result, "members");
	struct viz_grid g;
	json_t *p;
	size_t i;

	viz_print_blank(cli);
	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_NO_PARTNERS);
	} else {
		viz_print(cli, VIZ_MSG_PARTNERS_SERVE);
		viz_table_heads(&g, cli, heads, 4);
		json_array_foreach(list, i, p)
		{
			enum viz_msg remark = viz_reply_true(p, "blocked")  ? VIZ_MSG_REMARK_BLOCKED
					      : viz_reply_true(p, "struck") ? VIZ_MSG_REMARK_STRUCK
									    : VIZ_MSG_REMARK_NONE;

			viz_grid_add(&g, viz_reply_peer(p));
			viz_grid_add(&g, viz_format_word(cli, viz_reply_text(p, "answers")));
			viz_grid_add(&g, viz_lookup_found(cli, p));
			viz_grid_add(&g, viz_msg(cli->lang, remark));
		}
		viz_table_print(&g);
	}
	viz_lookup_print_members(cli, members);
}

void viz_lookup_print_members(const struct viz_cli *cli, const json_t *members)
{
	for (size_t i = 0; i < json_array_size(members); i++) {
		const json_t *p = json_array_get(members, i);
		char standing[VIZ_STANDING_MAX];

		viz_standing_text(standing, cli, p);
		if (strcmp(viz_reply_text(p, "standing"), "member") == 0)
			viz_print(cli, VIZ_MSG_MEMBER_SERVES, viz_reply_peer(p));
		else
			viz_print(cli, VIZ_MSG_MEMBER_STANDS, viz_reply_peer(p), standing);
	}
}
