// SPDX-License-Identifier: GPL-2.0
/*
 * A long recording out of a real one: its vfio_ccw_io records again and again, with times, numbers
 * and subchannels that go on and stage times that vary.
 *
 *   make_trace FROM TO I/OS [SUBCHANNELS [CPUS [FAILED]]]
 *
 * One I/O in FAILED (100) is one that failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/gen.h"
#include "trace/ccw_source.h"

#define MAX_CPUS 64
#define MAX_REAL 100000

static struct {
	struct ccw_io *io;
	unsigned int nr;
} good, bad;
static unsigned int failed = 100;

static int on_io(void *ctx, const struct ccw_io *io)
{
	(void)ctx;
	if (ccw_io_result(io) == CCW_OK && good.nr < MAX_REAL)
		good.io[good.nr++] = *io;
	else if (ccw_io_result(io) != CCW_OK && bad.nr < MAX_REAL)
		bad.io[bad.nr++] = *io;
	return 0;
}

static const struct ccw_io *pick(unsigned long i)
{
	return failed && bad.nr && i % failed == 0 ? &bad.io[i / failed % bad.nr] :
						     &good.io[i % good.nr];
}

static void die(const char *what)
{
	fprintf(stderr, "make_trace: %s\n", what);
	exit(1);
}

static void read_real(const char *path)
{
	const struct ccw_sink sink = { .io = on_io };
	struct ccw_source *src = NULL;
	struct ccw_error err = { "" };

	good.io = calloc(MAX_REAL, sizeof(*good.io));
	bad.io = calloc(MAX_REAL, sizeof(*bad.io));
	if (!good.io || !bad.io || ccw_source_open_file(&src, path, &err) ||
	    ccw_source_read(src, &sink, 0, 0, &err))
		die(err.text);
	ccw_source_close(src);
	if (!good.nr)
		die("no I/Os in it");
}

/* xorshift: the same file every time */
static uint32_t varied(uint64_t v, uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return v - v / 8 + v * (*random & 0xff) / 1024;
}

static void flush(struct gen_ring *r, FILE *f, size_t n)
{
	if (fwrite(r->buf.p, 1, n, f) != n)
		die("cannot write");
	memmove(r->buf.p, r->buf.p + n, r->buf.len - n);
	r->buf.len -= n;
	r->page -= n;
}

/* CPU number cpu: bunches of four I/Os, as one CPU's turn. Returns the bytes written. */
static uint64_t one_cpu(FILE *f, bool big, unsigned long n, unsigned int schs, unsigned int cpus,
			unsigned int cpu)
{
	uint64_t random = 88172645463325252ULL + cpu, start = ftello(f);
	struct gen_ring r;
	unsigned long i;
	uint8_t data[80];

	gen_ring_init(&r, big);
	for (i = 0; i < n; i++) {
		struct ccw_io io;
		uint32_t k = i % schs;

		if (i / 4 % cpus != cpu)
			continue;
		io = *pick(i / schs * 7 + k);
		io.sch = (struct ccw_sch){ .ssid = k >> 16, .schno = k };
		io.seq = i / schs + 1;
		io.ns[CCW_TRANSLATE] = varied(io.ns[CCW_TRANSLATE], &random);
		io.ns[CCW_START] = varied(io.ns[CCW_START], &random);
		io.ns[CCW_DEVICE] = varied(io.ns[CCW_DEVICE], &random);
		io.ns[CCW_DELIVER] = varied(io.ns[CCW_DELIVER], &random);
		gen_ring_record(&r, 1000000000ULL + i * 3000, data, gen_io(data, big, &io));
		if (r.page >= 1 << 20)
			flush(&r, f, r.page);
	}
	gen_ring_end(&r);
	flush(&r, f, r.buf.len);
	gen_free(&r.buf);
	return ftello(f) - start;
}

int main(int argc, char **argv)
{
	struct gen_file gf = { .version = 6, .big = true };
	static const char mark[] = "flyrecord";
	struct gen_ring rings[MAX_CPUS] = { 0 };
	unsigned int schs, cpus, i;
	struct gen_buf head;
	uint8_t *table;
	FILE *f;

	if (argc < 4)
		die("FROM TO I/OS [SUBCHANNELS [CPUS [FAILED]]]");
	schs = argc > 4 ? atoi(argv[4]) : 8;
	cpus = argc > 5 ? atoi(argv[5]) : 2;
	failed = argc > 6 ? atoi(argv[6]) : 100;
	if (!schs || !cpus || cpus > MAX_CPUS)
		die("bad numbers");
	read_real(argv[1]);
	f = fopen(argv[2], "w+");
	if (!f)
		die("cannot create");
	head = gen_file(&gf, rings, cpus);
	table = memmem(head.p, head.len, mark, sizeof(mark));
	if (!table || fwrite(head.p, 1, head.len, f) != head.len)
		die("cannot write");
	table += sizeof(mark);
	for (i = 0; i < cpus; i++) {
		uint64_t at = ftello(f);

		gen_put64(&head, table + 16 * i - head.p, at);
		gen_put64(&head, table + 16 * i + 8 - head.p,
			  one_cpu(f, true, strtoul(argv[3], NULL, 0), schs, cpus, i));
	}
	rewind(f);
	if (fwrite(head.p, 1, head.len, f) != head.len || fclose(f))
		die("cannot write");
	free(good.io);
	free(bad.io);
	gen_free(&head);
	return 0;
}
