// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtop's exporter: what a client asked for, where to listen, what is counted, how it is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/ccwtop/exporter/listen.h"
#include "tools/ccwtop/exporter/sandbox.h"
#include "tools/ccwtop/exporter/text.h"

static void accepts(void **state)
{
	static const struct {
		const char *header;
		enum exp_format want;
	} t[] = {
		{ NULL, EXP_TEXT },
		{ "", EXP_TEXT },
		{ "*/*", EXP_TEXT },
		{ "text/plain", EXP_TEXT },
		{ "application/openmetrics-text", EXP_OPENMETRICS },
		{ "APPLICATION/OpenMetrics-Text; Version=1.0.0", EXP_OPENMETRICS },
		/* Prometheus 2.42 and 3 */
		{ "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
		  "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  EXP_OPENMETRICS },
		{ "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
		  "encoding=delimited;q=0.6,"
		  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
		  "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", EXP_OPENMETRICS },
		{ "application/openmetrics-text;version=9.0.0", EXP_TEXT },
		{ "application/openmetrics-text;q=0.4, text/plain;q=0.5", EXP_TEXT },
		{ "application/openmetrics-text;q=0.5, text/plain;q=0.4", EXP_OPENMETRICS },
		{ "application/openmetrics-text;q=0", EXP_TEXT },
		{ "application/openmetrics-text;q=2", EXP_TEXT },
		{ "application/openmetrics-text;q=0.x", EXP_TEXT },
		{ "application/openmetrics-text;q=", EXP_TEXT },
		{ ",,;;=,q=1;,  ", EXP_TEXT },
		{ "application/json", EXP_TEXT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		if (exp_accept(t[i].header) != t[i].want)
			fail_msg("Accept: %s", t[i].header);
	}
}

static void addresses(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} t[] = {
		{ "9488", "127.0.0.1:9488" },
		{ ":9488", "127.0.0.1:9488" },
		{ ":0", "127.0.0.1:0" },
		{ "0.0.0.0:65535", "0.0.0.0:65535" },
		{ "[::1]:80", "[::1]:80" },
		{ "[2001:db8::1]:9488", "[2001:db8::1]:9488" },
		{ "", NULL }, { ":", NULL }, { ":65536", NULL }, { ":-1", NULL }, { ": 1", NULL },
		{ ":1x", NULL }, { "::1:80", NULL }, { "[::1]", NULL }, { "[::1:80", NULL },
		{ "[]:1", NULL }, { "[", NULL }, { "localhost:1", NULL }, { "1.2.3:1", NULL },
		{ "1.2.3.4.5.6.7.8.9.10:1", NULL }, { ":99999999999999999999", NULL },
	};
	struct exp_address a;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		int rc = exp_address_parse(t[i].text, &a);

		if (rc != (t[i].want ? 0 : -EINVAL))
			fail_msg("'%s': %d", t[i].text, rc);
		if (!rc)
			assert_string_equal(exp_address_str(&a, text, sizeof(text)), t[i].want);
	}
}

static void taken_address(void **state)
{
	struct exp_address a, b;
	struct ccw_error err;
	int fd;

	(void)state;
	assert_int_equal(exp_address_parse(":0", &a), 0);
	fd = exp_listen(&a, &err);
	assert_true(fd >= 0);
	b = a; /* with the port that the kernel chose */
	assert_int_equal(exp_listen(&b, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1:"));
	close(fd);
}

/* --- what is counted --- */

static struct ccw_stat one_stat(uint16_t schno)
{
	return (struct ccw_stat){ .sch = { 0, 0, schno }, .state = 0xff };
}

/* A value is in the first bucket whose bound it does not exceed, at every bound. */
static void buckets(void **state)
{
	struct exp_store *s = exp_store_new();
	struct ccw_stat st = one_stat(3);
	struct exp_sub *sub;
	unsigned int i;

	(void)state;
	st.ios = 1;
	st.have = 1U << CCW_TOTAL | 1U << CCW_DEVICE;
	for (i = 0; i < EXP_TOTAL_BOUNDS; i++) {
		uint64_t bound = 1ULL << (exp_total_bounds.first + i);

		ccw_hist_add(&st.hist[CCW_TOTAL], bound - 1);
		ccw_hist_add(&st.hist[CCW_TOTAL], bound);
	}
	for (i = 0; i < EXP_STAGE_BOUNDS; i++)
		ccw_hist_add(&st.hist[CCW_DEVICE], (1ULL << (exp_stage_bounds.first + 2 * i)) - 1);
	ccw_hist_add(&st.hist[CCW_DEVICE], 0);
	assert_int_equal(exp_store_add(s, &st), 0);
	sub = exp_store_at(s, 0);
	assert_int_equal(sub->hist[CCW_TOTAL].count, 2 * EXP_TOTAL_BOUNDS);
	assert_int_equal(sub->hist[CCW_TOTAL].sum_ns, st.hist[CCW_TOTAL].sum);
	assert_int_equal(sub->total[0], 1);
	for (i = 1; i < EXP_TOTAL_BOUNDS; i++)
		assert_int_equal(sub->total[i], 2);
	assert_int_equal(sub->stage[CCW_DEVICE][0], 2);
	for (i = 1; i < EXP_STAGE_BOUNDS; i++)
		assert_int_equal(sub->stage[CCW_DEVICE][i], 1);
	assert_int_equal(sub->hist[CCW_START].count, 0);
	ccw_stat_free(&st);
	exp_store_free(s);
}

/* The counters of an interval have 32 bits, those of a process that runs for years have not. */
static void counts_beyond_32_bits(void **state)
{
	struct exp_store *s = exp_store_new();
	struct ccw_stat st = one_stat(3);
	int i;

	(void)state;
	st.ios = st.result[CCW_OK] = UINT32_MAX;
	st.have = 1U << CCW_TOTAL;
	ccw_hist_add_n(&st.hist[CCW_TOTAL], ccw_hist_bucket(5000), UINT32_MAX);
	for (i = 0; i < 5; i++)
		assert_int_equal(exp_store_add(s, &st), 0);
	assert_int_equal(exp_store_at(s, 0)->result[CCW_OK], 5ULL * UINT32_MAX);
	assert_int_equal(exp_store_at(s, 0)->total[1], 5ULL * UINT32_MAX);
	ccw_stat_free(&st);
	exp_store_free(s);
}

/* More errnos than slots: none is forgotten. */
static void errnos(void **state)
{
	struct exp_store *s = exp_store_new();
	struct exp_sub *sub;
	uint64_t sum = 0;
	int i;

	(void)state;
	for (i = 1; i <= 20; i++) {
		struct ccw_stat st = one_stat(3);

		st.ios = 1;
		st.rc[0] = (struct ccw_errno_count){ .rc = -i, .count = 2 };
		assert_int_equal(exp_store_add(s, &st), 0);
	}
	sub = exp_store_at(s, 0);
	for (i = 0; i < CCW_STAT_ERRNOS; i++)
		sum += sub->rc[i].count;
	assert_int_equal(sum, 40);
	assert_int_equal(sub->rc[0].rc, -1);
	assert_int_equal(sub->rc[CCW_STAT_ERRNOS - 1].rc, 0);
	exp_store_free(s);
}

static void order(void **state)
{
	static const uint16_t schno[] = { 9, 3, 7, 3, 1, 8 };
	struct exp_store *s = exp_store_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(schno) / sizeof(*schno); i++)
		assert_non_null(exp_store_get(s, (struct ccw_sch){ 0, 0, schno[i] }));
	assert_int_equal(exp_store_count(s), 5);
	for (i = 1; i < 5; i++)
		assert_true(exp_store_at(s, i - 1)->sch.schno < exp_store_at(s, i)->sch.schno);
	assert_int_equal(exp_store_from(s, 0), 0);
	assert_int_equal(exp_store_from(s, 4), 2);
	assert_int_equal(exp_store_from(s, 10), 5);
	assert_null(exp_store_at(s, 5));
	exp_store_free(s);
}

/* --- how it is written --- */

/* A subchannel of which everything is as long as it can be. */
static struct exp_sub *widest(struct exp_store *s, uint16_t schno)
{
	struct exp_sub *sub = exp_store_get(s, (struct ccw_sch){ 0, 3, schno });
	unsigned int i;

	memset(sub->result, 0xff,
	       offsetof(struct exp_sub, state) - offsetof(struct exp_sub, result));
	for (i = 0; i < CCW_STAT_ERRNOS; i++)
		sub->rc[i].rc = -12345;
	sub->state = 0;
	sub->bound = true;
	memset(sub->devno, '"', sizeof(sub->devno) - 1);
	memset(sub->dev, '\\', sizeof(sub->dev) - 1);
	memset(sub->cu, '\n', sizeof(sub->cu) - 1);
	memset(sub->mdev, '"', sizeof(sub->mdev) - 1);
	return sub;
}

static const struct ccw_source_info source = {
	.kind = "bpf", .driver = "vfio_ccw", .name = "a \"name\"\n\\", .lost = 7,
};

static struct exp_view view_of(struct exp_store *s)
{
	return (struct exp_view){
		.store = s, .source = &source, .driver_version = "1", .sysfs = true,
		.process = { .virtual_bytes = 1, .open_fds = 1 },
	};
}

/* All of it, in pieces of EXP_ITEM; some subchannels come in between if asked for. */
static char *write_all(struct exp_cursor *c, struct exp_store *more)
{
	size_t len = 0;
	char *text = NULL;
	ssize_t n;

	do {
		char *room = realloc(text, len + EXP_ITEM + 1);

		assert_non_null(room);
		text = room;
		n = exp_text(c, text + len, EXP_ITEM);
		assert_true(n >= 0);
		len += n;
		text[len] = '\0';
		if (more && exp_store_count(more) < 60)
			exp_store_get(more, (struct ccw_sch){ 0, 0, len });
	} while (n);
	return text;
}

static unsigned int times(const char *text, const char *what)
{
	unsigned int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void formats(void **state)
{
	struct exp_store *s = exp_store_new();
	struct exp_view v = view_of(s);
	struct exp_cursor c = { .v = &v, .format = EXP_OPENMETRICS };
	char *text;

	(void)state;
	widest(s, 0x1234);
	text = write_all(&c, NULL);
	assert_int_equal(times(text, "# EOF\n"), 1);
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
	assert_non_null(strstr(text, "# TYPE ccw_ios counter\n"));
	assert_non_null(strstr(text, "\nccw_ios_total{subchannel=\"0.3.1234\","
				     "result=\"unit_check\"} 18446744073709551615\n"));
	assert_non_null(strstr(text, "# TYPE ccw_state stateset\n"));
	assert_non_null(strstr(text, "# TYPE ccw_subchannel info\n"));
	assert_non_null(strstr(text, "# UNIT ccw_io_duration_seconds seconds\n"));
	assert_non_null(strstr(text, "ccw_io_duration_seconds_bucket{subchannel=\"0.3.1234\","
				     "le=\"0.000004095\"} "));
	assert_non_null(strstr(text, "name=\"a \\\"name\\\"?\\\\\""));
	assert_non_null(strstr(text, "cu=\"???????????\""));
	free(text);
	c = (struct exp_cursor){ .v = &v, .format = EXP_TEXT };
	text = write_all(&c, NULL);
	assert_int_equal(times(text, "# EOF"), 0);
	assert_int_equal(times(text, "# UNIT"), 0);
	assert_non_null(strstr(text, "# TYPE ccw_ios_total counter\n"));
	assert_non_null(strstr(text, "# TYPE ccw_subchannel_info gauge\n"));
	assert_non_null(strstr(text, "# TYPE ccw_state gauge\n"));
	free(text);
	exp_store_free(s);
}

/* Subchannels come while a slow client is served: each family has each that it has once. */
static void grows_meanwhile(void **state)
{
	struct exp_store *s = exp_store_new();
	struct exp_view v = view_of(s);
	struct exp_cursor c = { .v = &v, .format = EXP_TEXT };
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 40; i++)
		widest(s, 2 * i);
	text = write_all(&c, s);
	assert_true(exp_store_count(s) > 41);
	for (i = 0; i < 40; i++) {
		char line[64];

		snprintf(line, sizeof(line), "ccw_io_bytes_total{subchannel=\"0.3.%04x\"} ", 2 * i);
		assert_int_equal(times(text, line), 1);
	}
	free(text);
	exp_store_free(s);
}

/* What a source cannot know is left out. */
static void unknown(void **state)
{
	struct ccw_source_info cio = { .kind = "bpf", .driver = "s390_cio", .name = "s390_cio" };
	struct exp_store *s = exp_store_new();
	struct exp_view v = view_of(s);
	struct exp_cursor c = { .v = &v, .format = EXP_TEXT };
	struct ccw_stat st = one_stat(3);
	char *text;

	(void)state;
	v.source = &cio;
	st.ios = st.result[CCW_OK] = 1;
	st.have = 1U << CCW_TOTAL | 1U << CCW_DEVICE;
	ccw_hist_add(&st.hist[CCW_TOTAL], 5000);
	ccw_hist_add(&st.hist[CCW_DEVICE], 5000);
	assert_int_equal(exp_store_add(s, &st), 0);
	text = write_all(&c, NULL);
	assert_null(strstr(text, "ccw_io_bytes"));
	assert_null(strstr(text, "ccw_io_ccws"));
	assert_null(strstr(text, "stage=\"translate\""));
	assert_null(strstr(text, "\nccw_state{"));
	assert_non_null(strstr(text, "stage=\"device\",le=\"+Inf\"} 1\n"));
	ccw_stat_free(&st);
	free(text);
	exp_store_free(s);
}

/* Rules of OpenMetrics that no tool here checks: a unit is the end of its name; no name twice. */
static void names(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < exp_nr_families; i++) {
		const struct exp_family *f = &exp_families[i];
		size_t len = strlen(f->name), unit = f->unit ? strlen(f->unit) : 0;

		if (unit)
			assert_string_equal(f->name + len - unit, f->unit);
		assert_null(strstr(f->name, "_total"));
		assert_true(f->help[strlen(f->help) - 1] == '.');
		assert_true(!f->sub != !f->once);
		for (j = 0; j < i; j++)
			assert_string_not_equal(f->name, exp_families[j].name);
	}
}

/* --- rights --- */

/* In the child: 0, or the number of what was allowed and should not be, or the other way round. */
static int tries(bool tracefs)
{
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	char *const args[] = { "true", NULL };
	struct ccw_error err;
	int fd, pipes[2] = { -1, -1 };

	if (exp_sandbox(tracefs, &err))
		return 1;
	fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 2;
	if (tracefs != (open("/dev/null", O_WRONLY) >= 0))
		return 3;
	if (tracefs != (open("/nowhere/at/all", O_CREAT | O_RDWR, 0600) < 0 && errno == ENOENT))
		return 4;
	if (execv("/bin/true", args) == 0 || errno != EPERM)
		return 5;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 6;
	if (connect(0, (struct sockaddr *)&to, sizeof(to)) == 0 || errno != EPERM)
		return 7;
	if (syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)) >= 0 || errno != EPERM)
		return 8;
	if (syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) >= 0 || errno == EPERM)
		return 9;
	if (mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 10;
	if (syscall(SYS_clone, 17, 0, 0, 0, 0) >= 0 || errno != EPERM)
		return 11;
	if (kill(getppid(), 0) == 0 || errno != EPERM)
		return 12;
	if (pipe(pipes) == 0)
		return 13;
	if (syscall(SYS_ptrace, 0, 0, 0, 0) == 0 || errno != EPERM)
		return 14;
	return 0;
}

static void sandbox(void **state)
{
	int tracefs, status;
	pid_t pid;

	(void)state;
	for (tracefs = 0; tracefs < 2; tracefs++) {
		pid = fork();
		assert_true(pid >= 0);
		if (!pid)
			syscall(SYS_exit_group, tries(tracefs));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts), cmocka_unit_test(addresses),
		cmocka_unit_test(taken_address), cmocka_unit_test(buckets),
		cmocka_unit_test(counts_beyond_32_bits), cmocka_unit_test(errnos),
		cmocka_unit_test(order), cmocka_unit_test(formats),
		cmocka_unit_test(grows_meanwhile), cmocka_unit_test(unknown),
		cmocka_unit_test(names), cmocka_unit_test(sandbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
