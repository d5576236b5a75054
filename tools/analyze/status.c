#include "tools/analyze/status.h"
#include "tools/text/fold.h"

#define TEXT_MAX 128u /* folded bytes that are looked at */

struct word {
	const char *text;
	bool begins; /* the word only begins so */
};

/* Most telling first: "cancelado e reativado" was undone, "inativo (bloqueado)" was cancelled. */
static const struct word undone[] = {
    {"estorn", true}, {"reativ", true},  {"revert", true},    {"revers", true},
    {"retid", true},  {"desfeit", true}, {"recuperad", true}, {"reabert", true},
};
static const struct word cancelled[] = {
    {"cancelad", true},    {"inativ", true},    {"encerrad", true},  {"rescindid", true},
    {"desativad", true},   {"desabilit", true}, {"distrat", true},   {"churn", false},
    {"desligad", true},    {"negativad", true}, {"baixad", true},    {"finalizad", true},
    {"cancelled", false},  {"canceled", false}, {"inactive", false}, {"terminated", false},
    {"exclu", true},       {"removid", true},   {"rescis", true},    {"retirado", false},
    {"desinstalad", true}, {"perdido", false},  {"i", false},        {"d", false},
    {"n", false},          {"c", false},
};
static const struct word in_force[] = {
    {"ativ", true},       {"active", false},  {"habilitad", true},  {"normal", false},
    {"liberad", true},    {"vigente", false}, {"bloque", true},     {"suspens", true},
    {"suspended", false}, {"blocked", false}, {"demonstrac", true}, {"cortesia", false},
    {"novo", false},      {"aprovac", true},  {"aprovado", false},  {"homologac", true},
    {"instalac", true},   {"reduc", true},    {"reduzid", true},    {"instalad", true},
    {"regular", false},   {"conectad", true}, {"online", false},    {"adimplente", false},
    {"a", false},         {"cm", false},      {"ca", false},        {"fa", false},
    {"aa", false},        {"p", false},
};

static bool has_word(const struct word *list, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		const char *blank = memchr(text + i, ' ', len - i);
		size_t end = blank ? (size_t)(blank - text) : len;

		for (size_t k = 0; k < n; k++) {
			size_t want = strlen(list[k].text);

			/* a code stands alone: "a" in a sentence is an article */
			if (want <= 2 && (i > 0 || end < len))
				continue;
			if (end - i >= want && memcmp(text + i, list[k].text, want) == 0 &&
			    (list[k].begins || end - i == want))
				return true;
		}
		i = end + 1;
	}
	return false;
}
#define HAS_WORD(list, text, len) has_word(list, sizeof(list) / sizeof *(list), text, len)

/* A contract before its begin, or in arrears: in two words. */
static bool has_phrase(const char *text, size_t len)
{
	static const char *const phrases[] = {"pre contrat", "aguardando assinatura", "em dia",
					      "financeiro em atraso"};

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (memmem(text, len, phrases[i], strlen(phrases[i])))
			return true;
	return false;
}

/* "Não ativo", "sem contrato ativo". */
static bool negated(const char *text, size_t len)
{
	return (len > 4 && memcmp(text, "nao ", 4) == 0) ||
	       (len > 4 && memcmp(text, "sem ", 4) == 0);
}

enum viz_status viz_status_of_sgp(const char *text, size_t len)
{
	if (len != 1)
		return viz_status_of(text, len);
	switch (*text) {
	case '1': /* Ativo */
	case '4': /* Suspenso */
	case '6': /* Novo */
	case '7': /* Ativo, velocidade reduzida */
		return VIZ_STATUS_IN_FORCE;
	case '2': /* Inativo */
	case '3': /* Cancelado */
		return VIZ_STATUS_CANCELLED;
	default: /* 5: Inviabilidade técnica; codes that we do not know */
		return viz_status_of(text, len);
	}
}

enum viz_status viz_status_of(const char *text, size_t len)
{
	char folded[TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len);
	bool desisted = n >= 6 && memcmp(folded, "desist", 6) == 0;

	if (negated(folded, n))
		return VIZ_STATUS_UNKNOWN;
	/* who desisted of the contract left; who desisted of the cancellation stayed */
	if (desisted)
		return memmem(folded, n, "cancel", 6) ? VIZ_STATUS_UNDONE : VIZ_STATUS_CANCELLED;
	if (HAS_WORD(undone, folded, n))
		return VIZ_STATUS_UNDONE;
	if (HAS_WORD(cancelled, folded, n))
		return VIZ_STATUS_CANCELLED;
	return HAS_WORD(in_force, folded, n) || has_phrase(folded, n) ? VIZ_STATUS_IN_FORCE
								      : VIZ_STATUS_UNKNOWN;
}
