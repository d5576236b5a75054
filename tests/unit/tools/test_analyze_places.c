/* Where movers went, and which partners serve those places. */
#include <unistd.h>

#include "tests/unit/tools/analysed.h"

/* One mover in each row. All go to the municipality of the second field. */
static void dirty_destinations(void **state)
{
	static const struct {
		const char *row;
		uint32_t ibge;
	} rows[] = {
	    {"29900-123;;;;;", 3203205}, /* a street's postcode */
	    {"1310100;;;;;", 3550308},   /* without its leading zero */
	    {";Linhares;ES;;;", 3203205},
	    {";LINHARES;Espírito Santo;;;", 3203205},
	    {";Linhares;32;;;", 3203205},
	    {";Linhares/ES;;;;", 3203205},
	    {";Linhares - ES;;;;", 3203205},
	    {";;;3203205;;", 3203205},
	    {";;;320320;;", 3203205},      /* six digits */
	    {";Bom Jesus;RS;;;", 4302303}, /* several states have one */
	    {"57180-000;Barra de Sao Miguel;AL;2501708;;",
	     2700607}, /* the code is of one in Paraíba */
	    {";;;;-19.391123;-40.068123", 3203205},
	    {";;;;-40,068123;-19,391123", 3203205}, /* latitude and longitude are exchanged */
	    {";3203205 - Linhares;;;;", 3203205},
	    {";Linhares [ES];;;;", 3203205},
	    {";Linhares, Espírito Santo, Brasil;;;;", 3203205},
	    {";JW4P+4P Linhares - ES;;;;", 3203205},
	    {";Rua das Flores, 123, Colatina/ES;;;;", 3201506},
	    {";B. Horizonte/MG;;;;", 3106200},
	    {";SP capital;;;;", 3550308},
	    {";Ilha Bela;SP;;;", 3520400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[512];
		uint32_t before = town(rows[i].ibge)->movers;

		a->files = 0;
		snprintf(text, sizeof text,
			 "motivo;cep_novo;cidade_novo;uf_novo;ibge_novo;latitude_novo;longitude_"
			 "novo\nmudou;%s\n",
			 rows[i].row);
		assert_int_equal(ANALYSE(text), 0);
		if (town(rows[i].ibge)->movers != before + 1)
			fail_msg("%s", rows[i].row);
	}
	/* the number of a house is no state */
	assert_int_equal(ANALYSE("motivo;cidade_novo\nmudou;Linhares, 32\n"), 0);
	assert_int_equal(a->totals.unresolved, 1);
}

static void mentions(void **state)
{
	/* `origin` 0: the origin is unknown */
	static const struct {
		const char *text;
		uint32_t origin, ibge;
	} good[] = {{"mudou p/ Colatina", 3203205, 3201506},
		    {"mudou p/ Colatina", 0, 3201506},
		    {"vai para Guarapari, ligar 27999998888", 0, 3202405},
		    {"foi morar em Vila Velha ES", 0, 3205200},
		    {"foi morar em Colatina", 0, 3201506},
		    {"cliente mudou-se para a cidade de Aracruz", 0, 3200607},
		    {"mudança, vai para São Mateus", 3203205, 3204906},
		    {"mudou para a Serra", 3203205, 3205002},
		    {"mudou para Teixeira de Freitas", 3203205, 2931350},
		    {"mudou pra São Paulo", 0, 3550308},
		    {"mudou para Natal/RN", 3203205, 2408102},
		    {"entregou a casa, está com o irmão em Betim", 0, 3106705},
		    {"saiu do aluguel em Betim, comprou casa em Linhares", 0, 3203205},
		    {"removido p/ o quartel de Francisco Beltrão", 0, 4108403},
		    {"Transferência do Exército: Tabatinga, AM, fronteira", 0, 1304062},
		    {"foi de mudança para Viçosa, em Minas", 0, 3171303},
		    {"Canc p/ mudança. Santa Luzia do Paruá", 0, 2110039},
		    {"foi p/ BH", 0, 3106200}};
	static const char *const none[] = {
	    "mudou para Portugal",          "mudou para outra cidade",
	    "mudou para o centro",          "mudou pra casa da mãe",
	    "mudou para Bom Jesus",         "mudou para",
	    "foi para o Mato Grosso",       "foi p/ o Paraná",
	    "foi para Mato Grosso do Sul",  "foi para a Califórnia",
	    "cliente mudou p/ SC",          "técnico em Colatina",
	    "mudou para Nova Iorque",       "mudou pro Jardim",
	    "entrega as chaves em 15 dias", "saiu da rua Pedro Álvares Cabral",
	    "ligou no suporte em Colatina"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (viz_mention_of(a, good[i].text, strlen(good[i].text),
				   good[i].origin
				       ? viz_towns_by_code(towns, good[i].origin)
				       : VIZ_TOWN_NONE) != viz_towns_by_code(towns, good[i].ibge))
			fail_msg("%s", good[i].text);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (viz_mention_of(a, none[i], strlen(none[i]), VIZ_TOWN_NONE) != VIZ_TOWN_NONE)
			fail_msg("%s", none[i]);
}

/* How many movers of reasons_notes_more.tsv whose id begins with `part` have a town by hand, how
 * many by viz_mention_of(), and how many the same. */
struct told {
	unsigned by_hand, found, same;
};

static void told_by(struct told *told, const char *part)
{
	const char *vectors = getenv("VIZ_VECTORS");
	char path[512], line[2048];
	FILE *f;

	*told = (struct told){0};
	snprintf(path, sizeof path, "%s/reasons_notes_more.tsv",
		 vectors ? vectors : "tests/vectors");
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		char *field[5] = {line};
		uint16_t found, want = VIZ_TOWN_NONE;
		unsigned uf = 0;

		line[strcspn(line, "\n")] = 0;
		for (size_t i = 1; i < 5 && field[i - 1]; i++)
			if ((field[i] = strchr(field[i - 1], '\t')) != NULL)
				*field[i]++ = 0;
		if (!field[4] || strcmp(field[3], "move") != 0 ||
		    strncmp(line, part, strlen(part)) != 0)
			continue;
		if (strchr(field[4], '/'))
			want = viz_towns_by_name(towns, &uf, field[4], strlen(field[4]));
		found = viz_mention_of(a, field[2], strlen(field[2]), VIZ_TOWN_NONE);
		told->by_hand += want != VIZ_TOWN_NONE;
		told->found += found != VIZ_TOWN_NONE;
		told->same += found != VIZ_TOWN_NONE && found == want;
		if (found != want)
			print_message("# %s %s: %s\n", line, field[4], field[2]);
	}
	fclose(f);
	print_message("# towns in notes %s...: %u, found %u, right %u\n", part, told->by_hand,
		      told->found, told->same);
}

/* The words before towns were chosen on a; d was looked at by nobody. */
static void destinations_in_notes(void **state)
{
	static const char *const parts[] = {"a", "b", "c", "d"};
	struct told told;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		told_by(&told, parts[i]);
		assert_true(told.same * 100 >= told.found * 90);
		assert_true(told.same * 100 >= told.by_hand * 80);
	}
}

/* What people type for "unknown" is no destination and no error. */
static void placeholders(void **state)
{
	static const char *const words[] = {
	    "não informado", "n/i", "NI", "x", "N/A", "nao", "sem", "null", "a definir",
	    "não sabe",      "ND",  "-",  ".", "?",   "0",   "XXX", "--",   "Não Informado"};
	static const char *const columns[] = {
	    "cidade_novo", "cep_novo", "ibge_novo", "destino", "coordenadas_destino", "uf_novo"};

	(void)state;
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			char text[128];
			uint64_t before = a->totals.asked_not;

			a->files = 0;
			snprintf(text, sizeof text, "motivo;%s\nmudou;%s\n", columns[c], words[i]);
			assert_int_equal(ANALYSE(text), 0);
			if (a->totals.asked_not != before + 1 || a->totals.defects)
				fail_msg("%s in %s", words[i], columns[c]);
		}
	}
}

/* Degrees, minutes and seconds. CSV doubles their quotes. */
static void degrees_in_quotes(void **state)
{
	static const char *const columns[] = {"destino", "coordenadas_destino"};
	static const char *const values[] = {"19°23'27.6\"S 40°04'12.0\"W",
					     "\"19°23'27.6\"\"S 40°04'12.0\"\"W\"",
					     "\"-19.391, -40.07\"", "-19.391 -40.07"};

	(void)state;
	for (size_t c = 0; c < 2; c++) {
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			uint64_t before = a->totals.precision[VIZ_HOW_CELL];
			char text[128];

			a->files = 0;
			snprintf(text, sizeof text, "motivo;%s;obs\nmudou;%s;\n", columns[c],
				 values[i]);
			assert_int_equal(ANALYSE(text), 0);
			if (a->totals.precision[VIZ_HOW_CELL] != before + 1)
				fail_msg("%s in %s", values[i], columns[c]);
		}
	}
}

/* If several states have a town of that name, the one close by counts. Codes may replace names. */
static void repeated_names(void **state)
{
	static const uint32_t own[] = {4302303};
	const struct viz_coverage_ad ad = {.ibge = own, .ibge_n = 1};
	const char *file = "motivo;cidade;uf;cidade_novo;destino\nmudou;;;Bom Jesus;\n"
			   "mudou;;;;Bom Jesus\nmudou;Lages;SC;Bom Jesus;\n"
			   "mudou;Linhares;ES;Bom Jesus;\nmudou;;;3203205;\nmudou;;;1423;\n";

	(void)state;
	assert_int_equal(ANALYSE(file), 0);
	assert_int_equal(a->totals.by_near_state, 1);
	assert_int_equal(town(4202537)->movers, 1);
	assert_int_equal(town(3203205)->movers, 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_CITY_AMBIGUOUS], 3);
	assert_int_equal(a->rejects.count[VIZ_REJECT_CITY], 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_PLACE], 0);
	assert_int_equal(viz_coverage_add(&coverage, true, &ad), 0);
	assert_int_equal(viz_coverage_build(&coverage), 0);
	a->files = 0;
	assert_int_equal(ANALYSE(file), 0);
	assert_int_equal(town(4302303)->movers, 3);
	assert_int_equal(a->totals.by_near_state, 5);
}

/* With the points of `geo import` the postcode of a street is as exact as a point. A general
 * postcode stays general. */
static void points_of_postcodes(void **state)
{
	char csv[] = "/tmp/viz-test-XXXXXX", bin[sizeof csv + 4];
	struct viz_cep_points_report made;
	struct viz_cep_points *points = NULL;
	FILE *f = fdopen(mkstemp(csv), "w");

	(void)state;
	assert_non_null(f);
	fputs("CEP;LATITUDE;LONGITUDE\n29900155;-19.3911;-40.0722\n29900000;-19.5;-40.2\n"
	      "29900160;-3.1;-60.0\n",
	      f);
	fclose(f);
	snprintf(bin, sizeof bin, "%s.bin", csv);
	assert_int_equal(viz_cep_points_import(&made, bin, csv, NULL), 0);
	assert_int_equal(viz_cep_points_open(&points, bin), 0);
	a->points = points;
	assert_int_equal(ANALYSE("motivo;cep_novo;destino\nmudou;29900-155;\nmudou;29900-000;\n"
				 "mudou;29900-160;\nmudou;29900-170;\nmudou;;29900-155\n"),
			 0);
	assert_int_equal(a->totals.located, 5);
	assert_int_equal(a->totals.precision[VIZ_HOW_CELL], 2);
	assert_int_equal(a->totals.precision[VIZ_HOW_POSTCODE], 2);
	assert_int_equal(a->totals.precision[VIZ_HOW_MUNICIPALITY], 1);
	viz_cep_points_close(points);
	unlink(csv);
	unlink(bin);
}

static void coverage_answers(void **state)
{
	static const struct viz_cep_range ceps[] = {{29900000, 29905999}};
	static const uint32_t touched[] = {3203205}, whole[] = {3201506};
	uint64_t cells[] = {viz_cell_from_point((struct viz_point){-19391123, -40068123}, 16)};
	const struct viz_coverage_ad self = {
	    .ceps = ceps, .ceps_n = 1, .ibge = touched, .ibge_n = 1};
	const struct viz_coverage_ad one = {
	    .name = "Um", .cells = cells, .cells_n = 1, .ibge = touched, .ibge_n = 1};
	const struct viz_coverage_ad two = {.name = "Dois", .whole = whole, .whole_n = 1};
	struct viz_destination d = {.town = viz_towns_by_code(towns, 3203205)};
	struct viz_answer answer;

	(void)state;
	assert_int_equal(viz_coverage_add(&coverage, true, &self), 0);
	assert_int_equal(viz_coverage_add(&coverage, false, &one), 0);
	assert_int_equal(viz_coverage_add(&coverage, false, &two), 0);
	assert_int_equal(viz_coverage_build(&coverage), 0);
	viz_coverage_ask(&coverage, &answer, &d); /* only the town is known */
	assert_int_equal(answer.self, VIZ_HOW_MUNICIPALITY);
	assert_int_equal(answer.best, VIZ_HOW_MUNICIPALITY);
	assert_true(viz_party_in(&answer.by[VIZ_HOW_MUNICIPALITY], 1));
	assert_false(viz_party_in(&answer.by[VIZ_HOW_MUNICIPALITY], 2));
	d.has_street_cep = true;
	d.cep = 29905123;
	viz_coverage_ask(&coverage, &answer, &d);
	assert_int_equal(answer.self, VIZ_HOW_POSTCODE);
	d.cep = 29906123; /* in the town but outside of the range: the finer data decides */
	viz_coverage_ask(&coverage, &answer, &d);
	assert_int_equal(answer.self, VIZ_HOW_NOT);
	assert_int_equal(answer.best, VIZ_HOW_MUNICIPALITY);
	d.has_point = true;
	d.point = (struct viz_point){-19391123, -40068123};
	viz_coverage_ask(&coverage, &answer, &d);
	assert_int_equal(answer.best, VIZ_HOW_CELL);
	d.point.lat_udeg += 100000;
	viz_coverage_ask(&coverage, &answer, &d);
	assert_int_equal(answer.best, VIZ_HOW_NOT);
	d = (struct viz_destination){.town = viz_towns_by_code(towns, 3201506),
				     .has_point = true,
				     .point = {-19500000, -40630000}};
	viz_coverage_ask(&coverage, &answer, &d);
	assert_int_equal(answer.self, VIZ_HOW_NOT);
	assert_int_equal(answer.best, VIZ_HOW_MUNICIPALITY); /* the whole municipality is served */
}

/* Regions of the Federal District, names in daily use and former ones. */
static void names_in_daily_use(void **state)
{
	static const struct {
		const char *city;
		uint32_t ibge; /* 0: not decided */
	} rows[] = {{"Ceilândia;DF", 5300108},
		    {"Taguatinga;DF", 5300108},
		    {"Águas Claras;DF", 5300108},
		    {"Guará II;DF", 5300108},
		    {"Gama;DF", 5300108},
		    {"Planaltina;DF", 5300108},
		    {"Planaltina;GO", 5217609},
		    {"Búzios;RJ", 3300233},
		    {"Piçarras;SC", 4212809},
		    {"POA;", 0},
		    {"POA;RS", 4314902},
		    {"Poá;SP", 3539806},
		    {"Presidente Juscelino;RN", 2410306},
		    {"Santarém;PB", 2513653},
		    {"Santarém;PA", 1506807},
		    {"Assu;RN", 2400208},
		    {"Bataiporã;MS", 5002001},
		    {"Linhares - ES, Brasil;", 3203205},
		    {"Prudente;SP", 3541406},
		    {"não informado;DF", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t before = rows[i].ibge ? town(rows[i].ibge)->movers : 0;
		uint64_t located = a->totals.located;
		char text[200];

		snprintf(text, sizeof text,
			 "data;motivo;cidade_novo;uf_novo\n10/02/2024;Mudança;%s\n", rows[i].city);
		a->files = 0;
		assert_int_equal(ANALYSE(text), 0);
		if (rows[i].ibge ? town(rows[i].ibge)->movers != before + 1
				 : a->totals.located != located)
			fail_msg("%s", rows[i].city);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(dirty_destinations),  TEST(mentions),           TEST(destinations_in_notes),
	    TEST(placeholders),        TEST(degrees_in_quotes),  TEST(repeated_names),
	    TEST(points_of_postcodes), TEST(names_in_daily_use), TEST(coverage_answers),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
