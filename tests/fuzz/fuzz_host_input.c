/* Input of the host from outside: frames of peers, lines of the control socket, and the
 * configuration. The first byte selects one. */
#include "tests/fuzz/fuzz.h"

#include "proto/base.h"
#include "node/host/address.h"
#include "node/host/config.h"
#include "node/host/frame.h"
#include "node/host/line.h"

static void frames(const uint8_t *data, size_t len)
{
	enum viz_frame_kind kind;
	size_t at = 0, frame, body;

	while (viz_host_frame_whole(data + at, len - at, &frame)) {
		const uint8_t *plain = data + at + VIZ_FRAME_HEADER;

		VIZ_REQUIRE(frame <= len - at - VIZ_FRAME_HEADER);
		if (viz_host_frame_unpad(&kind, &body, plain, frame) == VIZ_OK) {
			VIZ_REQUIRE(body + VIZ_FRAME_HEADER <= frame);
			VIZ_REQUIRE((kind == VIZ_FRAME_BODY) == (body > 0));
		}
		at += VIZ_FRAME_HEADER + frame;
	}
}

/* However the bytes are split, the lines are those that memchr finds. */
static void lines(const uint8_t *data, size_t len)
{
	size_t step = len > 0 ? data[0] % 16 + 1u : 1, fed = 0, expect = 0;
	struct viz_line l;

	viz_host_line_init(&l, 40);
	while (fed < len) {
		uint8_t *at, *line;
		size_t space, got;
		int err;

		if (viz_host_line_space(&l, &at, &space) != VIZ_OK)
			break;
		space = space < step ? space : step;
		space = space < len - fed ? space : len - fed;
		memcpy(at, data + fed, space);
		viz_host_line_added(&l, space);
		fed += space;
		while ((err = viz_host_line_take(&l, &line, &got)) == VIZ_OK) {
			const uint8_t *end = memchr(data + expect, '\n', len - expect);

			VIZ_REQUIRE(end != NULL && end < data + fed && got <= 40);
			VIZ_REQUIRE(memcmp(line, data + expect, got) == 0 && line[got] == '\0');
			expect = (size_t)(end - data) + 1;
			free(line);
		}
		if (err == VIZ_ERR_LIMIT)
			break;
	}
	viz_host_line_clear(&l);
}

/* Each fault names the file. */
static void count(void *to, bool fault, const char *line)
{
	size_t *faults = to;

	*faults += fault;
	VIZ_REQUIRE(strncmp(line, "fuzz.conf:", 10) == 0);
}

static void config(const uint8_t *data, size_t len)
{
	size_t faults = 0;
	const struct viz_config_report report = {count, &faults, false};
	struct viz_config c;
	FILE *f;

	if (len == 0)
		return;
	f = fmemopen((uint8_t *)(uintptr_t)data, len, "r");
	VIZ_REQUIRE(f != NULL);
	if (viz_host_config_stream(&c, &report, f, "fuzz.conf") == VIZ_OK) {
		VIZ_REQUIRE(c.profile.name[0] != '\0' && memchr(c.profile.name, 0, 81) != NULL);
		VIZ_REQUIRE((c.map_mib == 0 || c.map_mib >= 16) &&
			    c.reader_count <= VIZ_CONFIG_READERS_MAX);
		VIZ_REQUIRE(faults == 0);
	} else {
		VIZ_REQUIRE(faults > 0 && faults <= VIZ_CONFIG_FAULTS_MAX + 2);
	}
	fclose(f);
}

static void address(const uint8_t *data, size_t len)
{
	char text[VIZ_ADDR_TEXT_MAX * 2], again[VIZ_ADDR_TEXT_MAX];
	union viz_addr addr, back;

	if (len >= sizeof text)
		len = sizeof text - 1;
	memcpy(text, data, len);
	text[len] = '\0';
	if (viz_host_address_parse(&addr, text, false) != VIZ_OK)
		return;
	viz_host_address_text(again, &addr.any);
	VIZ_REQUIRE(viz_host_address_parse(&back, again, false) == VIZ_OK);
	VIZ_REQUIRE(memcmp(&addr, &back, sizeof addr) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len == 0)
		return 0;
	if (data[0] == 'f')
		frames(data + 1, len - 1);
	else if (data[0] == 'l')
		lines(data + 1, len - 1);
	else if (data[0] == 'c')
		config(data + 1, len - 1);
	else if (data[0] == 'a')
		address(data + 1, len - 1);
	return 0;
}
