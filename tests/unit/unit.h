/* cmocka with the headers that it expects to have been included before it. */
#ifndef VIZ_TESTS_UNIT_H
#define VIZ_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
