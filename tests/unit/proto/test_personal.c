#include "tests/unit/unit.h"

#include "proto/personal.h"

static void expect(const char *text, enum viz_personal what)
{
	enum viz_personal found = viz_personal_find(text);

	if (found != what)
		fail_msg("\"%s\": %s", text, found ? viz_personal_name(found) : "none");
}

static void finds(void **state)
{
	static const char *const phones[] = {"27999990000",
					     "(27) 99999-0000",
					     "27 99999 0000",
					     "+55 27 99999-0000",
					     "5527999990000",
					     "ligar 27-3371-1234 à tarde",
					     "2733711234",
					     "(027) 3371-1234",
					     "99999-0000",
					     "3371-1234",
					     "999990000",
					     "+351 912 345 678",
					     "tel:27999990000",
					     "REC-27999990000.wav",
					     "0800 123 4567",
					     "015 27 99999-0000",
					     "Rua A, 1 / 27999990000",
					     "27.99999.0000",
					     "27 9 9999-0000",
					     "+1 212 555 0100",
					     "2026-11-23 27999990000",
					     "https://wa.me/5527999990000"};
	static const char *const emails[] = {"maria@example.com", "fale com <ana.b@x.com.br>",
					     "REC-1 maria+1@x.br"};
	static const char *const cpfs[] = {"529.982.247-25", "52998224725", "CPF 529982247-25",
					   "JOSE DA SILVA 52998224725", "111.222.333-44"};
	static const char *const cnpjs[] = {"11.222.333/0001-81", "11222333000181",
					    "12.ABC.345/01DE-35", "12ABC34501DE35",
					    "Provedor 11222333/0001-81"};

	(void)state;
	for (size_t i = 0; i < sizeof phones / sizeof *phones; i++)
		expect(phones[i], VIZ_PERSONAL_PHONE);
	for (size_t i = 0; i < sizeof emails / sizeof *emails; i++)
		expect(emails[i], VIZ_PERSONAL_EMAIL);
	for (size_t i = 0; i < sizeof cpfs / sizeof *cpfs; i++)
		expect(cpfs[i], VIZ_PERSONAL_CPF);
	for (size_t i = 0; i < sizeof cnpjs / sizeof *cnpjs; i++)
		expect(cnpjs[i], VIZ_PERSONAL_CNPJ);
}

/* References, names, addresses, hours and plans as people write them. */
static void lets_pass(void **state)
{
	static const char *const texts[] = {
	    "",
	    "REC-2026-0042",
	    "2026-0042",
	    "20261123-1",
	    "20261123140512",
	    "2026-11-23T14:05:12",
	    "23/11/2026 1405",
	    "23-11-2026 14:05",
	    "ramal 4021, lote 17",
	    "550e8400-e29b-41d4-a716-446655440000",
	    "seg-sex 8-18, sab 8-12",
	    "seg-sex 08:00-18:00; sáb 08:00-12:00",
	    "Rua Getúlio Vargas, 1234, apto 502, 29900-010 Linhares/ES",
	    "Quadra 12 Lote 3, CEP 29900010",
	    "BR-101 km 150,5",
	    "Net 27 Telecom",
	    "Fibra 600 Mega + Wi-Fi 6 por R$ 99,90",
	    "12.345.678 JOSE DA SILVA",
	    "https://provedor.example/planos/600mega?v=2026-11",
	    "1764495000123",
	    "gravação @ramal",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect(texts[i], VIZ_PERSONAL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds), cmocka_unit_test(lets_pass)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
