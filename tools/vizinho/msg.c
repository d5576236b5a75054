#include "tools/vizinho/msg.h"

#include "tools/text/fold.h"

const char *viz_msg(enum viz_lang lang, enum viz_msg id)
{
	return viz_msg_texts[id][lang];
}

bool viz_msg_find(enum viz_msg *out, const char *prefix, const char *name)
{
	size_t len = strlen(prefix);

	for (int i = 0; i < VIZ_MSG_COUNT; i++) {
		if (strncmp(viz_msg_keys[i], prefix, len) != 0 ||
		    strcmp(viz_msg_keys[i] + len, name) != 0)
			continue;
		*out = (enum viz_msg)i;
		return true;
	}
	return false;
}

bool viz_msg_has_word(enum viz_msg id, const char *word)
{
	char typed[64], known[64];

	if (viz_fold_string(typed, sizeof typed, word) != VIZ_OK || typed[0] == '\0')
		return false;
	for (int lang = 0; lang < VIZ_LANGS; lang++) {
		const char *at = viz_msg_texts[id][lang];

		while (*at != '\0') {
			size_t n = strcspn(at, " ");

			known[viz_fold_text(known, sizeof known - 1, at, n)] = '\0';
			if (strcmp(known, typed) == 0)
				return true;
			at += n + strspn(at + n, " ");
		}
	}
	return false;
}
