#include "tools/vizinho/text.h"

#include <stdarg.h>
#include <strings.h>

static const char *const texts[VIZ_TEXT_COUNT][VIZ_LANGS] = {
#define X(id, pt, en) {pt, en},
    VIZ_TEXTS(X)
#undef X
};

const char *viz_text(enum viz_lang lang, enum viz_text id)
{
	return texts[id][lang];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* A test compares the conversions of both languages; the arguments are the caller's care. */
void viz_text_say(FILE *out, enum viz_lang lang, enum viz_text id, ...)
{
	va_list args;

	va_start(args, id);
	vfprintf(out, texts[id][lang], args);
	va_end(args);
	fputc('\n', out);
}
#pragma GCC diagnostic pop

bool viz_text_lang(enum viz_lang *out, const char *name)
{
	static const char ends[] = "-_.@";
	bool pt = strncasecmp(name, "pt", 2) == 0, en = strncasecmp(name, "en", 2) == 0;

	/* "pt", "pt-BR", "pt_BR.UTF-8", but no word that only begins so. */
	if ((!pt && !en) || (name[2] != '\0' && strchr(ends, name[2]) == NULL))
		return false;
	*out = pt ? VIZ_PT : VIZ_EN;
	return true;
}

enum viz_lang viz_text_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	enum viz_lang lang = VIZ_EN;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		viz_text_lang(&lang, value);
		break;
	}
	return lang;
}
