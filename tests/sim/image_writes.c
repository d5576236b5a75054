/* Writes to the image that the compiler reports (-fsanitize=kernel-address with calls: the
 * functions that it calls before each write are here), and those of libraries, whose calls the
 * linker replaces
 * (--wrap). This file itself is compiled without. */
#include "tests/sim/image.h"

#include <sodium.h>
#include <stdarg.h>
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
WRITES(void, sodium_memzero, to, n, (void *const to, const size_t n), to, n)
WRITES(void, qsort, base, count *size,
       (void *base, size_t count, size_t size, int (*by)(const void *, const void *)), base, count,
       size, by)
WRITES(int, crypto_generichash_final, out, len,
       (crypto_generichash_state * state, unsigned char *out, const size_t len), state, out, len)
WRITES(int, crypto_generichash, out, len,
       (unsigned char *out, size_t len, const unsigned char *in, unsigned long long in_len,
	const unsigned char *key, size_t key_len),
       out, len, in, in_len, key, key_len)
WRITES(int, crypto_scalarmult_base, out, crypto_scalarmult_BYTES,
       (unsigned char *out, const unsigned char *n), out, n)
WRITES(int, crypto_sign_detached, out, crypto_sign_BYTES,
       (unsigned char *out, unsigned long long *out_len, const unsigned char *in,
	unsigned long long in_len, const unsigned char *key),
       out, out_len, in, in_len, key)

int __real_crypto_sign_seed_keypair(unsigned char *pub, unsigned char *secret,
				    const unsigned char *seed);
int __wrap_crypto_sign_seed_keypair(unsigned char *pub, unsigned char *secret,
				    const unsigned char *seed);
int __wrap_crypto_sign_seed_keypair(unsigned char *pub, unsigned char *secret,
				    const unsigned char *seed)
{
	sim_image_written(pub, crypto_sign_PUBLICKEYBYTES);
	sim_image_written(secret, crypto_sign_SECRETKEYBYTES);
	return __real_crypto_sign_seed_keypair(pub, secret, seed);
}

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
