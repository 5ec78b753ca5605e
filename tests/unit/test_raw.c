// SPDX-License-Identifier: GPL-2.0
/* The channel subsystem's blocks, byte by byte; libtraceevent's plugin on records made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "trace/ccw_raw.h"
#include "trace/plugin/plugin.h"

int tep_plugin_loader(struct tep_handle *tep);
void tep_plugin_unloader(struct tep_handle *tep);

static char buf[600];

typedef const char *(*str_fn)(const uint8_t *p, size_t n, char *text, size_t len);

/* The bytes lie at the end of a block of their own, so that one read too many is seen. */
static const char *of(str_fn fn, const char *hex, size_t n)
{
	uint8_t *p = malloc(n ? n : 1);
	unsigned int byte;
	const char *text;
	size_t i;

	for (i = 0; i < n; i++) {
		assert_int_equal(sscanf(hex + i * 2, "%2x", &byte), 1);
		p[i] = byte;
	}
	text = fn(p, n, buf, sizeof(buf));
	free(p);
	return text;
}

#define SAME(fn, hex, text) assert_string_equal(of(fn, hex, strlen(hex) / 2), text)

static void orb(void **state)
{
	(void)state;
	SAME(ccw_orb_raw_str, "0254" "5c00" "00c28000" "024b3028" "00000000",
	     "intparm=02545c00 key=0 lpm=80 flags=FMT1|PFCH|C64 cpa=024b3028");
	SAME(ccw_orb_raw_str, "00000001" "f83cffc1" "7ffffff8",
	     "intparm=00000001 key=f lpm=ff flags=SPND|ISIC|ALCC|SSIC|TM|ILS|MIDAW|ORBX "
	     "cpa=7ffffff8");
	SAME(ccw_orb_raw_str, "00000000" "00000000" "00000000",
	     "intparm=00000000 key=0 lpm=00 cpa=00000000");
	SAME(ccw_orb_raw_str, "0000000000c2", "intparm=00000000 key=0 lpm=00 cpa=00000000 (cut)");
}

static void scsw(void **state)
{
	(void)state;
	SAME(ccw_scsw_raw_str, "00804007" "00001008" "0c000000",
	     "fctl=START actl=0 stctl=PRIMARY|SECONDARY|PENDING dcc=0 key=0 flags=FMT1 "
	     "cpa=00001008 dstat=CE|DE cstat=0 resid=0");
	SAME(ccw_scsw_raw_str, "1740" "6d11" "00001010" "0e60ffff",
	     "fctl=START|HALT actl=RESUME_PEND|START_PEND|CLEAR_PEND stctl=ALERT|PENDING dcc=3 "
	     "key=1 flags=ESWF|PFCH cpa=00001010 dstat=CE|DE|UC cstat=IL|PGMCHK resid=65535");
}

#define ZERO20 "0000000000000000000000000000000000000000"
#define ZERO32 "0000000000000000000000000000000000000000000000000000000000000000"

static void irb(void **state)
{
	(void)state;
	SAME(ccw_irb_raw_str, "00804007" "00001008" "0c000000" ZERO20 ZERO32,
	     "fctl=START actl=0 stctl=PRIMARY|SECONDARY|PENDING dcc=0 key=0 flags=FMT1 "
	     "cpa=00001008 dstat=CE|DE cstat=0 resid=0");
	/* Concurrent sense of two bytes, counted in the ERW, and a secondary CCW address. */
	SAME(ccw_irb_raw_str, "04804017" "00001008" "0e000010"
	     "00800000" "01820000" "0000000000000000" "00002000"
	     "8040000000000000" "000000000000000000000000000000000000000000000000",
	     "fctl=START actl=0 stctl=ALERT|PRIMARY|SECONDARY|PENDING dcc=0 key=0 "
	     "flags=ESWF|FMT1 cpa=00001008 dstat=CE|DE|UC cstat=0 resid=16 lpum=80 erw=01820000 "
	     "erwf=CONS|SCAVF scnt=2 saddr=00002000 sense=CMDREJ:8040");
	/* QEMU's count lies elsewhere: what is not zero is shown. */
	SAME(ccw_irb_raw_str, "04804017" "00001008" "02000000"
	     "00800000" "01002000" "000000000000000000000000"
	     "4000010000000000" "000000000000000000000000000000000000000000000000",
	     "fctl=START actl=0 stctl=ALERT|PRIMARY|SECONDARY|PENDING dcc=0 key=0 "
	     "flags=ESWF|FMT1 cpa=00001008 dstat=UC cstat=0 resid=0 lpum=80 erw=01002000 "
	     "erwf=CONS sense=INTREQ:400001");
	SAME(ccw_irb_raw_str, "008040070000",
	     "fctl=START actl=0 stctl=PRIMARY|SECONDARY|PENDING dcc=0 key=0 flags=FMT1 "
	     "cpa=00000000 dstat=0 cstat=0 resid=0 (cut)");
}

static void esw(void **state)
{
	(void)state;
	SAME(ccw_esw_raw_str, "12807f01" "1e400000" "0000000112345678" "00000000",
	     "lpum=80 logout=12807f01 erw=1e400000 erwf=AUTH|PVRF|CPT|FSAVF|FSAF "
	     "faddr=0000000112345678");
}

static void schib(void **state)
{
	(void)state;
	SAME(ccw_schib_raw_str, "02545c00" "18811007" "80010280" "0005ff40" "0102030405060708"
	     "00600001" "00804007" "00001008" "0c000000" "000000000000000000000000",
	     "intparm=02545c00 dev=1007 isc=3 pmcw=ENA|DNV lpm=80 pnom=01 lpum=02 pim=80 mbi=5 "
	     "pom=ff pam=40 chpids=0102030405060708 st=3 more=CSENSE fctl=START actl=0 "
	     "stctl=PRIMARY|SECONDARY|PENDING dcc=0 key=0 flags=FMT1 cpa=00001008 dstat=CE|DE "
	     "cstat=0 resid=0");
}

static void small_ones(void **state)
{
	(void)state;
	SAME(ccw_tpi_raw_str, "00010008" "02545c00" "98003000",
	     "id=00010008 intparm=02545c00 a=1 isc=3 type=3");
	SAME(ccw_tpi_raw_str, "0001", "id=00000000 intparm=00000000 a=0 isc=0 type=0 (cut)");
	SAME(ccw_crw_raw_str, "23840003",
	     "rsc=3(SUBCHANNEL) erc=4(PARAMETERS_INITIALIZED) rsid=0003 flags=OVERFLOW|ANCILLARY");
	assert_string_equal(ccw_sense0_str(0, buf, sizeof(buf)), "0");
	assert_string_equal(ccw_sense0_str(0xff, buf, sizeof(buf)),
			    "CMDREJ|INTREQ|BUSOUT|EQCHK|DATACHK|OVERRUN|0x02|0x01");
}

static const char *fmt0(const uint8_t *p, size_t n, char *text, size_t len)
{
	return ccw_ccw_raw_str(p, n, false, text, len);
}

static const char *fmt1(const uint8_t *p, size_t n, char *text, size_t len)
{
	return ccw_ccw_raw_str(p, n, true, text, len);
}

static void ccw(void **state)
{
	(void)state;
	SAME(fmt1, "e460004000001008", "e4 SENSE ID      count=64 addr=00001008 flags=CC|SLI");
	SAME(fmt0, "e400100860ee0040", "e4 SENSE ID      count=64 addr=00001008 flags=CC|SLI");
	SAME(fmt1, "0800000000002000", "08 TIC           to=00002000");
	SAME(fmt0, "f812345600000000", "f8 TIC           to=00123456");
	SAME(fmt1, "029f000200002000",
	     "02 READ          count=2 addr=00002000 flags=CD|SKIP|PCI|IDA|SUSP|MIDA");
	SAME(fmt1, "02", "02 READ          count=0 addr=00000000 (cut)");
}

/* --- the plugin --- */

static const char ssch_format[] =
	"name: s390_cio_ssch\nID: 100\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\n"
	"\tfield:u8 cssid;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 ssid;\toffset:9;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 schno;\toffset:10;\tsize:2;\tsigned:0;\n"
	"\tfield:union orb orb;\toffset:12;\tsize:32;\tsigned:0;\n"
	"\tfield:int cc;\toffset:44;\tsize:4;\tsigned:1;\n"
	"\nprint fmt: \"cc=%d\", REC->cc\n";

static const char ccw_format[] =
	"name: vfio_ccw_ccw\nID: 101\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\n"
	"\tfield:u8 cssid;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 ssid;\toffset:9;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 schno;\toffset:10;\tsize:2;\tsigned:0;\n"
	"\tfield:u32 seq;\toffset:12;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 orb1;\toffset:16;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 cpa;\toffset:20;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 first;\toffset:24;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 total;\toffset:26;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 flags;\toffset:28;\tsize:2;\tsigned:0;\n"
	"\tfield:__data_loc u32[] addr;\toffset:32;\tsize:4;\tsigned:0;\n"
	"\tfield:__data_loc u8[] ccw;\toffset:36;\tsize:4;\tsigned:0;\n"
	"\tfield:__data_loc u8[] data;\toffset:40;\tsize:4;\tsigned:0;\n"
	"\nprint fmt: \"seq=%u\", REC->seq\n";

static const char region_format[] =
	"name: vfio_ccw_region\nID: 102\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\n"
	"\tfield:u8 cssid;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 ssid;\toffset:9;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 schno;\toffset:10;\tsize:2;\tsigned:0;\n"
	"\tfield:u32 seq;\toffset:12;\tsize:4;\tsigned:0;\n"
	"\tfield:s64 rc;\toffset:16;\tsize:8;\tsigned:1;\n"
	"\tfield:u32 region;\toffset:24;\tsize:4;\tsigned:0;\n"
	"\tfield:u8 write;\toffset:28;\tsize:1;\tsigned:0;\n"
	"\nprint fmt: \"seq=%u\", REC->seq\n";

struct trace {
	struct tep_handle *tep;
	struct trace_seq seq;
	bool big;
	uint8_t data[256];
};

static void put(struct trace *t, unsigned int at, unsigned int size, uint64_t v)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		t->data[at + i] = v >> 8 * (t->big ? size - 1 - i : i);
}

static void setup(struct trace *t, bool big)
{
	memset(t, 0, sizeof(*t));
	t->big = big;
	t->tep = tep_alloc();
	assert_non_null(t->tep);
	tep_set_file_bigendian(t->tep, big ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(t->tep, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	/* As with a file: plugins first, formats later. */
	assert_int_equal(tep_plugin_loader(t->tep), 0);
	assert_int_equal(tep_parse_event(t->tep, ssch_format, strlen(ssch_format), "s390"), 0);
	assert_int_equal(tep_parse_event(t->tep, ccw_format, strlen(ccw_format), "vfio_ccw"), 0);
	assert_int_equal(tep_parse_event(t->tep, region_format, strlen(region_format), "vfio_ccw"),
			 0);
	trace_seq_init(&t->seq);
}

static void teardown(struct trace *t)
{
	trace_seq_destroy(&t->seq);
	tep_plugin_unloader(t->tep);
	tep_free(t->tep);
}

/* What the plugin prints of a record of that size. */
static const char *printed(struct trace *t, int size)
{
	struct tep_record record = { .size = size };
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, t->data, size);
	record.data = copy;
	trace_seq_reset(&t->seq);
	tep_print_event(t->tep, &t->seq, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&t->seq);
	free(copy);
	return t->seq.buffer;
}

static void plugin_ssch(void **state)
{
	static const uint8_t orb_bytes[12] = {
		0x02, 0x54, 0x5c, 0, 0, 0xc2, 0x80, 0, 0x02, 0x4b, 0x30, 0x28,
	};
	struct trace t;
	int big, size;

	(void)state;
	for (big = 0; big < 2; big++) {
		setup(&t, big);
		put(&t, 0, 2, 100);
		put(&t, 10, 2, 0x1008);
		put(&t, 44, 4, 3);
		memcpy(t.data + 12, orb_bytes, sizeof(orb_bytes));
		assert_string_equal(printed(&t, 48),
				    "schid=0.0.1008 cc=3 intparm=02545c00 key=0 lpm=80 "
				    "flags=FMT1|PFCH|C64 cpa=024b3028");
		assert_string_equal(printed(&t, 44),
				    "schid=0.0.1008 intparm=02545c00 key=0 lpm=80 "
				    "flags=FMT1|PFCH|C64 cpa=024b3028");
		assert_string_equal(printed(&t, 43),
				    "schid=0.0.1008 (no orb in the record)");
		for (size = 8; size < 44; size++)
			assert_non_null(strstr(printed(&t, size), "no orb"));
		teardown(&t);
	}
}

static void plugin_program(void **state)
{
	static const uint8_t ccws[16] = {
		0x47, 0x40, 0, 3, 0, 0, 0x50, 0, 0x02, 0x04, 0x10, 0, 0, 0, 0x60, 0,
	};
	static const uint8_t items[] = {
		0, 7, 0, 3, 0x0a, 0x0b, 0x0c, 0, 8, 1, 4, 0x00, 0x00, 0x20, 0x00,
	};
	static const char want[] =
		"sch=0.0.0003 seq=9 orb1=00c0ff00 key=0 lpm=ff flags=FMT1|PFCH cpa=00001000 "
		"first=7 total=9\n"
		"            7 00001000: 47 LOCATE        count=3 addr=00005000 flags=CC "
		"param=0a0b0c\n"
		"            8 00001008: 02 READ          count=4096 addr=00006000 flags=IDA "
		"idaw=00002000";
	struct trace t;
	unsigned int i, len;
	int big, size;

	(void)state;
	for (big = 0; big < 2; big++) {
		setup(&t, big);
		put(&t, 0, 2, 101);
		put(&t, 10, 2, 3);
		put(&t, 12, 4, 9);
		put(&t, 16, 4, 0x00c0ff00);
		put(&t, 20, 4, 0x1000);
		put(&t, 24, 2, 7);
		put(&t, 26, 2, 9);
		put(&t, 32, 4, 8 << 16 | 44);
		put(&t, 36, 4, 16 << 16 | 52);
		put(&t, 40, 4, sizeof(items) << 16 | 68);
		put(&t, 44, 4, 0x1000);
		put(&t, 48, 4, 0x1008);
		memcpy(t.data + 52, ccws, 16);
		memcpy(t.data + 68, items, sizeof(items));
		assert_string_equal(printed(&t, 68 + sizeof(items)), want);
		for (size = 8; size < 68 + (int)sizeof(items); size++)
			assert_non_null(strstr(printed(&t, size), "(cut)"));
		/* Lengths and offsets that a file may hold. */
		for (i = 32; i <= 40; i += 4) {
			for (len = 0; len < 0x10000; len += 0xff) {
				put(&t, i, 4, (uint64_t)len << 16 | (len ^ 0x5a5a));
				printed(&t, 68 + sizeof(items));
				put(&t, i, 4, (uint64_t)len << 16 | 44);
				printed(&t, 68 + sizeof(items));
			}
		}
		/* An item that is longer than what is left. */
		put(&t, 32, 4, 8 << 16 | 44);
		put(&t, 36, 4, 16 << 16 | 52);
		put(&t, 40, 4, sizeof(items) << 16 | 68);
		t.data[68 + 3] = 255;
		assert_non_null(strstr(printed(&t, 68 + sizeof(items)), "(cut)"));
		teardown(&t);
	}
}

static void plugin_own(void **state)
{
	struct trace t;
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		setup(&t, big);
		put(&t, 0, 2, 102);
		put(&t, 10, 2, 3);
		put(&t, 12, 4, 7);
		put(&t, 16, 8, 124);
		put(&t, 28, 1, 1);
		assert_string_equal(printed(&t, 32),
				    "sch=0.0.0003 seq=7 region=0 WRITE rc=124");
		put(&t, 16, 8, (uint64_t)-22);
		put(&t, 28, 1, 0);
		put(&t, 24, 4, 3);
		assert_string_equal(printed(&t, 32),
				    "sch=0.0.0003 seq=7 region=3 READ rc=-EINVAL");
		assert_string_equal(printed(&t, 20), "sch=0.0.0003 seq=7");
		teardown(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orb), cmocka_unit_test(scsw), cmocka_unit_test(irb),
		cmocka_unit_test(esw), cmocka_unit_test(schib), cmocka_unit_test(small_ones),
		cmocka_unit_test(ccw), cmocka_unit_test(plugin_ssch),
		cmocka_unit_test(plugin_program), cmocka_unit_test(plugin_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
