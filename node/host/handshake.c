#include "node/host/handshake.h"

#include "crypto/secret.h"
#include "node/host/alloc.h"

#define MESSAGE_1_LEN 48 /* e, es, tag of an empty payload */
#define MESSAGE_2_LEN 48 /* e, ee, tag */
#define MESSAGE_3_MIN 64 /* s with its tag, se, tag of the payload */

_Static_assert(VIZ_HOST_HANDSHAKE_HELLO_MAX + MESSAGE_3_MIN == VIZ_FRAME_MAX,
	       "the longest hello fills a frame");

void viz_host_handshake_init(struct viz_host_handshake *h,
			     const struct viz_host_handshake_config *config)
{
	VIZ_REQUIRE(config->hello_len <= VIZ_HOST_HANDSHAKE_HELLO_MAX);
	memset(h, 0, sizeof *h);
	h->state = VIZ_HANDSHAKE_MESSAGE_1;
	h->prologue = config->prologue;
	h->prologue_len = config->prologue_len;
	h->keys = config->keys;
	h->ephemeral = *config->ephemeral;
	if (config->remote == NULL)
		return;
	h->initiator = true;
	h->state = VIZ_HANDSHAKE_START;
	h->remote = *config->remote;
	h->hello = viz_host_alloc(config->hello_len);
	h->hello_len = config->hello_len;
	if (config->hello_len > 0)
		memcpy(h->hello, config->hello, config->hello_len);
}

void viz_host_handshake_wipe(struct viz_host_handshake *h)
{
	viz_handshake_free(h->noise);
	if (h->hello != NULL)
		viz_secret_wipe(h->hello, h->hello_len);
	free(h->hello);
	viz_secret_wipe(h, sizeof *h); /* zero is VIZ_HANDSHAKE_ENDED */
}

bool viz_host_handshake_length_ok(const struct viz_host_handshake *h, size_t len)
{
	switch (h->state) {
	case VIZ_HANDSHAKE_START:
		return len == 0;
	case VIZ_HANDSHAKE_MESSAGE_1:
		return len == MESSAGE_1_LEN;
	case VIZ_HANDSHAKE_MESSAGE_2:
		return len == MESSAGE_2_LEN;
	case VIZ_HANDSHAKE_MESSAGE_3:
		return len >= MESSAGE_3_MIN && len <= VIZ_FRAME_MAX;
	case VIZ_HANDSHAKE_COMPLETE:
	case VIZ_HANDSHAKE_ENDED:
		return false;
	}
	return false;
}

static int begin(struct viz_host_handshake *h, const struct viz_secret *key)
{
	struct viz_handshake_config config = {
	    .pattern = VIZ_NOISE_XK,
	    .hash = VIZ_NOISE_SHA256,
	    .initiator = h->initiator,
	    .prologue = h->prologue,
	    .prologue_len = h->prologue_len,
	    .local_static = key,
	    .remote_static = h->initiator ? &h->remote : NULL,
	    .ephemeral = &h->ephemeral,
	};

	return viz_handshake_new(&h->noise, &config);
}

static int write_message(struct viz_host_handshake *h, uint8_t *out, size_t *out_len,
			 const uint8_t *payload, size_t payload_len)
{
	return viz_handshake_write(h->noise, out, out_len, VIZ_FRAME_MAX, payload, payload_len);
}

static int start(struct viz_host_handshake *h, uint8_t *out, size_t *out_len)
{
	int err = begin(h, &h->keys->current);

	if (err == VIZ_OK)
		err = write_message(h, out, out_len, NULL, 0);
	viz_secret_wipe(&h->ephemeral, sizeof h->ephemeral);
	h->state = VIZ_HANDSHAKE_MESSAGE_2;
	return err;
}

/* A responder does not know which of its keys the caller has: message 1 opens under one of them. */
static int read_message_1(struct viz_host_handshake *h, const uint8_t *message, size_t len)
{
	uint8_t payload[MESSAGE_1_LEN];
	size_t payload_len;
	int err;

	err = begin(h, &h->keys->current);
	if (err == VIZ_OK)
		err = viz_handshake_read(h->noise, payload, &payload_len, message, len);
	if (err != VIZ_ERR_AUTH || !h->keys->has_old)
		return err;
	/* Nothing was sent yet, so the same ephemeral key may serve again. */
	viz_handshake_free(h->noise);
	h->noise = NULL;
	h->old_key = true;
	err = begin(h, &h->keys->old);
	if (err == VIZ_OK)
		err = viz_handshake_read(h->noise, payload, &payload_len, message, len);
	return err;
}

static int answer_message_1(struct viz_host_handshake *h, uint8_t *out, size_t *out_len,
			    const uint8_t *message, size_t len)
{
	int err = read_message_1(h, message, len);

	if (err == VIZ_OK)
		err = write_message(h, out, out_len, NULL, 0);
	viz_secret_wipe(&h->ephemeral, sizeof h->ephemeral);
	h->state = VIZ_HANDSHAKE_MESSAGE_3;
	return err;
}

static int answer_message_2(struct viz_host_handshake *h, uint8_t *out, size_t *out_len,
			    const uint8_t *message, size_t len)
{
	uint8_t payload[MESSAGE_2_LEN];
	size_t payload_len;
	int err = viz_handshake_read(h->noise, payload, &payload_len, message, len);

	if (err == VIZ_OK)
		err = write_message(h, out, out_len, h->hello, h->hello_len);
	h->state = VIZ_HANDSHAKE_COMPLETE;
	return err;
}

static int read_message_3(struct viz_host_handshake *h, const uint8_t *message, size_t len)
{
	const struct viz_pub *remote;
	int err;

	h->hello = viz_host_alloc(len);
	err = viz_handshake_read(h->noise, h->hello, &h->hello_len, message, len);
	h->state = VIZ_HANDSHAKE_COMPLETE;
	if (err != VIZ_OK)
		return err;
	remote = viz_handshake_remote_static(h->noise);
	if (remote == NULL)
		return VIZ_ERR_AUTH;
	h->remote = *remote;
	return VIZ_OK;
}

enum viz_host_handshake_step viz_host_handshake_take(struct viz_host_handshake *h, uint8_t *out,
						     size_t *out_len, const uint8_t *message,
						     size_t len)
{
	enum viz_host_handshake_step step = VIZ_HANDSHAKE_WAIT;
	size_t written = 0;
	int err = VIZ_ERR_STATE;

	*out_len = 0;
	if (!viz_host_handshake_length_ok(h, len)) {
		viz_host_handshake_wipe(h);
		return VIZ_HANDSHAKE_FAILED;
	}
	switch (h->state) {
	case VIZ_HANDSHAKE_START:
		err = start(h, out, &written);
		break;
	case VIZ_HANDSHAKE_MESSAGE_1:
		err = answer_message_1(h, out, &written, message, len);
		break;
	case VIZ_HANDSHAKE_MESSAGE_2:
		err = answer_message_2(h, out, &written, message, len);
		step = VIZ_HANDSHAKE_DONE;
		break;
	case VIZ_HANDSHAKE_MESSAGE_3:
		err = read_message_3(h, message, len);
		step = VIZ_HANDSHAKE_HELLO;
		break;
	case VIZ_HANDSHAKE_COMPLETE: /* no length is right then */
	case VIZ_HANDSHAKE_ENDED:
		break;
	}
	if (err != VIZ_OK) {
		viz_host_handshake_wipe(h);
		return VIZ_HANDSHAKE_FAILED;
	}
	*out_len = written;
	return step;
}

int viz_host_handshake_finish(struct viz_host_handshake *h, struct viz_host_handshake_result *out)
{
	struct viz_host_handshake_result result = {.remote = h->remote, .old_key = h->old_key};
	int err = VIZ_ERR_STATE;

	if (h->state == VIZ_HANDSHAKE_COMPLETE)
		err = viz_handshake_split(h->noise, &result.session);
	if (err == VIZ_OK) {
		if (!h->initiator) {
			result.hello = h->hello;
			result.hello_len = h->hello_len;
			h->hello = NULL;
		}
		*out = result;
		viz_host_handshake_wipe(h);
	}
	viz_secret_wipe(&result, sizeof result);
	return err;
}
