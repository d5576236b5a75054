#include "node/host/speech.h"

#include <errno.h>
#include <stdarg.h>

static enum viz_lang language = VIZ_LANG_EN;

void viz_host_speech_init(enum viz_lang lang)
{
	language = lang;
}

enum viz_lang viz_host_speech_lang(void)
{
	return language;
}

const char *viz_host_speech_text(enum viz_host_texts id)
{
	return viz_host_texts_texts[id][language];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The compiler of the texts has compared the conversions of all languages, and the macro of
 * speech.h the arguments with them. */
void(viz_host_speech_print)(char *out, size_t max, enum viz_host_texts id, ...)
{
	va_list args;

	va_start(args, id);
	vsnprintf(out, max, viz_host_speech_text(id), args);
	va_end(args);
}

static void print(char *out, size_t max, enum viz_lang lang, enum viz_host_texts id, ...)
{
	va_list args;

	va_start(args, id);
	vsnprintf(out, max, viz_host_texts_texts[id][lang], args);
	va_end(args);
}
#pragma GCC diagnostic pop

const char *viz_host_speech_reason(int error, enum viz_lang lang)
{
	static _Thread_local char other[160];
	static const struct {
		int error;
		enum viz_host_texts text;
	} known[] = {
	    {ENOENT, VIZ_HOST_TEXTS_ERRNO_ABSENT},
	    {EACCES, VIZ_HOST_TEXTS_ERRNO_DENIED},
	    {EPERM, VIZ_HOST_TEXTS_ERRNO_DENIED},
	    {EISDIR, VIZ_HOST_TEXTS_ERRNO_DIRECTORY},
	    {ENOTDIR, VIZ_HOST_TEXTS_ERRNO_NO_DIRECTORY},
	    {EEXIST, VIZ_HOST_TEXTS_ERRNO_EXISTS},
	    {EFBIG, VIZ_HOST_TEXTS_ERRNO_LARGE},
	    {ENOSPC, VIZ_HOST_TEXTS_ERRNO_FULL},
	    {EROFS, VIZ_HOST_TEXTS_ERRNO_READ_ONLY},
	    {ENOMEM, VIZ_HOST_TEXTS_ERRNO_MEMORY},
	    {EADDRINUSE, VIZ_HOST_TEXTS_ERRNO_IN_USE},
	    {EADDRNOTAVAIL, VIZ_HOST_TEXTS_ERRNO_NO_ADDRESS},
	    {ENAMETOOLONG, VIZ_HOST_TEXTS_ERRNO_LONG_NAME},
	    {ELOOP, VIZ_HOST_TEXTS_ERRNO_LINKS},
	    {EIO, VIZ_HOST_TEXTS_ERRNO_DISK},
	    {EDQUOT, VIZ_HOST_TEXTS_ERRNO_QUOTA},
	    {EMFILE, VIZ_HOST_TEXTS_ERRNO_OPEN_FILES},
	    {ENFILE, VIZ_HOST_TEXTS_ERRNO_OPEN_FILES},
	    {EBUSY, VIZ_HOST_TEXTS_ERRNO_BUSY},
	    {ETXTBSY, VIZ_HOST_TEXTS_ERRNO_BUSY},
	    {ENXIO, VIZ_HOST_TEXTS_ERRNO_DEVICE},
	    {ENODEV, VIZ_HOST_TEXTS_ERRNO_DEVICE},
	    {ENOTEMPTY, VIZ_HOST_TEXTS_ERRNO_NOT_EMPTY},
	    {ECONNREFUSED, VIZ_HOST_TEXTS_ERRNO_CONNECTION},
	    {ECONNRESET, VIZ_HOST_TEXTS_ERRNO_RESET},
	    {EPIPE, VIZ_HOST_TEXTS_ERRNO_RESET},
	    {ETIMEDOUT, VIZ_HOST_TEXTS_ERRNO_TIME},
	    {EINVAL, VIZ_HOST_TEXTS_ERRNO_INVALID},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].error == error)
			return viz_host_texts_texts[known[i].text][lang];
	print(other, sizeof other, lang, VIZ_HOST_TEXTS_ERRNO_OTHER, error, strerror(error));
	return other;
}

const char *viz_host_speech_errno(int error)
{
	return viz_host_speech_reason(error, language);
}

void viz_host_speech_store(char *out, size_t max, enum viz_lang lang,
			   const struct viz_store_fault *fault)
{
	const char *why = "";

	switch (fault->reason) {
	case VIZ_STORE_SYSTEM:
		why = viz_host_speech_reason(fault->error, lang);
		break;
	case VIZ_STORE_LONG_PATH:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_LONG_PATH][lang];
		break;
	case VIZ_STORE_IN_USE:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_IN_USE][lang];
		break;
	case VIZ_STORE_NEWER:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_NEWER][lang];
		break;
	case VIZ_STORE_OLDER:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_OLDER][lang];
		break;
	case VIZ_STORE_OPEN:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_OPEN][lang];
		break;
	case VIZ_STORE_LOST:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_LOST][lang];
		break;
	case VIZ_STORE_DAMAGED:
		why = viz_host_texts_texts[VIZ_HOST_TEXTS_STORE_DAMAGED][lang];
		break;
	}
	snprintf(out, max, "%s: %s%s%s%s", fault->what, why, fault->detail[0] ? " (" : "",
		 fault->detail, fault->detail[0] ? ")" : "");
}
