#include "tools/import/import_internal.h"

void viz_import_kml(struct import_job *job, const char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	viz_import_error(job, VIZ_IMPORT_SYNTAX, "KML is not read yet", "KML ainda não é lido");
}

void viz_import_kmz(struct import_job *job, const uint8_t *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	viz_import_error(job, VIZ_IMPORT_SYNTAX, "KMZ is not read yet", "KMZ ainda não é lido");
}
