#include <stdarg.h>

#include "tools/geo/place.h"

const char *viz_place_kind_name(enum viz_place_kind kind)
{
	switch (kind) {
	case VIZ_PLACE_CELL:
		return "cell";
	case VIZ_PLACE_POSTCODE:
		return "postcode";
	case VIZ_PLACE_MUNICIPALITY:
		return "municipality";
	}
	return "unknown";
}

const char *viz_place_certainty_name(enum viz_place_certainty certainty)
{
	switch (certainty) {
	case VIZ_PLACE_SURE:
		return "sure";
	case VIZ_PLACE_LIKELY:
		return "likely";
	case VIZ_PLACE_VAGUE:
		return "vague";
	}
	return "unknown";
}

const char *viz_place_fault_name(enum viz_place_fault fault)
{
	switch (fault) {
	case VIZ_PLACE_FOUND:
		return "found";
	case VIZ_PLACE_EMPTY:
		return "empty";
	case VIZ_PLACE_NOT_UNDERSTOOD:
		return "not-understood";
	case VIZ_PLACE_NO_SUCH_NAME:
		return "no-such-name";
	case VIZ_PLACE_AMBIGUOUS:
		return "ambiguous";
	case VIZ_PLACE_NO_SUCH_CODE:
		return "no-such-code";
	case VIZ_PLACE_NO_SUCH_CEP:
		return "no-such-cep";
	case VIZ_PLACE_OUT_OF_RANGE:
		return "out-of-range";
	case VIZ_PLACE_SWAPPED:
		return "swapped";
	case VIZ_PLACE_ABROAD:
		return "abroad";
	case VIZ_PLACE_SHORT_LINK:
		return "short-link";
	case VIZ_PLACE_SHORT_CODE:
		return "short-code";
	}
	return "unknown";
}

static const char *sentence(enum viz_place_fault fault, bool pt)
{
	switch (fault) {
	case VIZ_PLACE_FOUND:
		return pt ? "Encontrado." : "Found.";
	case VIZ_PLACE_EMPTY:
		return pt ? "Informe um CEP, um município com UF, coordenadas ou um link do mapa."
			  : "Give a postcode, a municipality with its state, coordinates or a maps "
			    "link.";
	case VIZ_PLACE_NOT_UNDERSTOOD:
		return pt ? "Não entendi o endereço. Exemplos: 29900-000, Linhares/ES, -19.3911, "
			    "-40.0717."
			  : "Not understood. Examples: 29900-000, Linhares/ES, -19.3911, -40.0717.";
	case VIZ_PLACE_NO_SUCH_NAME:
		return pt ? "Nenhum município com esse nome." : "No municipality of that name.";
	case VIZ_PLACE_AMBIGUOUS:
		return pt ? "Há mais de um município: informe a UF e o nome completo."
			  : "More than one municipality: give the state and the full name.";
	case VIZ_PLACE_NO_SUCH_CODE:
		return pt ? "Nenhum município com esse código do IBGE."
			  : "No municipality with that IBGE code.";
	case VIZ_PLACE_NO_SUCH_CEP:
		return pt ? "Esse CEP não está em nenhuma faixa conhecida."
			  : "That postcode is in no known range.";
	case VIZ_PLACE_OUT_OF_RANGE:
		return pt ? "Coordenadas fora da faixa: latitude até 90, longitude até 180 graus."
			  : "Coordinates out of range: latitude up to 90, longitude up to 180 "
			    "degrees.";
	case VIZ_PLACE_SWAPPED:
		return pt ? "Latitude e longitude parecem trocadas: escreva a latitude primeiro."
			  : "Latitude and longitude seem exchanged: write the latitude first.";
	case VIZ_PLACE_ABROAD:
		return pt ? "O ponto fica no mar ou fora do Brasil: confira os sinais de menos."
			  : "The point lies at sea or abroad: check the minus signs.";
	case VIZ_PLACE_SHORT_LINK:
		return pt ? "Abra o link curto no navegador e cole o endereço completo, ou as "
			    "coordenadas."
			  : "Open the short link in a browser and paste the full address, or "
			    "coordinates.";
	case VIZ_PLACE_SHORT_CODE:
		return pt ? "Plus code curto: acrescente o município (JW5H+MQ Linhares/ES)."
			  : "A short plus code: add the municipality (JW5H+MQ Linhares/ES).";
	}
	return "";
}

/* Appends at *at, and cuts at `max`. */
__attribute__((format(printf, 4, 5))) static void add(char *out, size_t max, size_t *at,
						      const char *format, ...)
{
	va_list args;
	int n;

	if (*at >= max)
		return;
	va_start(args, format);
	n = vsnprintf(out + *at, max - *at, format, args);
	va_end(args);
	*at += n > 0 ? (size_t)n : 0;
}

void viz_place_explain(char *out, size_t max, const struct viz_place_trouble *trouble,
		       const char *lang)
{
	bool pt = strncmp(lang, "pt", 2) == 0;
	size_t at = 0;

	add(out, max, &at, "%s", sentence(trouble->fault, pt));
	if (trouble->candidates_n == 0)
		return;
	if (trouble->fault == VIZ_PLACE_NO_SUCH_NAME)
		add(out, max, &at, pt ? " Seria" : " Did you mean");
	for (size_t i = 0; i < trouble->candidates_n; i++)
		add(out, max, &at, "%s %s/%s", i ? "," : "", trouble->candidates[i].name,
		    trouble->candidates[i].uf);
	add(out, max, &at, trouble->fault == VIZ_PLACE_NO_SUCH_NAME ? "?" : ".");
}
