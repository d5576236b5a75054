#include "crypto/noise.h"

#include "crypto/secret.h"
#include "crypto/x25519.h"

#define KEY 32 /* bytes: DHLEN */

struct viz_handshake {
	const struct viz_noise_script *script;
	bool initiator;
	bool broken;
	bool split;
	bool has_psk;
	bool has_remote_static;
	unsigned psk_at;
	unsigned message; /* the next one, from 0 */
	struct viz_noise_symmetric symmetric;
	struct viz_secret local_static;
	struct viz_secret ephemeral;
	struct viz_secret psk;
	struct viz_pub local_static_pub;
	struct viz_pub remote_static;
	struct viz_pub remote_ephemeral;
};

/* The keys are used up: from here on only the symmetric state is needed. */
static void wipe_keys(struct viz_handshake *hs)
{
	viz_secret_wipe(&hs->local_static, sizeof hs->local_static);
	viz_secret_wipe(&hs->ephemeral, sizeof hs->ephemeral);
	viz_secret_wipe(&hs->psk, sizeof hs->psk);
}

static int give_up(struct viz_handshake *hs, int err)
{
	wipe_keys(hs);
	viz_noise_symmetric_wipe(&hs->symmetric);
	hs->has_remote_static = false;
	hs->broken = true;
	return err;
}

static void require_sane(const struct viz_handshake_config *config,
			 const struct viz_noise_script *script)
{
	bool knows_remote = config->initiator ? script->pre_responder : script->pre_initiator;

	VIZ_REQUIRE(config->ephemeral != NULL);
	VIZ_REQUIRE((config->local_static != NULL) ==
		    viz_noise_pattern_has_static(script, config->initiator));
	VIZ_REQUIRE((config->remote_static != NULL) == knows_remote);
	VIZ_REQUIRE(config->psk == NULL || config->psk_at <= script->messages);
}

/* Initialize (section 5.3): the protocol name, the prologue (an empty one, too), the pre-messages,
 * the initiator's first. */
static void start(struct viz_handshake *hs, const struct viz_handshake_config *config)
{
	const struct viz_pub *of_initiator = &hs->local_static_pub;
	const struct viz_pub *of_responder = &hs->remote_static;
	char name[VIZ_NOISE_NAME_MAX];

	if (!hs->initiator) {
		of_initiator = &hs->remote_static;
		of_responder = &hs->local_static_pub;
	}
	viz_noise_pattern_name(name, hs->script, config->hash, hs->has_psk, hs->psk_at);
	viz_noise_symmetric_init(&hs->symmetric, config->hash, name);
	viz_noise_symmetric_mix_hash(&hs->symmetric, config->prologue, config->prologue_len);
	if (hs->script->pre_initiator)
		viz_noise_symmetric_mix_hash(&hs->symmetric, of_initiator->b, KEY);
	if (hs->script->pre_responder)
		viz_noise_symmetric_mix_hash(&hs->symmetric, of_responder->b, KEY);
}

int viz_handshake_new(struct viz_handshake **out, const struct viz_handshake_config *config)
{
	const struct viz_noise_script *script = viz_noise_pattern_script(config->pattern);
	struct viz_handshake *hs;

	require_sane(config, script);
	if (config->remote_static != NULL && viz_x25519_pub_check(config->remote_static) != VIZ_OK)
		return VIZ_ERR_AUTH;
	hs = calloc(1, sizeof *hs);
	if (hs == NULL)
		return VIZ_ERR_NOMEM;
	hs->script = script;
	hs->initiator = config->initiator;
	hs->ephemeral = *config->ephemeral;
	if (config->local_static != NULL) {
		hs->local_static = *config->local_static;
		if (config->local_static_pub != NULL)
			hs->local_static_pub = *config->local_static_pub;
		else
			viz_x25519_pub(&hs->local_static_pub, &hs->local_static);
	}
	if (config->remote_static != NULL) {
		hs->remote_static = *config->remote_static;
		hs->has_remote_static = true;
	}
	if (config->psk != NULL) {
		hs->psk = *config->psk;
		hs->psk_at = config->psk_at;
		hs->has_psk = true;
	}
	start(hs, config);
	*out = hs;
	return VIZ_OK;
}

void viz_handshake_free(struct viz_handshake *hs)
{
	if (hs == NULL)
		return;
	viz_secret_wipe(hs, sizeof *hs);
	free(hs);
}

bool viz_handshake_done(const struct viz_handshake *hs)
{
	return !hs->broken && hs->message == hs->script->messages;
}

static bool can_go_on(const struct viz_handshake *hs)
{
	return !hs->broken && hs->message < hs->script->messages;
}

static bool my_turn(const struct viz_handshake *hs)
{
	return (hs->message % 2 == 0) == hs->initiator;
}

bool viz_handshake_must_write(const struct viz_handshake *hs)
{
	return can_go_on(hs) && my_turn(hs);
}

static int mix_dh(struct viz_handshake *hs, const struct viz_secret *mine,
		  const struct viz_pub *theirs)
{
	struct viz_secret shared;
	int err = viz_x25519_dh(&shared, mine, theirs);

	if (err == VIZ_OK)
		viz_noise_symmetric_mix_key(&hs->symmetric, shared.b);
	viz_secret_wipe(&shared, sizeof shared);
	return err;
}

/* The tokens without bytes on the wire: writer and reader treat them alike. */
static int mix_token(struct viz_handshake *hs, enum viz_noise_token token)
{
	switch (token) {
	case VIZ_NOISE_EE:
		return mix_dh(hs, &hs->ephemeral, &hs->remote_ephemeral);
	case VIZ_NOISE_ES:
		return hs->initiator ? mix_dh(hs, &hs->ephemeral, &hs->remote_static)
				     : mix_dh(hs, &hs->local_static, &hs->remote_ephemeral);
	case VIZ_NOISE_SE:
		return hs->initiator ? mix_dh(hs, &hs->local_static, &hs->remote_ephemeral)
				     : mix_dh(hs, &hs->ephemeral, &hs->remote_static);
	case VIZ_NOISE_SS:
		return mix_dh(hs, &hs->local_static, &hs->remote_static);
	case VIZ_NOISE_PSK:
		viz_noise_symmetric_mix_key_and_hash(&hs->symmetric, hs->psk.b);
		return VIZ_OK;
	case VIZ_NOISE_E:
	case VIZ_NOISE_S:
	case VIZ_NOISE_END:
		break;
	}
	VIZ_REQUIRE(false); /* not a token without bytes */
	return VIZ_ERR_STATE;
}

/* Section 9.2: with a pre-shared key an ephemeral key is mixed into the key, too. */
static void mix_ephemeral(struct viz_handshake *hs, const struct viz_pub *e)
{
	viz_noise_symmetric_mix_hash(&hs->symmetric, e->b, KEY);
	if (hs->has_psk)
		viz_noise_symmetric_mix_key(&hs->symmetric, e->b);
}

/* Bytes of a static key on the wire. */
static size_t static_len(bool has_key)
{
	return has_key ? KEY + VIZ_CIPHER_TAG : KEY;
}

/* Bytes of the next message beyond its payload. */
static size_t overhead(const struct viz_handshake *hs, const enum viz_noise_token *tokens)
{
	bool has_key = hs->symmetric.has_key;
	size_t len = 0;

	for (; *tokens != VIZ_NOISE_END; tokens++) {
		if (*tokens == VIZ_NOISE_E)
			len += KEY;
		if (*tokens == VIZ_NOISE_S)
			len += static_len(has_key);
		if (*tokens == VIZ_NOISE_E ? hs->has_psk : *tokens != VIZ_NOISE_S)
			has_key = true;
	}
	return len + (has_key ? VIZ_CIPHER_TAG : 0);
}

/* Writes the bytes of one token at *at, and moves it on. */
static int write_token(struct viz_handshake *hs, enum viz_noise_token token, uint8_t **at)
{
	struct viz_pub e;
	size_t len;
	int err;

	if (token == VIZ_NOISE_E) {
		/* The multiplication comes only now: a peer whose first message does not verify
		 * causes none for this key. */
		viz_x25519_pub(&e, &hs->ephemeral);
		memcpy(*at, e.b, KEY);
		mix_ephemeral(hs, &e);
		*at += KEY;
		return VIZ_OK;
	}
	if (token != VIZ_NOISE_S)
		return mix_token(hs, token);
	len = static_len(hs->symmetric.has_key);
	err = viz_noise_symmetric_encrypt(&hs->symmetric, *at, hs->local_static_pub.b, KEY);
	if (err == VIZ_OK)
		*at += len;
	return err;
}

static void finish_message(struct viz_handshake *hs)
{
	hs->message++;
	if (hs->message == hs->script->messages)
		wipe_keys(hs);
}

int viz_handshake_write(struct viz_handshake *hs, uint8_t *out, size_t *out_len, size_t max,
			const uint8_t *payload, size_t payload_len)
{
	enum viz_noise_token tokens[VIZ_NOISE_TOKENS_MAX];
	uint8_t *at = out;
	size_t extra;
	int err = VIZ_OK;

	if (!viz_handshake_must_write(hs))
		return VIZ_ERR_STATE;
	viz_noise_pattern_tokens(tokens, hs->script, hs->message, hs->has_psk, hs->psk_at);
	extra = overhead(hs, tokens);
	if (payload_len > VIZ_NOISE_MSG_MAX - extra || max < payload_len + extra)
		return VIZ_ERR_LIMIT;
	for (size_t i = 0; tokens[i] != VIZ_NOISE_END && err == VIZ_OK; i++)
		err = write_token(hs, tokens[i], &at);
	if (err == VIZ_OK)
		err = viz_noise_symmetric_encrypt(&hs->symmetric, at, payload, payload_len);
	if (err != VIZ_OK)
		return give_up(hs, err);
	finish_message(hs);
	*out_len = payload_len + extra;
	return VIZ_OK;
}

/* Reads the bytes of one token at *at, of which the caller has seen that they are there. */
static int read_token(struct viz_handshake *hs, enum viz_noise_token token, const uint8_t **at)
{
	size_t len;
	int err;

	if (token == VIZ_NOISE_E) {
		memcpy(hs->remote_ephemeral.b, *at, KEY);
		mix_ephemeral(hs, &hs->remote_ephemeral);
		*at += KEY;
		return VIZ_OK;
	}
	if (token != VIZ_NOISE_S)
		return mix_token(hs, token);
	len = static_len(hs->symmetric.has_key);
	err = viz_noise_symmetric_decrypt(&hs->symmetric, hs->remote_static.b, *at, len);
	if (err != VIZ_OK)
		return err;
	hs->has_remote_static = true;
	*at += len;
	return VIZ_OK;
}

int viz_handshake_read(struct viz_handshake *hs, uint8_t *payload, size_t *payload_len,
		       const uint8_t *msg, size_t msg_len)
{
	enum viz_noise_token tokens[VIZ_NOISE_TOKENS_MAX];
	const uint8_t *at = msg;
	size_t extra;
	int err = VIZ_OK;

	if (!can_go_on(hs) || my_turn(hs))
		return VIZ_ERR_STATE;
	viz_noise_pattern_tokens(tokens, hs->script, hs->message, hs->has_psk, hs->psk_at);
	extra = overhead(hs, tokens);
	if (msg_len > VIZ_NOISE_MSG_MAX)
		return give_up(hs, VIZ_ERR_LIMIT);
	if (msg_len < extra)
		return give_up(hs, VIZ_ERR_FORM);
	for (size_t i = 0; tokens[i] != VIZ_NOISE_END && err == VIZ_OK; i++)
		err = read_token(hs, tokens[i], &at);
	if (err == VIZ_OK)
		err = viz_noise_symmetric_decrypt(&hs->symmetric, payload, at,
						  msg_len - (size_t)(at - msg));
	if (err != VIZ_OK)
		return give_up(hs, err);
	finish_message(hs);
	*payload_len = msg_len - extra;
	return VIZ_OK;
}

const struct viz_pub *viz_handshake_remote_static(const struct viz_handshake *hs)
{
	return hs->has_remote_static ? &hs->remote_static : NULL;
}

int viz_handshake_split(struct viz_handshake *hs, struct viz_session *out)
{
	struct viz_cipher *first = &out->send;
	struct viz_cipher *second = &out->receive;

	if (!viz_handshake_done(hs) || hs->split)
		return VIZ_ERR_STATE;
	if (!hs->initiator) {
		first = &out->receive;
		second = &out->send;
	}
	viz_noise_symmetric_split(&hs->symmetric, first, second);
	memcpy(out->handshake_hash.b, hs->symmetric.h, sizeof out->handshake_hash.b);
	viz_secret_wipe(hs->symmetric.ck, sizeof hs->symmetric.ck);
	viz_secret_wipe(&hs->symmetric.cipher, sizeof hs->symmetric.cipher);
	hs->split = true;
	return VIZ_OK;
}

const uint8_t *viz_handshake_hash(const struct viz_handshake *hs, size_t *len)
{
	VIZ_REQUIRE(viz_handshake_done(hs));
	*len = hs->symmetric.hash_len;
	return hs->symmetric.h;
}
