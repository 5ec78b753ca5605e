// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/gen.h"

void gen_bytes(struct gen_buf *b, const void *p, size_t n)
{
	if (!b->p || b->len + n > b->room) {
		b->room = 2 * (b->len + n) + 256;
		b->p = realloc(b->p, b->room);
		if (!b->p)
			abort();
	}
	if (p && n)
		memcpy(b->p + b->len, p, n);
	else if (n)
		memset(b->p + b->len, 0, n);
	b->len += n;
}

static void put(uint8_t *out, bool big, uint64_t v, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		out[i] = v >> 8 * (big ? n - 1 - i : i);
}

static void number(struct gen_buf *b, uint64_t v, unsigned int n)
{
	uint8_t out[8];

	put(out, b->big, v, n);
	gen_bytes(b, out, n);
}

void gen_u8(struct gen_buf *b, uint8_t v)
{
	number(b, v, 1);
}

void gen_u16(struct gen_buf *b, uint16_t v)
{
	number(b, v, 2);
}

void gen_u32(struct gen_buf *b, uint32_t v)
{
	number(b, v, 4);
}

void gen_u64(struct gen_buf *b, uint64_t v)
{
	number(b, v, 8);
}

void gen_text(struct gen_buf *b, const char *s)
{
	gen_bytes(b, s, strlen(s) + 1);
}

void gen_put64(struct gen_buf *b, size_t at, uint64_t v)
{
	put(b->p + at, b->big, v, 8);
}

void gen_free(struct gen_buf *b)
{
	free(b->p);
	memset(b, 0, sizeof(*b));
}

void gen_ring_init(struct gen_ring *r, bool big)
{
	memset(r, 0, sizeof(*r));
	r->buf.big = big;
	r->page = SIZE_MAX;
}

static size_t used(const struct gen_ring *r)
{
	return r->buf.len - r->page - GEN_PAGE_HEADER;
}

/* The kernel adds its flags as a negative int, which fills the upper half with ones. */
static void close_page(struct gen_ring *r)
{
	uint64_t flags = 0;
	size_t n;

	if (r->page == SIZE_MAX)
		return;
	memcpy(&flags, r->buf.p + r->page + 8, 8); /* left there by gen_ring_missed() */
	n = used(r);
	if (flags) {
		uint64_t count = flags >> 1;

		flags = 0xffffffff80000000ULL;
		if (count) {
			gen_u64(&r->buf, count);
			flags = 0xffffffffc0000000ULL;
		}
	}
	gen_put64(&r->buf, r->page + 8, flags | n);
	gen_bytes(&r->buf, NULL, r->page + GEN_PAGE - r->buf.len);
}

void gen_ring_page(struct gen_ring *r, uint64_t ts)
{
	close_page(r);
	r->page = r->buf.len;
	r->ts = ts;
	gen_u64(&r->buf, ts);
	gen_u64(&r->buf, 0);
}

void gen_ring_missed(struct gen_ring *r, uint64_t count)
{
	count = count << 1 | 1;
	memcpy(r->buf.p + r->page + 8, &count, 8);
}

static void head(struct gen_ring *r, uint32_t type, uint32_t delta)
{
	gen_u32(&r->buf, r->buf.big ? type << 27 | delta : delta << 5 | type);
}

/* A page with room for n bytes; the time since the last record, extended if it must be. */
static uint32_t make_room(struct gen_ring *r, uint64_t ts, size_t n)
{
	uint64_t delta;

	if (r->page == SIZE_MAX || used(r) + n + 8 > GEN_PAGE - GEN_PAGE_HEADER - 8)
		gen_ring_page(r, ts);
	delta = ts - r->ts;
	r->ts = ts;
	if (delta >> 27) {
		head(r, 30, delta & ((1 << 27) - 1));
		gen_u32(&r->buf, delta >> 27);
		delta = 0;
	}
	return delta;
}

void gen_ring_record(struct gen_ring *r, uint64_t ts, const void *data, size_t len)
{
	uint32_t delta = make_room(r, ts, len + 8);
	size_t padded = (len + 3) & ~(size_t)3;

	head(r, padded / 4, delta);
	gen_bytes(&r->buf, data, len);
	gen_bytes(&r->buf, NULL, padded - len);
}

void gen_ring_large(struct gen_ring *r, uint64_t ts, const void *data, size_t len)
{
	uint32_t delta = make_room(r, ts, len + 8);
	size_t padded = (len + 3) & ~(size_t)3;

	head(r, 0, delta);
	gen_u32(&r->buf, padded + 4);
	gen_bytes(&r->buf, data, len);
	gen_bytes(&r->buf, NULL, padded - len);
}

void gen_ring_taken_back(struct gen_ring *r, uint32_t delta, size_t len)
{
	head(r, 29, delta);
	gen_u32(&r->buf, len + 4);
	gen_bytes(&r->buf, NULL, len);
	if (delta != 1)
		r->ts += delta;
}

void gen_ring_stamp(struct gen_ring *r, uint64_t ts)
{
	r->ts = ts;
	ts &= (1ULL << 59) - 1;
	head(r, 31, ts & ((1 << 27) - 1));
	gen_u32(&r->buf, ts >> 27);
}

void gen_ring_end(struct gen_ring *r)
{
	close_page(r);
	r->page = SIZE_MAX;
}

size_t gen_io(uint8_t out[80], bool big, const struct ccw_io *io)
{
	memset(out, 0, 80);
	put(out, big, GEN_IO_ID, 2);
	put(out + 4, big, 4711, 4);
	out[8] = io->sch.cssid;
	out[9] = io->sch.ssid;
	put(out + 10, big, io->sch.schno, 2);
	put(out + 12, big, io->seq, 4);
	put(out + 16, big, io->ns[CCW_DEVICE], 8);
	put(out + 24, big, io->ns[CCW_TRANSLATE], 4);
	put(out + 28, big, io->ns[CCW_START], 4);
	put(out + 32, big, io->ns[CCW_DELIVER], 4);
	put(out + 36, big, io->bytes, 4);
	put(out + 40, big, io->ccws, 2);
	put(out + 42, big, io->segments, 2);
	put(out + 44, big, io->idaws, 2);
	put(out + 46, big, io->pages, 2);
	out[48] = io->cmd;
	out[49] = io->cc;
	put(out + 50, big, io->rc, 2);
	put(out + 52, big, io->flags, 2);
	put(out + 54, big, io->irqs, 2);
	out[56] = io->fctl;
	out[57] = io->actl;
	out[58] = io->stctl;
	out[59] = io->dstat;
	out[60] = io->cstat;
	out[61] = io->lpum;
	put(out + 62, big, io->resid, 2);
	put(out + 64, big, io->sense, 8);
	put(out + 72, big, io->erw, 4);
	return 80;
}

size_t gen_fsm(uint8_t out[24], bool big, const struct ccw_fsm *fsm)
{
	memset(out, 0, 24);
	put(out, big, GEN_FSM_ID, 2);
	put(out + 4, big, 4711, 4);
	out[8] = fsm->sch.cssid;
	out[9] = fsm->sch.ssid;
	put(out + 10, big, fsm->sch.schno, 2);
	put(out + 12, big, fsm->seq, 4);
	out[16] = fsm->from;
	out[17] = fsm->event;
	out[18] = fsm->to;
	put(out + 20, big, fsm->rc, 2);
	return 24;
}

#define COMMON \
	"format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define U(type, name, offset, size) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:0;\n"
#define S(type, name, offset, size) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:1;\n"

const char *gen_io_format(void)
{
	return "name: vfio_ccw_io\nID: 1500\n" COMMON
	       U("u8", "cssid", 8, 1) U("u8", "ssid", 9, 1) U("u16", "schno", 10, 2)
	       U("u32", "seq", 12, 4) U("u64", "device_ns", 16, 8) U("u32", "translate_ns", 24, 4)
	       U("u32", "start_ns", 28, 4) U("u32", "deliver_ns", 32, 4) U("u32", "bytes", 36, 4)
	       U("u16", "ccws", 40, 2) U("u16", "segments", 42, 2) U("u16", "idaws", 44, 2)
	       U("u16", "pages", 46, 2) U("u8", "cmd", 48, 1) U("u8", "cc", 49, 1)
	       S("s16", "rc", 50, 2) U("u16", "flags", 52, 2) U("u16", "irqs", 54, 2)
	       U("u8", "fctl", 56, 1) U("u8", "actl", 57, 1) U("u8", "stctl", 58, 1)
	       U("u8", "dstat", 59, 1) U("u8", "cstat", 60, 1) U("u8", "lpum", 61, 1)
	       U("u16", "resid", 62, 2) U("u64", "sense", 64, 8) U("u32", "erw", 72, 4)
	       "\nprint fmt: \"seq=%u dstat=%s\", REC->seq, __print_flags(REC->dstat, \"|\", { "
	       "0x80, \"ATTN\" })\n";
}

const char *gen_fsm_format(void)
{
	return "name: vfio_ccw_fsm\nID: 1501\n" COMMON
	       U("u8", "cssid", 8, 1) U("u8", "ssid", 9, 1) U("u16", "schno", 10, 2)
	       U("u32", "seq", 12, 4) U("u8", "from", 16, 1) U("u8", "event", 17, 1)
	       U("u8", "to", 18, 1) S("s16", "rc", 20, 2)
	       "\nprint fmt: \"seq=%u\", REC->seq\n";
}

const char *gen_header_page(void)
{
	return "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	       "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	       "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	       "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";
}

static void sized(struct gen_buf *b, const char *s)
{
	gen_u64(b, strlen(s));
	gen_bytes(b, s, strlen(s));
}

static void header_info(struct gen_buf *b)
{
	gen_text(b, "header_page");
	sized(b, gen_header_page());
	gen_text(b, "header_event");
	sized(b, "# compressed entry header\n");
}

static void event_formats(struct gen_buf *b, const struct gen_file *f)
{
	gen_u32(b, 2);
	gen_text(b, "sched");
	gen_u32(b, 1);
	sized(b, "name: sched_switch\nID: 300\n" COMMON "\nprint fmt: \"\"\n");
	gen_text(b, f->system ? f->system : "vfio_ccw");
	gen_u32(b, 2);
	sized(b, f->io_format ? f->io_format : gen_io_format());
	sized(b, gen_fsm_format());
}

static void cpu_data(struct gen_buf *b, const struct gen_file *f, const struct gen_ring *rings,
		     unsigned int n, const size_t *table, size_t stride)
{
	size_t at, size;
	unsigned int i;

	for (i = 0; i < n; i++) {
		size_t pad = (GEN_PAGE - b->len % GEN_PAGE) % GEN_PAGE;

		gen_bytes(b, NULL, pad);
		at = b->len;
		size = rings[i].buf.len;
		if (gen_packs(f->compression) && size)
			size = gen_pack_pages(b, f, &rings[i].buf);
		else
			gen_bytes(b, rings[i].buf.p, size);
		gen_put64(b, *table + i * stride, at);
		gen_put64(b, *table + i * stride + 8, size);
	}
}

static void option(struct gen_buf *b, unsigned int id, const char *text)
{
	gen_u16(b, id);
	gen_u32(b, strlen(text) + 1);
	gen_text(b, text);
}

static void options_v6(struct gen_buf *b, const struct gen_file *f, unsigned int n, size_t *at)
{
	char text[128];
	unsigned int i;

	gen_text(b, "options  ");
	snprintf(text, sizeof(text), "local global [%s] boot\n", f->clock ? f->clock : "mono");
	option(b, 4, text);
	gen_u16(b, 99);
	gen_u32(b, 4);
	gen_u32(b, 0);
	for (i = 0; i < n && f->overrun; i++) {
		snprintf(text, sizeof(text), "CPU: %u\nentries: 0\noverrun: %llu\n", i,
			 (unsigned long long)f->overrun + i);
		option(b, 2, text);
	}
	if (f->note)
		option(b, 0xcc01, f->note);
	for (i = 0; i < f->instances; i++) {
		snprintf(text, sizeof(text), "i%u", i);
		gen_u16(b, 3);
		gen_u32(b, 8 + strlen(text) + 1);
		at[i] = b->len;
		gen_u64(b, 0);
		gen_text(b, text);
	}
	gen_u16(b, 0);
}

static void data_v6(struct gen_buf *b, const struct gen_file *f, const struct gen_ring *rings,
		    unsigned int n)
{
	size_t table;

	gen_text(b, "flyrecord");
	table = b->len;
	gen_bytes(b, NULL, 16 * n);
	cpu_data(b, f, rings, n, &table, 16);
}

static void file_v6(struct gen_buf *b, const struct gen_file *f, const struct gen_ring *rings,
		    unsigned int n)
{
	size_t *at = calloc(f->instances + 1, sizeof(*at));
	unsigned int i;

	header_info(b);
	gen_u32(b, 1);
	sized(b, "name: function\nID: 1\n" COMMON "\nprint fmt: \"\"\n");
	event_formats(b, f);
	gen_u32(b, 0);
	gen_u32(b, 0);
	sized(b, "4711 ccwio\n");
	gen_u32(b, n);
	options_v6(b, f, n, at);
	data_v6(b, f, rings, n);
	for (i = 0; i < f->instances; i++) {
		gen_put64(b, at[i], b->len);
		data_v6(b, f, rings, n);
	}
	free(at);
}

static size_t section(struct gen_buf *b, unsigned int id, bool packed)
{
	size_t at = b->len;

	gen_u16(b, id);
	gen_u16(b, packed);
	gen_u32(b, 0);
	gen_u64(b, 0);
	return at;
}

static void end_section(struct gen_buf *b, size_t at)
{
	gen_put64(b, at + 8, b->len - at - 16);
}

static void option64(struct gen_buf *b, unsigned int id, uint64_t v)
{
	gen_u16(b, id);
	gen_u32(b, 8);
	gen_u64(b, v);
}

static void contents(struct gen_buf *b, const struct gen_file *f, const struct gen_buf *c)
{
	if (gen_packs(f->compression))
		gen_pack_section(b, f, c);
	else
		gen_bytes(b, c->p, c->len);
}

/* Two lists of options, as trace-cmd writes them when it learns of the buffers last. */
static void file_v7(struct gen_buf *b, const struct gen_file *f, const struct gen_ring *rings,
		    unsigned int n)
{
	const char *clock = f->clock ? f->clock : "mono";
	bool packed = f->compression && strcmp(f->compression, "none");
	struct gen_buf c = { .big = b->big };
	size_t first, info, formats, list, next, list2, buffer, table, i;

	gen_text(b, f->compression ? f->compression : "none");
	gen_text(b, "");
	first = b->len;
	gen_u64(b, 0);
	info = section(b, 16, packed);
	header_info(&c);
	contents(b, f, &c);
	end_section(b, info);
	formats = section(b, 18, packed);
	c.len = 0;
	event_formats(&c, f);
	contents(b, f, &c);
	gen_free(&c);
	end_section(b, formats);
	gen_put64(b, first, b->len);
	list = section(b, 0, false);
	option64(b, 16, info);
	option64(b, 18, formats);
	gen_u16(b, 0);
	gen_u32(b, 8);
	next = b->len;
	gen_u64(b, 0);
	end_section(b, list);

	gen_put64(b, next, b->len);
	list2 = section(b, 0, false);
	gen_u16(b, 3);
	gen_u32(b, 8 + 1 + strlen(clock) + 1 + 4 + 4 + 20 * n);
	buffer = b->len;
	gen_u64(b, 0);
	gen_text(b, "");
	gen_text(b, clock);
	gen_u32(b, GEN_PAGE);
	gen_u32(b, n);
	table = b->len + 4;
	for (i = 0; i < n; i++) {
		gen_u32(b, i);
		gen_u64(b, 0);
		gen_u64(b, 0);
	}
	gen_u16(b, 0);
	gen_u32(b, 8);
	gen_u64(b, 0);
	end_section(b, list2);

	gen_put64(b, buffer, b->len);
	i = section(b, 3, packed);
	cpu_data(b, f, rings, n, &table, 20);
	end_section(b, i);
}

struct gen_buf gen_file(const struct gen_file *f, const struct gen_ring *rings, unsigned int n)
{
	struct gen_buf b = { .big = f->big };

	gen_bytes(&b, "\x17\x08\x44tracing", 10);
	gen_text(&b, f->version == 6 ? "6" : "7");
	gen_u8(&b, f->big);
	gen_u8(&b, 8);
	gen_u32(&b, GEN_PAGE);
	if (f->version == 6)
		file_v6(&b, f, rings, n);
	else
		file_v7(&b, f, rings, n);
	return b;
}

struct ccw_io gen_world_io(unsigned int i)
{
	struct ccw_io io = {
		.ts = 1000000000ULL + i * 1000ULL,
		.sch = { .ssid = i % 2, .schno = 3 + i % 3 },
		.seq = i / 6 + 1, /* ssid and schno together repeat every six */
		.ns = { 100 + i % 7, 200 + i % 11, 30000 + i, 400 + i % 13 },
		.have = (1 << CCW_NR_STAGES) - 1,
		.bytes = 4096 * (i % 5), .ccws = 1 + i % 12, .segments = 1 + i % 2, .idaws = i % 4,
		.pages = i % 6, .irqs = 1, .resid = i % 3, .cmd = i % 2 ? 0x02 : 0xe4,
		.flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED | VFIO_CCW_IO_FMT1,
		.fctl = 4, .stctl = 7, .dstat = 0x0c, .lpum = 0x80, .erw = i,
	};

	if (i % 50 == 49) {
		io.dstat = 0x0e;
		io.flags |= VFIO_CCW_IO_SENSE;
		io.sense = 0x8000000000000000ULL | i;
		io.cmd = 0xff;
	} else if (i % 70 == 69) {
		io.flags = VFIO_CCW_IO_FMT1;
		io.rc = -22;
		io.ns[CCW_START] = io.ns[CCW_DEVICE] = io.ns[CCW_DELIVER] = 0;
		io.fctl = io.stctl = io.dstat = 0;
	}
	io.ns[CCW_TOTAL] = io.ns[CCW_TRANSLATE] + io.ns[CCW_START] + io.ns[CCW_DEVICE] +
			   io.ns[CCW_DELIVER];
	io.cpu = i % 4;
	return io;
}

struct gen_buf gen_world(int version, bool big, unsigned int cpus, unsigned int ios)
{
	struct gen_file f = { .version = version, .big = big };

	return gen_world_as(&f, cpus, ios);
}

struct gen_buf gen_world_as(const struct gen_file *f, unsigned int cpus, unsigned int ios)
{
	const bool big = f->big;
	struct gen_ring rings[4] = { 0 };
	struct gen_buf b;
	unsigned int i;

	for (i = 0; i < cpus; i++)
		gen_ring_init(&rings[i], big);
	for (i = 0; i < ios; i++) {
		struct ccw_io io = gen_world_io(i);
		struct ccw_fsm fsm = { .sch = io.sch, .seq = io.seq, .from = 4, .event = 8,
				       .to = 2, .rc = io.rc };
		struct gen_ring *r = &rings[i % cpus];
		uint8_t data[80];

		gen_ring_record(r, io.ts, data, gen_io(data, big, &io));
		gen_ring_record(r, io.ts + 1, data, gen_fsm(data, big, &fsm));
	}
	for (i = 0; i < cpus; i++)
		gen_ring_end(&rings[i]);
	b = gen_file(f, rings, cpus);
	for (i = 0; i < cpus; i++)
		gen_free(&rings[i].buf);
	return b;
}

char *gen_save(const struct gen_buf *b)
{
	const char *dir = getenv("TMPDIR");
	char *name = NULL;
	int fd;

	if (asprintf(&name, "%s/ccw-test-XXXXXX", dir ? dir : "/tmp") < 0)
		abort();
	fd = mkstemp(name);
	if (fd < 0 || write(fd, b->p, b->len) != (ssize_t)b->len)
		abort();
	close(fd);
	return name;
}
