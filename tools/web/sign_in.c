#include "tools/web/sign_in.h"

#include "tools/web/qr.h"
#include "tools/web/request.h"
#include "tools/web/session.h"

#define DEVICE_S 31536000 /* a browser is known for a year */

/* Where a person goes who has come to this stage. */
static const char *next_page(const char *stage)
{
	if (strcmp(stage, "code") == 0)
		return "/sign-in/code";
	if (strcmp(stage, "enrol") == 0)
		return "/sign-in/authenticator";
	return strcmp(stage, "password") == 0 ? "/password" : "/";
}

/* The reply has a new session. */
static void take_session(struct viz_page *p)
{
	const json_t *got = viz_page_result(p, 0);
	const char *stage = json_string_value(json_object_get(got, "stage"));

	viz_page_put_cookie(p, VIZ_WEB_SESSION_COOKIE,
			    json_string_value(json_object_get(got, "token")), -1);
	/* Only whoever has come through is known: a password alone must not be enough. */
	if (strcmp(stage, "full") == 0)
		viz_page_put_cookie(p, VIZ_WEB_DEVICE_COOKIE,
				    json_string_value(json_object_get(got, "device")), DEVICE_S);
	viz_page_go(p, next_page(stage));
}

/* Shows the form again, with what was wrong. True: it has been shown. */
static bool show_wrong(struct viz_page *p, const char *code, unsigned status,
		       enum viz_web_text text, const char *template)
{
	if (strcmp(viz_page_code(p, 0), code) != 0)
		return false;
	viz_page_set_message(p, "wrong", text);
	viz_page_render(p, status, template);
	return true;
}

/* The session has ended, or is not at this step. */
static bool is_elsewhere(struct viz_page *p)
{
	const char *code = viz_page_code(p, 0);

	if (strcmp(code, "not-now") != 0 && strcmp(code, "not-allowed") != 0)
		return false;
	viz_page_go(p, "/");
	return true;
}

static json_t *field_args(const struct viz_page *p, const char *const *names)
{
	json_t *args = json_object();

	for (; *names != NULL; names++)
		json_object_set_new(args, *names, json_string(viz_page_field(p, *names)));
	return args;
}

static void answer_form(struct viz_page *p)
{
	viz_page_set_text(p, "name", "");
	viz_page_render(p, 200, "sign-in");
}

static void ask_sign_in(struct viz_page *p)
{
	static const char *const names[] = {"name", "password", NULL};

	viz_page_ask(p, "web.sign-in", field_args(p, names));
}

static void answer_sign_in(struct viz_page *p)
{
	viz_page_set_text(p, "name", viz_page_field(p, "name"));
	if (show_wrong(p, "bad-sign-in", 403, VIZ_WEB_TEXT_SIGN_IN_WRONG, "sign-in") ||
	    show_wrong(p, "busy", 503, VIZ_WEB_TEXT_ERROR_BUSY, "sign-in") || viz_page_refused(p))
		return;
	take_session(p);
}

static void ask_sign_out(struct viz_page *p)
{
	viz_page_ask(p, "web.sign-out", NULL);
}

static void answer_sign_out(struct viz_page *p)
{
	viz_page_put_cookie(p, VIZ_WEB_SESSION_COOKIE, "", 0);
	viz_page_go(p, "/sign-in");
}

static void answer_code_form(struct viz_page *p)
{
	viz_page_render(p, 200, "sign-in-code");
}

static void ask_code(struct viz_page *p)
{
	static const char *const names[] = {"code", NULL};

	viz_page_ask(p, "web.code", field_args(p, names));
}

static void answer_code(struct viz_page *p)
{
	if (show_wrong(p, "bad-code", 403, VIZ_WEB_TEXT_CODE_WRONG, "sign-in-code") ||
	    is_elsewhere(p) || viz_page_refused(p))
		return;
	take_session(p);
}

static void ask_enrol(struct viz_page *p)
{
	viz_page_ask(p, "web.enrol", NULL);
}

/* The secret as text, in groups that can be typed, and as the QR code that apps read. */
static void set_secret(struct viz_page *p, size_t reply)
{
	const json_t *got = viz_page_result(p, reply);
	const char *secret = json_string_value(json_object_get(got, "secret"));
	char uri[256], groups[64], upper[40] = "";
	size_t n = 0;

	for (size_t i = 0; secret[i] != '\0' && i + 1 < sizeof upper; i++) {
		upper[i] = secret[i] >= 'a' ? (char)(secret[i] - 'a' + 'A') : secret[i];
		upper[i + 1] = '\0';
		if (i > 0 && i % 4 == 0)
			groups[n++] = ' ';
		groups[n++] = secret[i];
	}
	groups[n] = '\0';
	snprintf(uri, sizeof uri, "otpauth://totp/vizinho:%s?secret=%s&issuer=vizinho",
		 json_string_value(json_object_get(got, "user")), upper);
	viz_page_set_text(p, "secret", groups);
	viz_page_set(p, "qr_svg", viz_qr_json(uri));
}

static void answer_enrol(struct viz_page *p)
{
	if (is_elsewhere(p) || viz_page_refused(p))
		return;
	set_secret(p, 0);
	viz_page_render(p, 200, "sign-in-authenticator");
}

/* A wrong code shows the same secret again. */
static void ask_enrol_code(struct viz_page *p)
{
	static const char *const names[] = {"code", NULL};

	viz_page_ask(p, "web.enrol-code", field_args(p, names));
}

static void answer_enrol_code(struct viz_page *p)
{
	if (viz_page_round(p) == 0 && strcmp(viz_page_code(p, 0), "bad-code") == 0) {
		viz_page_ask(p, "web.enrol", NULL);
		return;
	}
	if (is_elsewhere(p) || viz_page_refused(p))
		return;
	if (viz_page_round(p) == 0) {
		take_session(p);
		return;
	}
	set_secret(p, 0);
	viz_page_set_message(p, "wrong", VIZ_WEB_TEXT_CODE_WRONG);
	viz_page_render(p, 403, "sign-in-authenticator");
}

static void answer_password_form(struct viz_page *p)
{
	viz_page_render(p, 200, "password");
}

static void ask_password(struct viz_page *p)
{
	static const char *const names[] = {"old", "new", NULL};

	if (strcmp(viz_page_field(p, "new"), viz_page_field(p, "again")) != 0) {
		viz_page_set_message(p, "wrong", VIZ_WEB_TEXT_PASSWORD_DIFFERS);
		viz_page_render(p, 422, "password");
		return;
	}
	viz_page_ask(p, "web.password", field_args(p, names));
}

static void answer_password(struct viz_page *p)
{
	static const struct {
		const char *code;
		enum viz_web_text text;
	} wrong[] = {{"bad-password", VIZ_WEB_TEXT_PASSWORD_WRONG},
		     {"password-short", VIZ_WEB_TEXT_PASSWORD_SHORT},
		     {"password-long", VIZ_WEB_TEXT_PASSWORD_LONG},
		     {"password-guessed", VIZ_WEB_TEXT_PASSWORD_GUESSED},
		     {"busy", VIZ_WEB_TEXT_ERROR_BUSY}};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (show_wrong(p, wrong[i].code, 422, wrong[i].text, "password"))
			return;
	if (is_elsewhere(p) || viz_page_refused(p))
		return;
	take_session(p);
}

#define DOOR VIZ_WEB_PRIVATE, 0, 0

const struct viz_route viz_sign_in_routes[] = {
    {VIZ_WEB_GET, "/sign-in", DOOR, NULL, answer_form},
    {VIZ_WEB_POST, "/sign-in", DOOR, ask_sign_in, answer_sign_in},
    {VIZ_WEB_POST, "/sign-out", DOOR, ask_sign_out, answer_sign_out},
    {VIZ_WEB_GET, "/sign-in/code", DOOR, NULL, answer_code_form},
    {VIZ_WEB_POST, "/sign-in/code", DOOR, ask_code, answer_code},
    {VIZ_WEB_GET, "/sign-in/authenticator", DOOR, ask_enrol, answer_enrol},
    {VIZ_WEB_POST, "/sign-in/authenticator", DOOR, ask_enrol_code, answer_enrol_code},
    {VIZ_WEB_GET, "/password", DOOR, NULL, answer_password_form},
    {VIZ_WEB_POST, "/password", DOOR, ask_password, answer_password},
    {0},
};
