#include "tools/web/invite.h"

#include "tools/web/qr.h"
#include "tools/web/text.h"

#define MESSAGE_MAX 2048
#define URL_MAX     (3 * MESSAGE_MAX + 64)
#define DIGITS_MAX  15 /* E.164 */

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Puts values into {{name}}, {{asker}} and {{link}} of a text. It is plain: nothing is escaped. */
static void fill(char out[MESSAGE_MAX], const char *text, const struct viz_invite *invite,
		 const char *link)
{
	const char *names[] = {"{{name}}", "{{asker}}", "{{link}}"};
	const char *values[] = {or_empty(invite->name), or_empty(invite->asker), link};
	size_t n = 0;

	while (*text != '\0' && n + 1 < MESSAGE_MAX) {
		size_t i = 0;

		while (i < 3 && strncmp(text, names[i], strlen(names[i])) != 0)
			i++;
		if (i == 3) {
			out[n++] = *text++;
			continue;
		}
		n += (size_t)snprintf(out + n, MESSAGE_MAX - n, "%s", values[i]);
		text += strlen(names[i]);
	}
	out[n < MESSAGE_MAX ? n : MESSAGE_MAX - 1] = '\0';
}

static void escape(char out[URL_MAX], const char *text)
{
	size_t n = strlen(out);

	for (; *text != '\0' && n + 4 < URL_MAX; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;

		n += (size_t)snprintf(out + n, URL_MAX - n, plain ? "%c" : "%%%02X", c);
	}
}

/* "+55 (27) 99999-0000" as "5527999990000". A number of ten or eleven digits without "+" is one of
 * Brazil. False: no number. */
static bool digits_of(char out[DIGITS_MAX + 1], const char *number)
{
	bool international = strchr(number, '+') != NULL;
	char all[DIGITS_MAX + 1];
	size_t n = 0;

	for (; *number != '\0'; number++)
		if (*number >= '0' && *number <= '9') {
			if (n == 0 && *number == '0' && !international)
				continue;
			if (n == DIGITS_MAX)
				return false;
			all[n++] = *number;
		}
	all[n] = '\0';
	if (n < 8 || (!international && n < 10))
		return false;
	if (!international && n <= 11 && n + 2 <= DIGITS_MAX)
		snprintf(out, DIGITS_MAX + 1, "55%.13s", all);
	else
		snprintf(out, DIGITS_MAX + 1, "%s", all);
	return true;
}

json_t *viz_invite_whatsapp(const char *number, const char *text)
{
	char url[URL_MAX], digits[DIGITS_MAX + 1] = "";

	if (number[0] != '\0' && !digits_of(digits, number))
		return NULL;
	snprintf(url, sizeof url, "https://wa.me/%s", digits);
	if (text != NULL) {
		strcat(url, "?text=");
		escape(url, text);
	}
	return json_string(url);
}

json_t *viz_invite_make(enum viz_lang lang, const struct viz_invite *invite)
{
	bool named = invite->name != NULL && invite->name[0] != '\0';
	char link[512], message[MESSAGE_MAX], script[MESSAGE_MAX];
	json_t *whatsapp, *out, *picture;

	snprintf(link, sizeof link, "%s%s", invite->url, invite->path);
	fill(message,
	     viz_web_text(lang,
			  named ? VIZ_WEB_TEXT_INVITE_MESSAGE_NAMED : VIZ_WEB_TEXT_INVITE_MESSAGE),
	     invite, link);
	fill(script, viz_web_text(lang, VIZ_WEB_TEXT_INVITE_SCRIPT), invite, link);
	whatsapp = viz_invite_whatsapp(or_empty(invite->phone), message);
	if (whatsapp == NULL) /* what was typed is no number */
		whatsapp = viz_invite_whatsapp("", message);
	out = json_pack("{s:s,s:s,s:o,s:s}", "link", link, "message", message, "whatsapp_url",
			whatsapp, "script", script);
	picture = viz_qr_json(link);
	if (picture != NULL)
		json_object_set_new(out, "qr_svg", picture);
	return out;
}
