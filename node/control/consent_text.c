#include "node/control/consent_text.h"

#include "crypto/hash.h"
#include "node/control/request.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

#define LANGUAGES 2

struct location_template {
	const char *language;
	const char *own[VIZ_ANSWER_NO + 1]; /* by our own answer; %s: the controller */
	const char *body[2];                /* for one company, for several; %s: their names */
};

struct pair_template {
	const char *language;
	const char *text;
};

static const struct location_template location_templates[LANGUAGES] = {
    {"pt-BR",
     {[VIZ_ANSWER_YES] = "A %s também atende o seu novo endereço, e você prefere ouvir as empresas "
			 "vizinhas. ",
      [VIZ_ANSWER_ANALYSIS] = "A %s ainda não sabe se atende o seu novo endereço. ",
      [VIZ_ANSWER_NO] = "A %s não atende o seu novo endereço. "},
     {"Esta empresa vizinha atende a região: %s. Você autoriza que a gente pergunte a ela se "
      "atende esse ponto? Vai só a localização (ponto aproximado, município e CEP), sem nome, "
      "telefone, rua ou número. Você pode voltar atrás quando quiser. Se não for escolhida, ela "
      "apaga a localização em até 24 horas.",
      "Estas empresas vizinhas atendem a região: %s. Você autoriza que a gente pergunte a elas "
      "se atendem esse ponto? Vai só a localização (ponto aproximado, município e CEP), sem "
      "nome, telefone, rua ou número. Você pode riscar qualquer uma, e pode voltar atrás quando "
      "quiser. Quem não for escolhida apaga a localização em até 24 horas."}},
    {"en",
     {[VIZ_ANSWER_YES] = "%s serves your new address too, and you prefer to hear the neighbouring "
			 "companies. ",
      [VIZ_ANSWER_ANALYSIS] = "%s does not know yet whether it serves your new address. ",
      [VIZ_ANSWER_NO] = "%s does not serve your new address. "},
     {"This neighbouring company serves the area: %s. Do you agree that we ask it whether it "
      "serves that point? Only the location goes (approximate point, municipality and postcode): "
      "no name, telephone, street or number. You may change your mind at any time. If it is not "
      "chosen, it erases the location within 24 hours.",
      "These neighbouring companies serve the area: %s. Do you agree that we ask them whether "
      "they serve that point? Only the location goes (approximate point, municipality and "
      "postcode): no name, telephone, street or number. You may strike any of them, and you may "
      "change your mind at any time. Those not chosen erase the location within 24 hours."}},
};

/* %s: the controller; %s: the recipient */
static const struct pair_template contact_templates[LANGUAGES] = {
    {"pt-BR",
     "Você autoriza a %s a passar para %s, e só para ela, seu nome, um telefone, o endereço de "
     "instalação, a data desejada e o plano, para que ela ligue para você? Não vai mais nada. "
     "Você pode voltar atrás quando quiser: todos apagam e confirmam."},
    {"en",
     "Do you agree that %s passes to %s, and to nobody else, your name, one telephone number, "
     "the installation address, the wished date and the plan, so that it calls you? Nothing "
     "else goes. You may change your mind at any time: all erase and confirm."},
};

/* %s: the controller; %s: how many days */
static const struct pair_template waiting_templates[LANGUAGES] = {
    {"pt-BR",
     "Por enquanto nenhuma empresa vizinha da %s atende o seu novo endereço. Você autoriza que a "
     "gente guarde, só aqui, a localização (ponto aproximado, município e CEP) por até %s dias, "
     "para perguntar de novo a você se chegar uma vizinha? Ela não vai para ninguém. Você pode "
     "voltar atrás quando quiser."},
    {"en",
     "For now no company beside %s serves your new address. Do you agree that we keep, only here, "
     "the location (approximate point, municipality and postcode) for up to %s days, to ask you "
     "again when a neighbour arrives? It goes to nobody. You may change your mind at any time."},
};

#pragma GCC diagnostic push

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

int viz_consent_text_location(char *out, size_t max, enum viz_answer own, const char *language,
			      const char *controller, const char *const *names, size_t count)
{
	char list[VIZ_ELIGIBLE_MAX * (VIZ_CONTROL_LABEL_MAX + 2) + 1] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
					names[i]);
	if (own < VIZ_ANSWER_YES || own > VIZ_ANSWER_NO)
		own = VIZ_ANSWER_NO;
	for (size_t i = 0; i < LANGUAGES; i++) {
		const struct location_template *t = &location_templates[i];
		int n, more;

		if (strcmp(t->language, language) != 0)
			continue;
		n = snprintf(out, max, t->own[own], controller);
		if (n <= 0 || (size_t)n >= max)
			return VIZ_ERR_LIMIT;
		more = snprintf(out + n, max - (size_t)n, t->body[count != 1], list);
		return more > 0 && (size_t)more < max - (size_t)n ? VIZ_OK : VIZ_ERR_LIMIT;
	}
	return VIZ_ERR_ABSENT;
}

/* Fills the text of this language with two names. */
static int pair_text(char *out, size_t max, const struct pair_template templates[LANGUAGES],
		     const char *language, const char *controller, const char *second)
{
	for (size_t i = 0; i < LANGUAGES; i++) {
		int n;

		if (strcmp(templates[i].language, language) != 0)
			continue;
		n = snprintf(out, max, templates[i].text, controller, second);
		return n > 0 && (size_t)n < max ? VIZ_OK : VIZ_ERR_LIMIT;
	}
	return VIZ_ERR_ABSENT;
}

#pragma GCC diagnostic pop

int viz_consent_text_contact(char *out, size_t max, const char *language, const char *controller,
			     const char *name)
{
	return pair_text(out, max, contact_templates, language, controller, name);
}

int viz_consent_text_waiting(char *out, size_t max, const char *language, const char *controller,
			     int64_t days)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)days);
	return pair_text(out, max, waiting_templates, language, controller, text);
}

void viz_consent_text_hash(struct viz_id *out, const char *text)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, (const uint8_t *)text, strlen(text));
	viz_hash_final(&h, out);
}
