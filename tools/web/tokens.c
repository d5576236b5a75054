#include "tools/web/tokens.h"

#include <time.h>

#include "tools/web/token.h"

static void ask_list(struct viz_page *p)
{
	viz_page_ask(p, "web.tokens", NULL);
}

static const char *role_text(const struct viz_page *p, const char *role)
{
	enum viz_web_text text;
	char key[48];

	snprintf(key, sizeof key, "role_%s", role);
	VIZ_REQUIRE(viz_web_text_find(&text, key));
	return viz_web_text(viz_page_lang(p), text);
}

/* The texts stand in the order of the scopes. */
static const char *scope_text(const struct viz_page *p, size_t i)
{
	return viz_web_text(viz_page_lang(p), (enum viz_web_text)(VIZ_WEB_TEXT_SCOPE_READ + i));
}

/* The names of the scopes in one line. */
static json_t *joined(const json_t *scopes)
{
	char line[128] = "";
	const json_t *scope;
	size_t i, n = 0;

	json_array_foreach(scopes, i, scope)
	{
		n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", i > 0 ? ", " : "",
				      json_string_value(scope));
		VIZ_REQUIRE(n < sizeof line);
	}
	return json_string(line);
}

static json_t *day_of(json_int_t ms)
{
	time_t at = (time_t)(ms / 1000);
	struct tm utc;
	char day[16] = "";

	if (gmtime_r(&at, &utc) != NULL)
		strftime(day, sizeof day, "%Y-%m-%d", &utc);
	return json_string(day);
}

static void render_list(struct viz_page *p, size_t reply, unsigned status)
{
	json_t *tokens = json_deep_copy(json_object_get(viz_page_result(p, reply), "tokens"));
	json_t *scopes = json_array(), *token;
	size_t i;

	json_array_foreach(tokens, i, token)
	{
		const json_t *until = json_object_get(token, "until_ms");
		const char *role = json_string_value(json_object_get(token, "role"));

		json_object_set_new(token, "role_text", json_string(role_text(p, role)));
		json_object_set_new(token, "scopes", joined(json_object_get(token, "scopes")));
		if (until != NULL)
			json_object_set_new(token, "until", day_of(json_integer_value(until)));
	}
	for (i = 0; viz_web_token_scopes[i] != NULL; i++)
		json_array_append_new(scopes,
				      json_pack("{s:s,s:s}", "scope", viz_web_token_scopes[i],
						"text", scope_text(p, i)));
	viz_page_set(p, "tokens", tokens);
	viz_page_set(p, "scopes", scopes);
	viz_page_render(p, status, "tokens");
}

static void answer_list(struct viz_page *p)
{
	if (!viz_page_refused(p))
		render_list(p, 0, 200);
}

static void ask_add(struct viz_page *p)
{
	const json_t *scopes = viz_page_fields(p, "scopes");

	viz_page_ask(p, "web.token.add",
		     json_pack("{s:s,s:s,s:o,s:I}", "name", viz_page_field(p, "name"), "role",
			       viz_page_field(p, "role"), "scopes",
			       scopes != NULL ? json_deep_copy(scopes) : json_array(), "days",
			       (json_int_t)atoll(viz_page_field(p, "days"))));
	viz_page_ask(p, "web.tokens", NULL);
}

static void ask_remove(struct viz_page *p)
{
	viz_page_ask(p, "web.token.remove", json_pack("{s:s}", "id", viz_page_param(p, "id")));
	viz_page_ask(p, "web.tokens", NULL);
}

/* What was wrong, above the list. True: it has been shown. */
static bool show_wrong(struct viz_page *p)
{
	static const struct viz_page_wrong wrong[] = {{"bad-token", VIZ_WEB_TEXT_TOKEN_WRONG},
						      {"token-exists", VIZ_WEB_TEXT_TOKEN_EXISTS},
						      {"too-many", VIZ_WEB_TEXT_TOKEN_TOO_MANY},
						      {"no-such-token", VIZ_WEB_TEXT_TOKEN_GONE}};

	if (!viz_page_is_wrong(p, wrong, sizeof wrong / sizeof *wrong))
		return viz_page_refused(p);
	render_list(p, 1, 422);
	return true;
}

/* The token is shown once. */
static void answer_add(struct viz_page *p)
{
	if (show_wrong(p))
		return;
	viz_page_set(p, "made",
		     json_pack("{s:s,s:O}", "name", viz_page_field(p, "name"), "token",
			       json_object_get(viz_page_result(p, 0), "token")));
	viz_page_render(p, 200, "token-made");
}

static void answer_remove(struct viz_page *p)
{
	if (!show_wrong(p))
		viz_page_go(p, "/tokens");
}

#define DOOR VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0

const struct viz_route viz_tokens_routes[] = {
    {VIZ_WEB_GET, "/tokens", DOOR, ask_list, answer_list},
    {VIZ_WEB_POST, "/tokens", DOOR, ask_add, answer_add},
    {VIZ_WEB_POST, "/tokens/:id/remove", DOOR, ask_remove, answer_remove},
    {0},
};
