/* A hostile peer in every state of the handshake, and of the session after it.
 *
 * Input: u8 pattern (mod 7); u8 flags (1: BLAKE2b, 2: the target is the initiator, 4: psk, 8:
 * chunks
 * are XORed into the bytes of the honest peer instead of replacing them); u8 number of honest
 * messages first (mod 8; after the handshake they are session frames); then chunks, each u8 length
 * and bytes. */
#include "tests/fuzz/fuzz.h"

#include "crypto/crypto.h"
#include "crypto/handshake.h"
#include "crypto/x25519.h"

#define BUF 512 /* more than any honest message here, or a chunk with an honest message */

struct input {
	const uint8_t *at;
	size_t left;
};

struct side {
	struct viz_handshake *hs;
	struct viz_session session;
	bool live; /* it has a session */
};

static uint8_t next_byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static size_t next_chunk(struct input *in, const uint8_t **bytes)
{
	size_t len = next_byte(in);

	if (len > in->left)
		len = in->left;
	*bytes = in->at;
	in->at += len;
	in->left -= len;
	return len;
}

static struct viz_secret key_of(uint8_t fill)
{
	struct viz_secret key;

	memset(key.b, fill, sizeof key.b);
	return key;
}

static bool has_static(enum viz_noise_pattern pattern, bool initiator)
{
	if (pattern == VIZ_NOISE_NN)
		return false;
	return !initiator || (pattern != VIZ_NOISE_NX && pattern != VIZ_NOISE_NK);
}

static bool knows_remote(enum viz_noise_pattern pattern, bool initiator)
{
	if (pattern == VIZ_NOISE_KK)
		return true;
	return initiator &&
	       (pattern == VIZ_NOISE_NK || pattern == VIZ_NOISE_XK || pattern == VIZ_NOISE_IK);
}

static void open_side(struct side *side, uint8_t pattern, uint8_t flags, bool initiator)
{
	struct viz_secret mine = key_of(initiator ? 1 : 2);
	struct viz_secret theirs = key_of(initiator ? 2 : 1);
	struct viz_secret ephemeral = key_of(initiator ? 3 : 4);
	struct viz_secret psk = key_of(5);
	struct viz_pub remote;
	struct viz_handshake_config config = {
	    .pattern = (enum viz_noise_pattern)(pattern % 7),
	    .hash = flags & 1 ? VIZ_NOISE_BLAKE2B : VIZ_NOISE_SHA256,
	    .initiator = initiator,
	    .ephemeral = &ephemeral,
	    .psk = flags & 4 ? &psk : NULL,
	    .psk_at = pattern / 7 % 3,
	};

	memset(side, 0, sizeof *side);
	viz_x25519_pub(&remote, &theirs);
	if (has_static(config.pattern, initiator))
		config.local_static = &mine;
	if (knows_remote(config.pattern, initiator))
		config.remote_static = &remote;
	VIZ_REQUIRE(viz_handshake_new(&side->hs, &config) == VIZ_OK);
}

static void split_if_done(struct side *side)
{
	if (side->live || !viz_handshake_done(side->hs))
		return;
	VIZ_REQUIRE(viz_handshake_split(side->hs, &side->session) == VIZ_OK);
	VIZ_REQUIRE(viz_handshake_split(side->hs, &side->session) == VIZ_ERR_STATE);
	side->live = true;
}

/* Writes the next message of `side`. Returns its length; 0 when there is none. */
static size_t produce(struct side *side, uint8_t out[BUF])
{
	static const uint8_t payload[] = "ola, vizinho";
	size_t len = 0;

	if (side->live) {
		VIZ_REQUIRE(viz_session_seal(&side->session, out, payload, sizeof payload) == 0);
		return sizeof payload + VIZ_SESSION_TAG;
	}
	if (!viz_handshake_must_write(side->hs))
		return 0;
	/* AUTH: the key of a hostile peer may have small order. */
	if (viz_handshake_write(side->hs, out, &len, BUF, payload, sizeof payload) != VIZ_OK)
		return 0;
	split_if_done(side);
	return len;
}

static int consume(struct side *side, const uint8_t *bytes, size_t len)
{
	uint8_t *out = malloc(len > 0 ? len : 1);
	size_t out_len = 0;
	uint64_t n = side->session.receive.n;
	int err;

	VIZ_REQUIRE(out != NULL);
	if (side->live) {
		err = viz_session_open(&side->session, out, bytes, len);
		VIZ_REQUIRE(side->session.receive.n == n + (err == VIZ_OK ? 1 : 0));
	} else {
		err = viz_handshake_read(side->hs, out, &out_len, bytes, len);
		VIZ_REQUIRE(out_len <= len);
		if (err != VIZ_OK && err != VIZ_ERR_STATE) {
			VIZ_REQUIRE(!viz_handshake_must_write(side->hs));
			VIZ_REQUIRE(!viz_handshake_done(side->hs));
			VIZ_REQUIRE(viz_handshake_remote_static(side->hs) == NULL);
		}
		split_if_done(side);
	}
	free(out);
	return err;
}

/* Passes one message on unchanged. It must arrive as long as the peer was honest. */
static void honest_step(struct side *a, struct side *b)
{
	struct side *from = a->live || viz_handshake_must_write(a->hs) ? a : b;
	struct side *to = from == a ? b : a;
	uint8_t buf[BUF];
	size_t len = produce(from, buf);

	VIZ_REQUIRE(len > 0);
	VIZ_REQUIRE(consume(to, buf, len) == VIZ_OK);
}

/* Gives the target a chunk. Returns whether that changed the handshake. */
static bool hostile_step(struct side *target, struct side *peer, struct input *in, bool mix)
{
	const uint8_t *chunk;
	size_t len = next_chunk(in, &chunk);
	bool in_session = target->live;
	bool lied = false;
	uint8_t buf[BUF];
	size_t buf_len;
	int err;

	if (!in_session && viz_handshake_must_write(target->hs)) {
		buf_len = produce(target, buf);
		if (buf_len > 0)
			consume(peer, buf, buf_len);
		return false;
	}
	if (!mix)
		return consume(target, chunk, len) == VIZ_OK && !in_session;
	buf_len = produce(peer, buf);
	for (size_t i = 0; i < len && i < buf_len; i++) {
		lied = lied || chunk[i] != 0;
		buf[i] ^= chunk[i];
	}
	err = consume(target, buf, buf_len);
	VIZ_REQUIRE(!in_session || !lied || err != VIZ_OK);
	return lied && !in_session;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	struct side target;
	struct side peer;
	uint8_t pattern = next_byte(&in);
	uint8_t flags = next_byte(&in);
	unsigned honest = next_byte(&in) % 8;
	bool lied = false;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	open_side(&target, pattern, flags, (flags & 2) != 0);
	open_side(&peer, pattern, flags, (flags & 2) == 0);
	for (unsigned i = 0; i < honest; i++)
		honest_step(&target, &peer);
	while (in.left > 0)
		lied = hostile_step(&target, &peer, &in, (flags & 8) != 0) || lied;
	/* Both sides may complete, but the hash of a side that got changed bytes differs from
	 * its peer's. */
	VIZ_REQUIRE(!lied || !target.live || !peer.live ||
		    !viz_id_eq(&target.session.handshake_hash, &peer.session.handshake_hash));
	viz_handshake_free(target.hs);
	viz_handshake_free(peer.hs);
	viz_session_wipe(&target.session);
	viz_session_wipe(&peer.session);
	return 0;
}
