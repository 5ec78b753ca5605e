// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of recordings on any bytes at all: it ends, touches no memory that is not its own
 * (the sanitizers watch), and either opens the file or says why not. What it hands out is checked
 * for what users of it rely on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trace/ccw_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t records, sum;
};

static void fail(const char *what)
{
	fprintf(stderr, "fuzz_dat: %s\n", what);
	abort();
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct seen *s = ctx;
	uint32_t i;

	/* Every byte of a record must be there. */
	for (i = 0; i < raw->len; i++)
		s->sum += raw->data[i];
	s->records++;
	return 0;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct seen *s = ctx;

	s->sum += io->ts + io->seq + io->ns[CCW_TOTAL] + io->sense;
	return 0;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	((struct seen *)ctx)->sum += fsm->to;
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	((struct seen *)ctx)->sum += cpu + ts + count;
	return 0;
}

/* libtraceevent (1.7.1) leaks what it parsed of a format text that turns out broken. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent\n";
}

static void read_all(struct ccw_source *src)
{
	struct seen seen = { 0 };
	const struct ccw_sink sink = {
		.io = on_io, .fsm = on_fsm, .lost = on_lost, .raw = on_raw, .ctx = &seen,
	};
	uint64_t first = 0, last = 0;
	struct ccw_error err = { "" };
	int rc;

	rc = ccw_source_range(src, &first, &last);
	if (rc && rc != -ENODATA)
		fail("a range that is neither there nor missing");
	if (!rc && first > last && ccw_source_info(src)->cpus == 1)
		fail("a range that ends before it begins");
	while ((rc = ccw_source_read(src, &sink, 64, 0, &err)) > 0)
		;
	if (rc < 0 && !err.text[0] && rc != -ENOMEM)
		fail("an error without a word");
	if (ccw_source_info(src)->truncated && !ccw_source_info(src)->note[0])
		fail("not complete, and no word why");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static char path[32];
	struct ccw_error err = { "" };
	struct ccw_source *src;

	if (fd < 0) {
		fd = memfd_create("fuzz", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	if (ccw_source_open_any_file(&src, path, &err)) {
		if (strlen(err.text) < 10)
			fail("refused without a word");
		return 0;
	}
	read_all(src);
	ccw_source_close(src);
	return 0;
}
