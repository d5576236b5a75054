/* Coverage files as people make them. An error must be named, and nothing wrong may be published
 * by accident. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <zlib.h>

#include "tools/import/import.h"
#include "tests/unit/tools/gazetteer.h"

static struct viz_import got;
static struct viz_import_report report;
static char note[512],
    note_pt[512]; /* the first error, or the first warning; in English and Portuguese */

/* Writes the first error, or else the first warning, to `out`, which has the size of `note`. */
static int read_in(enum viz_lang lang, char *out, const char *name, const void *bytes, size_t len)
{
	struct viz_import_options opt = {.gazetteer = g, .lang = lang};
	int err = viz_import_bytes(&got, &report, name, bytes, len, &opt);

	out[0] = '\0';
	if (report.errors_n)
		viz_import_report_note_text(out, sizeof note, &report, &report.errors[0]);
	else if (report.warnings_n)
		viz_import_report_note_text(out, sizeof note, &report, &report.warnings[0]);
	return err;
}

static int read_bytes(const char *name, const void *bytes, size_t len)
{
	int err = read_in(VIZ_LANG_PT, note_pt, name, bytes, len);

	if (err == 0)
		viz_import_free(&got);
	assert_int_equal(read_in(VIZ_LANG_EN, note, name, bytes, len), err);
	return err;
}

static int read_text(const char *name, const char *text)
{
	return read_bytes(name, text, strlen(text));
}

static void taken(const char *name, const char *text)
{
	if (read_text(name, text) != 0)
		fail_msg("note: %s", note);
}

static void refused(const char *name, const char *text, const char *words, const char *palavras)
{
	int err = read_text(name, text);

	assert_true(err == VIZ_ERR_INPUT || err == VIZ_ERR_LIMIT);
	if (!strstr(note, words) || !strstr(note_pt, palavras))
		fail_msg("note: %s\n%s", note, note_pt);
	assert_true(viz_geometry_is_empty(&got.plant) && !got.cells && !got.ceps && !got.ibge);
}

static bool covers(int32_t lat, int32_t lon)
{
	return viz_geometry_contains(&got.plant, (struct viz_point){lat, lon});
}

#define KML(inside)                                                                                \
	"<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><Folder>" inside                  \
	"</Folder></Document></kml>"
#define PLACEMARK(inside) "<Placemark><name>CTO 12-A</name>" inside "</Placemark>"
#define RING(points)      "<LinearRing><coordinates>" points "</coordinates></LinearRing>"
#define OUTER(points)     "<outerBoundaryIs>" RING(points) "</outerBoundaryIs>"
#define INNER(points)     "<innerBoundaryIs>" RING(points) "</innerBoundaryIs>"
#define POLYGON(rings)    PLACEMARK("<Polygon>" rings "</Polygon>")
/* corners: south-west, south-east, north-east, north-west */
#define SQUARE  "-40.10,-19.42 -40.04,-19.42 -40.04,-19.37 -40.10,-19.37 -40.10,-19.42"
#define WITHIN  "-40.08,-19.40 -40.06,-19.40 -40.06,-19.39 -40.08,-19.39 -40.08,-19.40"
#define NESTED  "-40.075,-19.398 -40.065,-19.398 -40.065,-19.392 -40.075,-19.398"
#define OUTSIDE "-40.50,-19.40 -40.48,-19.40 -40.48,-19.39 -40.50,-19.39 -40.50,-19.40"
#define LEAVING "-40.05,-19.40 -40.02,-19.40 -40.02,-19.39 -40.05,-19.39 -40.05,-19.40"
#define MEETING "-40.07,-19.395 -40.05,-19.395 -40.05,-19.38 -40.07,-19.38 -40.07,-19.395"
/* its eastern side is on the outer ring */
#define TOUCH "-40.06,-19.40 -40.04,-19.40 -40.04,-19.39 -40.06,-19.39 -40.06,-19.40"

static void holes(void **state)
{
	(void)state;
	taken("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(WITHIN) INNER(TOUCH))));
	assert_int_equal(report.warnings_n, 0);
	assert_int_equal(got.plant.rings_n, 3);
	assert_false(covers(-19395000, -40070000));
	viz_import_free(&got);

	taken("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(OUTSIDE))));
	assert_true(strstr(note, "(CTO 12-A): a hole that takes nothing away") != NULL);
	assert_true(strstr(note_pt, "(CTO 12-A): um furo que nada tira") != NULL);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_HOLES], 1);
	assert_false(covers(-19395000, -40490000));
	assert_false(
	    viz_region_meets(got.cells, got.cells_n,
			     viz_cell_from_point((struct viz_point){-19395000, -40490000}, 14)));
	viz_import_free(&got);

	/* under the even-odd rule an area within two holes would be covered */
	taken("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(WITHIN) INNER(NESTED) INNER(WITHIN))));
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_HOLES], 2);
	assert_false(covers(-19396000, -40068000));
	viz_import_free(&got);

	refused("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(LEAVING))),
		"(CTO 12-A): a hole leaves its polygon", "(CTO 12-A): um furo sai");
	refused("a.kml", KML(POLYGON(OUTER(WITHIN) INNER(SQUARE))), "a hole leaves its polygon",
		"um furo sai");
	refused("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(WITHIN) INNER(MEETING))),
		"(CTO 12-A): two holes overlap", "dois furos se sobrepõem");
	refused("a.kml", KML(POLYGON(OUTER(SQUARE) INNER(NESTED) INNER(WITHIN))),
		"(CTO 12-A): two holes overlap", "dois furos se sobrepõem");
}

static void polygons_on_each_other(void **state)
{
	uint64_t one;

	(void)state;
	taken("a.kml", KML(POLYGON(OUTER(SQUARE))));
	one = report.area_m2;
	viz_import_free(&got);
	taken("a.kml",
	      KML(PLACEMARK("<MultiGeometry><Polygon>" OUTER(SQUARE) "</Polygon><Polygon>" OUTER(
		  WITHIN) "</Polygon></MultiGeometry>")));
	assert_true(covers(-19395000, -40070000));
	assert_int_equal(report.features, 1);
	assert_int_equal(report.polygons, 2);
	assert_in_range(report.area_m2, one / 1000 * 999, one / 1000 * 1001);
	viz_import_free(&got);
	taken("a.json",
	      "{\"type\":\"MultiPolygon\",\"coordinates\":["
	      "[[[-40.10,-19.42],[-40.04,-19.42],[-40.04,-19.37],[-40.10,-19.37],[-40.10,-19.42]]],"
	      "[[[-40.10,-19.42],[-40.04,-19.42],[-40.04,-19.37],[-40.10,-19.37],[-40.10,-19.42]]]"
	      "]}");
	assert_true(covers(-19395000, -40070000));
	assert_in_range(report.area_m2, one / 1000 * 999, one / 1000 * 1001);
	viz_import_free(&got);
}

static void a_bow_tie_has_an_area(void **state)
{
	(void)state;
	taken("a.kml", KML(POLYGON(OUTER("-40.10,-19.40 -40.00,-19.30 -40.00,-19.40 -40.10,-19.30 "
					 "-40.10,-19.40"))));
	assert_true(strstr(note, "crosses") != NULL);
	assert_in_range(report.area_m2, 57500000, 58700000); /* half of 10.5 by 11.07 km */
	viz_import_free(&got);
}

static void what_is_no_coverage(void **state)
{
	char text[200];

	(void)state;
	refused("a.kml",
		KML(PLACEMARK("<LineString><coordinates>-40.07,-19.39 -40.1,-19.4</coordinates>"
			      "</LineString>") "<Placemark><name>Nada</name></Placemark>"),
		"no coverage found (ignored: lines: 1; without geometry: 1)",
		"nenhuma cobertura encontrada (ignorados: linhas de cabo: 1; sem geometria: 1)");
	refused("a.kml",
		KML(POLYGON(OUTER("-60,-30 -40,-30 -40,-5 -60,-5 -60,-30"))
			PLACEMARK("<Point><coordinates>-40.07,-19.39</coordinates></Point>")),
		"feature 1 (CTO 12-A): the area is too large for cells of zoom 16",
		"item 1 (CTO 12-A): a área é grande demais para células de zoom 16");
	assert_true(strstr(note, "zoom 1") != NULL);
	taken("a.kml", KML(PLACEMARK("<LineString/>") POLYGON(OUTER(SQUARE))
			       POLYGON(OUTER(WITHIN) "<LineString/>")));
	assert_int_equal(report.features, 2);
	viz_import_report_ignored_text(text, sizeof text, report.ignored, VIZ_LANG_EN);
	assert_string_equal(text, "lines: 2");
	viz_import_free(&got);
	/* a ring alone is a line, and the point of a photograph is no box */
	taken("a.kml", KML("<PhotoOverlay><Point><coordinates>-40.07,-19.39</coordinates></Point>"
			   "</PhotoOverlay>" PLACEMARK(RING(SQUARE)) POLYGON(OUTER(SQUARE))));
	assert_int_equal(report.features, 1);
	assert_int_equal(got.plant.circles_n, 0);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_LINES], 1);
	viz_import_free(&got);
	taken("a.csv", "cto;lat;lon\n1;-19.39;-40.07\n2;;\n");
	assert_int_equal(report.features, 1);
	viz_import_report_ignored_text(text, sizeof text, report.ignored, VIZ_LANG_PT);
	assert_string_equal(text, "linhas da tabela sem lugar: 1");
	viz_import_free(&got);
}

static void links_and_systems(void **state)
{
	(void)state;
	refused("a.kml",
		KML(POLYGON(OUTER(SQUARE)) "<NetworkLink><name>R 1</name><Link><href>"
					   "http://example.com/a.kml</href></Link></NetworkLink>"),
		"feature 2 (R 1): a NetworkLink: what it shows is not in this file but at "
		"\"http://example.com/a.kml\"",
		"item 2 (R 1): um NetworkLink");
	refused("a.kml", KML("<NetworkLink><name>R 2</name></NetworkLink>"), "(R 2): a Network",
		"(R 2): um Network");
	refused("a.json",
		"{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39],\"crs\":{\"type\":\"EPSG\","
		"\"properties\":{\"code\":31984}}}",
		"EPSG:31984: expected WGS 84", "EPSG:31984: esperava WGS 84");
	refused("a.json",
		"{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39],\"crs\":{\"type\":\"link\","
		"\"properties\":{\"href\":\"http://example.com/crs/42\"}}}",
		"example.com/crs/42: expected", "example.com/crs/42: esperava");
	taken("a.json",
	      "{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39],\"crs\":{\"type\":\"name\","
	      "\"properties\":{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}}}");
	viz_import_free(&got);
}

static void far_and_huge(void **state)
{
	(void)state;
	refused("a.json",
		"{\"type\":\"Polygon\",\"coordinates\":[[[179.9,-17],[-179.9,-17],[-179.9,-16],"
		"[179.9,-16],[179.9,-17]]]}",
		"outside Brazil", "fora do Brasil");
	refused("a.kml", KML(POLYGON(OUTER("1e400,-19 -40,-19 -40,-20 1e400,-19"))),
		"(CTO 12-A): longitude out of range", "longitude fora da faixa");
	refused("a.kml", KML(POLYGON(OUTER("99999999999999999999,-19 -40,-19 -40,-20"))),
		"(CTO 12-A): longitude out of range", "longitude fora da faixa");
	refused("a.json", "{\"type\":\"Point\",\"coordinates\":[-40.07,1e300]}",
		"latitude out of range", "latitude fora da faixa");
	taken("a.json", "\xef\xbb\xbf{\"type\":\"GeometryCollection\",\"geometries\":["
			"{\"type\":\"Point\",\"coordinates\":[-40.07,-19.39,8848.8]}]}");
	assert_int_equal(report.points, 1);
	viz_import_free(&got);
	taken("a.kml",
	      "\xef\xbb\xbf" KML(PLACEMARK("<Point><coordinates>-40.07,-19.39,12.5</coordinates>"
					   "</Point>")));
	viz_import_free(&got);
}

/* What spreadsheets do to a code that begins with zero. */
static void postcodes_of_spreadsheets(void **state)
{
	(void)state;
	taken("a.csv", "CEP;Rua\n29900-155;x\n1310-100;y\n1310101;z\n1.310-102;w\n29900 156;v\n");
	assert_int_equal(got.ceps_n, 2);
	assert_int_equal(got.ceps[0].from, 1310100);
	assert_int_equal(got.ceps[0].to, 1310102);
	assert_int_equal(got.ceps[1].to, 29900156);
	viz_import_free(&got);
	taken("a.csv", "1310-100\n1311-000\n");
	assert_int_equal(got.ceps_n, 2);
	viz_import_free(&got);
	refused("a.csv", "3203205\n3204906\n", "no known columns", "nenhuma coluna");
	refused("a.csv", "lat,raio\n-20.3,100\n",
		"a.csv:1:5: the columns \"lat, raio\" are not enough",
		"as colunas \"lat, raio\" não bastam");
	refused("a.csv", "cep\n310-100\n", "no postcode", "não é um CEP");
	refused("a.csv", "cep\n29-900155\n", "no postcode", "não é um CEP");
}

static void other_files(void **state)
{
	(void)state;
	refused("a.csv", "", "a.csv: the file is empty", "a.csv: o arquivo está vazio");
	refused("a.kmz", "\xef\xbb\xbf \r\n", "the file is empty", "o arquivo está vazio");
	refused("a.xlsx", "PK\3\4\24 [Content_Types].xml xl/workbook.xml", "save it as CSV",
		"salve como CSV");
	refused("a.csv", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as CSV", "salve como CSV");
	refused("a.kml", "<kml><Document>", "not KML: no element found", "não é KML: nenhum");
	refused("a.json", "{,}", "not JSON: ", "não é JSON: ");
}

static const struct viz_import_note *left_out(const char *words)
{
	char text[512];

	for (size_t i = 0; i < got.left_out_n; i++) {
		viz_import_report_note_text(text, sizeof text, &report, &got.left_out[i]);
		if (strstr(text, words))
			return &got.left_out[i];
	}
	return NULL;
}

#define GEOJSON(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(name, geometry)                                                                    \
	"{\"type\":\"Feature\",\"properties\":{\"nome\":\"" name "\"},\"geometry\":" geometry "}"
#define RINGS(rings)  "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define POLYGONS(all) "{\"type\":\"MultiPolygon\",\"coordinates\":[" all "]}"
#define HOUSES        "[[-51.22,-30.04],[-51.20,-30.04],[-51.20,-30.03],[-51.22,-30.03],[-51.22,-30.04]]"
#define FAR_AT_SEA    "[[-35.5,-20.1],[-35.4,-20.1],[-35.4,-20.0],[-35.5,-20.1]]"
#define AT(point)     "{\"type\":\"Point\",\"coordinates\":" point "}"

/* One part that cannot be used says nothing about the others: they are imported, and it is named.
 */
static void stray_parts(void **state)
{
	static char many[40000];
	size_t at = 0;

	(void)state;
	/* rounding took the area of the second one (from the neighbourhoods of Porto Alegre) */
	taken("a.json",
	      GEOJSON(FEATURE("bairro", RINGS(HOUSES)) "," FEATURE(
		  "P 2", RINGS("[[-51.2634,-30.0499],[-51.2634,-30.0501],[-51.2634,-30.0499]]"))));
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(got.left_out_n, 1);
	assert_non_null(left_out("a.json: feature 2 (P 2): a ring needs three different points"));
	viz_import_free(&got);
	/* on one line, there and back, and walked twice */
	taken(
	    "a.json",
	    GEOJSON(FEATURE("bairro", RINGS(HOUSES)) "," FEATURE(
		"L 2", POLYGONS("[[[-51.26,-30.05],[-51.25,-30.05],[-51.24,-30.05],[-51.26,-"
				"30.05]]],[[[-51.26,-30.05],[-51.25,-30.06],[-51.24,-30.05],[-51."
				"25,-30.06],[-51.26,-30.05]]],[[[-51.26,-30.05],[-51.25,-30.05],[-"
				"51.25,-30.06],[-51.26,-30.05],[-51.25,-30.05],[-51.25,-30.06],[-"
				"51.26,-30.05]]]"))));
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(got.left_out_n, 3);
	assert_non_null(left_out("feature 2 (L 2), part 1: the polygon has no area"));
	assert_non_null(left_out("feature 2 (L 2), part 3: the polygon has no area"));
	viz_import_free(&got);
	/* all of them are listed, and each kind */
	at += (size_t)sprintf(many, "{\"type\":\"MultiPolygon\",\"coordinates\":[[" HOUSES "]");
	for (int i = 0; i < 300; i++)
		at += (size_t)sprintf(many + at, ",[" FAR_AT_SEA "]");
	sprintf(many + at, "]}");
	taken("a.json", many);
	assert_int_equal(got.left_out_n, 300);
	assert_non_null(left_out("a.json: part 301: "));
	viz_import_free(&got);
	taken("a.csv", "lat,lon,raio\n-19.39,-40.07,100\n0,0,100\n-19.39,-30.07,100\n");
	assert_int_equal(got.plant.circles_n, 1);
	assert_non_null(left_out("a.csv:3:1: 0.000000, 0.000000 is no place"));
	assert_non_null(left_out("a.csv:4:1: -19.390000, -30.070000 lies at sea"));
	viz_import_free(&got);
	taken("a.kml",
	      KML(POLYGON(OUTER(SQUARE)) POLYGON("") POLYGON(OUTER(SQUARE) INNER(LEAVING))));
	assert_int_equal(got.plant.polygons_n, 1);
	assert_int_equal(got.left_out_n, 2);
	viz_import_free(&got);
	/* with nothing else in the file, and beside a mistake, they are errors */
	refused("a.json", POLYGONS("[" FAR_AT_SEA "],[" FAR_AT_SEA "]"), "part 1: the polygon lies",
		"parte 1: o polígono fica");
	assert_int_equal(report.errors_n, 2);
	refused("a.csv", "lat,lon\n-19.39,-40.07\n0,0\n-40.07,-19.39\n", "a.csv:4:1: latitude and",
		"a.csv:4:1: latitude e");
	assert_int_equal(report.errors_n, 2);
	/* empty coordinates are no geometry (RFC 7946, section 3.1) */
	taken("a.json", GEOJSON(FEATURE("a", RINGS("")) "," FEATURE("b", RINGS(HOUSES)) "," FEATURE(
			    "c", AT("[]"))));
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_EMPTY], 2);
	viz_import_free(&got);
}

/* Islets in Guanabara bay, outside of all outlines: as near as a point may be, a polygon may be. */
static void islets(void **state)
{
	(void)state;
	taken(
	    "a.json",
	    POLYGONS("[[[-43.113,-22.765],[-43.103,-22.765],[-43.103,-22.754],[-43.113,-22.754],[-"
		     "43.113,-22.765]]],[[[-43.1205,-22.7575],[-43.1160,-22.7575],[-43.1160,-22."
		     "7550],[-43.1205,-22.7550],[-43.1205,-22.7575]]]"));
	assert_int_equal(got.plant.polygons_n, 2);
	assert_int_equal(got.left_out_n, 0);
	assert_true(covers(-22756000, -43118000) && got.ibge_n > 0);
	viz_import_free(&got);
	/* alone it belongs to the town beside it */
	taken("a.json",
	      RINGS("[[-40.2640,-20.3110],[-40.2635,-20.3110],[-40.2635,-20.3105],[-40.2640,-"
		    "20.3110]]"));
	assert_true(got.ibge_n == 1);
	viz_import_free(&got);
}

/* The outlines of IBGE have islands where GeoJSON has holes, and not always behind the mainland. */
static void islands(void **state)
{
	(void)state;
	taken(
	    "a.json",
	    RINGS(
		"[[-40.2519,-20.3520],[-40.2502,-20.3520],[-40.2502,-20.3508],[-40.2519,-20.3508],"
		"[-40.2519,-20.3520]],[[-40.2429,-20.2945],[-40.2418,-20.2945],[-40.2418,-20.2938]"
		",[-40.2429,-20.2938],[-40.2429,-20.2945]],[[-40.34,-20.32],[-40.29,-20.32],[-40."
		"29,-20.25],[-40.34,-20.25],[-40.34,-20.32]],[[-40.32,-20.30],[-40.31,-20.30],[-40"
		".31,-20.29],[-40.32,-20.29],[-40.32,-20.30]]"));
	assert_int_equal(got.plant.polygons_n, 3);
	assert_int_equal(got.plant.rings_n, 4);
	assert_int_equal(report.features, 1);
	assert_int_equal(report.ignored[VIZ_IMPORT_IGNORED_HOLES], 0);
	assert_true(covers(-20270000, -40330000) && !covers(-20295000, -40315000));
	assert_true(report.area_m2 > 38000000);
	viz_import_free(&got);
}

/* What is said of a point that lies nowhere. A minus that is there is never called missing. */
static void points_astray(void **state)
{
	(void)state;
	refused("a.csv", "lat,lon\n19.39,40.07\n",
		"a minus sign missing? -19.390000, -40.070000 would lie in Linhares/ES",
		"falta um sinal de menos? -19.390000, -40.070000 ficaria em Linhares/ES");
	refused("a.csv", "lat,lon\n-19.39,40.07\n", "a minus sign", "sinal de menos");
	refused("a.csv", "lat,lon\n2.82,60.67\n", "2.820000, -60.670000 would lie in Boa Vista/RR",
		"ficaria em Boa Vista/RR");
	refused("a.csv", "lat,lon\n40.07,19.39\n", "exchanged, and the minus signs missing?",
		"trocadas, e sem os sinais de menos?");
	refused("a.csv", "lat,lon\n-23.20,-43.20\n", "at sea or abroad, 1", "a 1");
	assert_null(strstr(note, "minus"));
	refused("a.csv", "lat,lon\n38.722,-9.139\n", "lies outside Brazil", "fica fora do Brasil");
	assert_null(strstr(note, "minus"));
}

/* Makes a zip archive of files that are stored without compression. */
static size_t zip(uint8_t *out, const char *const *names, const char *const *texts, size_t n)
{
	uint32_t at = 0, central, offsets[4];
	uint8_t head[46];

	for (size_t i = 0; i < n; i++) {
		uint32_t len = (uint32_t)strlen(texts[i]), name = (uint32_t)strlen(names[i]);

		memset(head, 0, sizeof head);
		memcpy(head, "PK\3\4", 4);
		head[26] = (uint8_t)name;
		offsets[i] = at;
		memcpy(out + at, head, 30);
		memcpy(out + at + 30, names[i], name);
		memcpy(out + at + 30 + name, texts[i], len);
		at += 30 + name + len;
	}
	central = at;
	for (size_t i = 0; i < n; i++) {
		uint32_t len = (uint32_t)strlen(texts[i]), name = (uint32_t)strlen(names[i]);
		uint32_t crc = (uint32_t)crc32(0, (const uint8_t *)texts[i], len);

		memset(head, 0, sizeof head);
		memcpy(head, "PK\1\2", 4);
		memcpy(head + 16, &crc, 4); /* little-endian, like the machines that run this */
		memcpy(head + 20, &len, 4);
		memcpy(head + 24, &len, 4);
		head[28] = (uint8_t)name;
		memcpy(head + 42, &offsets[i], 4);
		memcpy(out + at, head, 46);
		memcpy(out + at + 46, names[i], name);
		at += 46 + name;
	}
	memset(head, 0, sizeof head);
	memcpy(head, "PK\5\6", 4);
	head[8] = head[10] = (uint8_t)n;
	memcpy(head + 16, &central, 4);
	memcpy(out + at, head, 22);
	return at + 22;
}

/* A feature may be called after a customer. Such a name is not shown to whoever looks at the
 * screen. */
static void names_of_people(void **state)
{
	static const struct {
		const char *name, *said;
	} people[] = {
	    {"Maria da Silva", "feature 1: \"aqui\""}, {"Maria 12", "feature 1: \"aqui\""},
	    {"Ana Lima 3", "feature 1: \"aqui\""},     {"27 99999-0000", "feature 1: \"aqui\""},
	    {"dados@x.example", "data of customers"},  {"123.456.789-09", "data of customers"},
	    {"Jo\u00e3o 7", "feature 1: \"aqui\""},    {"Bairro Novo", "feature 1: \"aqui\""},
	};
	static const char *const codes[] = {"CTO 12-A", "77", "NAP-3", "CX.04/B"};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		snprintf(text, sizeof text,
			 "<kml><Placemark><name>%s</name><Point><coordinates>aqui</coordinates>"
			 "</Point></Placemark></kml>",
			 people[i].name);
		assert_int_equal(read_text("a.kml", text), VIZ_ERR_INPUT);
		if (strstr(note, people[i].name) || !strstr(note, people[i].said))
			fail_msg("note: %s", note);
	}
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		snprintf(text, sizeof text,
			 "{\"type\":\"Feature\",\"properties\":{\"nome\":\"%s\"},\"geometry\":"
			 "{\"type\":\"Point\",\"coordinates\":[-19.39,-40.07]}}",
			 codes[i]);
		assert_int_equal(read_text("a.json", text), VIZ_ERR_INPUT);
		if (!strstr(note, codes[i]))
			fail_msg("note: %s", note);
	}
}

static void two_files_in_an_archive(void **state)
{
	static uint8_t bytes[8192];
	const char *names[] = {"doc.kml", "files/norte.kml", "__MACOSX/._doc.kml"};
	const char *texts[] = {
	    KML("<NetworkLink><Link><href>files/norte.kml</href></Link></NetworkLink>" POLYGON(
		OUTER(SQUARE))),
	    KML(POLYGON(OUTER("-39.90,-19.42 -39.88,-19.42 -39.88,-19.40 -39.90,-19.42"))), "\1\2"};

	(void)state;
	if (read_bytes("rede.kmz", bytes, zip(bytes, names, texts, 3)) != 0)
		fail_msg("note: %s", note);
	assert_int_equal(report.polygons, 2);
	assert_true(covers(-19395000, -40070000) && covers(-19418000, -39883000));
	viz_import_free(&got);
	texts[1] = KML(POLYGON(OUTER("-19.42,-39.90")));
	assert_int_equal(read_bytes("rede.kmz", bytes, zip(bytes, names, texts, 3)), VIZ_ERR_INPUT);
	if (!strstr(note, "rede.kmz/files/norte.kml:1:") || !strstr(note, "feature 1 (CTO 12-A)"))
		fail_msg("note: %s", note);
	assert_true(viz_geometry_is_empty(&got.plant));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holes),
	    cmocka_unit_test(polygons_on_each_other),
	    cmocka_unit_test(a_bow_tie_has_an_area),
	    cmocka_unit_test(what_is_no_coverage),
	    cmocka_unit_test(links_and_systems),
	    cmocka_unit_test(far_and_huge),
	    cmocka_unit_test(postcodes_of_spreadsheets),
	    cmocka_unit_test(other_files),
	    cmocka_unit_test(two_files_in_an_archive),
	    cmocka_unit_test(names_of_people),
	    cmocka_unit_test(stray_parts),
	    cmocka_unit_test(islets),
	    cmocka_unit_test(islands),
	    cmocka_unit_test(points_astray),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
