#include "node/host/lang.h"

#include <strings.h>

static const char *const tags[VIZ_LANGS] = {VIZ_LANG_TAGS};

bool viz_host_lang_parse(enum viz_lang *out, const char *name)
{
	size_t len = strcspn(name, "-_.@");

	for (int i = 0; i < VIZ_LANGS; i++) {
		if (strcspn(tags[i], "-") != len || strncasecmp(tags[i], name, len) != 0)
			continue;
		*out = (enum viz_lang)i;
		return true;
	}
	return false;
}

enum viz_lang viz_host_lang_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	enum viz_lang lang = VIZ_LANG_EN;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		viz_host_lang_parse(&lang, value);
		break;
	}
	return lang;
}

const char *viz_host_lang_tag(enum viz_lang lang)
{
	return tags[lang];
}
