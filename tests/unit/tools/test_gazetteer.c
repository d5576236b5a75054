#include "tests/unit/unit.h"

#include <time.h>
#include <unistd.h>

#include "tools/geo/name.h"
#include "tests/unit/tools/gazetteer.h"

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int32_t random_in(uint64_t *state, int32_t lo, int32_t hi)
{
	return (int32_t)((int64_t)lo +
			 (int64_t)(random_next(state) % (uint64_t)((int64_t)hi - lo + 1)));
}

static uint32_t code_at(int32_t lat, int32_t lon)
{
	struct viz_municipality m;

	return viz_gazetteer_at(g, &m, (struct viz_point){lat, lon}) == 0 ? m.ibge : 0;
}

static void everybody_is_there(void **state)
{
	size_t outlines = 0, seats = 0;
	struct viz_municipality m;

	(void)state;
	assert_int_equal(viz_gazetteer_count(g), 5571);
	for (size_t i = 0; i < 5571; i++) {
		m = viz_gazetteer_get(g, i);
		assert_true(m.ibge >= 1100000 && m.ibge < 5400000 && m.name[0] &&
			    strlen(m.uf) == 2);
		assert_true(strlen(m.name) < VIZ_GAZETTEER_NAME_BYTES);
		outlines += m.has_outline;
		seats += m.has_outline && code_at(m.seat.lat_udeg, m.seat.lon_udeg) == m.ibge;
	}
	assert_int_equal(outlines, 5564);
	assert_true(seats > 5500); /* some seats of the list are across a border */
	assert_int_equal(viz_gazetteer_by_code(g, &m, 3203205), 0);
	assert_string_equal(m.name, "Linhares");
	assert_string_equal(m.uf, "ES");
	assert_int_equal(m.ddd, 27);
	assert_int_equal(viz_gazetteer_by_code(g, &m, 320320), 0);
	assert_int_equal(m.ibge, 3203205);
	assert_int_equal(viz_gazetteer_by_code(g, &m, 3203200), VIZ_ERR_ABSENT);
	assert_int_equal(viz_gazetteer_by_code(g, &m, 0), VIZ_ERR_ABSENT);
	assert_int_equal(viz_gazetteer_by_code(g, &m, 999999), VIZ_ERR_ABSENT);
}

static void known_points(void **state)
{
	(void)state;
	assert_int_equal(code_at(-19391100, -40071700), 3203205); /* Linhares */
	assert_int_equal(code_at(-23550520, -46633308), 3550308); /* São Paulo, Sé */
	assert_int_equal(code_at(-15793889, -47882778), 5300108); /* Brasília */
	assert_int_equal(code_at(-3854444, -32424444), 2605459);  /* Fernando de Noronha */
	assert_int_equal(code_at(-20000000, -30000000), 0);       /* sea */
	assert_int_equal(code_at(-34603722, -58381592), 0);       /* Buenos Aires */
	assert_int_equal(code_at(38722252, -9139337), 0);         /* Lisbon */
	assert_int_equal(code_at(-90000000, -180000000), 0);
	assert_int_equal(code_at(90000000, 180000000), 0);
}

/* Every point has the owner by its outline. Within the country there is no gap and no overlap. */
static void outlines_part_the_country(void **state)
{
	uint64_t seed = 2024;
	static struct viz_geometry outlines[5571];
	size_t several = 0;

	(void)state;
	for (size_t i = 0; i < 5571; i++) {
		viz_geometry_init(&outlines[i]);
		if (viz_gazetteer_get(g, i).has_outline)
			assert_int_equal(
			    viz_gazetteer_outline(g, &outlines[i], viz_gazetteer_get(g, i).ibge),
			    0);
	}
	for (int round = 0; round < 4000; round++) {
		struct viz_point p = {random_in(&seed, -33800000, 5300000),
				      random_in(&seed, -74000000, -34700000)};
		uint32_t code;
		size_t owners = 0;

		if (round % 2) { /* half of them are close to a border */
			const struct viz_geometry *o = &outlines[random_next(&seed) % 5571];

			if (o->points_n == 0)
				continue;
			p = o->points[random_next(&seed) % o->points_n];
			p.lat_udeg += random_in(&seed, -200, 200);
			p.lon_udeg += random_in(&seed, -200, 200);
		}
		code = code_at(p.lat_udeg, p.lon_udeg);
		for (size_t i = 0; i < 5571; i++) {
			bool in = viz_geometry_contains(&outlines[i], p);

			owners += in;
			if (code != 0 && viz_gazetteer_get(g, i).ibge == code && !in)
				/* a gap between the outlines of two states */
				assert_true(viz_geometry_distance_cm(&outlines[i], p) <= 30000);
		}
		assert_true(code != 0 || owners == 0);
		several += owners > 1;
	}
	assert_true(several < 80); /* points on a border, or where outlines of states overlap */
	for (size_t i = 0; i < 5571; i++)
		viz_geometry_free(&outlines[i]);
}

static void postcodes(void **state)
{
	struct viz_cep_entry e[8];
	size_t n = 0;

	(void)state;
	assert_int_equal(viz_gazetteer_by_cep(g, e, &n, 8, 29900000), 0);
	assert_int_equal(n, 1);
	assert_int_equal(e[0].ibge, 3203205);
	assert_int_equal(e[0].coding, VIZ_CEP_STREET);
	assert_int_equal(viz_gazetteer_by_cep(g, e, &n, 8, 69980000), 0);
	assert_int_equal(e[0].ibge, 1200203);
	assert_int_equal(viz_gazetteer_by_cep(g, e, &n, 8, 0), VIZ_ERR_ABSENT);
	assert_int_equal(viz_gazetteer_by_cep(g, e, &n, 8, 999999), VIZ_ERR_ABSENT);
	assert_int_equal(
	    viz_gazetteer_by_cep_range(g, e, &n, 8, (struct viz_cep_range){0, VIZ_CEP_MAX}), 0);
	assert_true(n > 5500);
	assert_int_equal(viz_gazetteer_ceps(g, e, &n, 8, 3203205), 0);
	assert_true(n >= 1 && e[0].range.from <= 29900000);
	assert_int_equal(viz_gazetteer_ceps(g, e, &n, 8, 1), VIZ_ERR_ABSENT);
}

static uint32_t named(const char *name, const char *uf)
{
	struct viz_municipality m[8];
	size_t n = 0;

	return viz_gazetteer_names_find(g, m, &n, 8, name, uf) == 0 && n == 1 ? m[0].ibge : 0;
}

static void names_as_people_write_them(void **state)
{
	struct viz_municipality m[8];
	size_t n = 0;

	(void)state;
	assert_int_equal(named("linhares", NULL), 3203205);
	assert_int_equal(named("  LINHARES ", "ES"), 3203205);
	assert_int_equal(named("Linhares", "SP"), 0);
	assert_int_equal(named("sao paulo", NULL), 3550308);
	assert_int_equal(named("S. Paulo", "SP"), 3550308);
	assert_int_equal(named("são mateus", "ES"), 3204906);
	assert_int_equal(named("Sta. Rita do Passa Quatro", NULL), 3547502);
	assert_int_equal(named("Sta Barbara do Oeste", NULL), 3545803);
	assert_int_equal(named("Santa Bárbara d'Oeste", NULL), 3545803);
	assert_int_equal(named("Santa Barbara d\xe2\x80\x99Oeste", NULL), 3545803);
	assert_int_equal(named("Embu", NULL), 3515004);
	assert_int_equal(named("Embu-Guacu", NULL), 3515103);
	assert_int_equal(named("Moji Mirim", "SP"), 3530805);
	assert_int_equal(named("Gov. Valadares", NULL), 3127701);
	assert_int_equal(named("Pres. Prudente", NULL), 3541406);
	assert_int_equal(named("Florian\xf3polis", "SC"), 4205407); /* Latin-1 */
	assert_int_equal(named("Campo Grande", "MS"), 5002704); /* AL has a town of that name too */
	assert_int_equal(named("Campo Grande", "RN"), 2401305);
	assert_int_equal(named("Goianá", NULL), 3127388); /* accents decide when they are typed */
	assert_int_equal(named("goiana", NULL), 0);
	assert_int_equal(viz_gazetteer_names_find(g, m, &n, 8, "Bom Jesus", NULL), 0);
	assert_int_equal(n, 5);
	assert_int_equal(viz_gazetteer_names_find(g, m, &n, 2, "Bom Jesus", NULL), 0);
	assert_int_equal(n, 5);
	assert_int_equal(named("Bom Jesus", "RS"), 4302303);
	assert_int_equal(named("Atlantis", NULL), 0);
	assert_int_equal(named("", NULL), 0);
	assert_int_equal(named("...", NULL), 0);
	assert_true(viz_gazetteer_names_similar(g, m, 8, "Linharis", NULL) >= 1);
	assert_int_equal(m[0].ibge, 3203205);
	assert_true(viz_gazetteer_names_similar(g, m, 8, "Paraty", "RJ") >= 1);
	assert_int_equal(viz_gazetteer_names_similar(g, m, 8, "Xyzzyplugh", NULL), 0);
}

static void states(void **state)
{
	char uf[3] = "";

	(void)state;
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "es"), 0);
	assert_string_equal(uf, "ES");
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "rio grande do sul"), 0);
	assert_string_equal(uf, "RS");
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "Pará"), 0);
	assert_string_equal(uf, "PA");
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "42"), 0);
	assert_string_equal(uf, "SC");
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "SE"), 0);
	assert_string_equal(uf, "SE");
	assert_int_equal(viz_gazetteer_names_uf(g, uf, "XX"), VIZ_ERR_ABSENT);
	assert_string_equal(viz_gazetteer_names_uf_name(g, "ES"), "Espírito Santo");
	assert_null(viz_gazetteer_names_uf_name(g, "ZZ"));
}

static void neighbours_know_each_other(void **state)
{
	uint32_t list[VIZ_GAZETTEER_NEIGHBOURS_MAX], back[VIZ_GAZETTEER_NEIGHBOURS_MAX];
	size_t n = 0, k = 0;
	bool across_states = false;

	(void)state;
	for (size_t i = 0; i < viz_gazetteer_count(g); i += 7) {
		uint32_t of = viz_gazetteer_get(g, i).ibge;

		if (!viz_gazetteer_get(g, i).has_outline)
			continue;
		assert_int_equal(
		    viz_gazetteer_outline_neighbours(g, list, &n, VIZ_GAZETTEER_NEIGHBOURS_MAX, of),
		    0);
		assert_true(n <= VIZ_GAZETTEER_NEIGHBOURS_MAX);
		for (size_t j = 0; j < n; j++) {
			bool mutual = false;

			assert_int_equal(viz_gazetteer_outline_neighbours(
					     g, back, &k, VIZ_GAZETTEER_NEIGHBOURS_MAX, list[j]),
					 0);
			for (size_t x = 0; x < k; x++)
				mutual = mutual || back[x] == of;
			assert_true(mutual);
			across_states = across_states || list[j] / 100000 != of / 100000;
		}
	}
	assert_true(across_states);
	assert_int_equal(viz_gazetteer_outline_neighbours(g, list, &n, 8, 4220000), VIZ_ERR_ABSENT);
}

static void near_the_coast(void **state)
{
	struct viz_municipality m;
	uint32_t metres = 7;
	struct viz_point off_vitoria = {-20300000, -40250000}, ocean = {-20300000, -35000000};

	(void)state;
	assert_int_equal(code_at(off_vitoria.lat_udeg, off_vitoria.lon_udeg), 0);
	assert_int_equal(viz_gazetteer_near(g, &m, &metres, off_vitoria, 5000), 0);
	assert_string_equal(m.uf, "ES");
	assert_true(metres > 0 && metres <= 5000);
	assert_int_equal(viz_gazetteer_near(g, &m, &metres, ocean, 5000), VIZ_ERR_ABSENT);
	assert_int_equal(
	    viz_gazetteer_near(g, &m, &metres, (struct viz_point){-19391100, -40071700}, 10), 0);
	assert_int_equal(metres, 0);
}

/* A plant with the outline of a municipality lies in that one and not in its neighbours. */
static void touched_by_a_plant(void **state)
{
	static const uint32_t codes[] = {3203205, 3550308, 2605459, 3205309};
	uint32_t *list = NULL;
	size_t n = 0;
	struct viz_geometry plant;
	enum viz_geometry_fault why;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		viz_geometry_init(&plant);
		assert_int_equal(viz_gazetteer_outline(g, &plant, codes[i]), 0);
		assert_int_equal(viz_gazetteer_near_touched(g, &list, &n, &plant), 0);
		assert_int_equal(n, 1);
		assert_int_equal(list[0], codes[i]);
		free(list);
		viz_geometry_free(&plant);
	}
	viz_geometry_init(&plant);
	assert_int_equal(
	    viz_geometry_add_circle(&plant, &why, (struct viz_circle){{-19391100, -40071700}, 100}),
	    0);
	assert_int_equal(
	    viz_geometry_add_circle(&plant, &why, (struct viz_circle){{-20000000, -30000000}, 100}),
	    0);
	assert_int_equal(viz_gazetteer_near_touched(g, &list, &n, &plant), 0);
	assert_int_equal(n, 1);
	assert_int_equal(list[0], 3203205);
	free(list);
	viz_geometry_free(&plant);
}

static void drawings(void **state)
{
	struct viz_municipality m;
	char *svg = NULL;
	double x, y, height;

	(void)state;
	assert_int_equal(viz_gazetteer_by_code(g, &m, 3203205), 0);
	assert_int_equal(viz_gazetteer_outline_svg_path(g, &svg, m.ibge, m.box, 400), 0);
	assert_true(svg[0] == 'M' && svg[strlen(svg) - 1] == 'z' && strlen(svg) > 100 &&
		    strlen(svg) < 20000);
	assert_int_equal(strspn(svg, "Mlz-0123456789 "), strlen(svg));
	free(svg);
	viz_gazetteer_outline_svg_point(&x, &y, &height, m.seat, m.box, 400);
	assert_true(x > 0 && x < 400 && y > 0 && y < height);
	assert_int_equal(viz_gazetteer_outline_svg_path(g, &svg, 4220000, m.box, 400),
			 VIZ_ERR_ABSENT);
}

static void damaged_files_are_refused(void **state)
{
	static const char path[] = "test_gazetteer.damaged";
	struct viz_gazetteer *other = NULL;
	FILE *f;

	(void)state;
	assert_int_equal(viz_gazetteer_open(&other, "/nowhere/gazetteer.bin"), VIZ_ERR_ABSENT);
	f = fopen(path, "wb");
	assert_non_null(f);
	fputs("VIZGAZ01 and then nothing of use", f);
	fclose(f);
	assert_int_equal(viz_gazetteer_open(&other, path), VIZ_ERR_FORM);
	assert_null(other);
	unlink(path);
}

static void look_ups_are_quick(void **state)
{
	struct timespec from, to;
	uint64_t seed = 1, hits = 0;
	double ns;

	(void)state;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID,
		      &from); /* processor time, so that a busy machine does not matter */
	for (int i = 0; i < 200000; i++)
		hits += code_at(random_in(&seed, -33000000, 5000000),
				random_in(&seed, -73000000, -35000000)) != 0;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
	print_message("# %.0f ns a look-up, %.1f %% in the country\n", ns / 200000,
		      (double)hits / 2000);
	assert_true(ns / 200000 < 20000); /* a wide margin for slow and instrumented builds */
}

static void folding(void **state)
{
	char out[VIZ_NAME_BYTES] = "", longer[300];

	(void)state;
	assert_int_equal(viz_name_fold(out, "São José d'Água--Branca"), 0);
	assert_string_equal(out, "sao jose agua branca");
	assert_int_equal(viz_name_fold(out, "Sa\xcc\x83o"),
			 0); /* a letter and a combining accent */
	assert_string_equal(out, "sao");
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(viz_name_fold(out, longer), VIZ_ERR_LIMIT);
	assert_int_equal(viz_name_fold(out, " - "), VIZ_ERR_ABSENT);
	assert_int_equal(viz_name_distance("linhares", "linaresx", 3), 2);
	assert_int_equal(viz_name_distance("a", "abcdef", 2), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_is_there),
	    cmocka_unit_test(known_points),
	    cmocka_unit_test(outlines_part_the_country),
	    cmocka_unit_test(postcodes),
	    cmocka_unit_test(names_as_people_write_them),
	    cmocka_unit_test(states),
	    cmocka_unit_test(neighbours_know_each_other),
	    cmocka_unit_test(near_the_coast),
	    cmocka_unit_test(touched_by_a_plant),
	    cmocka_unit_test(drawings),
	    cmocka_unit_test(damaged_files_are_refused),
	    cmocka_unit_test(look_ups_are_quick),
	    cmocka_unit_test(folding),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
