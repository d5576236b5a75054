/* Noise XK over the frames of a link: messages 1 and 2 without payload, message 3 with the hello.
 */
#include "crypto/sign.h"
#include "node/host/connection.h"
#include "node/host/random.h"

#define MESSAGE_1_LEN 48 /* e, es, tag of an empty payload */
#define MESSAGE_2_LEN 48 /* e, ee, tag */
#define MESSAGE_3_MIN 64 /* s with its tag, se, tag of the payload */

bool viz_noise_length_ok(const struct viz_host_link *link, size_t len)
{
	if (link->state == VIZ_LINK_MESSAGE_1)
		return len == MESSAGE_1_LEN;
	if (link->state == VIZ_LINK_MESSAGE_2)
		return len == MESSAGE_2_LEN;
	return len >= MESSAGE_3_MIN;
}

static int begin(struct viz_host_link *link, bool initiator, const struct viz_secret *key)
{
	struct viz_secret ephemeral;
	struct viz_handshake_config config = {
	    .pattern = VIZ_NOISE_XK,
	    .hash = VIZ_NOISE_SHA256,
	    .initiator = initiator,
	    .prologue = link->host->prologue,
	    .prologue_len = sizeof link->host->prologue,
	    .local_static = key,
	    .remote_static = initiator ? &link->remote : NULL,
	    .ephemeral = &ephemeral,
	};
	int err;

	viz_host_random(ephemeral.b, sizeof ephemeral.b);
	err = viz_handshake_new(&link->handshake, &config);
	viz_wipe(&ephemeral, sizeof ephemeral);
	return err;
}

static int write_message(struct viz_host_link *link, const uint8_t *payload, size_t payload_len)
{
	uint8_t *message = viz_host_alloc(VIZ_FRAME_MAX);
	size_t len = 0;
	int err = viz_handshake_write(link->handshake, message, &len, VIZ_FRAME_MAX, payload,
				      payload_len);

	if (err == VIZ_OK)
		viz_host_link_send_raw(link, message, len);
	free(message);
	if (link->state == VIZ_LINK_CLOSING)
		return VIZ_ERR_STATE;
	return err;
}

/* A responder does not know which of its keys the caller has: message 1 opens under one of them. */
static int read_message_1(struct viz_host_link *link, const uint8_t *message, size_t len)
{
	struct viz_host_tcp *t = link->host;
	uint8_t payload[MESSAGE_1_LEN];
	size_t payload_len;
	int err;

	err = begin(link, false, &t->current);
	if (err == VIZ_OK)
		err = viz_handshake_read(link->handshake, payload, &payload_len, message, len);
	if (err != VIZ_ERR_AUTH || !t->has_old)
		return err;
	viz_handshake_free(link->handshake);
	link->handshake = NULL;
	link->old_key = true;
	err = begin(link, false, &t->old);
	if (err == VIZ_OK)
		err = viz_handshake_read(link->handshake, payload, &payload_len, message, len);
	return err;
}

static int read_message_2(struct viz_host_link *link, const uint8_t *message, size_t len)
{
	uint8_t payload[MESSAGE_2_LEN];
	size_t payload_len;
	int err = viz_handshake_read(link->handshake, payload, &payload_len, message, len);

	if (err == VIZ_OK)
		err = write_message(link, link->hello, link->hello_len);
	return err;
}

static int split(struct viz_host_link *link)
{
	int err = viz_handshake_split(link->handshake, &link->session);

	viz_handshake_free(link->handshake);
	link->handshake = NULL;
	link->received_ms = link->sent_ms = link->rekeyed_ms = uv_now(link->host->loop);
	return err;
}

static int opened(struct viz_host_link *link)
{
	struct viz_host_event *e;

	if (split(link) != VIZ_OK)
		return VIZ_ERR_AUTH;
	viz_wipe(link->hello, link->hello_len);
	free(link->hello);
	link->hello = NULL;
	e = viz_host_event_new(VIZ_EVENT_OPENED, NULL, 0);
	e->event.link = link->id;
	e->event.attempt = link->attempt;
	e->event.remote = link->remote;
	link->state = VIZ_LINK_OPEN;
	link->told = true;
	viz_host_core_push(link->host->core, e);
	return VIZ_OK;
}

static int read_message_3(struct viz_host_link *link, const uint8_t *message, size_t len)
{
	uint8_t *payload = viz_host_alloc(len);
	size_t payload_len = 0;
	struct viz_host_event *e;
	int err = viz_handshake_read(link->handshake, payload, &payload_len, message, len);

	if (err == VIZ_OK && viz_handshake_remote_static(link->handshake) == NULL)
		err = VIZ_ERR_AUTH;
	if (err == VIZ_OK) {
		link->remote = *viz_handshake_remote_static(link->handshake);
		err = split(link);
	}
	if (err != VIZ_OK) {
		viz_wipe(payload, len);
		free(payload);
		return err;
	}
	e = viz_host_event_new(VIZ_EVENT_HELLO, payload, len);
	e->event.len = payload_len;
	e->event.link = link->id;
	e->event.remote = link->remote;
	e->event.old_key = link->old_key;
	link->state = VIZ_LINK_WAITING;
	link->told = true;
	viz_host_core_push(link->host->core, e);
	return VIZ_OK;
}

enum viz_close_reason viz_noise_step(struct viz_host_link *link, const uint8_t *message, size_t len)
{
	int err = VIZ_ERR_STATE;

	/* The state changes before a write: a write that fails ends the link. */
	if (link->state == VIZ_LINK_CONNECTING) {
		link->state = VIZ_LINK_MESSAGE_2;
		err = begin(link, true, &link->host->current);
		if (err == VIZ_OK)
			err = write_message(link, NULL, 0);
	} else if (link->state == VIZ_LINK_MESSAGE_1) {
		link->state = VIZ_LINK_MESSAGE_3;
		err = read_message_1(link, message, len);
		if (err == VIZ_OK)
			err = write_message(link, NULL, 0);
	} else if (link->state == VIZ_LINK_MESSAGE_2) {
		err = read_message_2(link, message, len);
		if (err == VIZ_OK)
			err = opened(link);
	} else if (link->state == VIZ_LINK_MESSAGE_3) {
		if (!viz_listen_has_room(link->host, link))
			return VIZ_CLOSE_FULL;
		err = read_message_3(link, message, len);
	}
	return err == VIZ_OK ? VIZ_CLOSE_COUNT : VIZ_CLOSE_HANDSHAKE;
}
