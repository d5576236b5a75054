/* A text that is named in a call: the compiler compares the arguments with its conversions. */
#ifndef VIZ_PROTO_TEXT_CHECK_H
#define VIZ_PROTO_TEXT_CHECK_H

__attribute__((format(printf, 1, 2))) static inline int viz_text_check(const char *format, ...)
{
	(void)format;
	return 0;
}

/* Never runs. `id` is the name of a text whose table has been compiled with --formats. */
#define VIZ_TEXT_CHECK(id, ...) ((void)(0 && viz_text_check(id##_FORMAT, ##__VA_ARGS__)))

#endif
