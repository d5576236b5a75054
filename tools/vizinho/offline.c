#include "tools/vizinho/offline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "crypto/id.h"
#include "crypto/secret.h"
#include "tools/vizinho/print.h"

#define SEED_PREFIX "vizseed"
#define NOTE_MAX    320 /* of the lines for people */

void viz_offline_key_name(char out[VIZ_OFFLINE_NAME_MAX], uint32_t number)
{
	snprintf(out, VIZ_OFFLINE_NAME_MAX, "next-key-%u.vizkey", number);
}

void viz_offline_revocation_name(char out[VIZ_OFFLINE_NAME_MAX], uint32_t number)
{
	snprintf(out, VIZ_OFFLINE_NAME_MAX, "revocation-%u.vizrev", number);
}

void viz_offline_key_text(char out[VIZ_OFFLINE_TEXT_MAX], enum viz_lang lang, uint32_t number,
			  const struct viz_secret *seed)
{
	char text[VIZ_TEXT_ID_MAX], note[NOTE_MAX];

	viz_id_text(text, SEED_PREFIX, seed->b);
	viz_print_text(note, sizeof note, lang, VIZ_MSG_KEY_FILE_NOTE, number);
	snprintf(out, VIZ_OFFLINE_TEXT_MAX, "%s\nvizkey %u %s\n", note, number, text);
	viz_secret_wipe(text, sizeof text);
}

int viz_offline_revocation_text(char out[VIZ_OFFLINE_TEXT_MAX], enum viz_lang lang, uint32_t number,
				const uint8_t *record, size_t len)
{
	char hex[2 * VIZ_OFFLINE_RECORD_MAX + 1], note[NOTE_MAX];

	if (len == 0 || len > VIZ_OFFLINE_RECORD_MAX)
		return VIZ_ERR_LIMIT;
	viz_hex(hex, record, len);
	viz_print_text(note, sizeof note, lang, VIZ_MSG_REVOCATION_FILE_NOTE, number);
	snprintf(out, VIZ_OFFLINE_TEXT_MAX, "%s\nvizrev %u %s\n", note, number, hex);
	return VIZ_OK;
}

/* Finds the one line of content, "KIND NUMBER REST". *rest and *len are the rest. */
static int content(const char **rest, size_t *len, uint32_t *number, const char *kind,
		   const char *text)
{
	const char *found = NULL;
	unsigned long long n;
	size_t line, digits;

	for (const char *at = text; *at != '\0'; at += line + (at[line] == '\n')) {
		line = strcspn(at, "\n");
		if (at[0] == '#' || line == 0 || (line == 1 && at[0] == '\r'))
			continue;
		if (found != NULL || strncmp(at, kind, strlen(kind)) != 0)
			return VIZ_ERR_FORM;
		found = at + strlen(kind);
	}
	if (found == NULL || *found++ != ' ')
		return VIZ_ERR_FORM;
	digits = strspn(found, "0123456789");
	if (digits == 0 || digits > 10 || found[digits] != ' ')
		return VIZ_ERR_FORM;
	n = strtoull(found, NULL, 10);
	if (n > UINT32_MAX)
		return VIZ_ERR_FORM;
	*number = (uint32_t)n;
	*rest = found + digits + 1;
	*len = strcspn(*rest, "\r\n");
	return VIZ_OK;
}

int viz_offline_key_parse(uint32_t *number, struct viz_secret *seed, const char *text)
{
	char word[VIZ_TEXT_ID_MAX];
	const char *rest;
	uint32_t n;
	size_t len;
	int err = content(&rest, &len, &n, "vizkey", text);

	if (err != VIZ_OK)
		return err;
	if (len >= sizeof word)
		return VIZ_ERR_FORM;
	memcpy(word, rest, len);
	word[len] = '\0';
	err = viz_id_parse(seed->b, SEED_PREFIX, word);
	viz_secret_wipe(word, sizeof word);
	if (err == VIZ_OK)
		*number = n;
	return err;
}

int viz_offline_revocation_parse(uint32_t *number, uint8_t record[VIZ_OFFLINE_RECORD_MAX],
				 size_t *len, const char *text)
{
	char hex[2 * VIZ_OFFLINE_RECORD_MAX + 1];
	const char *rest;
	size_t hex_len;
	uint32_t n;
	int err = content(&rest, &hex_len, &n, "vizrev", text);

	if (err != VIZ_OK)
		return err;
	if (hex_len == 0 || hex_len % 2 != 0 || hex_len >= sizeof hex)
		return VIZ_ERR_FORM;
	memcpy(hex, rest, hex_len);
	hex[hex_len] = '\0';
	err = viz_hex_parse(record, hex_len / 2, hex);
	if (err != VIZ_OK)
		return err;
	*number = n;
	*len = hex_len / 2;
	return VIZ_OK;
}

int viz_offline_inside(const char *offline, const char *state)
{
	char outer[PATH_MAX], inner[PATH_MAX];
	size_t len;

	if (realpath(state, outer) == NULL || realpath(offline, inner) == NULL)
		return -1;
	len = strlen(outer);
	return strncmp(inner, outer, len) == 0 && (inner[len] == '/' || inner[len] == '\0');
}

bool viz_offline_in_state(char *state, const char *offline)
{
	char path[PATH_MAX + sizeof "/store.mdb"];
	char *slash;

	if (realpath(offline, state) == NULL)
		return false;
	for (;;) {
		snprintf(path, sizeof path, "%s/store.mdb", state);
		if (access(path, F_OK) == 0)
			return true;
		slash = strrchr(state, '/');
		if (slash == NULL || slash == state)
			return false;
		*slash = '\0';
	}
}

bool viz_offline_write(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

bool viz_offline_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}
