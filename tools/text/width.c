#include "tools/text/width.h"

#include "tools/text/encoding.h"

struct range {
	uint32_t from, to;
};

static bool within(uint32_t cp, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return true;
	return false;
}

/* Unicode's combining marks in use with Latin script and emoji, and the wide blocks of UAX #11. */
static size_t columns(uint32_t cp)
{
	static const struct range zero[] = {{0x300, 0x36f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
					    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
					    {0xfe20, 0xfe2f}};
	static const struct range wide[] = {
	    {0x1100, 0x115f},   {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
	    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
	    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

	if (cp < 0x300)
		return 1;
	if (within(cp, wide, sizeof wide / sizeof wide[0]))
		return 2;
	return !within(cp, zero, sizeof zero / sizeof zero[0]);
}

size_t viz_width_of(const char *text, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = viz_encoding_next(&cp, text + i, len - i);

		width += n > 0 ? columns(cp) : 1;
		i += n > 0 ? n : 1;
	}
	return width;
}
