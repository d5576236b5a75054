#include "tools/vizinho/say.h"

#include <stdarg.h>
#include <strings.h>

static const char *const texts[VIZ_SAY_COUNT][VIZ_CLI_LANGS] = {
#define X(id, pt, en) {pt, en},
    VIZ_SAY_ALL(X)
#undef X
};

const char *viz_say_text(enum viz_cli_lang lang, enum viz_say_id id)
{
	return texts[id][lang];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* A test compares the conversions of both languages; the arguments are the caller's care. */
void viz_say(FILE *out, enum viz_cli_lang lang, enum viz_say_id id, ...)
{
	const char *format = texts[id][lang];
	va_list args;

	VIZ_REQUIRE(format != NULL);
	va_start(args, id);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}
#pragma GCC diagnostic pop

bool viz_say_lang(enum viz_cli_lang *out, const char *name)
{
	static const char ends[] = "-_.@";
	bool pt = strncasecmp(name, "pt", 2) == 0, en = strncasecmp(name, "en", 2) == 0;

	/* "pt", "pt-BR", "pt_BR.UTF-8", but no word that only begins so. */
	if ((!pt && !en) || (name[2] != '\0' && strchr(ends, name[2]) == NULL))
		return false;
	*out = pt ? VIZ_CLI_PT : VIZ_CLI_EN;
	return true;
}

enum viz_cli_lang viz_say_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	enum viz_cli_lang lang = VIZ_CLI_EN;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		viz_say_lang(&lang, value);
		break;
	}
	return lang;
}
