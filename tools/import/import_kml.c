/* KML (OGC 07-147r2) as Google Earth writes it: Placemarks in folders of any depth, Polygon with
 * holes, MultiGeometry, Point with a radius (ExtendedData `raio`). Longitude comes before latitude.
 * Styles and HTML in descriptions are passed over. Lines and pictures are ignored with a warning.
 */
#include "tools/import/import_internal.h"

#include <ctype.h>
#include <expat.h>
#include <strings.h>

#include "tools/text/encoding.h"

#define DEPTH_MAX  64u
#define POINTS_MAX VIZ_GEOMETRY_VERTICES_MAX
#define RINGS_MAX  4096u /* in one polygon */

struct ring {
	size_t first, n;
	bool hole;
};

struct kml {
	struct import_job *job;
	XML_Parser xml;
	unsigned depth;
	char path[DEPTH_MAX][24]; /* names of the open elements, without prefix, cut to fit */
	char *text;               /* of the element that is being collected */
	size_t text_n, text_max;
	bool collect;
	char data_name[32];       /* of the open Data or SimpleData element */
	uint32_t radius_m;        /* of the Placemark */
	struct viz_point *points; /* of the polygon's rings, or of the Placemark's points */
	size_t points_n, points_max;
	struct ring rings[RINGS_MAX];
	size_t rings_n;
	size_t boxes_n; /* the Placemark's points, kept in `boxes` until its radius is known */
	struct viz_point *boxes;
	size_t boxes_max;
	bool archive; /* the file is one of several in an archive, which are all read */
	bool linked;  /* the open NetworkLink has an href */
};

static void stop(struct kml *k, int err)
{
	if (err)
		k->job->fatal = err;
	XML_StopParser(k->xml, XML_FALSE);
}

static void locate(struct kml *k)
{
	k->job->where.line = (unsigned)XML_GetCurrentLineNumber(k->xml);
	k->job->where.column = (unsigned)XML_GetCurrentColumnNumber(k->xml) + 1;
}

static bool inside(const struct kml *k, const char *name)
{
	for (unsigned i = 0; i < k->depth; i++)
		if (strcmp(k->path[i], name) == 0)
			return true;
	return false;
}

static const char *parent(const struct kml *k)
{
	return k->depth >= 2 ? k->path[k->depth - 2] : "";
}

static bool more_points(struct viz_point **points, size_t *max, size_t n)
{
	struct viz_point *more;

	if (n < *max)
		return true;
	if (n >= POINTS_MAX)
		return false;
	*max = *max ? *max * 2 : 256;
	more = realloc(*points, *max * sizeof *more);
	if (more)
		*points = more;
	return more != NULL;
}

/* Copies one number into `out`. Returns the rest of the text, or NULL for no number. */
static const char *read_number(char *out, size_t max, const char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strspn(s, "+-0123456789.eE");
	if (n == 0 || n >= max)
		return NULL;
	memcpy(out, s, n);
	out[n] = '\0';
	return s + n;
}

/* Skips a comma. Some programs write blanks around it. Returns the rest, or NULL for no
 * comma. */
static const char *read_comma(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return *s == ',' ? s + 1 : NULL;
}

/* Appends "lon,lat[,height] lon,lat[,height] ..." to k->points. False with the error noted. */
static bool read_coordinates(struct kml *k, size_t *n)
{
	const char *s = k->text_n ? k->text : "";
	size_t start = k->points_n;

	for (;;) {
		char lon[40], lat[40], height[40];
		const char *next, *after;

		while (isspace((unsigned char)*s))
			s++;
		if (!*s)
			break;
		next = read_number(lon, sizeof lon, s);
		next = next ? read_comma(next) : NULL;
		next = next ? read_number(lat, sizeof lat, next) : NULL;
		after = next ? read_comma(next) : NULL;
		if (after) /* there is a height, perhaps an empty one */
			next = read_number(height, sizeof height, after)
				   ? read_number(height, sizeof height, after)
				   : after;
		if (!next) {
			viz_import_error(k->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_KML_POSITION,
					 s);
			return false;
		}
		if (!more_points(&k->points, &k->points_max, k->points_n)) {
			viz_import_error(k->job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_KML_POINTS,
					 POINTS_MAX);
			return false;
		}
		if (!viz_import_plant_lat_lon(k->job, &k->points[k->points_n], lat, lon))
			return false;
		k->points_n++;
		s = next;
	}
	*n = k->points_n - start;
	return true;
}

static void take_coordinates(struct kml *k)
{
	const char *of = parent(k);
	size_t start = k->points_n, n;

	locate(k);
	if (strcmp(of, "LinearRing") == 0 && inside(k, "Polygon")) {
		if (k->rings_n == RINGS_MAX) {
			viz_import_error(k->job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_KML_RINGS,
					 RINGS_MAX);
			stop(k, 0);
			return;
		}
		if (read_coordinates(k, &n))
			k->rings[k->rings_n++] =
			    (struct ring){start, n, inside(k, "innerBoundaryIs")};
		else
			k->points_n = start;
	} else if (strcmp(of, "Point") == 0 && inside(k, "Placemark")) {
		if (read_coordinates(k, &n) && n == 1 &&
		    more_points(&k->boxes, &k->boxes_max, k->boxes_n))
			k->boxes[k->boxes_n++] = k->points[start];
		else if (k->job->report->errors_n == 0)
			viz_import_error(k->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_KML_POINT);
		k->points_n = start;
	}
}

static void end_polygon(struct kml *k)
{
	size_t errors = k->job->report->errors_n;
	bool outer = false;

	locate(k);
	viz_import_polygon_begin(k->job);
	/* the outer ring is taken first, wherever it stands in the file */
	for (int hole = 0; hole < 2; hole++)
		for (size_t i = 0; i < k->rings_n; i++) {
			struct ring *r = &k->rings[i];

			if (r->hole != (hole == 1) || k->job->report->errors_n != errors)
				continue;
			/* k->points is NULL when the first ring has no points */
			viz_import_polygon_ring(k->job, r->n ? k->points + r->first : NULL, r->n,
						r->hole ? IMPORT_RING_HOLE : IMPORT_RING_OUTER);
			outer = true;
		}
	if (!outer && k->job->report->errors_n == errors)
		viz_import_leave_out(k->job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_KML_POLYGON);
	if (k->job->report->errors_n == errors)
		viz_import_polygon_end(k->job);
	k->rings_n = 0;
	k->points_n = 0;
}

static void end_placemark(struct kml *k)
{
	for (size_t i = 0; i < k->boxes_n; i++)
		viz_import_plant_circle(k->job, k->boxes[i], k->radius_m);
	k->boxes_n = 0;
	k->radius_m = 0;
	viz_import_report_feature_end(k->job);
}

/* What a link shows is not in the file, which is an error. In an archive the linked file is read by
 * itself. */
static void take_link(struct kml *k)
{
	const char *href = k->text_n ? k->text : "";
	size_t n = strlen(href);

	k->linked = true;
	if (k->archive && !strstr(href, "://") && n > 4 && strcasecmp(href + n - 4, ".kml") == 0)
		return;
	locate(k);
	viz_import_error(k->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_KML_LINK, href);
}

static void take_radius(struct kml *k)
{
	static const char *const names[] = {"raio", "radius", "raio_m", "radius_m", "alcance"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcasecmp(k->data_name, names[i]) != 0 || !k->text_n)
			continue;
		if (!viz_import_collect_radius(&k->radius_m, k->text)) {
			locate(k);
			viz_import_error(k->job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_KML_RADIUS,
					 names[i], k->text, VIZ_GEOMETRY_RADIUS_MAX_M);
		}
	}
}

static void take_name(struct kml *k)
{
	if (viz_import_personal_value(k->text))
		viz_import_personal_refuse(k->job);
	else
		viz_import_report_name(k->job, k->text);
}

/* What a placemark says besides its place. */
static void take_value(struct kml *k, const char *name)
{
	bool named = strcmp(name, "description") != 0;

	if (named)
		take_radius(k);
	if (k->text_n > 0 && ((named && viz_import_personal_heading(k->data_name)) ||
			      viz_import_personal_value(k->text)))
		viz_import_personal_refuse(k->job);
}

static void copy_name(char *out, size_t max, const char *name)
{
	const char *colon = strrchr(name, ':');

	snprintf(out, max, "%s", colon ? colon + 1 : name);
}

/* Elements that show something and are no area. */
static void start_ignored(struct kml *k, const char *name)
{
	static const char *const pictures[] = {"Track", "MultiTrack", "Model", "GroundOverlay"};

	if (strcmp(name, "LineString") == 0 ||
	    (strcmp(name, "LinearRing") == 0 && !inside(k, "Polygon"))) {
		locate(k);
		viz_import_report_ignore(k->job, VIZ_IMPORT_IGNORED_LINES);
	}
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
		if (strcmp(name, pictures[i]) == 0) {
			locate(k);
			viz_import_report_ignore(k->job, VIZ_IMPORT_IGNORED_PICTURES);
		}
}

static bool has_name(const struct kml *k)
{
	const char *of = parent(k);

	return strcmp(of, "Placemark") == 0 || strcmp(of, "NetworkLink") == 0;
}

static bool is_collected(const struct kml *k, const char *name)
{
	return strcmp(name, "coordinates") == 0 || strcmp(name, "value") == 0 ||
	       strcmp(name, "SimpleData") == 0 ||
	       ((strcmp(name, "name") == 0 || strcmp(name, "description") == 0) && has_name(k)) ||
	       (strcmp(name, "href") == 0 && inside(k, "NetworkLink"));
}

static void XMLCALL on_start(void *data, const XML_Char *element, const XML_Char **attributes)
{
	struct kml *k = data;
	char *name;

	if (k->depth == DEPTH_MAX) {
		locate(k);
		viz_import_error(k->job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_KML_DEPTH, DEPTH_MAX);
		stop(k, 0);
		return;
	}
	name = k->path[k->depth++];
	copy_name(name, sizeof k->path[0], element);
	if (strcmp(name, "Placemark") == 0) {
		locate(k);
		viz_import_report_feature(k->job);
		k->radius_m = 0;
	}
	if (strcmp(name, "NetworkLink") == 0) {
		viz_import_report_name(k->job, "");
		k->job->where.feature++;
		k->linked = false;
	}
	if (strcmp(name, "Data") == 0 || strcmp(name, "SimpleData") == 0)
		for (size_t i = 0; attributes[i]; i += 2)
			if (strcmp(attributes[i], "name") == 0)
				snprintf(k->data_name, sizeof k->data_name, "%s",
					 attributes[i + 1]);
	start_ignored(k, name);
	k->collect = is_collected(k, name);
	k->text_n = 0;
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
	struct kml *k = data;
	size_t n = (size_t)len;

	if (!k->collect)
		return;
	if (k->text_n + n + 1 > k->text_max) {
		size_t max = (k->text_n + n + 1) * 2;
		char *more = max < VIZ_IMPORT_FILE_BYTES_MAX ? realloc(k->text, max) : NULL;

		if (!more) {
			stop(k, VIZ_ERR_NOMEM);
			return;
		}
		k->text = more;
		k->text_max = max;
	}
	memcpy(k->text + k->text_n, text, n);
	k->text_n += n;
	k->text[k->text_n] = '\0';
}

static void XMLCALL on_end(void *data, const XML_Char *element)
{
	struct kml *k = data;
	const char *name = k->depth > 0 ? k->path[k->depth - 1] : "";

	(void)element;
	if (strcmp(name, "coordinates") == 0)
		take_coordinates(k);
	else if (strcmp(name, "name") == 0 && has_name(k) && k->text_n)
		take_name(k);
	else if (strcmp(name, "value") == 0 || strcmp(name, "SimpleData") == 0 ||
		 (strcmp(name, "description") == 0 && has_name(k)))
		take_value(k, name);
	else if (strcmp(name, "href") == 0 && inside(k, "NetworkLink"))
		take_link(k);
	else if (strcmp(name, "NetworkLink") == 0 && !k->linked)
		take_link(k);
	else if (strcmp(name, "Polygon") == 0)
		end_polygon(k);
	else if (strcmp(name, "Placemark") == 0)
		end_placemark(k);
	if (k->depth > 0)
		k->depth--;
	k->collect = false;
	k->text_n = 0;
	if (k->job->fatal)
		stop(k, 0);
}

/* No KML needs a document type. The entities that one declares can be used to exhaust memory, so it
 * is refused. */
static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int internal)
{
	struct kml *k = data;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	locate(k);
	viz_import_error(k->job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_KML_DOCTYPE);
	stop(k, 0);
}

/* Tells expat of Windows-1252, which it does not know by itself. */
static int XMLCALL on_encoding(void *data, const XML_Char *name, XML_Encoding *info)
{
	(void)data;
	if (strcasecmp(name, "windows-1252") != 0 && strcasecmp(name, "cp1252") != 0)
		return XML_STATUS_ERROR;
	for (int i = 0; i < 256; i++) {
		int cp = (int)viz_encoding_windows_1252((uint8_t)i);

		/* expat refuses the bytes that Windows-1252 leaves open */
		info->map[i] = cp >= 0x80 && cp < 0xa0 ? -1 : cp;
	}
	info->data = NULL;
	info->convert = NULL;
	info->release = NULL;
	return XML_STATUS_OK;
}

/* Notes what expat found wrong. Where we have no text for it, the note has the words of expat,
 * which are English. */
static void syntax_error(struct import_job *job, enum XML_Error error)
{
	static const struct {
		enum XML_Error error;
		enum viz_import_text text;
	} texts[] = {
	    {XML_ERROR_NO_ELEMENTS, VIZ_IMPORT_TEXT_KML_EMPTY},
	    {XML_ERROR_UNCLOSED_TOKEN, VIZ_IMPORT_TEXT_KML_CUT},
	    {XML_ERROR_TAG_MISMATCH, VIZ_IMPORT_TEXT_KML_MISMATCH},
	    {XML_ERROR_UNDEFINED_ENTITY, VIZ_IMPORT_TEXT_KML_ENTITY},
	    {XML_ERROR_UNKNOWN_ENCODING, VIZ_IMPORT_TEXT_KML_ENCODING},
	    {XML_ERROR_JUNK_AFTER_DOC_ELEMENT, VIZ_IMPORT_TEXT_KML_JUNK},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].error == error) {
			viz_import_report_error(job, VIZ_IMPORT_SYNTAX, texts[i].text);
			return;
		}
	}
	viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_KML_SYNTAX);
}

static void parse(struct kml *k, const char *bytes, size_t len)
{
	XML_SetUserData(k->xml, k);
	XML_SetElementHandler(k->xml, on_start, on_end);
	XML_SetCharacterDataHandler(k->xml, on_text);
	XML_SetStartDoctypeDeclHandler(k->xml, on_doctype);
	XML_SetUnknownEncodingHandler(k->xml, on_encoding, NULL);
	if (XML_Parse(k->xml, bytes, (int)len, 1) == XML_STATUS_OK || k->job->fatal ||
	    k->job->report->errors_n > 0)
		return;
	viz_import_report_name(k->job, "");
	k->job->where.feature = 0;
	locate(k);
	syntax_error(k->job, XML_GetErrorCode(k->xml));
}

void viz_import_kml(struct import_job *job, const char *bytes, size_t len, bool archive)
{
	struct kml *k = calloc(1, sizeof *k);

	if (k)
		k->xml = XML_ParserCreate(NULL);
	if (k && k->xml) {
		k->job = job;
		k->archive = archive;
		parse(k, bytes, len);
		XML_ParserFree(k->xml);
	} else {
		job->fatal = VIZ_ERR_NOMEM;
	}
	if (k) {
		free(k->text);
		free(k->points);
		free(k->boxes);
	}
	free(k);
}
