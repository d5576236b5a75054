#include "tools/vizinho/standing.h"

#include "tools/health/words.h"
#include "tools/vizinho/format.h"

void viz_standing_text(char out[VIZ_STANDING_MAX], const struct viz_cli *cli, const json_t *peer)
{
	char when[VIZ_FORMAT_MAX];

	viz_format_time(when, cli, viz_health_words_standing_time(peer));
	viz_health_words_standing(out, VIZ_STANDING_MAX, cli->lang, peer, when);
}
