/* GeoJSON (RFC 7946): FeatureCollection, Feature or bare geometry; Polygon, MultiPolygon, Point and
 * MultiPoint with a radius, GeometryCollection. Longitude comes before latitude. */
#include "tools/import/import_internal.h"

#include <jansson.h>
#include <strings.h>

#define DEPTH_MAX 8u /* collections within collections */

static const char *const radius_keys[] = {"radius", "raio", "radius_m", "raio_m", "Raio", "RAIO"};
static const char *const name_keys[] = {"name", "nome", "Name", "NOME", "title", "titulo", "id"};

struct geojson {
	struct import_job *job;
	struct viz_point *ring; /* used again for each ring */
	size_t ring_max;
	uint32_t radius_m; /* of the feature; 0: the default */
};

static bool read_position(struct geojson *s, struct viz_point *p, const json_t *position)
{
	const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);

	if (!json_is_number(lon) || !json_is_number(lat)) {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_POSITION);
		return false;
	}
	return viz_import_plant_lat_lon_double(s->job, p, json_number_value(lat),
					       json_number_value(lon));
}

static void take_ring(struct geojson *s, const json_t *ring, enum import_ring_kind kind)
{
	size_t n = json_array_size(ring);

	if (!json_is_array(ring)) {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_RING);
		return;
	}
	if (n > s->ring_max) {
		struct viz_point *more =
		    n > VIZ_GEOMETRY_VERTICES_MAX ? NULL : realloc(s->ring, n * sizeof *more);

		if (!more) {
			viz_import_error(s->job, VIZ_IMPORT_TOO_MUCH,
					 VIZ_IMPORT_TEXT_JSON_RING_POINTS, n,
					 VIZ_GEOMETRY_VERTICES_MAX);
			return;
		}
		s->ring = more;
		s->ring_max = n;
	}
	for (size_t i = 0; i < n; i++)
		if (!read_position(s, &s->ring[i], json_array_get(ring, i)))
			return;
	viz_import_polygon_ring(s->job, s->ring, n, kind);
}

static void take_polygon(struct geojson *s, const json_t *rings)
{
	size_t n = json_array_size(rings), errors = s->job->report->errors_n;

	if (json_is_array(rings) && n == 0)
		return; /* RFC 7946, section 3.1: empty coordinates are no geometry */
	if (!json_is_array(rings)) {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_POLYGON);
		return;
	}
	viz_import_polygon_begin(s->job);
	for (size_t i = 0; i < n && s->job->report->errors_n == errors; i++)
		take_ring(s, json_array_get(rings, i), i ? IMPORT_RING_NEXT : IMPORT_RING_OUTER);
	if (s->job->report->errors_n == errors)
		viz_import_polygon_end(s->job);
}

static void take_point(struct geojson *s, const json_t *position)
{
	struct viz_point p;

	if (json_is_array(position) && json_array_size(position) == 0)
		return; /* no geometry */
	if (read_position(s, &p, position))
		viz_import_plant_circle(s->job, p, s->radius_m);
}

/* Notes that follow are about this one of several parts. */
static void set_part(struct geojson *s, const json_t *parts, size_t i)
{
	s->job->where.part = json_array_size(parts) > 1 ? (unsigned)i + 1 : 0;
}

static void take_geometry(struct geojson *s, const json_t *geometry, unsigned depth)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *at = json_object_get(geometry, "coordinates");
	const json_t *parts = json_object_get(geometry, "geometries");

	if (!type) {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_NO_TYPE);
	} else if (strcmp(type, "Polygon") == 0) {
		take_polygon(s, at);
	} else if (strcmp(type, "Point") == 0) {
		take_point(s, at);
	} else if (strcmp(type, "MultiPolygon") == 0 || strcmp(type, "MultiPoint") == 0) {
		if (!json_is_array(at))
			viz_import_error(s->job, VIZ_IMPORT_EXPECTED,
					 VIZ_IMPORT_TEXT_JSON_COORDINATES);
		for (size_t i = 0; i < json_array_size(at) && !s->job->fatal; i++) {
			set_part(s, at, i);
			if (strcmp(type, "MultiPoint") == 0)
				take_point(s, json_array_get(at, i));
			else
				take_polygon(s, json_array_get(at, i));
		}
		s->job->where.part = 0;
	} else if (strcmp(type, "LineString") == 0 || strcmp(type, "MultiLineString") == 0) {
		viz_import_report_ignore(s->job, VIZ_IMPORT_IGNORED_LINES);
	} else if (strcmp(type, "GeometryCollection") == 0 && depth < DEPTH_MAX) {
		for (size_t i = 0; i < json_array_size(parts) && !s->job->fatal; i++)
			take_geometry(s, json_array_get(parts, i), depth + 1);
	} else {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_TYPE, type);
	}
}

static void read_radius(struct geojson *s, const json_t *properties)
{
	s->radius_m = 0;
	for (size_t i = 0; i < sizeof radius_keys / sizeof *radius_keys; i++) {
		const json_t *v = json_object_get(properties, radius_keys[i]);
		char text[40];
		bool ok;

		if (!v || json_is_null(v))
			continue;
		if (json_is_number(v))
			snprintf(text, sizeof text, "%.3f", json_number_value(v));
		else
			snprintf(text, sizeof text, "%.39s",
				 json_is_string(v) ? json_string_value(v) : "?");
		ok = viz_import_collect_radius(&s->radius_m, text);
		if (!ok)
			viz_import_error(s->job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_JSON_RADIUS,
					 radius_keys[i], text, VIZ_GEOMETRY_RADIUS_MAX_M);
		return;
	}
}

static void read_name(struct geojson *s, const json_t *feature, const json_t *properties)
{
	char number[24];

	viz_import_report_name(s->job, "");
	for (size_t i = 0; i < sizeof name_keys / sizeof *name_keys; i++) {
		const json_t *v = json_object_get(properties, name_keys[i]);

		if (!v)
			v = json_object_get(feature, name_keys[i]);
		if (json_is_string(v)) {
			viz_import_report_name(s->job, json_string_value(v));
			return;
		}
		if (json_is_integer(v)) {
			snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
			viz_import_report_name(s->job, number);
			return;
		}
	}
}

static bool has_persons(json_t *properties)
{
	const char *key;
	json_t *v;

	json_object_foreach(properties, key, v)
	{
		const char *text = json_string_value(v);

		if (!json_is_null(v) && !(text && !*text) &&
		    (viz_import_personal_heading(key) || (text && viz_import_personal_value(text))))
			return true;
	}
	return false;
}

static void take_feature(struct geojson *s, json_t *feature)
{
	json_t *properties = json_object_get(feature, "properties");
	const json_t *geometry = json_object_get(feature, "geometry");

	viz_import_report_feature(s->job);
	if (has_persons(properties) || has_persons(feature)) {
		viz_import_personal_refuse(s->job);
		return;
	}
	read_name(s, feature, properties);
	read_radius(s, properties);
	if (!json_is_object(feature))
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_FEATURE);
	else if (geometry && !json_is_null(geometry))
		take_geometry(s, geometry, 0);
	viz_import_report_feature_end(s->job);
}

/* Checks the old `crs` member (GeoJSON 2008, section 3). It may be missing, or say WGS 84 or SIRGAS
 * 2000, which differ by less than a metre. It gives a name, a number, or a link that is not
 * followed. */
static bool check_crs(struct geojson *s, const json_t *root)
{
	static const char *const known[] = {"CRS84", "CRS83", "4326", "4674"};
	const json_t *crs = json_object_get(root, "crs");
	const json_t *properties = json_object_get(crs, "properties");
	const json_t *code = json_object_get(properties, "code");
	const char *name = json_string_value(json_object_get(properties, "name"));
	char number[24];

	if (!crs || json_is_null(crs))
		return true;
	if (json_is_integer(code)) {
		snprintf(number, sizeof number, "EPSG:%lld", (long long)json_integer_value(code));
		name = number;
	}
	name = name ? name : json_string_value(json_object_get(properties, "href"));
	for (size_t i = 0; name && i < sizeof known / sizeof *known; i++) {
		size_t n = strlen(name), k = strlen(known[i]);

		if (n >= k && strcmp(name + n - k, known[i]) == 0 &&
		    (n == k || !strchr("0123456789", name[n - k - 1])))
			return true;
	}
	viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_CRS, name ? name : "?");
	return false;
}

static void take_root(struct geojson *s, json_t *root)
{
	const char *type = json_string_value(json_object_get(root, "type"));
	const json_t *features = json_object_get(root, "features");

	if (!type) {
		viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_ROOT);
	} else if (strcmp(type, "FeatureCollection") == 0) {
		if (!json_is_array(features) || json_array_size(features) > IMPORT_FEATURES_MAX)
			viz_import_error(s->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_JSON_FEATURES,
					 IMPORT_FEATURES_MAX);
		else
			for (size_t i = 0; i < json_array_size(features) && !s->job->fatal; i++)
				take_feature(s, json_array_get(features, i));
	} else if (strcmp(type, "Feature") == 0) {
		take_feature(s, root);
	} else {
		viz_import_report_feature(s->job);
		s->job->where.feature = 0; /* there is only one */
		take_geometry(s, root, 0);
		viz_import_report_feature_end(s->job);
	}
}

void viz_import_geojson(struct import_job *job, const char *bytes, size_t len)
{
	struct geojson s = {.job = job};
	size_t skip = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	json_error_t why;
	json_t *root = json_loadb(bytes + skip, len - skip, 0, &why);

	if (!root) {
		job->where.line = why.line > 0 ? (unsigned)why.line : 0;
		job->where.column = why.column > 0 ? (unsigned)why.column : 0;
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_JSON_SYNTAX, why.text);
		return;
	}
	if (check_crs(&s, root))
		take_root(&s, root);
	json_decref(root);
	free(s.ring);
}
