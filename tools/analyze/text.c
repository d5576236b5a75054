#include "tools/analyze/text.h"

#include "tools/text/encoding.h"

const char *viz_text(enum viz_lang lang, enum viz_text text)
{
	return viz_text_texts[text][lang];
}

static void put(struct viz_text_filled *out, size_t *n, const char *text, size_t len)
{
	for (size_t i = 0; i < len && *n + 1 < VIZ_TEXT_FILLED_MAX; i++)
		out->s[(*n)++] = text[i];
}

/* Fills in what is between braces at `p`. Returns its length with the braces, or 0 when there is
 * nothing to fill in. */
static size_t fill(struct viz_text_filled *out, size_t *n, const char *p, const char *const *args,
		   size_t count)
{
	size_t which = p[0] == '{' && p[1] >= '1' && p[1] <= '9' ? (size_t)(p[1] - '1') : SIZE_MAX;
	const char *colon, *end;
	size_t start = *n;

	if (which >= count)
		return 0;
	if (p[2] == '}') {
		put(out, n, args[which], strlen(args[which]));
		out->s[*n] = '\0';
		viz_encoding_clean(out->s + start, false); /* it may be a name of a file */
		return 3;
	}
	colon = p[2] == '?' ? strchr(p, ':') : NULL;
	end = colon ? strchr(colon, '}') : NULL;
	if (!end)
		return 0;
	if (strcmp(args[which], "1") == 0)
		put(out, n, p + 3, (size_t)(colon - p - 3));
	else
		put(out, n, colon + 1, (size_t)(end - colon - 1));
	return (size_t)(end - p) + 1;
}

const char *viz_text_fill(struct viz_text_filled *out, enum viz_lang lang, enum viz_text text,
			  const char *const *args)
{
	const char *p = viz_text_texts[text][lang];
	size_t count = 0, n = 0;

	while (args && args[count])
		count++;
	while (*p) {
		size_t used = fill(out, &n, p, args, count);

		if (!used)
			put(out, &n, p, 1);
		p += used ? used : 1;
	}
	out->s[n] = 0;
	return out->s;
}
