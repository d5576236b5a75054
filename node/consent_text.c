/* The texts that customers hear or read. A change of a word is a new version: receipts name it and hold
 * the hash of the exact text. To be reviewed by the ISP's counsel before use. */
#include "node/ctl.h"
#include "proto/receipt.h"

struct template {
	unsigned purpose;
	const char *language;
	const char *text; /* %s: the controller; %s: the recipients */
};

static const struct template templates[] = {
    {VIZ_PURPOSE_LOCATION, "pt-BR",
	"A %s não atende o seu novo endereço. Estas empresas vizinhas atendem a região: %s. Você "
	"autoriza que a gente pergunte a elas se atendem esse ponto? Vai só a localização (ponto "
	"aproximado, município e CEP), sem nome, telefone, rua ou número. Você pode riscar "
	"qualquer uma, e pode voltar atrás quando quiser. Quem não for escolhida apaga a "
	"localização em até 24 horas."},
    {VIZ_PURPOSE_CONTACT, "pt-BR",
	"Você autoriza a %s a passar para %s, e só para ela, seu nome, um telefone, o endereço de "
	"instalação, a data desejada e o plano, para que ela ligue para você? Não vai mais nada. "
	"Você pode voltar atrás quando quiser: todos apagam e confirmam."},
    {VIZ_PURPOSE_LOCATION, "en",
	"%s does not serve your new address. These neighbouring companies serve the area: %s. Do "
	"you agree that we ask them whether they serve that point? Only the location goes "
	"(approximate point, municipality and postcode): no name, telephone, street or number. You "
	"may strike any of them, and you may change your mind at any time. Those not chosen erase "
	"the location within 24 hours."},
    {VIZ_PURPOSE_CONTACT, "en",
	"Do you agree that %s passes to %s, and to nobody else, your name, one telephone number, "
	"the installation address, the wished date and the plan, so that it calls you? Nothing "
	"else goes. You may change your mind at any time: all erase and confirm."},
    {VIZ_TEXT_ASK_AGAIN, "pt-BR",
	"Por enquanto nenhuma empresa vizinha da %s atende o seu novo endereço. Você autoriza que a "
	"gente guarde, só aqui, a localização (ponto aproximado, município e CEP) por até %s dias, "
	"para perguntar de novo a você se chegar uma vizinha? Ela não vai para ninguém. Você pode "
	"voltar atrás quando quiser."},
    {VIZ_TEXT_ASK_AGAIN, "en",
	"For now no company beside %s serves your new address. Do you agree that we keep, only here, "
	"the location (approximate point, municipality and postcode) for up to %s days, to ask you "
	"again when a neighbour arrives? It goes to nobody. You may change your mind at any time."},
};

int viz_consent_text(char *out, size_t max, unsigned purpose, const char *language,
    const char *controller, const char *const *names, size_t count)
{
	char list[VIZ_ELIGIBLE_MAX * (VIZ_CTL_LABEL_MAX + 2) + 1] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
		    names[i]);
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		const struct template *t = &templates[i];
		int n;

		if (t->purpose != purpose || strcmp(t->language, language) != 0)
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		n = snprintf(out, max, t->text, controller, list);
#pragma GCC diagnostic pop
		return n > 0 && (size_t)n < max ? VIZ_OK : VIZ_ERR_LIMIT;
	}
	return VIZ_ERR_ABSENT;
}

void viz_consent_hash(struct viz_id *out, const char *text)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, (const uint8_t *)text, strlen(text));
	viz_hash_final(&h, out);
}
