#include "tools/vizinho/times.h"

#include <errno.h>

#include "tools/vizinho/tell.h"

static const struct {
	const char *name;
	int64_t def, least, most;
} times[] = {
#define X(field, def, least, most) {#field, def, least, most},
    VIZ_FEDERATION_TIMES(X)
#undef X
};

#define TIMES_N (sizeof times / sizeof times[0])

/* In the order of VIZ_FEDERATION_TIMES. */
static const char *const meanings[][VIZ_CLI_LANGS] = {
    {"parceria passa a valer, ou deixa, depois de", "a partnership begins or ends after"},
    {"parceiros retirados ficam listados", "removed partners stay listed"},
    {"cobertura não vista vira suspeita depois de", "unseen coverage is a suspicion after"},
    {"registros de quem se cala terminam", "the records of who falls silent end"},
    {"registros guardados para uma volta", "records kept for a return"},
    {"cada nó se anuncia de novo a cada", "each node announces itself anew every"},
    {"a chave de ligação antiga ainda atende", "the old link key still answers"},
    {"oferta e resultado ficam guardados", "an offer and its result are kept"},
    {"mínimo da oferta ao fechamento", "least time from an offer to its close"},
    {"para mostrar as propostas após o fechamento", "to reveal proposals after the close"},
    {"para a primeira escolha do cliente", "for the customer's first choice"},
    {"licença para mostrar o contato", "a lease to show the contact"},
    {"folga da licença na origem", "what the origin adds to a lease"},
    {"localização apagada após o resultado", "location erased after the result"},
    {"entrega sem recibo vence", "an undelivered hand-off expires"},
    {"contato guardado na origem", "contact data kept at the origin"},
    {"contato guardado no escolhido", "contact data kept at the chosen one"},
    {"entre duas comparações de registros", "between two comparisons of records"},
    {"relógio adiantado que se tolera", "clock ahead that is tolerated"},
};

_Static_assert(sizeof meanings / sizeof meanings[0] == TIMES_N, "each time has a meaning");

void viz_times_list(const struct viz_cli *cli)
{
	json_t *list = json_array();
	struct viz_grid g;

	viz_grid_init(&g, 3);
	for (size_t i = 0; i < TIMES_N; i++) {
		viz_grid_add(&g, times[i].name);
		viz_grid_number(&g, times[i].def);
		viz_grid_add(&g, meanings[i][cli->lang]);
		json_array_append_new(
		    list, json_pack("{s:s,s:I,s:I,s:I,s:s}", "name", times[i].name, "default_ms",
				    (json_int_t)times[i].def, "least_ms",
				    (json_int_t)times[i].least, "most_ms",
				    (json_int_t)times[i].most, "meaning", meanings[i][cli->lang]));
	}
	if (cli->json) {
		json_t *o = json_pack("{s:O}", "times", list);

		viz_client_print(o);
		json_decref(o);
	} else {
		viz_grid_print(&g, stdout);
	}
	viz_grid_free(&g);
	json_decref(list);
}

static int bad(const struct viz_cli *cli, const char *text, const char *expected)
{
	return viz_tell_error(cli, VIZ_EXIT_USAGE, "usage", VIZ_SAY_BAD_OPTION, "--set", text,
			      expected);
}

int viz_times_set(struct viz_federation *f, const struct viz_cli *cli, const char *text)
{
	size_t len = strcspn(text, "=");
	char expected[1024] = "", *end;
	long long value;

	for (size_t i = 0; i < TIMES_N; i++) {
		if (strlen(times[i].name) != len || strncmp(times[i].name, text, len) != 0)
			continue;
		snprintf(expected, sizeof expected, "%s=MS, %lld - %lld", times[i].name,
			 (long long)times[i].least, (long long)times[i].most);
		if (text[len] != '=')
			return bad(cli, text, expected);
		errno = 0;
		value = strtoll(text + len + 1, &end, 10);
		if (errno != 0 || end == text + len + 1 || *end != '\0' ||
		    viz_federation_set(f, times[i].name, value) != VIZ_OK)
			return bad(cli, text, expected);
		return VIZ_EXIT_OK;
	}
	for (size_t i = 0, at = 0; i < TIMES_N; i++)
		at += (size_t)snprintf(expected + at, sizeof expected - at, "%s%s",
				       i > 0 ? ", " : "", times[i].name);
	return bad(cli, text, expected);
}
