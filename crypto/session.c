#include "crypto/cipher.h"

#include <sodium.h>

/* The counter never goes back, so "each VIZ_REKEY_MESSAGES messages" is a property of it alone, and
 * both sides come to it at the same message. */
static void rekey_when_due(struct viz_cipher *c)
{
	if (c->n % VIZ_REKEY_MESSAGES == 0)
		viz_cipher_rekey(c);
}

int viz_session_seal(struct viz_session *s, uint8_t *out, const uint8_t *plain, size_t len)
{
	int err;

	if (len > VIZ_SESSION_MSG_MAX - VIZ_SESSION_TAG)
		return VIZ_ERR_LIMIT;
	err = viz_cipher_seal(&s->send, out, NULL, 0, plain, len);
	if (err == VIZ_OK)
		rekey_when_due(&s->send);
	return err;
}

int viz_session_open(struct viz_session *s, uint8_t *out, const uint8_t *sealed, size_t len)
{
	int err;

	if (len > VIZ_SESSION_MSG_MAX)
		return VIZ_ERR_LIMIT;
	err = viz_cipher_open(&s->receive, out, NULL, 0, sealed, len);
	if (err == VIZ_OK)
		rekey_when_due(&s->receive);
	return err;
}

void viz_session_rekey_send(struct viz_session *s)
{
	viz_cipher_rekey(&s->send);
}

void viz_session_rekey_receive(struct viz_session *s)
{
	viz_cipher_rekey(&s->receive);
}

void viz_session_wipe(struct viz_session *s)
{
	sodium_memzero(s, sizeof *s);
}
