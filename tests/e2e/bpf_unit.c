// SPDX-License-Identifier: GPL-2.0
/*
 * Each BPF program with each kind of event, by BPF_PROG_TEST_RUN: what the maps hold afterwards.
 *
 *     bpf-unit DIR        where the objects of bpf/test/ are
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf/ccwfsm.h"
#include "bpf/ccwlat.h"
#include "tests/e2e/tap.h"
#include "trace/ccw_stat.h"

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef int16_t s16;
struct subchannel_id {
	u32 word;
};

#include "trace/events/vfio_ccw_record.h"

/* As in bpf/test/. */
struct cio_input {
	u64 schid;
	int32_t cc;
	u32 tpi[3];
	u32 irb[24];
};

struct fsm_input {
	u64 schid;
	u32 seq;
	int32_t rc;
	u8 from, event, to;
};

static struct {
	struct bpf_object *obj;
	int input;
	struct ring_buffer *events;
	unsigned int told;
	struct ccwlat_event last;
} w;

static void die(const char *what)
{
	fprintf(stderr, "bpf-unit: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int map_fd(const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(w.obj, name);

	if (fd < 0)
		die(name);
	return fd;
}

static int on_event(void *ctx, void *data, size_t size)
{
	(void)ctx;
	if (size < sizeof(w.last))
		die("a short event");
	memcpy(&w.last, data, sizeof(w.last));
	w.told++;
	return 0;
}

static void open_object(const char *dir, const char *name, bool events)
{
	struct bpf_program *prog;
	char path[512];

	bpf_object__close(w.obj);
	snprintf(path, sizeof(path), "%s/%s_test.bpf.o", dir, name);
	w.obj = bpf_object__open_file(path, NULL);
	if (!w.obj)
		die(path);
	bpf_object__for_each_program(prog, w.obj) {
		if (strncmp(bpf_program__name(prog), "test_", 5))
			bpf_program__set_autoload(prog, false);
	}
	if (bpf_object__load(w.obj))
		die(path);
	w.input = map_fd(".data.input");
	w.events = events ? ring_buffer__new(map_fd("ccw_events"), on_event, NULL, NULL) : NULL;
	w.told = 0;
}

static void run(const char *name, const void *input)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct bpf_program *prog = bpf_object__find_program_by_name(w.obj, name);
	uint32_t zero = 0;

	if (!prog || bpf_map_update_elem(w.input, &zero, input, 0) ||
	    bpf_prog_test_run_opts(bpf_program__fd(prog), &opts))
		die(name);
	if (w.events)
		ring_buffer__consume(w.events);
}

static struct ccwlat *value(uint32_t key)
{
	static struct ccwlat lat;

	memset(&lat, 0, sizeof(lat));
	bpf_map_lookup_elem(map_fd("ccw_lat"), &key, &lat);
	return &lat;
}

static uint64_t in_hist(const struct ccwlat *l, unsigned int stage)
{
	uint64_t n = 0;
	unsigned int b;

	for (b = 0; b < CCWLAT_BUCKETS; b++)
		n += l->hist[stage][b];
	return n;
}

static uint64_t lost(uint32_t why)
{
	int cpus = libbpf_num_possible_cpus(), cpu;
	uint64_t *n = calloc(cpus, sizeof(*n)), sum = 0;

	if (!n || bpf_map_lookup_elem(map_fd("ccw_lost"), &why, n))
		die("ccw_lost");
	for (cpu = 0; cpu < cpus; cpu++)
		sum += n[cpu];
	free(n);
	return sum;
}

/* The driver fills buckets, total, result and usual: so does this. */
static struct vfio_ccw_io_record record(uint32_t sch, uint64_t device)
{
	struct vfio_ccw_io_record r = {
		.sch = sch, .seq = 7, .device_ns = device, .translate_ns = 100, .start_ns = 200,
		.deliver_ns = 300, .bytes = 4096, .ccws = 3, .segments = 1, .idaws = 2, .pages = 2,
		.irqs = 1, .flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED, .dstat = 0x0c,
		.usual = 1,
	};

	r.total_ns = device + 600;
	r.bucket[0] = ccw_hist_bucket(100);
	r.bucket[1] = ccw_hist_bucket(200);
	r.bucket[2] = ccw_hist_bucket(device);
	r.bucket[3] = ccw_hist_bucket(300);
	r.bucket[4] = ccw_hist_bucket(r.total_ns);
	return r;
}

static void usual_io(void)
{
	struct vfio_ccw_io_record r = record(3, 50000);
	struct ccwlat *l;
	int i;

	run("test_io", &r);
	run("test_io", &r);
	l = value(3);
	is("vfio_ccw_io: usual I/Os", l->usual, 2);
	is("bytes", l->bytes, 8192);
	is("CCWs", l->ccws, 6);
	is("segments, IDAWs, pages, interrupts", l->segments + l->idaws + l->pages + l->irqs,
	   2 + 4 + 4 + 2);
	is("time in the device", l->sum_ns[CCWLAT_DEVICE], 100000);
	is("the longest", l->max_ns, 50600);
	is("its bucket", l->hist[CCWLAT_DEVICE][ccw_hist_bucket(50000)], 2);
	for (i = 0; i < CCWLAT_STAGES; i++)
		is("every stage has both", in_hist(l, i), 2);
	is("nothing to tell", w.told, 0);
	is("another subchannel has none", value(4)->usual, 0);
}

static void slow_io(void)
{
	struct vfio_ccw_io_record r = record(5, 200000000);

	run("test_io", &r);
	is("a slow I/O is told", w.told, 1);
	is("with its number", w.last.seq, 7);
	is("and its time", w.last.device_ns, 200000000);
	is("and counted", value(5)->usual, 1);
}

static void failed_ios(void)
{
	struct vfio_ccw_io_record r = record(6, 1000);
	unsigned int told = w.told;
	struct ccwlat *l;
	int i;

	r.usual = 0;
	r.result = VFIO_CCW_IO_UNIT_CHECK;
	r.dstat = 0x0e;
	r.cstat = 0x40;
	run("test_io", &r);
	l = value(6);
	is("unit check", l->result[VFIO_CCW_IO_UNIT_CHECK], 1);
	is("bits of dstat", l->dstat[1] + l->dstat[2] + l->dstat[3], 3);
	is("bits of cstat", l->cstat[6], 1);
	is("cc 0", l->cc[0], 1);
	is("a failure is told", w.told, told + 1);
	is("with its status", w.last.dstat, 0x0e);

	/* refused: of all stages only the translation was */
	r = (struct vfio_ccw_io_record){ .sch = 8, .translate_ns = 50, .total_ns = 50, .rc = -22,
					 .result = VFIO_CCW_IO_REFUSED };
	r.bucket[0] = r.bucket[4] = ccw_hist_bucket(50);
	run("test_io", &r);
	l = value(8);
	is("refused", l->result[VFIO_CCW_IO_REFUSED], 1);
	is("by errno", l->rc[0].rc == -22 && l->rc[0].count == 1, 1);
	is("translate is known", in_hist(l, CCWLAT_TRANSLATE), 1);
	is("start, device, deliver are not",
	   in_hist(l, CCWLAT_START) + in_hist(l, CCWLAT_DEVICE) + in_hist(l, CCWLAT_DELIVER), 0);
	is("no condition code", l->cc[0], 0);
	for (i = 1; i <= 20; i++) {
		r.rc = -i;
		run("test_io", &r);
	}
	l = value(8);
	is("more errnos than there are counters: none is lost", l->rc[CCWLAT_ERRNOS - 1].count, 14);

	r = record(9, 0);
	r.usual = 0;
	r.cc = 1;
	r.result = VFIO_CCW_IO_CC;
	r.flags = VFIO_CCW_IO_STARTED;
	run("test_io", &r);
	is("condition code 1", value(9)->cc[1], 1);
	is("no time in the device", in_hist(value(9), CCWLAT_DEVICE), 0);
}

static void doubtful_records(void)
{
	struct vfio_ccw_io_record r = record(10, 1000);
	unsigned int i;

	r.bucket[0] = CCWLAT_BUCKETS;
	r.bucket[4] = 0xffff;
	r.result = 0xff;
	run("test_io", &r);
	is("a bucket that is none is counted nowhere",
	   in_hist(value(10), CCWLAT_TRANSLATE) + in_hist(value(10), CCWLAT_TOTAL), 0);
	is("the I/O is", value(10)->usual, 1);
	/* nobody reads the ring buffer meanwhile */
	ring_buffer__free(w.events);
	w.events = NULL;
	r = record(11, 200000000);
	for (i = 0; i < 5000; i++)
		run("test_io", &r);
	is("events that found no room: all counted", value(11)->usual, 5000);
	between("and how many that were is known", lost(CCWLAT_NO_ROOM), 1000, 4999);
}

#define SCHID(no) (0x00010000 | (no))
#define FC_START 0x4000
#define FC_HALT 0x2000
#define FC_CLEAR 0x1000
#define AC_SUBCHANNEL 0x40
#define ST_PRIMARY 0x04
#define ST_SECONDARY 0x02
#define ST_PENDING 0x01
#define ST_FINAL (ST_PRIMARY | ST_SECONDARY | ST_PENDING)

static void status_comes(unsigned int no, u32 word0, u32 word2)
{
	struct cio_input in = { .schid = SCHID(no), .tpi = { SCHID(no) },
				.irb = { word0, 0x1008, word2 } };

	run("test_interrupt", &in);
	run("test_tsch", &in);
}

static void starts(unsigned int no, int cc)
{
	const struct cio_input in = { .schid = SCHID(no), .cc = cc };

	run("test_ssch", &in);
}

static void cio(void)
{
	struct cio_input in = { .schid = SCHID(4) };
	struct ccwlat *l;

	starts(1, 0);
	status_comes(1, FC_START | ST_FINAL, 0x0c000000);
	l = value(1);
	is("s390_cio: an I/O", l->usual, 1);
	ok(l->sum_ns[CCWLAT_DEVICE] > 0, "has time in the device");
	ok(l->sum_ns[CCWLAT_DELIVER] > 0, "and of delivery");
	is("in the histogram", in_hist(l, CCWLAT_TOTAL), 1);
	is("and no translation", in_hist(l, CCWLAT_TRANSLATE), 0);

	starts(1, 1);
	is("SSCH with cc 1", value(1)->result[VFIO_CCW_IO_CC], 1);
	is("is told", w.last.cc, 1);

	status_comes(2, FC_START | ST_FINAL, 0x0c000000);
	is("a status whose start nobody saw", lost(CCWLAT_NO_START), 1);
	is("is no I/O", value(2)->usual, 0);

	starts(3, 0);
	status_comes(3, FC_START | AC_SUBCHANNEL | ST_PRIMARY | ST_PENDING, 0x08000000);
	is("channel end alone is not the end", value(3)->usual, 0);
	status_comes(3, FC_START | ST_SECONDARY | ST_PENDING, 0x04000000);
	is("with device end it is", value(3)->usual, 1);
	is("after two interrupts", value(3)->irqs, 2);

	starts(4, 0);
	run("test_hsch", &in);
	status_comes(4, FC_START | FC_HALT | ST_FINAL, 0x04000000);
	is("HALT cuts an I/O short", value(4)->result[VFIO_CCW_IO_CUT_SHORT], 1);
	in.schid = SCHID(5);
	starts(5, 0);
	run("test_csch", &in);
	status_comes(5, FC_CLEAR | ST_PENDING, 0);
	is("so does CLEAR", value(5)->result[VFIO_CCW_IO_CUT_SHORT], 1);
	in.schid = SCHID(6);
	starts(6, 0);
	run("test_xsch", &in);
	is("and CANCEL, without a status", value(6)->result[VFIO_CCW_IO_CUT_SHORT], 1);
	status_comes(6, FC_START | ST_FINAL, 0x0c000000);
	is("which would be of no I/O", value(6)->usual, 0);

	starts(7, 0);
	status_comes(7, FC_START | ST_FINAL, 0x0e400000);
	is("unit check with incorrect length", value(7)->result[VFIO_CCW_IO_UNIT_CHECK], 1);
	is("bit of cstat", value(7)->cstat[6], 1);
	in.schid = SCHID(1);
	in.cc = 1;
	run("test_tsch", &in);
	is("TSCH without a status changes nothing", value(1)->usual, 1);
}

static void fsm(void)
{
	struct fsm_input in = { .schid = SCHID(1), .seq = 5, .from = VFIO_CCW_STATE_IDLE,
				.event = VFIO_CCW_EVENT_IO_REQ, .to = VFIO_CCW_STATE_TRANSLATE };
	struct ccwfsm m = { 0 };
	uint32_t key = 1;
	int map = map_fd("ccw_fsm");

	run("test_fsm", &in);
	bpf_map_lookup_elem(map, &key, &m);
	is("vfio_ccw_fsm: a transition", m.count[VFIO_CCW_STATE_IDLE][VFIO_CCW_EVENT_IO_REQ], 1);
	is("no time yet: since when is not known", m.ns[VFIO_CCW_STATE_IDLE], 0);
	is("the state", m.state, VFIO_CCW_STATE_TRANSLATE);
	in.from = VFIO_CCW_STATE_TRANSLATE;
	in.event = VFIO_CCW_EVENT_FAIL;
	in.to = VFIO_CCW_STATE_IDLE;
	in.rc = -22;
	run("test_fsm", &in);
	bpf_map_lookup_elem(map, &key, &m);
	ok(m.ns[VFIO_CCW_STATE_TRANSLATE] > 0, "time in the state that was left");
	is("refused", m.refused[VFIO_CCW_STATE_TRANSLATE][VFIO_CCW_EVENT_FAIL], 1);
	in.from = VFIO_CCW_NR_STATES;
	run("test_fsm", &in);
	in.from = 0;
	in.event = 255;
	run("test_fsm", &in);
	bpf_map_lookup_elem(map, &key, &m);
	is("states and events that are none change nothing", m.state, VFIO_CCW_STATE_IDLE);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: bpf-unit DIR\n");
		return 2;
	}
	open_object(argv[1], "ccwlat", true);
	usual_io();
	slow_io();
	failed_ios();
	doubtful_records();
	open_object(argv[1], "ccwcio", true);
	cio();
	ring_buffer__free(w.events);
	open_object(argv[1], "ccwfsm", false);
	fsm();
	bpf_object__close(w.obj);
	return tap_finish();
}
