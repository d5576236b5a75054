/* A request over libcurl. Certificates are verified, no redirect is followed, no proxy and no
 * .netrc is used, and http goes to private addresses only. */
#include <curl/curl.h>
#include <sys/socket.h>

#include "crypto/secret.h"
#include "tools/erp/session.h"
#include "tools/vizinho/private_address.h"

#define CONNECT_MS 10000

struct taking {
	struct viz_erp_answer *answer;
	size_t size;
	bool too_long;
	bool clear; /* http */
};

/* The address is judged where it is dialled, so that a name cannot change its mind in between. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a)
{
	const struct taking *t = user;

	(void)purpose;
	if (t->clear && !viz_private_address(&a->addr))
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t take(char *bytes, size_t size, size_t n, void *user)
{
	struct taking *t = user;
	struct viz_erp_answer *a = t->answer;
	size_t len = size * n;

	if (len > VIZ_ERP_ANSWER_MAX - a->body_len) {
		t->too_long = true;
		return 0;
	}
	if (a->body_len + len + 1 > t->size) {
		size_t more = (a->body_len + len + 1) * 2;
		char *body = malloc(more);

		if (body == NULL)
			return 0;
		if (a->body_len > 0)
			memcpy(body, a->body, a->body_len);
		if (a->body != NULL)
			viz_secret_wipe(a->body, a->body_len);
		free(a->body);
		a->body = body;
		t->size = more;
	}
	if (len > 0)
		memcpy(a->body + a->body_len, bytes, len);
	a->body_len += len;
	a->body[a->body_len] = '\0';
	return len;
}

static void add_header(struct curl_slist **list, const char *name, const char *value)
{
	char line[VIZ_ERP_GRANT_MAX + 64];
	int len = snprintf(line, sizeof line, "%s: %s", name, value);

	VIZ_REQUIRE(len > 0 && (size_t)len < sizeof line);
	*list = curl_slist_append(*list, line);
	VIZ_REQUIRE(*list != NULL);
	viz_secret_wipe(line, sizeof line);
}

static void free_headers(struct curl_slist *list)
{
	for (struct curl_slist *h = list; h != NULL; h = h->next)
		viz_secret_wipe(h->data, strlen(h->data));
	curl_slist_free_all(list);
}

static void set_sign_in(CURL *c, const struct viz_erp *e)
{
	char user[VIZ_ERP_TOKEN_MAX];
	const char *colon = strchr(e->token, ':'), *password = e->token;

	snprintf(user, sizeof user, "%s", e->config->user);
	/* the ERP may give both as one: "12:0a1b..." */
	if (user[0] == '\0' && colon != NULL) {
		snprintf(user, sizeof user, "%.*s", (int)(colon - e->token), e->token);
		password = colon + 1;
	}
	curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(c, CURLOPT_USERNAME, user);
	curl_easy_setopt(c, CURLOPT_PASSWORD, password);
	viz_secret_wipe(user, sizeof user);
}

static void set(CURL *c, const struct viz_erp *e, const struct viz_erp_request *r, const char *body)
{
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (e->config->ca[0] != '\0')
		curl_easy_setopt(c, CURLOPT_CAINFO, e->config->ca);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)e->config->timeout_s);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "vizinho-erp/" VIZ_VERSION);
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	if (body != NULL || strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0) {
		body = body != NULL ? body : ""; /* with its length of 0 */
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
	}
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
	if (r->basic)
		set_sign_in(c, e);
}

static enum viz_erp_result failed(struct viz_erp *e, const struct viz_erp_request *r, CURLcode err,
				  const struct taking *t)
{
	e->unreached = err == CURLE_COULDNT_RESOLVE_HOST || err == CURLE_COULDNT_CONNECT ||
		       err == CURLE_SSL_CONNECT_ERROR || err == CURLE_PEER_FAILED_VERIFICATION ||
		       err == CURLE_URL_MALFORMAT || err == CURLE_UNSUPPORTED_PROTOCOL;
	if (t->too_long)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: an answer of more than %d bytes",
				   r->what, VIZ_ERP_ANSWER_MAX);
	if (err == CURLE_COULDNT_CONNECT && t->clear)
		return viz_erp_say(e, VIZ_ERP_LATER,
				   "%s: no connection (http goes to private addresses only)",
				   r->what);
	return viz_erp_say(e, VIZ_ERP_LATER, "%s: %s", r->what, curl_easy_strerror(err));
}

enum viz_erp_result viz_erp_http_carry(struct viz_erp *e, struct viz_erp_answer *answer,
				       const struct viz_erp_request *request)
{
	struct taking t = {.answer = answer};
	struct curl_slist *headers = NULL;
	char url[VIZ_ERP_URL_MAX], *body;
	const char *type = NULL;
	curl_off_t later = 0;
	long status = 0;
	CURLcode err;
	CURL *c;

	if (!viz_erp_url(url, e, request))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: the URL is too long", request->what);
	c = curl_easy_init();
	VIZ_REQUIRE(c != NULL);
	body = viz_erp_body(&type, request);
	t.clear = strncasecmp(url, "http:", 5) == 0;
	add_header(&headers, "Accept", "application/json");
	if (type != NULL)
		add_header(&headers, "Content-Type", type);
	headers = curl_slist_append(headers, "Expect:");
	for (size_t i = 0; request->headers != NULL && request->headers[i].name != NULL; i++)
		add_header(&headers, request->headers[i].name, request->headers[i].value);
	set(c, e, request, body);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
	err = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &later);
	curl_easy_cleanup(c);
	free_headers(headers);
	if (body != NULL)
		viz_secret_wipe(body, strlen(body));
	free(body);
	answer->status = (int)status;
	e->later_s =
	    (status == 429 || status == 503) && later > 0 && later < 86400 ? (int)later : 0;
	return err == CURLE_OK ? VIZ_ERP_OK : failed(e, request, err, &t);
}
