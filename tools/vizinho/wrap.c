#include "tools/vizinho/wrap.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/text/width.h"

#define COLUMNS_MAX 78
#define WORD_MAX    512 /* bytes; a longer one is cut into such pieces */

size_t viz_wrap_columns(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_col < 20 || size.ws_col > COLUMNS_MAX)
		return COLUMNS_MAX;
	return size.ws_col - 1u;
}

struct filler {
	FILE *out;
	size_t columns, indent, at; /* at: columns written of this line; 0: none */
};

static void end_line(struct filler *f)
{
	if (f->at > 0)
		fputc('\n', f->out);
	f->at = 0;
}

/* Adds the words of a line to what is already written. */
static void fill(struct filler *f, const char *line, size_t len)
{
	for (size_t i = 0; i < len;) {
		char word[WORD_MAX];
		size_t n = 0, width;

		while (i < len && line[i] == ' ')
			i++;
		while (i < len && line[i] != ' ' && n < sizeof word - 1)
			word[n++] = line[i++];
		if (n == 0)
			break;
		word[n] = '\0';
		width = viz_width_of(word, n);
		if (f->at > 0 && f->at + 1 + width > f->columns)
			end_line(f);
		if (f->at == 0)
			fprintf(f->out, "%*s", (int)f->indent, "");
		else
			fputc(' ', f->out);
		f->at += (f->at == 0 ? f->indent : 1) + width;
		fputs(word, f->out);
	}
}

/* Breaks a line that is too long. Its rest is set below the explanation of an option, below the
 * indent, or below "usage:". */
static void broken(struct filler *f, const char *text, size_t len, size_t blanks)
{
	size_t head = blanks > 0 ? blanks : strcspn(text, ":") + 2;

	for (size_t i = blanks; blanks > 0 && i + 2 < len && i < 30; i++)
		if (text[i] == ' ' && text[i + 1] == ' ' && text[i + 2] != ' ')
			head = i + 2;
	fwrite(text, 1, head - 1, f->out);
	f->indent = blanks > 0 ? viz_width_of(text, head) : 8;
	f->at = viz_width_of(text, head - 1);
	fill(f, text + head, len - head);
	end_line(f);
	f->indent = 0;
}

/* Whether the line is a command that people paste, or goes on with the command above: `above` ends
 * with a backslash. */
static bool is_command(const char *line, size_t blanks, const char *above, size_t above_len)
{
	if (above_len > 0 && above[above_len - 1] == '\\')
		return true;
	return blanks > 0 && strncmp(line + blanks, "vizinho ", 8) == 0;
}

void viz_wrap(FILE *out, const char *text, size_t columns)
{
	struct filler f = {.out = out, .columns = columns};
	const char *first = text, *above = text;
	size_t above_len = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n"), blanks = strspn(text, " ");

		if (len == 0 || blanks > 0 || (text == first && memchr(text, ':', len) != NULL)) {
			end_line(&f);
			/* A line that fits keeps its inner blanks: it may be a table or an example.
			 */
			if (viz_width_of(text, len) <= columns ||
			    is_command(text, blanks, above, above_len)) {
				fwrite(text, 1, len, out);
				fputc('\n', out);
			} else {
				broken(&f, text, len, blanks);
			}
		} else {
			fill(&f, text, len);
		}
		above = text;
		above_len = len;
		text += len + (text[len] == '\n');
	}
	end_line(&f);
}
