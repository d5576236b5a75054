#include "tools/vizinho/post.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/vizinho/private_address.h"

/* The address is judged where it is dialled, so that a name cannot change its mind in between. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a)
{
	const struct viz_post *p = user;

	(void)purpose;
	if (strncasecmp(p->url, "http:", 5) == 0 && !p->http_anywhere &&
	    !viz_private_address(&a->addr))
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t forget(char *bytes, size_t size, size_t n, void *user)
{
	(void)bytes;
	(void)user;
	return size * n;
}

static struct curl_slist *headers_of(const struct viz_post *p, const char *id, int64_t now_s,
				     const char *body)
{
	char line[64 + VIZ_POST_SECRETS_MAX * VIZ_WEBHOOK_SIGNED_MAX];
	struct curl_slist *h = curl_slist_append(NULL, "Content-Type: application/json");
	size_t len;

	h = curl_slist_append(h, "Expect:");
	snprintf(line, sizeof line, "webhook-id: %s", id);
	h = curl_slist_append(h, line);
	snprintf(line, sizeof line, "webhook-timestamp: %lld", (long long)now_s);
	h = curl_slist_append(h, line);
	len = (size_t)snprintf(line, sizeof line, "webhook-signature:");
	for (size_t i = 0; i < p->secret_count; i++) {
		char signed_[VIZ_WEBHOOK_SIGNED_MAX];

		viz_webhook_sign(signed_, &p->secret[i], id, now_s, body, strlen(body));
		len += (size_t)snprintf(line + len, sizeof line - len, " %s", signed_);
	}
	return curl_slist_append(h, line);
}

static void set(CURL *c, const struct viz_post *p, const struct curl_slist *headers,
		const char *body)
{
	curl_easy_setopt(c, CURLOPT_URL, p->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (p->ca[0] != '\0')
		curl_easy_setopt(c, CURLOPT_CAINFO, p->ca);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)VIZ_POST_CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, p->limit_ms > 0 ? p->limit_ms : VIZ_POST_MS);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, p);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, forget);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE, 1048576L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "vizinho-webhook/" VIZ_VERSION);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
}

enum viz_post_result viz_post_send(const struct viz_post *p, char why[128], int64_t *later_s,
				   const char *id, int64_t now_s, const char *body)
{
	struct curl_slist *headers = headers_of(p, id, now_s, body);
	CURL *c = curl_easy_init();
	curl_off_t later = 0;
	long status = 0;
	CURLcode err;

	VIZ_REQUIRE(c != NULL && headers != NULL);
	set(c, p, headers, body);
	err = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &later);
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	*later_s = later;
	if (err != CURLE_OK)
		snprintf(why, 128, "%s", curl_easy_strerror(err));
	else
		snprintf(why, 128, "HTTP %ld", status);
	if (err == CURLE_OK && status >= 200 && status < 300)
		return VIZ_POST_TAKEN;
	return err == CURLE_OK && status == 410 ? VIZ_POST_GONE : VIZ_POST_FAILED;
}
