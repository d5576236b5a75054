/* An analysis with all its tables, for the text that a test gives it. */
#ifndef VIZ_TEST_ANALYSED_H
#define VIZ_TEST_ANALYSED_H

#include "tests/unit/unit.h"

#include "tools/analyze/report.h"
#include "tools/analyze/value.h"

extern struct viz_towns *towns;
extern struct viz_coverage coverage;
extern struct viz_analysis *a;

/* For the group, and for each test. */
int analysed_open(void **state);
int analysed_close(void **state);
int analysed_set_up(void **state);
int analysed_tear_down(void **state);

/* Runs viz_analyze_file on these bytes. */
int analyse(const char *text, size_t len);
#define ANALYSE(text) analyse(text, strlen(text))

const struct viz_town_total *town(uint32_t ibge);
/* The report in the format that the function `format` writes. The caller frees it. */
char *report(int (*format)(FILE *, const struct viz_report *), enum viz_lang lang);

#endif
