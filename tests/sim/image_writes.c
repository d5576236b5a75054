/* Writes to the image that the compiler reports (-fsanitize=kernel-address with calls: the
 * functions that it calls before each write are here), and those of libraries, whose calls the
 * linker replaces
 * (--wrap). This file itself is compiled without. */
#include "tests/sim/image.h"

#include <stdarg.h>
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "proto/base.h"

bool sim_image_has_writes(void)
{
	return true;
}

#define STORE(n)                                                                                   \
	void __asan_store##n##_noabort(const void *at);                                            \
	void __asan_store##n##_noabort(const void *at)                                             \
	{                                                                                          \
		sim_image_written(at, n);                                                          \
	}

STORE(1)
STORE(2)
STORE(4)
STORE(8)
STORE(16)

void __asan_storeN_noabort(const void *at, size_t len);
void __asan_storeN_noabort(const void *at, size_t len)
{
	sim_image_written(at, len);
}

/* Called before functions that do not return. */
void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
}

/* A function of a library that writes `len` bytes to its argument `at`. */
#define WRITES(result, name, at, len, args, ...)                                                   \
	result __real_##name args;                                                                 \
	result __wrap_##name args;                                                                 \
	result __wrap_##name args                                                                  \
	{                                                                                          \
		sim_image_written(at, len);                                                        \
		return __real_##name(__VA_ARGS__);                                                 \
	}

WRITES(void *, memcpy, to, n, (void *to, const void *from, size_t n), to, from, n)
WRITES(void *, memmove, to, n, (void *to, const void *from, size_t n), to, from, n)
WRITES(void *, memset, to, n, (void *to, int c, size_t n), to, c, n)
WRITES(void, qsort, base, count *size,
       (void *base, size_t count, size_t size, int (*by)(const void *, const void *)), base, count,
       size, by)
WRITES(void, viz_hash_final, out, sizeof *out, (struct viz_hash * h, struct viz_id *out), h, out)
WRITES(void, viz_hash_plain, out, sizeof *out,
       (struct viz_id * out, const uint8_t *bytes, size_t len), out, bytes, len)
WRITES(void, viz_secret_wipe, p, len, (void *p, size_t len), p, len)
WRITES(void, viz_x25519_pub, out, sizeof *out,
       (struct viz_pub * out, const struct viz_secret *secret), out, secret)
WRITES(void, viz_sign, out, sizeof *out,
       (struct viz_sig * out, const struct viz_signer *signer, const struct viz_id *id), out,
       signer, id)
WRITES(void, viz_sign_seed_keypair, out, sizeof *out,
       (struct viz_signer * out, const struct viz_secret *seed), out, seed)
WRITES(void, viz_sign_wipe, s, sizeof *s, (struct viz_signer * s), s)

int __wrap_snprintf(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int __wrap_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	sim_image_written(to, size);
	va_start(args, format);
	n = vsnprintf(to, size, format, args);
	va_end(args);
	return n;
}
