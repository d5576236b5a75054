#include "tools/web/text.h"

#include <stdarg.h>

#include "tools/text/fill.h"

const char *viz_web_text(enum viz_lang lang, enum viz_web_text id)
{
	return viz_web_text_texts[id][lang];
}

bool viz_web_text_find(enum viz_web_text *out, const char *key)
{
	for (int i = 0; i < VIZ_WEB_TEXT_COUNT; i++) {
		if (strcmp(viz_web_text_keys[i], key) != 0)
			continue;
		*out = (enum viz_web_text)i;
		return true;
	}
	return false;
}

void viz_web_text_fill(char *out, size_t max, enum viz_lang lang, enum viz_web_text id, ...)
{
	va_list pairs;

	va_start(pairs, id);
	viz_fill_list(out, max, viz_web_text(lang, id), pairs);
	va_end(pairs);
}
