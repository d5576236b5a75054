#include "node/control/localize.h"

#define LANGUAGES (sizeof viz_control_texts_tags / sizeof *viz_control_texts_tags)

/* NULL: there is none in this language. */
static const char *text_of(enum viz_control_texts text, const char *language)
{
	for (size_t i = 0; i < LANGUAGES; i++)
		if (strcmp(viz_control_texts_tags[i], language) == 0)
			return viz_control_texts_texts[text][i];
	return NULL;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The build refuses a translation with other conversions. */
int viz_control_localize(char *out, size_t max, enum viz_control_texts text, const char *language,
			 const char *first, const char *second)
{
	const char *format = text_of(text, language);
	int n;

	if (!format)
		return VIZ_ERR_ABSENT;
	n = snprintf(out, max, format, first, second);
	return n > 0 && (size_t)n < max ? VIZ_OK : VIZ_ERR_LIMIT;
}
#pragma GCC diagnostic pop
