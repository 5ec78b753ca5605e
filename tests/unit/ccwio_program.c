// SPDX-License-Identifier: GPL-2.0
/* The assembler: exact bytes, and that a channel finds in them what the text says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/ccwio_channel.h"

static struct program *assemble_with(const char *text, const struct prog_defaults *d)
{
	struct ccwio_error err;
	struct program *p;

	if (prog_assemble("t", text, strlen(text), d, &p, &err))
		fail_msg("%s", err.text);
	return p;
}

static struct program *assemble(const char *text)
{
	struct prog_defaults d;

	prog_defaults_init(&d);
	return assemble_with(text, &d);
}

static void bytes_at(const struct program *p, uint64_t addr, const char *hex)
{
	size_t n = strlen(hex) / 2;
	const uint8_t *host = prog_host(p, addr, n);
	char got[129] = "";

	assert_non_null(host);
	assert_true(n < 64);
	for (size_t i = 0; i < n; i++)
		snprintf(got + 2 * i, 3, "%02x", host[i]);
	assert_string_equal(got, hex);
}

static void orb_is(const struct program *p, const char *hex)
{
	char got[25];

	for (int i = 0; i < 12; i++)
		snprintf(got + 2 * i, 3, "%02x", prog_orb(p)[i]);
	assert_string_equal(got, hex);
}

static void format_1(void **state)
{
	struct program *p = assemble("ccw sense-id sli,cc count=64 data=id\n"
				     "ccw 0x06 cd,skip,pci count=0x1234 addr=0x7fffffff\n"
				     "ccw 0xff flags=0xff count=65535 addr=0xffffffff\n"
				     "data id size=64\n");

	(void)state;
	orb_is(p, "0000000000c0ff0000001000");
	bytes_at(p, 0x1000, "e460004000001018");
	bytes_at(p, 0x1008, "069812347fffffff");
	bytes_at(p, 0x1010, "ffffffffffffffff");
	prog_free(p);
}

static void format_0(void **state)
{
	struct program *p = assemble("orb fmt=0 lpm=0x80 key=5 intparm=0x01020304 pfch=0\n"
				     "ccw sense-id sli,cc count=64 data=id\n"
				     "loop: ccw 0x06 cd count=0x1234 addr=0xabcdef\n"
				     "tic loop\n"
				     "data id size=64\n");

	(void)state;
	orb_is(p, "010203045000800000001000");
	bytes_at(p, 0x1000, "e400101860000040");
	bytes_at(p, 0x1008, "06abcdef80001234");
	bytes_at(p, 0x1010, "0800100800000000");
	prog_free(p);
}

static void orb_and_scsw(void **state)
{
	struct program *p = assemble("orb spnd=1 str=1 mod=1 sync=1 isic=1 alcc=1 ssic=1 tm=1 "
				     "c64=1 i2k=1 ils=1 midaw=1 orbx=1 cpa=0xdeadbee8\n"
				     "scsw fctl=6 word1=0x11223344\n"
				     "region offset=12 length=4\n");
	const uint8_t scsw[12] = { 0, 0, 0x60, 0, 0x11, 0x22, 0x33, 0x44 };

	(void)state;
	orb_is(p, "000000000fffffc1deadbee8");
	assert_memory_equal(prog_scsw(p), scsw, 12);
	assert_int_equal(prog_region(p).offset, 12);
	assert_int_equal(prog_region(p).length, 4);
	prog_free(p);

	p = assemble("orb word0=1 word1=2 word2=3\nccw nop");
	orb_is(p, "000000010000000200000003");
	prog_set_cpa(p, 0x10203040);
	orb_is(p, "000000010000000210203040");
	prog_free(p);
}

static void fixed_places(void **state)
{
	/* CCWs at an odd address and as the very last bytes of memory; data avoids them */
	struct program *p = assemble("mem 0x10000 8K\n"
				     "ccw nop cc count=1 addr=1\n"
				     "tic odd\n"
				     "at 0x10021\nodd: ccw nop cc count=2 addr=2\n"
				     "at 0x11ff8\nccw nop count=3 addr=3\n"
				     "data a size=16\n"
				     "data b at=0x10040 aabb\n"
				     "data c size=16\n");
	uint64_t addr;

	(void)state;
	orb_is(p, "0000000000c0ff0000010000");
	bytes_at(p, 0x10000, "0340000100000001");
	bytes_at(p, 0x10008, "0800000000010021");
	bytes_at(p, 0x10021, "0340000200000002");
	bytes_at(p, 0x11ff8, "0300000300000003");
	bytes_at(p, 0x10040, "aabb");
	assert_int_equal(prog_symbol(p, "a", &addr, NULL), 0);
	assert_int_equal(addr, 0x10010);
	assert_int_equal(prog_symbol(p, "c", &addr, NULL), 0);
	assert_int_equal(addr, 0x10030);
	assert_int_equal(prog_symbol(p, "nothing", &addr, NULL), -2);
	prog_free(p);
}

static void idal_by_hand(void **state)
{
	struct program *p = assemble("ccw read count=4096 idal=l\n"
				     "idal l fmt=1 d+4 d+2048 0xffffffff\n"
				     "idal m fmt=2 at=0x2001 d 0x123456789abcdef0\n"
				     "data d size=4096 fill=0x5a\n");

	(void)state;
	bytes_at(p, 0x1000, "0604100000001008");
	bytes_at(p, 0x1008, "0000300400003800ffffffff");
	bytes_at(p, 0x2001, "0000000000003000123456789abcdef0");
	bytes_at(p, 0x3ffe, "5a5a00");
	prog_free(p);
}

static void idal_built(void **state)
{
	struct prog_defaults d;
	struct program *p;

	(void)state;
	/* 2 bytes before a 2K block, over one whole block, 1 byte into the next */
	static const char text[] = "ccw write count=2051 data=x+2046\ndata x size=8192\n";

	prog_defaults_init(&d);
	d.ida = PROG_IDA_1;
	p = assemble_with(text, &d);
	bytes_at(p, 0x1000, "0504080300004000");
	bytes_at(p, 0x4000, "000027fe000028000000300000000000");
	orb_is(p, "0000000000c0ff0000001000");
	prog_free(p);

	d.ida = PROG_IDA_2K;
	p = assemble_with(text, &d);
	bytes_at(p, 0x4000, "00000000000027fe000000000000280000000000000030000000000000000000");
	orb_is(p, "0000000000c3ff0000001000");
	prog_free(p);

	d.ida = PROG_IDA_4K;
	p = assemble_with(text, &d);
	bytes_at(p, 0x4000, "00000000000027fe00000000000030000000000000000000");
	orb_is(p, "0000000000c2ff0000001000");
	prog_free(p);

	/* direct on one CCW wins */
	p = assemble_with("ccw write direct count=16 data=x\ndata x size=16\n", &d);
	bytes_at(p, 0x1000, "0500001000001008");
	prog_free(p);
}

static void data_chaining(void **state)
{
	struct program *p = assemble("ccw write cc,pci,suspend count=10 data=x split=3\n"
				     "ccw nop\n"
				     "data x 00112233445566778899\n");

	(void)state;
	/* 3 + 3 + 4; PCI and suspend once, data chaining on all but the last */
	bytes_at(p, 0x1000, "05ca000300001020");
	bytes_at(p, 0x1008, "05c0000300001023");
	bytes_at(p, 0x1010, "0540000400001026");
	bytes_at(p, 0x1018, "0300000000000000");
	prog_free(p);

	/* never more pieces than bytes */
	p = assemble("ccw write count=2 data=x split=9\ndata x size=2\n");
	bytes_at(p, 0x1000, "0580000100001010");
	bytes_at(p, 0x1008, "0500000100001011");
	prog_free(p);
}

static void repetition(void **state)
{
	struct program *p = assemble("ccw nop sli,cc count=1 data=x times=3\nccw nop count=1\n"
				     "data x size=1\n");
	struct command list[8];
	const char *why;

	(void)state;
	assert_int_equal(channel_walk(p, list, 8, &why), 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(list[i].cmd, 3);
	channel_free(list, 4);
	prog_free(p);
}

/* Whatever format, IDAWs and splits: a channel gathers the same bytes. */
static void every_way(void **state)
{
	static const unsigned int splits[] = { 1, 2, 3, 7, 64 };
	static const uint32_t sizes[] = { 1, 2047, 2048, 2049, 4096, 4097, 12288, 60000 };
	uint8_t *content = malloc(60000);
	int ways = 0;

	(void)state;
	assert_non_null(content);
	for (int i = 0; i < 60000; i++)
		content[i] = (uint8_t)(i * 7 + (i >> 8));
	for (unsigned int way = 0; way < 2 * 4 * 5 * 8 * 2; way++) {
		unsigned int format = way & 1, ida = way >> 1 & 3, high = way >> 3 & 1;
		unsigned int split = splits[way / 16 % 5];
		uint32_t size = sizes[way / 80], off = way % 13;
		struct prog_defaults d;
		struct program *p;
		struct command list[2];
		char text[128];
		const char *why;
		uint64_t addr;

		prog_defaults_init(&d);
		d.ccw_format = format;
		d.ida = (enum prog_ida)ida;
		d.split = split;
		/* above 2 GiB only format-2 IDAWs reach; format 0 keeps its CCWs below 16 MiB */
		if (high && ida >= PROG_IDA_2K) {
			d.data_base = 0x17ffff000ull;
			d.data_size = 1 << 20;
		}
		snprintf(text, sizeof(text), "ccw write cc count=%u data=x+%u\nccw nop count=1\n"
			 "data x size=%u\n", size, off, size + off);
		p = assemble_with(text, &d);
		assert_int_equal(prog_symbol(p, "x", &addr, NULL), 0);
		memcpy(prog_host(p, addr + off, size), content, size);
		if (channel_walk(p, list, 2, &why) != 2)
			fail_msg("format %u ida %u split %u size %u: %s", format, ida, split, size,
				 why);
		assert_int_equal(list[0].count, size);
		assert_int_equal(list[0].ccws, split < size ? split : size);
		assert_memory_equal(list[0].bytes, content, size);
		channel_free(list, 2);
		prog_free(p);
		ways++;
	}
	assert_int_equal(ways, 640);
	free(content);
}

static void inputs(void **state)
{
	struct program *p = assemble("ccw read cc count=8 data=a\n"
				     "ccw read cc,skip count=8 data=b\n"
				     "ccw write cc count=8 data=b\n"
				     "ccw sense cc count=4 data=b+4\n"
				     "ccw read cc count=8 data=a\n"
				     "ccw 0x0c count=8 data=a+8\n"
				     "data a size=16\ndata b size=8\nexpect uc\nexpect ok\n");

	(void)state;
	assert_int_equal(prog_input_count(p), 3);
	assert_string_equal(prog_input(p, 0)->name, "a");
	assert_int_equal(prog_input(p, 0)->len, 8);
	assert_string_equal(prog_input(p, 1)->name, "b");
	assert_int_equal(prog_input(p, 1)->offset, 4);
	assert_int_equal(prog_input(p, 2)->cmd, 0x0c);
	assert_string_equal(prog_expect(p, 0), "uc");
	assert_string_equal(prog_expect(p, 1), "ok");
	assert_null(prog_expect(p, 2));
	prog_free(p);
}

static void host_addresses(void **state)
{
	struct program *p = assemble("mem 0x1000 4K\nmem 0xfffffffffffff000 4K\nccw nop\n");

	(void)state;
	assert_non_null(prog_host(p, 0x1000, 4096));
	assert_null(prog_host(p, 0x1000, 4097));
	assert_null(prog_host(p, 0xfff, 1));
	assert_null(prog_host(p, 0x2000, 1));
	assert_non_null(prog_host(p, 0xffffffffffffffffull, 1));
	assert_null(prog_host(p, 0xffffffffffffffffull, 2));
	assert_null(prog_host(p, 0x1800, UINT64_MAX));
	prog_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(format_1),
		cmocka_unit_test(format_0),
		cmocka_unit_test(orb_and_scsw),
		cmocka_unit_test(fixed_places),
		cmocka_unit_test(idal_by_hand),
		cmocka_unit_test(idal_built),
		cmocka_unit_test(data_chaining),
		cmocka_unit_test(repetition),
		cmocka_unit_test(every_way),
		cmocka_unit_test(inputs),
		cmocka_unit_test(host_addresses),
	};

	return cmocka_run_group_tests_name("ccwio program", tests, NULL, NULL);
}
