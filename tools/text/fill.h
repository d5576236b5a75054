/* Texts with {{values}} (texts.py --mustache) for the terminal, a message or a file: nothing is
 * escaped. */
#ifndef VIZ_TOOLS_TEXT_FILL_H
#define VIZ_TOOLS_TEXT_FILL_H

#include <stdarg.h>
#include <stddef.h>

/* The text with its tags filled, cut to `max` bytes: names and values in turn, then NULL. A tag
 * without a value is a programmer's error. */
void viz_fill(char *out, size_t max, const char *text, ...) __attribute__((sentinel));
void viz_fill_list(char *out, size_t max, const char *text, va_list pairs);

#endif
