#include "tests/unit/unit.h"

#include "proto/base.h"
#include "node/host/config.h"
#include "node/host/config_value.h"
#include "node/host/log.h"
#include "node/host/speech.h"

/* Keeps the first fault in `to`. */
static void keep_first(void *to, bool fault, const char *line)
{
	char *error = to;

	if (fault && error[0] == '\0')
		snprintf(error, VIZ_CONFIG_ERROR_MAX, "%s", line);
}

/* `error` gets the first fault. */
static int parse(struct viz_config *c, char *error, const char *text, size_t len)
{
	const struct viz_config_report report = {keep_first, error, false};
	FILE *stream =
	    len > 0 ? fmemopen((char *)(uintptr_t)text, len, "r") : fopen("/dev/null", "r");
	int err;

	assert_non_null(stream);
	error[0] = '\0';
	err = viz_host_config_stream(c, &report, stream, "test.conf");
	fclose(stream);
	return err;
}

static void least(void **state)
{
	static const char text[] = "[node]\nname = Fibra do Vale\n";
	char error[VIZ_CONFIG_ERROR_MAX] = "";
	struct viz_config c;

	(void)state;
	assert_int_equal(parse(&c, error, text, sizeof text - 1), VIZ_OK);
	assert_string_equal(c.profile.name, "Fibra do Vale");
	assert_string_equal(c.profile.cnpj, "");
	assert_int_equal(c.profile.asn, 0);
	assert_false(c.profile.by_hand);
	assert_true(c.listen_default);
	assert_string_equal(c.listen[0], "[::]:7411");
	assert_string_equal(c.listen[1], "0.0.0.0:7411");
	assert_int_equal(c.map_mib, 0); /* by the disk */
	assert_int_equal(c.log_level, VIZ_LOG_INFO);
	assert_int_equal(c.reader_count, 0);
}

static void everything(void **state)
{
	static const char text[] = "# a comment\n; another\n"
				   "[node]\n"
				   "name = Conexão Norte\n"
				   "cnpj = 11.222.333/0001-81\n"
				   "asn = AS4294967295\n"
				   "address = [2001:db8::1]:7411, 192.0.2.1:7411\n"
				   "address = 192.0.2.2:7411\n"
				   "whatsapp = +5527999990000\n"
				   "hours = seg-sex 8-18, sab 8-12\n"
				   "zone = -04:00\n"
				   "closed = 2026-12-25, 2027-01-01\n"
				   "promise_hours = 3\n"
				   "privacy = privacidade@example.com.br\n"
				   "answers = hand\n"
				   "[listen]\naddress = 127.0.0.1:0\n"
				   "[control]\nsocket = /run/vizinho/control\ngroup = root\n"
				   "[access]\nreaders = ana, jose.silva\nreaders = maria\n"
				   "web = vizinho-web\nerp = vizinho-erp\n"
				   "[store]\nmap_mib = 512\n"
				   "[log]\nlevel = debug\n";
	char error[VIZ_CONFIG_ERROR_MAX] = "";
	struct viz_config c;

	(void)state;
	assert_int_equal(parse(&c, error, text, sizeof text - 1), VIZ_OK);
	assert_string_equal(c.profile.cnpj, "11222333000181");
	assert_int_equal(c.profile.asn, 4294967295u);
	assert_string_equal(c.profile.address[0], "[2001:db8::1]:7411");
	assert_string_equal(c.profile.address[1], "192.0.2.1:7411");
	assert_string_equal(c.profile.address[2], "192.0.2.2:7411");
	assert_string_equal(c.profile.address[3], "");
	assert_string_equal(c.profile.whatsapp, "+5527999990000");
	assert_string_equal(c.profile.hours, "seg-sex 8-18, sab 8-12");
	assert_int_equal(c.profile.work.zone_min, -240);
	assert_int_equal(c.profile.work.closed_count, 2);
	assert_int_equal(c.profile.work.promise_min, 180);
	assert_string_equal(c.profile.privacy, "privacidade@example.com.br");
	assert_true(c.profile.by_hand);
	assert_false(c.listen_default);
	assert_string_equal(c.listen[0], "127.0.0.1:0");
	assert_string_equal(c.listen[1], "");
	assert_string_equal(c.socket, "/run/vizinho/control");
	assert_string_equal(c.group, "root");
	assert_int_equal(c.reader_count, 3);
	assert_string_equal(c.readers[1], "jose.silva");
	assert_string_equal(c.web, "vizinho-web");
	assert_string_equal(c.erp, "vizinho-erp");
	assert_int_equal(c.map_mib, 512);
	assert_int_equal(c.log_level, VIZ_LOG_DEBUG);
}

/* Wrong lines, each with a part of its error message. */
static void wrong_lines(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
	    {"[node]\nnam = x", "test.conf:4: unknown key \"nam\" in [node]"},
	    {"[nodes]\nname = x", "test.conf:3: unknown section [nodes]"},
	    {"[node]\nname = twice", "test.conf:4: [node] name is given twice"},
	    {"[node]\nrubbish", "test.conf:4: expected [section]"},
	    {"[node\n", "test.conf:3: expected [section]"},
	    {"[node]\ncnpj = 11.222.333/0001-82", "test.conf:4: [node] cnpj: expected a CNPJ"},
	    {"[node]\ncnpj = 112223330001811", "[node] cnpj: expected a CNPJ of 14"},
	    {"[node]\nasn = 0", "[node] asn: expected an AS number"},
	    {"[node]\nasn = 4294967296", "[node] asn: expected an AS number"},
	    {"[node]\nasn = -3", "[node] asn: expected an AS number"},
	    {"[node]\naddress = vizinho.example:7411", "[node] address: expected numeric"},
	    {"[node]\naddress = 192.0.2.1:7411,,192.0.2.2:1", "[node] address: expected numeric"},
	    {"[node]\naddress = 192.0.2.1:0", "[node] address: expected numeric"},
	    {"[node]\naddress=1.1.1.1:1,1.1.1.1:2,1.1.1.1:3,1.1.1.1:4,1.1.1.1:5", "at most 4"},
	    {"[node]\nwhatsapp = 27999990000", "[node] whatsapp: expected a number"},
	    {"[node]\nhours =", "[node] hours: expected a text"},
	    {"[node]\nhours = a\x01"
	     "b",
	     "[node] hours: expected a text"},
	    {"[node]\nhours = a\xff", "[node] hours: expected a text"},
	    {"[node]\nhours = when we are here", "[node] hours: expected a text of days and times"},
	    {"[node]\nzone = Brasilia", "test.conf:4: [node] zone: expected the difference"},
	    {"[node]\nclosed = 2026-02-31", "test.conf:4: [node] closed: expected days"},
	    {"[node]\npromise_hours = 0", "[node] promise_hours: expected a number of working"},
	    {"[node]\nprivacy = nobody", "[node] privacy: expected a role mailbox"},
	    {"[node]\nanswers = maybe", "[node] answers: expected machine or hand"},
	    {"[listen]\naddress = 7411", "[listen] address: expected numeric"},
	    {"[listen]\naddress =", "[listen] address: expected numeric"},
	    {"[control]\nsocket = control", "[control] socket: expected an absolute path"},
	    {"[control]\ngroup = no-such-group-here", "[control] group: expected a UNIX group"},
	    {"[access]\nreaders = a b", "[access] readers: expected UNIX user names"},
	    {"[access]\nweb = a, b", "[access] web: expected the name of a UNIX user"},
	    {"[access]\nreaders = -a", "[access] readers: expected UNIX user names"},
	    {"[store]\nmap_mib = 15", "[store] map_mib: expected a number of MiB"},
	    {"[store]\nmap_mib = 1048577", "[store] map_mib: expected a number of MiB"},
	    {"[store]\nmap_mib = 4G", "[store] map_mib: expected a number of MiB"},
	    {"[log]\nlevel = loud", "[log] level: expected error, warning"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char error[VIZ_CONFIG_ERROR_MAX] = "", text[512];
		struct viz_config c = {.map_mib = 77};
		int len = snprintf(text, sizeof text, "[node]\nname = x\n%s\n", cases[i].line);

		assert_int_equal(parse(&c, error, text, (size_t)len), VIZ_ERR_INPUT);
		if (strstr(error, cases[i].want) == NULL)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].line, error,
				 cases[i].want);
		assert_int_equal(c.map_mib, 77); /* unchanged */
	}
}

/* A name must be visible, and must differ from others for the eye. */
static void wrong_names(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"Provedor\u202eA",
	     "[node] name: expected a name without characters that are invisible"},
	    {"Prove\u200bdor",
	     "[node] name: expected a name without characters that are invisible"},
	    {"\u00a0", "[node] name: expected a name of 1 to 80 bytes"},
	    {"\u3000Provedor", "without a space at either end"},
	    {"Provedor\xff", "[node] name: expected a name of 1 to 80 bytes of UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char error[VIZ_CONFIG_ERROR_MAX] = "", text[512];
		struct viz_config c;
		int len = snprintf(text, sizeof text, "[node]\nname = %s\n", cases[i].name);

		assert_int_equal(parse(&c, error, text, (size_t)len), VIZ_ERR_INPUT);
		if (strstr(error, cases[i].want) == NULL)
			fail_msg("%s: got \"%s\"", cases[i].name, error);
	}
}

static void without_a_name(void **state)
{
	char error[VIZ_CONFIG_ERROR_MAX] = "";
	struct viz_config c;

	(void)state;
	assert_int_equal(parse(&c, error, "", 0), VIZ_ERR_INPUT);
	assert_non_null(strstr(error, "[node] name is missing"));
	assert_int_equal(parse(&c, error, "name = x\n", 9), VIZ_ERR_INPUT);
	assert_non_null(strstr(error, "test.conf:1: \"name\" stands before any [section]"));
}

/* inih would read the end of a long line as a line of its own. */
static void a_long_line(void **state)
{
	char text[5000] = "[node]\nname = x\nhours = ", error[VIZ_CONFIG_ERROR_MAX] = "";
	size_t at = strlen(text);
	struct viz_config c;

	(void)state;
	memset(text + at, 'y', sizeof text - at - 2);
	text[sizeof text - 2] = '\n';
	assert_int_equal(parse(&c, error, text, sizeof text - 1), VIZ_ERR_INPUT);
	assert_non_null(strstr(error, "test.conf:3: the line is too long"));
	assert_int_equal(parse(&c, error, "[node]\nname = x\0y\n", 18), VIZ_ERR_INPUT);
	assert_non_null(strstr(error, "test.conf:2: the line is too long or holds a NUL byte"));
}

static void limits_of_texts(void **state)
{
	char text[256], error[VIZ_CONFIG_ERROR_MAX];
	struct viz_config c;

	(void)state;
	for (int len = 79; len <= 82; len++) {
		int n = snprintf(
		    text, sizeof text, "[node]\nname = %.*s\n", len,
		    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
		    "nnnnnnnnn");

		assert_int_equal(parse(&c, error, text, (size_t)n),
				 len <= 80 ? VIZ_OK : VIZ_ERR_INPUT);
	}
}

static int read_missing(struct viz_config *c, char *error)
{
	const struct viz_config_report report = {keep_first, error, false};

	error[0] = '\0';
	return viz_host_config_read(c, &report, "/nonexistent/x.conf");
}

/* All that was said, line by line. Remarks begin with "- ". */
struct said {
	char text[8192];
};

static void keep_all(void *to, bool fault, const char *line)
{
	struct said *s = to;
	size_t len = strlen(s->text);

	snprintf(s->text + len, sizeof s->text - len, "%s%s\n", fault ? "" : "- ", line);
}

static int say_all(struct said *s, const char *text, bool machine)
{
	const struct viz_config_report report = {keep_all, s, machine};
	FILE *stream = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
	struct viz_config c;
	int err;

	assert_non_null(stream);
	s->text[0] = '\0';
	err = viz_host_config_stream(&c, &report, stream, "t");
	fclose(stream);
	return err;
}

/* Each fault is told with its line, whatever comes before it. */
static void every_fault(void **state)
{
	static const char text[] = "stray = 1\n"
				   "[node]\n"
				   "name = Fibra\n"
				   "asn = 0\n"
				   "adress = 192.0.2.1:7411\n"
				   "readers = ana\n"
				   "foo = 1\n"
				   "name = Again\n"
				   "rubbish\n"
				   "   ; a comment, and a value that goes on\n"
				   "hours = seg-sex 8-18\n"
				   "more rubbish\n"
				   "[nonsense]\n"
				   "a = 1\n"
				   "b = 2\n"
				   "[empty]\n"
				   "[log\n"
				   "[log]\n"
				   "level = loud\n";
	struct said s;

	(void)state;
	assert_int_equal(say_all(&s, text, false), VIZ_ERR_INPUT);
	assert_string_equal(
	    s.text,
	    "t:1: \"stray\" stands before any [section]\n"
	    "t:4: [node] asn: expected an AS number, 1 to 4294967295, e.g. 28000 or AS28000\n"
	    "t:5: unknown key \"adress\" in [node]: did you mean address?\n"
	    "t:6: unknown key \"readers\" in [node]: it belongs to [access]\n"
	    "t:7: unknown key \"foo\" in [node]\n"
	    "t:8: [node] name is given twice\n"
	    "t:9: expected [section], key = value, or a comment that starts with # or ;\n"
	    "t:12: expected [section], key = value, or a comment that starts with # or ;\n"
	    "t:13: unknown section [nonsense]: expected node, listen, control, access, store, log "
	    "or events\n"
	    "t:16: unknown section [empty]: expected node, listen, control, access, store, log or "
	    "events\n"
	    "t:17: expected [section], key = value, or a comment that starts with # or ;\n"
	    "t:19: [log] level: expected error, warning, notice, info or debug\n");
	assert_int_equal(say_all(&s, "[node]\nname = \n[access]\nreaders = -a\n", false),
			 VIZ_ERR_INPUT);
	assert_non_null(strstr(s.text, "t:2: [node] name: expected"));
	assert_non_null(strstr(s.text, "t:4: [access] readers: expected"));
	assert_null(strstr(s.text, "missing"));
	assert_int_equal(say_all(&s, "[log]\nlevel = loud\n", false), VIZ_ERR_INPUT);
	assert_non_null(strstr(s.text, "t:2: [log] level: expected"));
	assert_non_null(strstr(s.text, "t: [node] name is missing"));
}

/* What the file names and this machine does not have is a fault for --check alone. */
static void what_the_machine_lacks(void **state)
{
	static const char text[] = "[node]\nname = x\nprivacy = dados@x.example\n"
				   "[access]\nreaders = root, no-such-user, nor-this\n"
				   "web = vizinho-web\nerp = no-erp\n"
				   "[events]\nhook = /nonexistent/hook\n"
				   "[control]\nsocket = /nonexistent/control\n"
				   "socket = /tmp\n";
	static const char folder[] = "[node]\nname = x\n[events]\nhook = /tmp\n"
				     "[control]\nsocket = /dev/null/control\n";
	struct said s;

	(void)state;
	assert_int_equal(say_all(&s, text, true), VIZ_ERR_INPUT);
	assert_string_equal(
	    s.text,
	    "t:5: [access] readers: this machine has no user no-such-user, nor-this\n"
	    "t:7: [access] erp: this machine has no user no-erp\n"
	    "t:9: [events] hook: /nonexistent/hook: No such file or directory\n"
	    "t:11: [control] socket: /nonexistent: No such file or directory\n"
	    "t:12: [control] socket is given twice\n"
	    "- t: [node] withdrawal is missing: without it no offer is made. Expected: where a "
	    "customer withdraws consent, a text of 1 to 80 bytes, e.g. 0800 123 4567 or WhatsApp "
	    "+55 27 99999-0000\n");
	assert_int_equal(say_all(&s, folder, true), VIZ_ERR_INPUT);
	assert_non_null(strstr(s.text, "t:4: [events] hook: /tmp: Is a directory"));
	assert_non_null(strstr(s.text, "t:6: [control] socket: /dev/null: Not a directory"));
	assert_int_equal(say_all(&s, "[node]\nname = x\n[events]\nhook = /nonexistent/h\n", false),
			 VIZ_OK);
	assert_string_equal(s.text, "");
}

/* A file that is no configuration at all does not fill the screen. */
static void another_file(void **state)
{
	char text[8000] = "";
	struct said s;
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i < 500; i++)
		strcat(text, "a;line;of;csv\n");
	assert_int_equal(say_all(&s, text, true), VIZ_ERR_INPUT);
	for (const char *at = s.text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, VIZ_CONFIG_FAULTS_MAX + 1);
	assert_non_null(strstr(s.text, "t:30: too many errors: the rest was not read\n"));
}

static void a_missing_file(void **state)
{
	char error[VIZ_CONFIG_ERROR_MAX] = "";
	struct viz_config c;

	(void)state;
	assert_int_equal(read_missing(&c, error), VIZ_ERR_INPUT);
	assert_string_equal(error, "/nonexistent/x.conf: cannot open: No such file or directory");
}

/* The same places and expectations, in the language of the one who types. */
static void in_portuguese(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
	    {"[node]\nnam = x", "test.conf:4: chave desconhecida \"nam\" em [node]"},
	    {"[node]\nasn = 0", "test.conf:4: [node] asn: esperado: um número de AS"},
	    {"[node]\nrubbish", "test.conf:4: esperado: [seção]"},
	    {"[log]\nlevel = loud", "test.conf:4: [log] level: esperado: error, warning"},
	};
	char error[VIZ_CONFIG_ERROR_MAX] = "", text[512];
	struct viz_config c;

	(void)state;
	viz_host_speech_init(VIZ_LANG_PT);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int len = snprintf(text, sizeof text, "[node]\nname = x\n%s\n", cases[i].line);

		assert_int_equal(parse(&c, error, text, (size_t)len), VIZ_ERR_INPUT);
		if (strstr(error, cases[i].want) == NULL)
			fail_msg("%s: got \"%s\"", cases[i].line, error);
	}
	assert_int_equal(read_missing(&c, error), VIZ_ERR_INPUT);
	assert_string_equal(error, "/nonexistent/x.conf: não foi possível abrir: Arquivo ou "
				   "diretório inexistente");
	viz_host_speech_init(VIZ_LANG_EN);
}

static void check_digits(void **state)
{
	(void)state;
	assert_true(viz_host_config_value_cnpj("11222333000181"));
	assert_true(viz_host_config_value_cnpj("00000000000191"));
	/* The example of the Receita Federal for a CNPJ with letters. */
	assert_true(viz_host_config_value_cnpj("12ABC34501DE35"));
	assert_false(viz_host_config_value_cnpj("12ABC34501DE36"));
	assert_false(viz_host_config_value_cnpj("12abc34501de35"));
	assert_false(viz_host_config_value_cnpj("00000000000000"));
	assert_false(viz_host_config_value_cnpj("1122233300018"));
	assert_false(viz_host_config_value_cnpj("112223330001A1"));
}

/* The installed file shows the defaults: each of its keys is known. None is set but the
 * faces, whom a node without their packages never meets. */
static void the_installed_file(void **state)
{
	char path[1024], line[512], text[16384] = "", error[VIZ_CONFIG_ERROR_MAX] = "";
	const char *source = getenv("VIZ_SOURCE");
	struct viz_config c;
	size_t keys = 0;
	FILE *f;

	(void)state;
	if (source == NULL)
		skip();
	snprintf(path, sizeof path, "%s/tools/packaging/vizinho.conf", source);
	f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		const char *key = line[0] == '#' ? line + 1 : line;

		/* "#key = value" is a key, "# text" a comment. */
		if (line[0] == '#' && (line[1] == ' ' || line[1] == '\n'))
			continue;
		keys += strchr(key, '=') != NULL;
		/* The groups of the machine that builds are not those of this machine. */
		if (strncmp(key, "group", 5) != 0)
			strcat(text, key);
	}
	fclose(f);
	assert_int_equal(parse(&c, error, text, strlen(text)), VIZ_OK);
	assert_int_equal(keys, 27);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(least),           cmocka_unit_test(everything),
	    cmocka_unit_test(wrong_lines),     cmocka_unit_test(wrong_names),
	    cmocka_unit_test(without_a_name),  cmocka_unit_test(a_long_line),
	    cmocka_unit_test(limits_of_texts), cmocka_unit_test(a_missing_file),
	    cmocka_unit_test(every_fault),     cmocka_unit_test(what_the_machine_lacks),
	    cmocka_unit_test(another_file),    cmocka_unit_test(in_portuguese),
	    cmocka_unit_test(check_digits),    cmocka_unit_test(the_installed_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
