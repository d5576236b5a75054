/* Files about customers. What is imported is published, so nothing of a person may be in the file,
 * nor be quoted from it. */
#include "tools/import/import_internal.h"

#include "proto/personal.h"
#include "tools/text/heading.h"

/* Nothing that was noted before stays: it may have a name. */
static void forget(struct import_job *job)
{
	struct viz_import *out = job->out;
	struct import_where where = {.line = job->where.line, .feature = job->where.feature};

	job->report->errors_n = job->report->warnings_n = 0;
	free(out->left_out);
	out->left_out = NULL;
	out->left_out_n = job->left_out_max = 0;
	job->where = where;
}

void viz_import_personal_refuse(struct import_job *job)
{
	if (job->fatal)
		return;
	forget(job);
	viz_import_error(job, VIZ_IMPORT_PERSONAL, VIZ_IMPORT_TEXT_PERSONAL);
	job->fatal = VIZ_ERR_INPUT;
}

bool viz_import_personal_heading(const char *text)
{
	const char *role;
	uint16_t rank;

	return viz_heading_role(&role, &rank, text, strlen(text), VIZ_HEADING_COVERAGE) &&
	       strcmp(role, "person") == 0;
}

bool viz_import_personal_value(const char *text)
{
	/* a row of digits may be the number of a box */
	if (text[strspn(text, "0123456789 ")] == '\0')
		return false;
	switch (viz_personal_find(text)) {
	case VIZ_PERSONAL_EMAIL:
	case VIZ_PERSONAL_CPF:
		return true;
	case VIZ_PERSONAL_PHONE: /* boxes are called "CTO 3371-4455" too */
		return strchr(text, '(') != NULL || strchr(text, '+') != NULL;
	case VIZ_PERSONAL_CNPJ:
	case VIZ_PERSONAL_NONE:
		break;
	}
	return false;
}
