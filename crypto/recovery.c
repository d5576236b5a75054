#include "crypto/recovery.h"

#include "crypto/base32.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"

#include <sodium.h>

#define DATA  4 /* characters of a group that are of the key */
#define CHARS (VIZ_RECOVERY_GROUPS * DATA)

_Static_assert(VIZ_RECOVERY_SEALED ==
		   crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_box_SEALBYTES,
	       "sealed key");
_Static_assert(VIZ_RECOVERY_STREAM == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "stream");
_Static_assert(VIZ_RECOVERY_TAG == crypto_secretstream_xchacha20poly1305_ABYTES, "tag");
_Static_assert(sizeof(struct viz_recovery_stream) >=
		   sizeof(crypto_secretstream_xchacha20poly1305_state),
	       "struct viz_recovery_stream holds libsodium's state");
_Static_assert((int)VIZ_RECOVERY_PART == crypto_secretstream_xchacha20poly1305_TAG_PUSH &&
		   (int)VIZ_RECOVERY_LAST == crypto_secretstream_xchacha20poly1305_TAG_FINAL,
	       "kinds of chunks");
_Static_assert(VIZ_BASE32_CHARS(32) == CHARS, "the groups hold a key");

static crypto_secretstream_xchacha20poly1305_state *inner(struct viz_recovery_stream *s)
{
	return (crypto_secretstream_xchacha20poly1305_state *)(void *)s->state;
}

void viz_recovery_pub(struct viz_pub *out, const struct viz_secret *secret)
{
	viz_x25519_pub(out, secret);
}

/* The two characters behind the four of a group. */
static void check_of(char out[2], unsigned group, const char data[DATA])
{
	struct viz_hash h;
	struct viz_id sum;

	viz_hash_init(&h, "vizinho/recovery");
	viz_hash_u64(&h, group);
	viz_hash_part(&h, (const uint8_t *)data, DATA);
	viz_hash_final(&h, &sum);
	viz_base32_write(out, 2, sum.b, sizeof sum.b);
}

void viz_recovery_text(char out[VIZ_RECOVERY_TEXT_MAX], const struct viz_secret *secret)
{
	char data[CHARS], *at = out;

	viz_base32_write(data, CHARS, secret->b, sizeof secret->b);
	for (unsigned i = 0; i < VIZ_RECOVERY_GROUPS; i++) {
		memcpy(at, data + i * DATA, DATA);
		check_of(at + DATA, i, at);
		at += VIZ_RECOVERY_GROUP;
		*at++ = i + 1 < VIZ_RECOVERY_GROUPS ? ' ' : '\0';
	}
	viz_secret_wipe(data, sizeof data);
}

/* As base32 has it; 0: it stands between. */
static char letter(char c)
{
	switch (c) {
	case ' ':
	case '-':
	case '\t':
	case '\r':
	case '\n':
		return 0;
	case '0':
		return 'o';
	case '1':
		return 'l';
	case '8':
		return 'b';
	default:
		return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
}

/* The number of the first group whose check is wrong, from 1; 0: none. */
static unsigned first_wrong(char data[CHARS], const char *text, size_t groups)
{
	for (unsigned i = 0; i < groups; i++) {
		const char *group = text + i * VIZ_RECOVERY_GROUP;
		char check[2];

		check_of(check, i, group);
		if (memcmp(check, group + DATA, sizeof check) != 0)
			return i + 1;
		memcpy(data + i * DATA, group, DATA);
	}
	return 0;
}

int viz_recovery_parse(struct viz_secret *out, unsigned *group, const char *text, size_t len)
{
	char chars[VIZ_RECOVERY_GROUPS * VIZ_RECOVERY_GROUP], data[CHARS];
	struct viz_secret secret;
	size_t n = 0;
	int err = VIZ_OK;

	*group = 0;
	for (size_t i = 0; i < len; i++) {
		char c = letter(text[i]);

		if (c != 0 && n < sizeof chars)
			chars[n] = c;
		n += c != 0;
	}
	/* A character that is missing shifts what follows: the first group that is wrong has it. */
	*group =
	    first_wrong(data, chars, (n < sizeof chars ? n : sizeof chars) / VIZ_RECOVERY_GROUP);
	if (*group != 0 || n != sizeof chars)
		err = VIZ_ERR_FORM;
	if (err == VIZ_OK && viz_base32_read(secret.b, data, CHARS) != VIZ_OK) {
		*group = VIZ_RECOVERY_GROUPS;
		err = VIZ_ERR_FORM;
	}
	if (err == VIZ_OK)
		*out = secret;
	viz_secret_wipe(&secret, sizeof secret);
	viz_secret_wipe(chars, sizeof chars);
	viz_secret_wipe(data, sizeof data);
	return err;
}

int viz_recovery_seal(struct viz_secret *file_key, uint8_t sealed[VIZ_RECOVERY_SEALED],
		      const struct viz_pub *pub)
{
	crypto_secretstream_xchacha20poly1305_keygen(file_key->b);
	return crypto_box_seal(sealed, file_key->b, sizeof file_key->b, pub->b) == 0 ? VIZ_OK
										     : VIZ_ERR_AUTH;
}

int viz_recovery_open(struct viz_secret *file_key, const uint8_t sealed[VIZ_RECOVERY_SEALED],
		      const struct viz_secret *secret)
{
	struct viz_pub pub;

	viz_recovery_pub(&pub, secret);
	return crypto_box_seal_open(file_key->b, sealed, VIZ_RECOVERY_SEALED, pub.b, secret->b) == 0
		   ? VIZ_OK
		   : VIZ_ERR_AUTH;
}

void viz_recovery_push_begin(struct viz_recovery_stream *s, uint8_t begin[VIZ_RECOVERY_STREAM],
			     const struct viz_secret *file_key)
{
	crypto_secretstream_xchacha20poly1305_init_push(inner(s), begin, file_key->b);
}

void viz_recovery_push(struct viz_recovery_stream *s, uint8_t *out, const uint8_t *plain,
		       size_t len, const uint8_t *ad, size_t ad_len, enum viz_recovery_chunk kind)
{
	crypto_secretstream_xchacha20poly1305_push(inner(s), out, NULL, plain, len, ad, ad_len,
						   (uint8_t)kind);
}

int viz_recovery_pull_begin(struct viz_recovery_stream *s, const uint8_t begin[VIZ_RECOVERY_STREAM],
			    const struct viz_secret *file_key)
{
	return crypto_secretstream_xchacha20poly1305_init_pull(inner(s), begin, file_key->b) == 0
		   ? VIZ_OK
		   : VIZ_ERR_FORM;
}

int viz_recovery_pull(struct viz_recovery_stream *s, uint8_t *out, enum viz_recovery_chunk *kind,
		      const uint8_t *chunk, size_t len, const uint8_t *ad, size_t ad_len)
{
	uint8_t tag = 0;

	if (len < VIZ_RECOVERY_TAG || crypto_secretstream_xchacha20poly1305_pull(
					  inner(s), out, NULL, &tag, chunk, len, ad, ad_len) != 0)
		return VIZ_ERR_AUTH;
	switch (tag) {
	case crypto_secretstream_xchacha20poly1305_TAG_MESSAGE:
		*kind = VIZ_RECOVERY_MORE;
		return VIZ_OK;
	case crypto_secretstream_xchacha20poly1305_TAG_PUSH:
		*kind = VIZ_RECOVERY_PART;
		return VIZ_OK;
	case crypto_secretstream_xchacha20poly1305_TAG_FINAL:
		*kind = VIZ_RECOVERY_LAST;
		return VIZ_OK;
	default:
		return VIZ_ERR_AUTH;
	}
}
