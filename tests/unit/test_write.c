// SPDX-License-Identifier: GPL-2.0
/*
 * What the recorder writes, the reader reads: whole, and cut off by a full disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "trace/bytes.h"
#include "trace/ccw_recording.h"
#include "trace/ccw_source.h"
#include "trace/file_write.h"

#define IOS 2000
#define CPUS 3

static int count_io(void *ctx, const struct ccw_io *io)
{
	unsigned int *n = ctx;

	if (io->ts == gen_world_io(*n).ts)
		(*n)++;
	return 0;
}

static int count_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	(void)ctx;
	(void)ts;
	assert_int_equal(cpu, 1);
	assert_int_equal(count, 7);
	return 0;
}

static int new_file(char **name)
{
	struct gen_buf none = { 0 };
	int fd;

	*name = gen_save(&none);
	fd = open(*name, O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

static void fill(struct ccw_dat_pages pages[CPUS])
{
	struct gen_ring rings[CPUS];
	uint8_t data[80];
	unsigned int i;
	char *name;

	for (i = 0; i < CPUS; i++)
		gen_ring_init(&rings[i], ccw_host_big_endian());
	for (i = 0; i < IOS; i++) {
		struct ccw_io io = gen_world_io(i);

		/* the CPU in the middle has none */
		gen_ring_record(&rings[i % 2 * 2], io.ts, data,
				gen_io(data, ccw_host_big_endian(), &io));
	}
	for (i = 0; i < CPUS; i++) {
		gen_ring_end(&rings[i]);
		pages[i].fd = new_file(&name);
		unlink(name);
		free(name);
		assert_int_equal(write(pages[i].fd, rings[i].buf.p, rings[i].buf.len),
				 rings[i].buf.len);
		pages[i].size = rings[i].buf.len;
		gen_free(&rings[i].buf);
	}
}

/* Pages of CPU 0 that can be read back, if not all of them. */
static unsigned int readable;

/* Writes with at most limit bytes and returns what ccw_dat_write() did; the file is in *name. */
static int write_limited(rlim_t limit, bool compress, char **name, uint64_t *size,
			 uint64_t *pages_left, struct ccw_error *err)
{
	static const char stat0[] = "CPU: 0\nentries: 0\noverrun: 0\nread events: 1000\n";
	static const char stat1[] = "CPU: 1\nentries: 0\noverrun: 4\ncommit overrun: 1\n"
				    "dropped events: 2\nread events: 0\n";
	static const char stat2[] = "CPU: 2\nentries: 0\noverrun: 0\nread events: 1000\n";
	struct ccw_dat_event events[] = {
		{ "sched", "sched_switch", "name: sched_switch\nID: 3\nformat:\n" },
		{ "vfio_ccw", "vfio_ccw_fsm", (char *)gen_fsm_format() },
		{ "vfio_ccw", "vfio_ccw_io", (char *)gen_io_format() },
	};
	struct ccw_dat_option options[] = {
		{ 4, 7, "[mono]" }, { 2, sizeof(stat0), stat0 }, { 2, sizeof(stat1), stat1 },
		{ 2, sizeof(stat2), stat2 },
	};
	struct ccw_dat_pages pages[CPUS];
	struct ccw_dat_contents c = {
		.compress = compress, .clock = "mono",
		.page_size = GEN_PAGE, .header_page = gen_header_page(), .header_event = "event\n",
		.events = events, .nr_events = 3, .cmdlines = "1 init\n", .options = options,
		.nr_options = 4, .cpus = pages, .nr_cpus = CPUS,
	};
	struct rlimit old, new;
	int fd = new_file(name), rc, i;

	fill(pages);
	if (readable)
		assert_int_equal(ftruncate(pages[0].fd, readable * GEN_PAGE + 100), 0);
	getrlimit(RLIMIT_FSIZE, &old);
	new = old;
	new.rlim_cur = limit;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &new);
	rc = ccw_dat_write(fd, &c, size, err);
	setrlimit(RLIMIT_FSIZE, &old);
	*pages_left = 0;
	for (i = 0; i < CPUS; i++) {
		*pages_left += pages[i].size / GEN_PAGE;
		close(pages[i].fd);
	}
	assert_true(rc < 0 || lseek(fd, 0, SEEK_END) == (off_t)*size);
	close(fd);
	return rc;
}

static unsigned int read_back(const char *name, uint64_t *lost, bool *truncated)
{
	struct ccw_recording r;
	struct ccw_source *src;
	struct ccw_error err;
	unsigned int ios = 0;
	struct ccw_sink sink = { .io = count_io, .lost = count_lost, .ctx = &ios };

	assert_int_equal(ccw_source_open_file(&src, name, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	*truncated = ccw_source_info(src)->truncated;
	assert_int_equal(ccw_source_info(src)->cpus, CPUS);
	assert_int_equal(ccw_source_recording(src, &r), 0);
	assert_string_equal(r.buffers[0].clock, "mono");
	ccw_recording_free(&r);
	*lost = ccw_source_info(src)->lost;
	ccw_source_close(src);
	return ios;
}

static void round_trip(void **state)
{
	const bool compress = *state;
	uint64_t size, pages, lost;
	struct ccw_error err;
	bool truncated;
	char *name;

	assert_int_equal(write_limited(RLIM_INFINITY, compress, &name, &size, &pages, &err), 0);
	assert_int_equal(read_back(name, &lost, &truncated), IOS);
	assert_int_equal(lost, 7); /* as the statistics of CPU 1 say */
	assert_false(truncated);
	unlink(name);
	free(name);
}

static void full_disk(void **state)
{
	const bool compress = *state;
	uint64_t size, pages, all, lost;
	struct ccw_error err;
	bool truncated;
	char *name;
	rlim_t limit;

	assert_int_equal(write_limited(RLIM_INFINITY, compress, &name, &all, &pages, &err), 0);
	unlink(name);
	free(name);
	for (limit = GEN_PAGE; limit < all; limit += 5 * GEN_PAGE + 17) {
		int rc = write_limited(limit, compress, &name, &size, &pages, &err);

		assert_true(strlen(err.text) > 10);
		if (rc < 0) {
			assert_true(limit < 4 * GEN_PAGE);
		} else {
			assert_int_equal(rc, 1);
			assert_true(size <= limit);
			assert_true(read_back(name, &lost, &truncated) < IOS);
			assert_true(truncated);
		}
		unlink(name);
		free(name);
	}
}

static int count_cpu(void *ctx, const struct ccw_io *io)
{
	unsigned int *n = ctx;

	n[io->cpu]++;
	return 0;
}

static void count_cpus(const char *name, unsigned int n[CPUS])
{
	const struct ccw_sink sink = { .io = count_cpu, .ctx = n };
	struct ccw_source *src;
	struct ccw_error err;

	memset(n, 0, CPUS * sizeof(*n));
	assert_int_equal(ccw_source_open_file(&src, name, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	ccw_source_close(src);
}

/* What cannot be read back costs its CPU what comes after it, and no other CPU anything. */
static void unreadable(void **state)
{
	const bool compress = *state;
	unsigned int n[CPUS], before = 0;
	uint64_t size, pages, all;
	struct ccw_error err;
	char *name;
	int rc;

	assert_int_equal(write_limited(RLIM_INFINITY, compress, &name, &size, &all, &err), 0);
	unlink(name);
	free(name);
	for (readable = 1; readable < 6; readable += 2) {
		rc = write_limited(RLIM_INFINITY, compress, &name, &size, &pages, &err);
		assert_int_equal(rc, 1);
		assert_non_null(strstr(err.text, "cannot be read back"));
		assert_int_equal(pages, all - all / 2 + readable);
		count_cpus(name, n);
		assert_true(n[0] > before && n[0] < IOS / 2);
		before = n[0];
		assert_int_equal(n[2], IOS / 2);
		unlink(name);
		free(name);
	}
	readable = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(unreadable),
		{ "unreadable_zstd", unreadable, NULL, NULL, "zstd" },
		{ "round_trip_zstd", round_trip, NULL, NULL, "zstd" },
		{ "full_disk_zstd", full_disk, NULL, NULL, "zstd" },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
