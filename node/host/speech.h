/* What the daemon says to a person: the texts of texts.TAG.tsv. Lines for the journal are English
 * for everybody, because operators and their tools search for them. */
#ifndef VIZ_NODE_HOST_SPEECH_H
#define VIZ_NODE_HOST_SPEECH_H

#include "node/host/texts.h"
#include "node/host/lang.h"
#include "proto/text_check.h"
#include "store/store.h"

/* The language of this process from now on. English before this call. Call it before any thread
 * starts. */
void viz_host_speech_init(enum viz_lang lang);
/* The text in the language of this process; borrowed for ever. */
const char *viz_host_speech_text(enum viz_host_texts id);
/* The text with its arguments, cut to `max` bytes. */
void viz_host_speech_print(char *out, size_t max, enum viz_host_texts id, ...);
/* What an errno means, in the language of this process. Where there is no text for it, its
 * number and the system's words, until the next call of this thread. */
const char *viz_host_speech_errno(int error);
/* The language of this process. */
enum viz_lang viz_host_speech_lang(void);
/* The same in another language. */
const char *viz_host_speech_reason(int error, enum viz_lang lang);
/* Why a store or a vault does not open, in that language: "FILE: the reason". */
void viz_host_speech_store(char *out, size_t max, enum viz_lang lang,
			   const struct viz_store_fault *fault);

#define viz_host_speech_print(out, max, id, ...)                                                   \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_host_speech_print)(out, max, id, ##__VA_ARGS__))

#endif
