#include "tests/unit/unit.h"

#include <stdio.h>
#include <zlib.h>

#include "tools/import/import.h"
#include "tests/unit/tools/gazetteer.h"

static struct viz_import got;
static struct viz_import_report report;
static char note[512]; /* the first error, or else the first warning */

static enum viz_lang lang = VIZ_LANG_EN;

/* Imports `text` as the file `name`. */
static int read_text(const char *name, const char *text)
{
	struct viz_import_options opt = {.gazetteer = g, .lang = lang};
	int err = viz_import_bytes(&got, &report, name, (const uint8_t *)text, strlen(text), &opt);

	note[0] = '\0';
	if (report.errors_n > 0)
		viz_import_report_note_text(note, sizeof note, &report, &report.errors[0]);
	else if (report.warnings_n > 0)
		viz_import_report_note_text(note, sizeof note, &report, &report.warnings[0]);
	return err;
}

static void done(void)
{
	viz_import_free(&got);
}

static void refused(const char *name, const char *text, enum viz_import_code code,
		    const char *words)
{
	assert_int_equal(read_text(name, text), VIZ_ERR_INPUT);
	assert_true(report.errors_n > 0);
	if (report.errors[0].code != code || !strstr(note, words))
		fail_msg("note: %s", note);
	/* nothing is imported in part */
	assert_true(viz_geometry_is_empty(&got.plant) && !got.cells && !got.ceps && !got.ibge);
}

#define POLYGON(ring) "{\"type\":\"Polygon\",\"coordinates\":[[" ring "]]}"
#define LINHARES      "[-40.10,-19.42],[-40.04,-19.42],[-40.04,-19.37],[-40.10,-19.37],[-40.10,-19.42]"

static void geojson_of_every_kind(void **state)
{
	(void)state;
	assert_int_equal(read_text("a.geojson", POLYGON(LINHARES)), 0);
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(got.plant.points_n, 4);
	assert_true(got.cells_n > 20 && viz_region_is_normalised(got.cells, got.cells_n));
	assert_int_equal(got.ibge_n, 1);
	assert_int_equal(got.ibge[0], 3203205);
	assert_int_equal(got.whole_n, 0);
	assert_true(report.area_m2 > 30000000 && report.area_m2 < 40000000);
	assert_int_equal(report.warnings_n, 0);
	done();
	assert_int_equal(
	    read_text(
		"b.json",
		"\xef\xbb\xbf{\"type\":\"FeatureCollection\",\"features\":["
		"{\"type\":\"Feature\",\"properties\":{\"name\":\"CTO 1\",\"raio\":\"0,15 km\"},"
		"\"geometry\":{\"type\":\"Point\",\"coordinates\":[-40.0717,-19.3911,12.5]}},"
		"{\"type\":\"Feature\",\"properties\":{\"radius\":90},"
		"\"geometry\":{\"type\":\"MultiPoint\",\"coordinates\":[[-40.06,-19.39],[-40.05,-"
		"19.39]]}},"
		"{\"type\":\"Feature\",\"properties\":null,\"geometry\":{\"type\":\"LineString\","
		"\"coordinates\":[[0,0],[1,1]]}},"
		"{\"type\":\"Feature\",\"geometry\":null},"
		"{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":"
		"\"GeometryCollection\",\"geometries\":[" POLYGON(LINHARES) "]}}]}"),
	    0);
	assert_int_equal(got.plant.circles_n, 3);
	assert_int_equal(got.plant.circles[0].radius_m, 150);
	assert_int_equal(got.plant.circles[0].center.lat_udeg, -19391100);
	assert_int_equal(got.plant.circles[1].radius_m, 90);
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(report.features, 3);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_LINES], 1);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_EMPTY], 1);
	assert_int_equal(report.warnings_n, 2);
	done();
	assert_int_equal(
	    read_text(
		"c.json",
		"{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":"
		"[[[" LINHARES
		"],[[-40.08,-19.40],[-40.06,-19.40],[-40.06,-19.39],[-40.08,-19.40]]],"
		"[[[-46.64,-23.56],[-46.62,-23.56],[-46.62,-23.54],[-46.64,-23.56]]]]}}"),
	    0);
	assert_int_equal(got.plant.polygons_n, 2);
	assert_int_equal(got.plant.rings_n, 3);
	assert_int_equal(got.ibge_n, 2);
	assert_false(viz_geometry_contains(&got.plant, (struct viz_point){-19396000, -40065000}));
	done();
}

static void geojson_that_is_wrong(void **state)
{
	(void)state;
	refused("a.json", "{\n  \"type\": \"Polygon\",\n  nope\n}", VIZ_IMPORT_SYNTAX, "a.json:3:");
	refused("a.json", "[1,2]", VIZ_IMPORT_EXPECTED, "`type`");
	refused("a.json", "", VIZ_IMPORT_NOTHING, "the file is empty");
	refused("a.json", "{\"type\":\"FeatureCollection\",\"features\":[]}", VIZ_IMPORT_NOTHING,
		"no coverage");
	refused("a.json", "{\"type\":\"FeatureCollection\"}", VIZ_IMPORT_EXPECTED, "`features`");
	refused("a.json", "{\"type\":\"Polygon\"}", VIZ_IMPORT_EXPECTED, "array of rings");
	refused("a.json", "{\"type\":\"Polygon\",\"coordinates\":[7]}", VIZ_IMPORT_EXPECTED,
		"a ring");
	refused("a.json", "{\"type\":\"Polygon\",\"coordinates\":[[[1],[2],[3]]]}",
		VIZ_IMPORT_EXPECTED, "[longitude, latitude]");
	refused("a.json", "{\"type\":\"Polygon\",\"coordinates\":[[[\"a\",1],[2],[3]]]}",
		VIZ_IMPORT_EXPECTED, "[longitude, latitude]");
	refused("a.json", "{\"type\":\"Circle\"}", VIZ_IMPORT_EXPECTED, "Circle");
	/* latitude first: the error names the feature */
	refused(
	    "a.json",
	    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{"
	    "\"nome\":"
	    "\"CTO 12-A\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[-19.39,-40.07]}}]}",
	    VIZ_IMPORT_SWAPPED, "feature 1 (CTO 12-A): latitude and longitude are exchanged");
	refused("a.json", "{\"type\":\"Point\",\"coordinates\":[-9.139,38.722]}", VIZ_IMPORT_ABROAD,
		"Brazil");
	refused("a.json", "{\"type\":\"Point\",\"coordinates\":[-35.5,-20.1]}", VIZ_IMPORT_ABROAD,
		"at sea");
	refused("a.json", "{\"type\":\"Point\",\"coordinates\":[359000,7850000]}", VIZ_IMPORT_RANGE,
		"UTM");
	refused("a.json", POLYGON("[-35.5,-20.1],[-35.4,-20.1],[-35.4,-20.0],[-35.5,-20.1]"),
		VIZ_IMPORT_ABROAD, "at sea");
	refused("a.json", POLYGON("[-40.10,-19.42],[-40.04,-19.42],[-40.10,-19.42]"),
		VIZ_IMPORT_RING, "three different points");
	refused(
	    "a.json",
	    "{\"type\":\"Feature\",\"properties\":{\"radius\":-5},\"geometry\":{\"type\":\"Point\","
	    "\"coordinates\":[-40.07,-19.39]}}",
	    VIZ_IMPORT_RANGE, "radius");
	refused(
	    "a.json",
	    "{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39],\"crs\":{\"properties\":{\"name\":"
	    "\"urn:ogc:def:crs:EPSG::31984\"}}}",
	    VIZ_IMPORT_EXPECTED, "31984");
	/* the second feature is wrong, and the first is dropped too */
	refused("a.json",
		"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
		"\"geometry\":" POLYGON(LINHARES) "},{\"type\":\"Feature\",\"id\":77,\"geometry\":{"
						  "\"type\":\"Nothing\"}}]}",
		VIZ_IMPORT_EXPECTED, "feature 2 (77)");
}

static void warnings_of_rings(void **state)
{
	(void)state;
	assert_int_equal(
	    read_text("a.json", POLYGON("[-40.10,-19.42],[-40.04,-19.42],[-40.04,-19.37],"
					"[-40.10,-19.37]")),
	    0);
	assert_true(strstr(note, "not closed") != NULL);
	done();
	assert_int_equal(
	    read_text("a.json", POLYGON("[-40.10,-19.42],[-40.04,-19.37],[-40.04,-19.42],"
					"[-40.10,-19.37],[-40.10,-19.42]")),
	    0);
	assert_true(strstr(note, "crosses") != NULL);
	done();
}

static void depth_is_bounded(void **state)
{
	static char deep[200000];
	size_t at = 0;

	(void)state;
	for (int i = 0; i < 1500; i++)
		at +=
		    (size_t)sprintf(deep + at, "{\"type\":\"GeometryCollection\",\"geometries\":[");
	at += (size_t)sprintf(deep + at, "{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39]}");
	for (int i = 0; i < 1500; i++)
		at += (size_t)sprintf(deep + at, "]}");
	refused("a.json", deep, VIZ_IMPORT_SYNTAX, "depth");
	memset(deep, '[', sizeof deep - 1);
	refused("a.json", deep, VIZ_IMPORT_SYNTAX, "not JSON");
}

static void csv_of_postcodes(void **state)
{
	(void)state;
	assert_int_equal(
	    read_text("a.csv",
		      "CEP;Bairro\r\n29900-000;Centro\r\n29901100;\"Novo; Horizonte\"\r\n\r\n"),
	    0);
	assert_int_equal(got.ceps_n, 2);
	assert_int_equal(got.ibge_n, 1);
	assert_int_equal(got.ibge[0], 3203205);
	assert_int_equal(got.cells_n, 0);
	done();
	assert_int_equal(read_text("a.csv", "29900-000\n29900-001\n"), 0);
	assert_int_equal(got.ceps_n, 1);
	done();
	assert_int_equal(
	    read_text("a.csv",
		      "cep_inicial,cep_final\n29900000,29919999\n\"29920-000\",29929999\n"),
	    0);
	assert_int_equal(got.ceps_n, 1);
	assert_int_equal(got.ceps[0].to, 29929999);
	assert_true(got.ibge_n >= 2);
	done();
	assert_int_equal(read_text("a.tsv", "\xef\xbb\xbf"
					    "cep\tnome\n1001000\tS\xc3\xa9\n"),
			 0);
	assert_int_equal(got.ceps[0].from, 1001000); /* a spreadsheet dropped the zero */
	assert_int_equal(got.ibge[0], 3550308);
	done();
}

static void csv_of_points_and_towns(void **state)
{
	(void)state;
	assert_int_equal(read_text("a.csv",
				   "Nome;Latitude;Longitude;Raio\nCTO-1;-19,3911;-40,0717;80\n"
				   "CTO-2;-19.3920;-40.0720;\n"),
			 0);
	assert_int_equal(got.plant.circles_n, 2);
	assert_int_equal(got.plant.circles[0].radius_m, 80);
	assert_int_equal(got.plant.circles[0].center.lon_udeg, -40071700);
	assert_int_equal(got.plant.circles[1].radius_m, VIZ_IMPORT_DEFAULT_RADIUS);
	assert_int_equal(got.ibge[0], 3203205);
	done();
	assert_int_equal(
	    read_text("a.csv", "cto;coordenadas\n1;-19.3911, -40.0717\n2;-19,3911 -40,0717\n"), 0);
	assert_int_equal(got.plant.circles_n, 2);
	assert_int_equal(got.plant.circles[1].center.lat_udeg, -19391100);
	done();
	/* Windows-1252 */
	assert_int_equal(
	    read_text("a.csv", "Munic\xedpio,UF\nS\xe3o Mateus,ES\nLinhares,Esp\xedrito Santo\n"),
	    0);
	assert_int_equal(got.whole_n, 2);
	assert_int_equal(got.whole[0], 3203205);
	assert_int_equal(got.ibge_n, 2);
	done();
	assert_int_equal(read_text("a.csv", "codigo_ibge\n3203205\n320490\n"), 0);
	assert_int_equal(got.whole[1], 3204906);
	done();
	assert_int_equal(
	    read_text("a.csv", "municipio\nLinhares/ES\n3204906 - São Mateus\nTrindade (GO)\n"), 0);
	assert_int_equal(got.whole_n, 3);
	assert_int_equal(got.whole[2], 5221403);
	done();
}

static void csv_that_is_wrong(void **state)
{
	(void)state;
	refused("a.csv", "foo;bar\n1;2\n", VIZ_IMPORT_EXPECTED, "no known columns");
	refused("a.csv", "\xef\xbb\xbf\r\n", VIZ_IMPORT_NOTHING, "the file is empty");
	refused("a.csv", "cep\n29900-000\n2990\n", VIZ_IMPORT_EXPECTED,
		"a.csv:3:1: \"2990\" is no postcode");
	refused("a.csv", "nome;cep\nx1;29900-00\n", VIZ_IMPORT_EXPECTED, "a.csv:2:4: (x1):");
	refused("a.csv", "cep_ini;cep_fim\n29919999;29900000\n", VIZ_IMPORT_EXPECTED,
		"ends before");
	refused("a.csv", "cidade\nBom Jesus\n", VIZ_IMPORT_AMBIGUOUS, "5 municipalities");
	refused("a.csv", "cidade;uf\nLinhares;XX\n", VIZ_IMPORT_UNKNOWN, "no state");
	refused("a.csv", "cidade;uf\nBúzios Novo;RJ\n", VIZ_IMPORT_UNKNOWN, "Novo");
	refused("a.csv", "cidade;uf\nPrudente;SP\n", VIZ_IMPORT_UNKNOWN, "Prudente");
	refused("a.csv", "cidade;uf\nAtlantis;ES\n", VIZ_IMPORT_UNKNOWN, "Atlantis");
	refused("a.csv", "ibge\n3203206\n", VIZ_IMPORT_UNKNOWN, "3203206");
	refused("a.csv", "lat;lon\n-40,07;-19,39\n", VIZ_IMPORT_SWAPPED, "exchanged");
	refused("a.csv", "lat;lon\nabc;-19,39\n", VIZ_IMPORT_EXPECTED,
		"a.csv:2:1: latitude is not a number");
	refused("a.csv", "lat,lon\n-19,39,-40,07\n", VIZ_IMPORT_SYNTAX, "4 fields");
	refused("a.csv", "lat;lon;raio\n-19.39;-40.07;longe\n", VIZ_IMPORT_RANGE, "a.csv:2:15");
	refused("a.csv", "cep;nome\n29900-000;\"aberto\n", VIZ_IMPORT_SYNTAX, "quotation mark");
	refused("a.csv", "lat;lon\n7850000;359000\n", VIZ_IMPORT_RANGE, "UTM");
	assert_int_equal(read_text("a.csv", "cep\n29900-000\n00000-001\n"), 0);
	assert_true(strstr(note, "no known range") != NULL);
	done();
	assert_int_equal(viz_import_bytes(&got, &report, "a.csv", (const uint8_t *)"cep\n1\0002", 7,
					  &(struct viz_import_options){.gazetteer = g}),
			 VIZ_ERR_INPUT);
}

/* Nothing of a person may be published: no such file is taken, and nothing of it is quoted. */
static void lists_of_customers(void **state)
{
	static const char *const files[][2] = {
	    {"a.csv",
	     "Código;Nome do Cliente;Cidade;UF;CEP\n1;Maria Souza;Linhares;ES;29900-100\n"},
	    {"a.csv", "nome;cpf;cidade;uf\nMaria Souza;52998224725;Linhares;ES\n"},
	    {"a.csv", "nome;Telefone Celular;cidade;uf\nMaria Souza;27999991234;Linhares;ES\n"},
	    {"a.csv", "nome;E-mail;latitude;longitude\nMaria Souza;m@x.br;-19.39;-40.07\n"},
	    {"a.csv", "id_contrato,nome,data_cancelamento,cep\n1,Maria Souza,,29900-100\n"},
	    /* no header, or an innocent one */
	    {"a.csv", "1;Maria Souza;529.982.247-25;Linhares;ES;29900-100\n"},
	    {"a.csv", "29900-100;Maria Souza;529.982.247-25\n"},
	    {"a.csv", "nome;cep\nMaria Souza;2990\nMaria Souza (27) 99999-1234;29900-100\n"},
	    {"a.csv", "nome;cep;obs\nMaria Souza;29900-100;CPF 529.982.247-25\n"},
	    {"a.geojson", "{\"type\":\"Feature\",\"properties\":{\"name\":\"Maria Souza\","
			  "\"CPF\":\"52998224725\"},\"geometry\":" POLYGON(LINHARES) "}"},
	    {"a.geojson", "{\"type\":\"Feature\",\"properties\":{\"name\":\"Maria Souza "
			  "529.982.247-25\"},\"geometry\":" POLYGON(LINHARES) "}"},
	    {"a.kml", "<kml><Placemark><name>Maria Souza (27) 99999-1234</name><Point>"
		      "<coordinates>-40.07,-19.39</coordinates></Point></Placemark></kml>"},
	    {"a.kml", "<kml><Placemark><name>Maria Souza</name><ExtendedData><Data "
		      "name=\"Telefone\"><value>27999991234</value></Data></ExtendedData><Point>"
		      "<coordinates>-40.07,-19.39</coordinates></Point></Placemark></kml>"},
	    {"a.kml", "<kml><Placemark><name>Maria Souza</name><description>m.souza@x.br"
		      "</description><Point><coordinates>-40.07,-19.39</coordinates></Point>"
		      "</Placemark></kml>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		refused(files[i][0], files[i][1], VIZ_IMPORT_PERSONAL, "data of customers");
		if (report.errors_n != 1 || report.warnings_n != 0 || strstr(note, "Maria") ||
		    strstr(note, "529"))
			fail_msg("%s\n%s", files[i][1], note);
	}
	/* boxes are no persons, whatever they are called */
	assert_int_equal(read_text("a.csv", "nome;responsavel;latitude;longitude\n"
					    "CTO 3371-4455;Rede;-19.3911;-40.0717\n"
					    "00012345678;Rede;-19.3912;-40.0718\n"),
			 0);
	assert_int_equal(got.plant.circles_n, 2);
	done();
	/* what is no header may be a row of a customer */
	refused("a.csv", "1;Maria Souza;27999991234\n", VIZ_IMPORT_EXPECTED,
		"the first line is no header");
	assert_null(strstr(note, "Maria"));
}

static void every_error_is_counted(void **state)
{
	static char many[64000];
	size_t at = (size_t)sprintf(many, "cep\n");

	(void)state;
	for (int i = 0; i < 3000; i++)
		at += (size_t)sprintf(many + at, "x%d\n", i);
	refused("a.csv", many, VIZ_IMPORT_EXPECTED, "a.csv:2:1");
	assert_int_equal(report.errors_n, 3000);
}

static void options_are_checked(void **state)
{
	struct viz_import_options opt = {.gazetteer = g, .zoom = 30};
	const char *text = POLYGON(LINHARES);
	const uint8_t *bytes = (const uint8_t *)text;
	size_t n;

	(void)state;
	assert_int_equal(viz_import_bytes(&got, &report, "a.json", bytes, strlen(text), &opt),
			 VIZ_ERR_INPUT);
	opt.zoom = 12;
	assert_int_equal(viz_import_bytes(&got, &report, "no-extension", bytes, strlen(text), &opt),
			 0);
	n = got.cells_n;
	assert_true(n > 0 && viz_cell_level(got.cells[0]) <= 12);
	done();
	opt = (struct viz_import_options){.gazetteer = g, .allow_abroad = true};
	text = "{\"type\":\"Point\",\"coordinates\":[-9.139,38.722]}";
	assert_int_equal(
	    viz_import_bytes(&got, &report, "a", (const uint8_t *)text, strlen(text), &opt), 0);
	assert_int_equal(got.ibge_n, 0);
	done();
	assert_int_equal(viz_import_file(&got, &report, "/nowhere/a.kml", &opt), VIZ_ERR_INPUT);
	assert_int_equal(report.errors[0].code, VIZ_IMPORT_UNREADABLE);
}

#define KML(inside)                                                                                \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml "                                        \
	"xmlns=\"http://www.opengis.net/kml/2.2\" "                                                \
	"xmlns:gx=\"http://www.google.com/kml/ext/2.2\"><Document><name>Rede</name>"               \
	"<Style id=\"s\"><LineStyle><color>ff0000ff</color></LineStyle></Style>" inside            \
	"</Document></kml>"
#define PLACEMARK(inside) "<Placemark><name>CTO 12-A</name>" inside "</Placemark>\n"
#define RING(points)      "<LinearRing><coordinates>" points "</coordinates></LinearRing>"
#define OUTER(points)     "<outerBoundaryIs>" RING(points) "</outerBoundaryIs>"
#define INNER(points)     "<innerBoundaryIs>" RING(points) "</innerBoundaryIs>"
#define KML_LINHARES                                                                               \
	"\n\t-40.10,-19.42,0 -40.04,-19.42,0 -40.04,-19.37,0\n -40.10,-19.37,0 -40.10,-19.42,0 \n"
#define KML_HOLE "-40.08,-19.40 -40.06,-19.40 -40.06,-19.39 -40.08,-19.40"

static const char real_kml[] = KML(
    "<Folder><name>Pasta</name><Folder>" PLACEMARK(
	"<description><![CDATA[<table><tr><td>name</td></tr></table><coordinates>1,2</"
	"coordinates>]]></description>"
	"<Polygon><tessellate>1</tessellate>" INNER(KML_HOLE)
	    OUTER(KML_LINHARES) "</Polygon>") "</Folder>" PLACEMARK("<Point><coordinates>-40.0717,-"
								    "19.3911,0</coordinates></"
								    "Point><ExtendedData>"
								    "<Data "
								    "name=\"raio\"><value>150</"
								    "value></Data></ExtendedData>")
	PLACEMARK(
	    "<MultiGeometry><Point><coordinates> -40.0617, -19.3911 "
	    "</coordinates></Point><LineString>"
	    "<coordinates>-40,-19 -41,-20</coordinates></LineString></MultiGeometry>") "</Folder>");

static void check_real_kml(void)
{
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(got.plant.rings_n, 2);
	assert_int_equal(got.plant.circles_n, 2);
	assert_int_equal(got.plant.circles[0].radius_m, 150);
	assert_int_equal(got.plant.circles[1].radius_m, VIZ_IMPORT_DEFAULT_RADIUS);
	assert_int_equal(report.features, 3);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_LINES], 1);
	assert_int_equal(got.ibge[0], 3203205);
}

static void kml_of_google_earth(void **state)
{
	(void)state;
	assert_int_equal(read_text("rede.kml", real_kml), 0);
	check_real_kml();
	done();
	/* the same, detected by the first bytes, and in Windows-1252 */
	assert_int_equal(
	    read_text(
		"rede",
		"<?xml version='1.0' encoding='Windows-1252'?><kml><Placemark><name>S\xe3o 7"
		"</name><LineString/><Point><coordinates>-40.0717,-19.3911</coordinates></Point>"
		"</Placemark></kml>"),
	    0);
	assert_string_equal(report.warnings[0].name, "S\xc3\xa3o 7");
	done();
}

static void kml_that_is_wrong(void **state)
{
	static char deep[4096];
	size_t at = 0;

	(void)state;
	refused("a.kml", "<kml>\n<Document>\n</kml>", VIZ_IMPORT_SYNTAX, "a.kml:3:");
	refused("a.kml", "", VIZ_IMPORT_NOTHING, "the file is empty");
	refused("a.kml", KML(""), VIZ_IMPORT_NOTHING, "no coverage");
	refused("a.kml", KML(PLACEMARK("<Polygon/>")), VIZ_IMPORT_RING, "without a ring");
	refused("a.kml", KML(PLACEMARK("<Polygon>" INNER(KML_HOLE) "</Polygon>")),
		VIZ_IMPORT_EXPECTED, "outer ring");
	refused("a.kml", KML(PLACEMARK("<Point><coordinates>-19.39,-40.07</coordinates></Point>")),
		VIZ_IMPORT_SWAPPED, "feature 1 (CTO 12-A): latitude and longitude are exchanged");
	refused("a.kml", KML(PLACEMARK("<Point><coordinates>aqui</coordinates></Point>")),
		VIZ_IMPORT_EXPECTED, "\"aqui\" is no position");
	refused("a.kml", KML(PLACEMARK("<Point><coordinates>-40.07</coordinates></Point>")),
		VIZ_IMPORT_EXPECTED, "no position");
	refused("a.kml", KML(PLACEMARK("<Point><coordinates/></Point>")), VIZ_IMPORT_EXPECTED,
		"one position");
	refused(
	    "a.kml",
	    KML(PLACEMARK("<Point><coordinates>-40.07,-19.39</coordinates></Point><ExtendedData>"
			  "<SchemaData><SimpleData "
			  "name='Raio'>muito</SimpleData></SchemaData></ExtendedData>")),
	    VIZ_IMPORT_RANGE, "expected metres");
	refused(
	    "a.kml",
	    "<!DOCTYPE kml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><kml>&b;</kml>",
	    VIZ_IMPORT_SYNTAX, "DOCTYPE");
	for (int i = 0; i < 100; i++)
		at += (size_t)sprintf(deep + at, "<Folder>");
	refused("a.kml", deep, VIZ_IMPORT_TOO_MUCH, "deep");
}

/* Makes a zip archive of one file, deflated or stored. */
static size_t zip(uint8_t *out, size_t max, const char *name, const char *text, bool deflated,
		  uint32_t claim)
{
	size_t n = strlen(text), name_n = strlen(name), at;
	uint8_t *in = malloc(n + 1);
	z_stream z = {0};
	uint32_t packed, crc = (uint32_t)crc32(0, (const uint8_t *)text, (uInt)n);
	uint8_t head[46] = {'P', 'K', 3, 4, 20, 0};
	size_t central;

	assert_non_null(in);
	memcpy(in, text, n);
	at = 30 + name_n;
	if (deflated) {
		assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
				 Z_OK);
		z.next_in = in;
		z.avail_in = (uInt)n;
		z.next_out = out + at;
		z.avail_out = (uInt)(max - at);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		packed = (uint32_t)z.total_out;
		deflateEnd(&z);
	} else {
		memcpy(out + at, text, n);
		packed = (uint32_t)n;
	}
	free(in);
	if (!claim)
		claim = (uint32_t)n;
	head[8] = deflated ? 8 : 0;
	memcpy(head + 14, &crc, 4); /* little-endian, like the machines that run this */
	memcpy(head + 18, &packed, 4);
	memcpy(head + 22, &claim, 4);
	head[26] = (uint8_t)name_n;
	memcpy(out, head, 30);
	memcpy(out + 30, name, name_n);
	central = at + packed;
	memset(head, 0, sizeof head);
	memcpy(head, "PK\1\2", 4);
	head[10] = deflated ? 8 : 0;
	memcpy(head + 16, &crc, 4);
	memcpy(head + 20, &packed, 4);
	memcpy(head + 24, &claim, 4);
	head[28] = (uint8_t)name_n;
	memcpy(out + central, head, 46);
	memcpy(out + central + 46, name, name_n);
	at = central + 46 + name_n;
	memset(head, 0, sizeof head);
	memcpy(head, "PK\5\6", 4);
	head[8] = head[10] = 1;
	memcpy(head + 16, &(uint32_t){(uint32_t)central}, 4);
	memcpy(out + at, head, 22);
	return at + 22;
}

static int read_zip(const uint8_t *bytes, size_t len)
{
	struct viz_import_options opt = {.gazetteer = g};

	return viz_import_bytes(&got, &report, "rede.kmz", bytes, len, &opt);
}

static void kmz(void **state)
{
	static uint8_t bytes[8192];
	size_t n;

	(void)state;
	for (int deflated = 0; deflated < 2; deflated++) {
		n = zip(bytes, sizeof bytes, "doc.kml", real_kml, deflated, 0);
		assert_int_equal(read_zip(bytes, n), 0);
		check_real_kml();
		done();
		for (size_t cut = 0; cut < n; cut += 7)
			assert_int_equal(read_zip(bytes, cut), VIZ_ERR_INPUT);
		for (size_t i = 0; i < n; i++) {
			bytes[i] ^= 0x20;
			if (read_zip(bytes, n) == 0)
				done(); /* the import does not read times and local sizes */
			bytes[i] ^= 0x20;
		}
	}
	n = zip(bytes, sizeof bytes, "leia.txt", real_kml, true, 0);
	assert_int_equal(read_zip(bytes, n), VIZ_ERR_INPUT);
	/* the archive claims less, more, or far more than it has */
	n = zip(bytes, sizeof bytes, "doc.kml", real_kml, true, 100);
	assert_int_equal(read_zip(bytes, n), VIZ_ERR_INPUT);
	n = zip(bytes, sizeof bytes, "doc.kml", real_kml, true, 1 << 20);
	assert_int_equal(read_zip(bytes, n), VIZ_ERR_INPUT);
	n = zip(bytes, sizeof bytes, "doc.kml", real_kml, true, 0xf0000000);
	assert_int_equal(read_zip(bytes, n), VIZ_ERR_INPUT);
	assert_int_equal(report.errors[0].code, VIZ_IMPORT_TOO_MUCH);
}

static void portuguese(void **state)
{
	(void)state;
	lang = VIZ_LANG_PT;
	assert_int_equal(read_text("a.csv", "cep\n2990\n"), VIZ_ERR_INPUT);
	lang = VIZ_LANG_EN;
	assert_string_equal(note, "a.csv:2:1: \"2990\" não é um CEP: esperava oito dígitos");
	viz_import_report_note_text(note, 8, &report, &report.errors[0]);
	assert_int_equal(strlen(note), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(geojson_of_every_kind),
	    cmocka_unit_test(geojson_that_is_wrong),
	    cmocka_unit_test(warnings_of_rings),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(csv_of_postcodes),
	    cmocka_unit_test(csv_of_points_and_towns),
	    cmocka_unit_test(csv_that_is_wrong),
	    cmocka_unit_test(lists_of_customers),
	    cmocka_unit_test(every_error_is_counted),
	    cmocka_unit_test(options_are_checked),
	    cmocka_unit_test(portuguese),
	    cmocka_unit_test(kml_of_google_earth),
	    cmocka_unit_test(kml_that_is_wrong),
	    cmocka_unit_test(kmz),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
