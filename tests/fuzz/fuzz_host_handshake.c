/* A hostile peer at each step of a connection's handshake.
 *
 * Input: u8 flags (1: the target is the initiator, 2: the responder is called by its previous key,
 * 4: chunks are XORed into the message of the honest peer instead of replacing it); u8 number of
 * honest messages first (mod 4; after 3 the handshake is complete); then chunks, each u8 length and
 * bytes. All keys are fixed, so that the messages of a real run are a good seed. */
#include "tests/fuzz/fuzz.h"

#include "crypto/crypto.h"
#include "crypto/x25519.h"
#include "node/host/handshake.h"

struct input {
	const uint8_t *at;
	size_t left;
};

struct side {
	struct viz_host_handshake h;
	struct viz_host_handshake_keys keys;
	enum viz_host_handshake_step step; /* the result of its last message */
	uint8_t out[VIZ_FRAME_MAX];
	size_t out_len; /* it has to send so many bytes */
};

static struct side target, peer;

static uint8_t next_byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static struct viz_secret key_of(uint8_t fill)
{
	struct viz_secret key;

	memset(key.b, fill, sizeof key.b);
	return key;
}

static void begin(struct side *s, bool initiator, bool old_key)
{
	static const uint8_t prologue[] = "fuzz", hello[] = "ola, vizinho";
	struct viz_secret fresh = key_of(initiator ? 4 : 5);
	struct viz_secret called = key_of(old_key ? 2 : 1);
	struct viz_host_handshake_config config = {
	    .prologue = prologue,
	    .prologue_len = sizeof prologue,
	    .keys = &s->keys,
	    .ephemeral = &fresh,
	};
	struct viz_pub remote;

	memset(s, 0, sizeof *s);
	s->keys.current = key_of(initiator ? 3 : 1);
	s->keys.old = key_of(2);
	s->keys.has_current = s->keys.has_old = true;
	viz_x25519_pub(&remote, &called);
	if (initiator) {
		config.remote = &remote;
		config.hello = hello;
		config.hello_len = sizeof hello;
	}
	viz_host_handshake_init(&s->h, &config);
}

/* A complete handshake gives the session and the peer's static key, and only once. */
static void finish(struct side *s, bool initiator)
{
	struct viz_host_handshake_result result;

	VIZ_REQUIRE(viz_host_handshake_finish(&s->h, &result) == VIZ_OK);
	VIZ_REQUIRE((result.hello == NULL) == initiator);
	VIZ_REQUIRE(result.hello_len <= VIZ_HOST_HANDSHAKE_HELLO_MAX);
	VIZ_REQUIRE(viz_x25519_pub_check(&result.remote) == VIZ_OK);
	VIZ_REQUIRE(viz_host_handshake_finish(&s->h, &result) == VIZ_ERR_STATE);
	free(result.hello);
}

static void take(struct side *s, const uint8_t *message, size_t len)
{
	static const struct viz_host_handshake over;
	bool fits = viz_host_handshake_length_ok(&s->h, len), initiator = s->h.initiator;

	s->step = viz_host_handshake_take(&s->h, s->out, &s->out_len, message, len);
	VIZ_REQUIRE(fits || s->step == VIZ_HANDSHAKE_FAILED);
	switch (s->step) {
	case VIZ_HANDSHAKE_WAIT:
		VIZ_REQUIRE(s->out_len == 48);
		break;
	case VIZ_HANDSHAKE_DONE:
		VIZ_REQUIRE(initiator && s->out_len >= 64 && s->out_len <= VIZ_FRAME_MAX);
		finish(s, true);
		break;
	case VIZ_HANDSHAKE_HELLO:
		VIZ_REQUIRE(!initiator && s->out_len == 0);
		finish(s, false);
		break;
	case VIZ_HANDSHAKE_FAILED:
		VIZ_REQUIRE(s->out_len == 0);
		VIZ_REQUIRE(memcmp(&s->h, &over, sizeof over) == 0);
		break;
	}
}

/* `from` sends `to` the honest message that it waits for. */
static void honest_step(struct side *from, struct side *to)
{
	take(to, from->out, from->out_len);
	from->out_len = 0;
	VIZ_REQUIRE(to->step != VIZ_HANDSHAKE_FAILED);
}

static void hostile_step(struct input *in, bool mix)
{
	size_t len = next_byte(in), changed = 0;
	const uint8_t *chunk = in->at;

	if (len > in->left)
		len = in->left;
	in->at += len;
	in->left -= len;
	if (!mix) {
		/* NULL is the initiator's first step. */
		take(&target, len > 0 ? chunk : NULL, len);
		return;
	}
	if (peer.out_len == 0)
		return;
	for (size_t i = 0; i < len && i < peer.out_len; i++) {
		peer.out[i] ^= chunk[i];
		changed += chunk[i] != 0;
	}
	take(&target, peer.out, peer.out_len);
	VIZ_REQUIRE(changed == 0 || target.step == VIZ_HANDSHAKE_FAILED);
	peer.out_len = 0;
	if (target.out_len > 0)
		honest_step(&target, &peer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	uint8_t flags = next_byte(&in);
	unsigned honest = next_byte(&in) % 4;
	struct side *initiator = flags & 1 ? &target : &peer;
	struct side *responder = flags & 1 ? &peer : &target;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	begin(initiator, true, (flags & 2) != 0);
	begin(responder, false, false);
	take(initiator, NULL, 0);
	for (unsigned i = 0; i < honest; i++)
		honest_step(i == 1 ? responder : initiator, i == 1 ? initiator : responder);
	/* The honest peer answers once more, if it has an answer. */
	if (target.out_len > 0)
		honest_step(&target, &peer);
	while (in.left > 0)
		hostile_step(&in, (flags & 4) != 0);
	viz_host_handshake_wipe(&target.h);
	viz_host_handshake_wipe(&peer.h);
	return 0;
}
