#include "tools/web/users.h"

#include "tools/web/desk_model.h"

static void ask_list(struct viz_page *p)
{
	viz_page_ask(p, "web.users", NULL);
}

/* The accounts, each with the text of its role. */
static void render_list(struct viz_page *p, size_t reply, unsigned status)
{
	json_t *users = json_deep_copy(json_object_get(viz_page_result(p, reply), "users")), *user;
	size_t i;

	json_array_foreach(users, i, user)
	{
		const char *role = json_string_value(json_object_get(user, "role"));
		char key[32];
		enum viz_web_text text;

		snprintf(key, sizeof key, "role_%s", role);
		VIZ_REQUIRE(viz_web_text_find(&text, key));
		json_object_set_new(user, "role_text",
				    json_string(viz_web_text(viz_page_lang(p), text)));
	}
	viz_page_set(p, "users", users);
	viz_desk_model_frame(p, "users");
	viz_page_render(p, status, "users");
}

static void answer_list(struct viz_page *p)
{
	if (!viz_page_refused(p))
		render_list(p, 0, 200);
}

static void ask_add(struct viz_page *p)
{
	viz_page_ask(p, "web.user.add",
		     json_pack("{s:s,s:s}", "name", viz_page_field(p, "name"), "role",
			       viz_page_field(p, "role")));
	viz_page_ask(p, "web.users", NULL);
}

static void ask_reset(struct viz_page *p)
{
	viz_page_ask(p, "web.user.reset", json_pack("{s:s}", "name", viz_page_param(p, "name")));
	viz_page_ask(p, "web.users", NULL);
}

static void ask_remove(struct viz_page *p)
{
	viz_page_ask(p, "web.user.remove", json_pack("{s:s}", "name", viz_page_param(p, "name")));
	viz_page_ask(p, "web.users", NULL);
}

static void ask_role(struct viz_page *p)
{
	viz_page_ask(p, "web.user.role",
		     json_pack("{s:s,s:s}", "name", viz_page_param(p, "name"), "role",
			       viz_page_field(p, "role")));
	viz_page_ask(p, "web.users", NULL);
}

/* What was wrong, above the list. True: it has been shown. */
static bool show_wrong(struct viz_page *p)
{
	static const struct viz_page_wrong wrong[] = {{"bad-name", VIZ_WEB_TEXT_USER_NAME_WRONG},
						      {"bad-role", VIZ_WEB_TEXT_USER_ROLE_WRONG},
						      {"user-exists", VIZ_WEB_TEXT_USER_EXISTS},
						      {"no-such-user", VIZ_WEB_TEXT_USER_GONE},
						      {"last-admin", VIZ_WEB_TEXT_USER_LAST_ADMIN},
						      {"too-many", VIZ_WEB_TEXT_USER_TOO_MANY},
						      {"busy", VIZ_WEB_TEXT_ERROR_BUSY}};

	if (!viz_page_is_wrong(p, wrong, sizeof wrong / sizeof *wrong))
		return viz_page_refused(p);
	render_list(p, 1, 422);
	return true;
}

/* The one-time password is shown once, to be handed over. */
static void answer_password(struct viz_page *p)
{
	if (show_wrong(p))
		return;
	viz_page_set(p, "made", json_deep_copy(viz_page_result(p, 0)));
	viz_desk_model_frame(p, "users");
	viz_page_render(p, 200, "user-made");
}

static void answer_change(struct viz_page *p)
{
	if (!show_wrong(p))
		viz_page_go(p, "/users");
}

#define DOOR VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0

const struct viz_route viz_users_routes[] = {
    {VIZ_WEB_GET, "/users", DOOR, ask_list, answer_list},
    {VIZ_WEB_POST, "/users", DOOR, ask_add, answer_password},
    {VIZ_WEB_POST, "/users/:name/reset", DOOR, ask_reset, answer_password},
    {VIZ_WEB_POST, "/users/:name/remove", DOOR, ask_remove, answer_change},
    {VIZ_WEB_POST, "/users/:name/role", DOOR, ask_role, answer_change},
    {0},
};
