#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/speech.h"
#include "tools/erp/command.h"
#include "tools/erp/words.h"

static bool read_all(char out[VIZ_ERP_TOKEN_MAX], int fd)
{
	ssize_t n = read(fd, out, VIZ_ERP_TOKEN_MAX);

	if (n <= 0 || n == VIZ_ERP_TOKEN_MAX)
		return false;
	while (n > 0 && isspace((unsigned char)out[n - 1]))
		n--;
	out[n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
			return false;
	return n > 0;
}

bool viz_erp_token_read(char out[VIZ_ERP_TOKEN_MAX], char *why, size_t why_max,
			const char *token_file)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char path[4096], text[VIZ_ERP_TOKEN_MAX];
	struct stat st;
	bool good = false;
	int fd;

	if (token_file[0] != '\0')
		snprintf(path, sizeof path, "%s", token_file);
	else if (credentials != NULL)
		snprintf(path, sizeof path, "%s/erp-token", credentials);
	else
		snprintf(path, sizeof path, "%s", VIZ_ERP_CONFIG_TOKEN);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0)
		viz_erp_print_text(why, why_max, VIZ_ERP_TEXTS_TOKEN_OPEN, path,
				   viz_host_speech_errno(errno));
	else if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0)
		viz_erp_print_text(why, why_max, VIZ_ERP_TEXTS_TOKEN_MODE, path, path);
	else if (!read_all(text, fd))
		viz_erp_print_text(why, why_max, VIZ_ERP_TEXTS_TOKEN_FORM, path,
				   VIZ_ERP_TOKEN_MAX - 1);
	else
		good = true;
	if (good)
		memcpy(out, text, sizeof text);
	viz_secret_wipe(text, sizeof text);
	if (fd >= 0)
		close(fd);
	return good;
}
