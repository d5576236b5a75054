#include "node/link/site.h"

#include "proto/base.h"

/* The first two of the four numbers. */
static bool read_v4(uint8_t net[5], const char *text)
{
	for (int i = 1; i <= 2; i++) {
		unsigned long n = 0;
		size_t digits = strspn(text, "0123456789");

		if (digits == 0 || digits > 3 || text[digits] != '.')
			return false;
		while (*text != '.')
			n = n * 10 + (unsigned long)(*text++ - '0');
		if (n > 255)
			return false;
		net[i] = (uint8_t)n;
		text++;
	}
	net[0] = 4;
	return true;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

/* The first two of the eight groups. What "::" leaves out is zero; where it stands among these two,
 * one zero or two make no difference to who is near whom. */
static bool read_v6(uint8_t net[5], const char *text)
{
	static const char mapped[] = "::ffff:";

	if (strncmp(text, mapped, sizeof mapped - 1) == 0 && strchr(text, '.'))
		return read_v4(net, text + sizeof mapped - 1);
	for (int i = 0; i < 2; i++) {
		unsigned n = 0;
		int digits = 0;

		for (; hex_digit(*text) >= 0; digits++)
			n = n * 16 + (unsigned)hex_digit(*text++);
		if (digits > 4 || *text != ':')
			return false;
		net[1 + 2 * i] = (uint8_t)(n >> 8);
		net[2 + 2 * i] = (uint8_t)n;
		if (digits > 0)
			text++;
	}
	net[0] = 6;
	return true;
}

void viz_site_make(struct viz_site *out, const char *address, uint32_t asn)
{
	struct viz_site site = {.asn = asn};
	bool good = address[0] == '[' ? read_v6(site.net, address + 1) : read_v4(site.net, address);

	if (!good)
		memset(site.net, 0, sizeof site.net);
	*out = site;
}

bool viz_site_same_net(const struct viz_site *a, const struct viz_site *b)
{
	return memcmp(a->net, b->net, sizeof a->net) == 0;
}

bool viz_site_same_asn(const struct viz_site *a, const struct viz_site *b)
{
	return a->asn != 0 && a->asn == b->asn;
}
