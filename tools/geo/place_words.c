#include <stdarg.h>

#include "tools/geo/place.h"
#include "tools/geo/texts.h"

const char *viz_place_words_kind(enum viz_place_kind kind)
{
	switch (kind) {
	case VIZ_PLACE_CELL:
		return "cell";
	case VIZ_PLACE_POSTCODE:
		return "postcode";
	case VIZ_PLACE_MUNICIPALITY:
		return "municipality";
	}
	return "unknown";
}

const char *viz_place_words_certainty(enum viz_place_certainty certainty)
{
	switch (certainty) {
	case VIZ_PLACE_SURE:
		return "sure";
	case VIZ_PLACE_LIKELY:
		return "likely";
	case VIZ_PLACE_VAGUE:
		return "vague";
	}
	return "unknown";
}

const char *viz_place_words_fault(enum viz_place_fault fault)
{
	switch (fault) {
	case VIZ_PLACE_FOUND:
		return "found";
	case VIZ_PLACE_EMPTY:
		return "empty";
	case VIZ_PLACE_NOT_UNDERSTOOD:
		return "not-understood";
	case VIZ_PLACE_NO_SUCH_NAME:
		return "no-such-name";
	case VIZ_PLACE_AMBIGUOUS:
		return "ambiguous";
	case VIZ_PLACE_NO_SUCH_CODE:
		return "no-such-code";
	case VIZ_PLACE_NO_SUCH_CEP:
		return "no-such-cep";
	case VIZ_PLACE_OUT_OF_RANGE:
		return "out-of-range";
	case VIZ_PLACE_SWAPPED:
		return "swapped";
	case VIZ_PLACE_ABROAD:
		return "abroad";
	case VIZ_PLACE_SHORT_LINK:
		return "short-link";
	case VIZ_PLACE_SHORT_CODE:
		return "short-code";
	}
	return "unknown";
}

_Static_assert(VIZ_GEO_PLACE_FOUND + (int)VIZ_PLACE_SHORT_CODE == (int)VIZ_GEO_PLACE_SHORT_CODE,
	       "each fault has a text");

static enum viz_geo text_of(const struct viz_place_trouble *trouble)
{
	if (trouble->fault == VIZ_PLACE_ABROAD) {
		switch (trouble->astray) {
		case VIZ_ASTRAY_ZERO:
			return VIZ_GEO_ASTRAY_ZERO;
		case VIZ_ASTRAY_SIGNS:
			return VIZ_GEO_ASTRAY_SIGNS;
		case VIZ_ASTRAY_BOTH:
			return VIZ_GEO_ASTRAY_BOTH;
		case VIZ_ASTRAY_NEAR:
			return VIZ_GEO_ASTRAY_NEAR;
		case VIZ_ASTRAY_SWAPPED:
		case VIZ_ASTRAY_FAR:
			break;
		}
	}
	return (enum viz_geo)(VIZ_GEO_PLACE_FOUND + (int)trouble->fault);
}

/* Appends at *at, and cuts at `max`. */
__attribute__((format(printf, 4, 5))) static void add(char *out, size_t max, size_t *at,
						      const char *format, ...)
{
	va_list args;
	int n;

	if (*at >= max)
		return;
	va_start(args, format);
	n = vsnprintf(out + *at, max - *at, format, args);
	va_end(args);
	*at += n > 0 ? (size_t)n : 0;
}

void viz_place_words_explain(char *out, size_t max, const struct viz_place_trouble *trouble,
			     enum viz_lang lang)
{
	size_t at = 0;

	add(out, max, &at, "%s", viz_geo_texts[text_of(trouble)][lang]);
	if (trouble->candidates_n == 0)
		return;
	if (trouble->fault == VIZ_PLACE_NO_SUCH_NAME)
		add(out, max, &at, " %s", viz_geo_texts[VIZ_GEO_PLACE_SUGGEST][lang]);
	for (size_t i = 0; i < trouble->candidates_n; i++)
		add(out, max, &at, "%s %s/%s", i ? "," : "", trouble->candidates[i].name,
		    trouble->candidates[i].uf);
	add(out, max, &at, trouble->fault == VIZ_PLACE_NO_SUCH_NAME ? "?" : ".");
}
