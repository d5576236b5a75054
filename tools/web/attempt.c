#include "tools/web/attempt.h"

#include <arpa/inet.h>

#include "crypto/hmac.h"
#include "crypto/secret.h"
#include "node/host/random.h"

/* Failures that cost nothing, and the longest wait. Many people may share an address. */
#define ACCOUNT_FREE 5
#define ADDRESS_FREE 20
#define WAIT_MAX_MS  900000
#define KEY_MAX      160

void viz_web_attempt_source(char out[VIZ_WEB_SOURCE_MAX], const char *address)
{
	struct in6_addr of;

	snprintf(out, VIZ_WEB_SOURCE_MAX, "%s", address);
	if (inet_pton(AF_INET6, address, &of) != 1)
		return;
	memset(of.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &of, out, VIZ_WEB_SOURCE_MAX);
}

static void address_key(char out[KEY_MAX], const struct viz_web_task *t)
{
	char source[VIZ_WEB_SOURCE_MAX];

	viz_web_attempt_source(source, t->caller->address);
	snprintf(out, KEY_MAX, "address %s", source);
}

/* A device is proved by a MAC over the account and a number of its own. */
static void device_mac(char out[65], const struct viz_web_task *t, const char *name,
		       const char *number)
{
	uint8_t mac[VIZ_HMAC_BYTES];
	char text[KEY_MAX];

	snprintf(text, sizeof text, "device %s %.32s", name, number);
	viz_hmac(mac, viz_web_accounts_form_key(t->accounts), 32, (const uint8_t *)text,
		 strlen(text));
	viz_hex(out, mac, sizeof mac);
}

/* Whoever guesses at an account from elsewhere must not lock out its owner: a browser that has
 * signed in before has attempts of its own. */
static void account_key(char out[KEY_MAX], const struct viz_web_task *t, const char *name)
{
	const char *device = t->caller->device;
	char mac[65];

	snprintf(out, KEY_MAX, "account %s", name);
	if (strlen(device) != VIZ_WEB_DEVICE_MAX - 1)
		return;
	device_mac(mac, t, name, device);
	if (viz_secret_eq((const uint8_t *)mac, (const uint8_t *)device + 32, 64))
		snprintf(out, KEY_MAX, "device %.32s %s", device, name);
}

void viz_web_attempt_device(char out[VIZ_WEB_DEVICE_MAX], const struct viz_web_task *t,
			    const char *name)
{
	uint8_t number[16];

	viz_host_random(number, sizeof number);
	viz_hex(out, number, sizeof number);
	device_mac(out + 32, t, name, out);
}

bool viz_web_attempt_must_wait(const struct viz_web_task *t, const char *name)
{
	char account[KEY_MAX], address[KEY_MAX];

	account_key(account, t, name);
	address_key(address, t);
	return viz_web_lockout_wait(t->lockout, account, t->uptime_ms) > 0 ||
	       viz_web_lockout_wait(t->lockout, address, t->uptime_ms) > 0;
}

void viz_web_attempt_failed(struct viz_web_task *t, const char *name)
{
	char account[KEY_MAX], address[KEY_MAX];

	account_key(account, t, name);
	address_key(address, t);
	viz_web_lockout_fail(t->lockout, account, t->uptime_ms, ACCOUNT_FREE, WAIT_MAX_MS);
	viz_web_lockout_fail(t->lockout, address, t->uptime_ms, ADDRESS_FREE, WAIT_MAX_MS);
}

void viz_web_attempt_succeeded(struct viz_web_task *t, const char *name)
{
	char account[KEY_MAX];

	account_key(account, t, name);
	viz_web_lockout_clear(t->lockout, account);
}
