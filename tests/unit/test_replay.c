// SPDX-License-Identifier: GPL-2.0
/*
 * What recorded channel programs need in memory: IDAWs, data chains, what is refused; and that no
 * recording, however wrong, makes it read beyond.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtrace/replay.h"
#include "tools/dev/bytes.h"
#include "tools/dev/channel.h"

#define MAX 64

static struct {
	uint32_t addr[MAX];
	uint8_t ccw[MAX * 8];
	uint8_t data[1024];
} store;

static struct replay_program p;
static struct replay_areas areas;
static struct ccwio_error err;

static int setup(void **state)
{
	(void)state;
	memset(&store, 0, sizeof(store));
	p = (struct replay_program){ .seq = 7, .orb1 = ORB_FMT1 | ORB_PFCH, .cpa = 0x1000,
				     .addr = store.addr, .ccw = store.ccw, .data = store.data };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(areas.all);
	memset(&areas, 0, sizeof(areas));
	return 0;
}

static void ccw(uint8_t cmd, uint8_t flags, uint16_t count, uint32_t addr)
{
	uint8_t *b = p.ccw + p.count * 8;

	p.addr[p.count] = 0x1000 + p.count * 8;
	b[0] = cmd;
	b[1] = flags;
	put_be16(b + 2, count);
	put_be32(b + 4, addr);
	p.total = ++p.count;
}

static void item(uint16_t index, uint8_t kind, uint8_t len, const void *bytes)
{
	uint8_t *to = p.data + p.data_len;

	put_be16(to, index);
	to[2] = kind;
	to[3] = len;
	memcpy(to + 4, bytes, len);
	p.data_len += 4 + len;
}

static const struct replay_area *nth(enum replay_kind kind, unsigned int n)
{
	size_t i;

	for (i = 0; i < areas.count; i++) {
		if (areas.all[i].kind == kind && !n--)
			return &areas.all[i];
	}
	fail_msg("there are not that many");
	return NULL;
}

static unsigned int number_of(enum replay_kind kind)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < areas.count; i++)
		n += areas.all[i].kind == kind;
	return n;
}

static void plain(void **state)
{
	static const uint8_t where[] = { 0, 0, 0, 1, 0, 2 };

	(void)state;
	ccw(0x07, CCW_CC, 6, 0x2000);
	ccw(0x06, 0, 4096, 0x3000);
	item(0, 0, 6, where);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_int_equal(areas.count, 4);
	assert_false(areas.writes);
	assert_int_equal(nth(REPLAY_PARAM, 0)->addr, 0x2000);
	assert_memory_equal(p.data + nth(REPLAY_PARAM, 0)->value, where, 6);
	assert_int_equal(nth(REPLAY_IN, 0)->addr, 0x3000);
	assert_int_equal(nth(REPLAY_IN, 0)->len, 4096);
}

/* 10,000 bytes from the middle of a 4 KiB block: three IDAWs. */
static void idaws(void **state)
{
	uint8_t first[8];

	(void)state;
	p.orb1 |= ORB_C64;
	ccw(0x06, CCW_IDA, 10000, 0x2000);
	put_be64(first, 0x123456800);
	item(0, 1, 8, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_int_equal(number_of(REPLAY_IDAW), 3);
	assert_int_equal(nth(REPLAY_IDAW, 0)->value, 0x123456800);
	assert_int_equal(nth(REPLAY_IDAW, 1)->value, 0x123457000);
	assert_int_equal(nth(REPLAY_IDAW, 2)->value, 0x123458000);
	assert_int_equal(nth(REPLAY_IDAW, 2)->addr, 0x2010);
	assert_int_equal(nth(REPLAY_IN, 0)->len, 2048);
	assert_int_equal(nth(REPLAY_IN, 1)->len, 4096);
	assert_int_equal(nth(REPLAY_IN, 2)->len, 10000 - 2048 - 4096);
}

/* READ BACKWARD goes down: the first byte of an IDAW's block is its last. */
static void backward(void **state)
{
	uint8_t first[4];

	(void)state;
	ccw(0x0c, CCW_IDA, 3000, 0x2000);
	put_be32(first, 0x5003);
	item(0, 1, 4, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_int_equal(number_of(REPLAY_IDAW), 3);
	assert_int_equal(nth(REPLAY_IDAW, 1)->value, 0x4fff);
	assert_int_equal(nth(REPLAY_IDAW, 2)->value, 0x47ff);
	assert_int_equal(nth(REPLAY_IN, 0)->addr, 0x5000);
	assert_int_equal(nth(REPLAY_IN, 0)->len, 4);
	assert_int_equal(nth(REPLAY_IN, 1)->addr, 0x4800);
	assert_int_equal(nth(REPLAY_IN, 2)->len, 3000 - 4 - 2048);
}

/* The block behind the first one is the program's own: its data must go elsewhere. */
static void moved(void **state)
{
	uint8_t first[4];

	(void)state;
	ccw(0x06, CCW_IDA, 4096, 0x2000);
	put_be32(first, 0x0800);
	item(0, 1, 4, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_int_equal(nth(REPLAY_IDAW, 1)->value, 0x100000);
	assert_int_equal(nth(REPLAY_IN, 1)->addr, 0x100000);
	assert_true(nth(REPLAY_IN, 1)->spare);
	assert_int_equal(areas.spare, 2048);
}

/* Data chained to a WRITE is written, whatever the command byte of its CCW. */
static void chained_writes(void **state)
{
	(void)state;
	ccw(0x01, CCW_CD, 16, 0x2000);
	ccw(CMD_TIC, 0, 0, 0x1018);
	ccw(0x03, 0, 0, 0);
	ccw(0x02, 0, 16, 0x3000);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_true(areas.writes);
	assert_int_equal(areas.write_cmd, 1);
	assert_int_equal(number_of(REPLAY_OUT), 2);
	assert_int_equal(number_of(REPLAY_IN), 0);
	/* and the other way round: a READ that goes on in a CCW that looks like a WRITE */
	setup(NULL);
	ccw(0x02, CCW_CD, 16, 0x2000);
	ccw(0x01, 0, 16, 0x3000);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_false(areas.writes);
	assert_int_equal(number_of(REPLAY_IN), 2);
}

/* A TIC into the middle of a data chain: the CCW there is a command of its own. */
static void hidden_writes(void **state)
{
	(void)state;
	ccw(0x02, CCW_CD, 16, 0x2000);
	ccw(0x01, CCW_CC, 16, 0x3000);
	ccw(CMD_TIC, 0, 0, 0x1008);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_true(areas.writes);
	setup(NULL);
	ccw(0x02, CCW_CD, 16, 0x2000);
	ccw(0x01, 0, 16, 0x3000);
	p.cpa = 0x1008;
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_true(areas.writes);
}

/* What was not recorded is not run. */
static void goes_on(void **state)
{
	(void)state;
	ccw(0x02, CCW_CC, 16, 0x2000);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "goes on"));
	setup(NULL);
	ccw(0x03, CCW_CC, 0, 0);
	ccw(CMD_TIC, 0, 0, 0x5000);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	setup(NULL);
	ccw(0x03, 0, 0, 0);
	p.cpa = 0x4000;
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
}

static void commands_that_write(void **state)
{
	static const uint8_t writes[] = { 0x01, 0x05, 0x85, 0x31, 0x1d, 0x8d, 0x17, 0x1f, 0x97,
					  0xf7 };
	static const uint8_t reads[] = { 0x02, 0x06, 0x86, 0xe4, 0x04, 0x0c, 0x64, 0xfa, 0x03,
					 0x24 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(writes); i++) {
		setup(NULL);
		ccw(writes[i], 0, 0, 0x2000);
		assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
		assert_true(areas.writes);
		setup(NULL);
		ccw(reads[i], 0, 8, 0x2000);
		assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
		assert_false(areas.writes);
	}
}

static void format_0(void **state)
{
	static const uint8_t two[] = { 0x02, 0, 0x30, 0, 0x20, 0, 0, 80,
				       0x18, 0, 0x10, 0, 0, 0, 0, 0 };

	(void)state;
	p.orb1 = ORB_PFCH;
	memcpy(p.ccw, two, sizeof(two));
	p.addr[0] = 0x1000;
	p.addr[1] = 0x1008;
	p.count = p.total = 2;
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
	assert_int_equal(areas.count, 3);
	assert_int_equal(nth(REPLAY_IN, 0)->addr, 0x3000);
	assert_int_equal(nth(REPLAY_IN, 0)->len, 80);
}

static void unfit(const char *why)
{
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, why));
	assert_non_null(strstr(err.text, "program #7"));
}

static void refused(void **state)
{
	(void)state;
	unfit("records of it are missing");
	ccw(0x02, 0, 8, 0x2000);
	p.total = 2;
	unfit("records of it are missing");
	p.total = 1;
	p.cut = true;
	unfit("only a part");
	setup(NULL);
	ccw(0x07, 0, 6, 0x2000);
	unfit("parameter bytes");
	setup(NULL);
	ccw(0x02, CCW_IDA, 8, 0x2000);
	unfit("indirect data address");
	setup(NULL);
	p.orb1 |= ORB_SPND;
	ccw(0x02, CCW_SUSPEND, 8, 0x2000);
	unfit("suspends");
	setup(NULL);
	p.orb1 |= ORB_MIDAW;
	ccw(0x02, CCW_MIDA, 8, 0x2000);
	unfit("MIDAW");
	setup(NULL);
	ccw(0x02, 0, 8, 0x2000);
	item(1, 0, 6, "xxxxxx");
	unfit("damaged");
	setup(NULL);
	ccw(0x02, 0, 8, 0x2000);
	item(0, 0, 6, "xxxxxx");
	p.data_len--;
	unfit("damaged");
}

/* Two chains that meet in one CCW with different commands: no order is right, and it must end. */
static void circles(void **state)
{
	(void)state;
	ccw(0x01, CCW_CD, 8, 0x2000); /* to the TIC, to number 3 */
	ccw(CMD_TIC, 0, 0, 0x1018);
	ccw(0x02, CCW_CD, 8, 0x2000); /* to number 3 */
	ccw(0x02, 0, 8, 0x2000);
	unfit("circles");
}

static void memory_of_programs(void **state)
{
	struct replay_programs ps = { .all = &p, .count = 1 };
	struct replay_memory m = { .nr_runs = 0 };
	bool use = true;
	uint8_t first[4];

	(void)state;
	ccw(0x06, CCW_IDA | CCW_CC, 4096, 0x2000);
	ccw(0x01, 0, 40, 0x9ff0);
	put_be32(first, 0x0800);
	item(0, 1, 4, first);
	assert_int_equal(replay_memory_make(&m, &ps, &use, &err), 0);
	/* pages 0 to 2, 9 and 10, and what went out of the way */
	assert_int_equal(m.nr_runs, 3);
	assert_int_equal(m.runs[0].base, 0);
	assert_int_equal(m.runs[0].size, 0x3000);
	assert_int_equal(m.runs[1].base, 0x9000);
	assert_int_equal(m.runs[1].size, 0x2000);
	assert_int_equal(m.runs[2].base, 0x100000);
	assert_int_equal(replay_memory_fill(&m, &p, &areas, &err), 0);
	assert_memory_equal(m.runs[0].host + 0x1000, p.ccw, 16);
	assert_int_equal(get_be32(m.runs[0].host + 0x2000), 0x800);
	assert_int_equal(get_be32(m.runs[0].host + 0x2004), 0x100000);
	assert_memory_equal(m.runs[1].host + 0xff0, "generated by", 12);
	replay_memory_free(&m);
}

/* Above the last address there is nothing, and nothing before the first. */
static void wraps(void **state)
{
	uint8_t first[8];

	(void)state;
	ccw(0x0c, 0, 100, 50); /* READ BACKWARD to below 0 */
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "wraps around"));
	setup(NULL);
	ccw(0x0c, CCW_IDA, 3000, 0x2000);
	put_be32(first, 0x103);
	item(0, 1, 4, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "wraps around"));
	setup(NULL);
	p.orb1 |= ORB_C64;
	ccw(0x06, CCW_IDA, 4097, 0x2000);
	put_be64(first, 0xfffffffffffff000);
	item(0, 1, 8, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "wraps around"));
	setup(NULL);
	p.orb1 |= ORB_C64;
	ccw(0x06, CCW_IDA, 4096, 0x2000);
	item(0, 1, 8, first);
	assert_int_equal(replay_areas(&p, 0x100000, &areas, &err), 0);
}

/* Whatever times a recording has, nothing is due before it began or after the end of the clock. */
static void pace(void **state)
{
	const uint64_t begin = 5000;

	(void)state;
	assert_int_equal(replay_due(begin, 100, 100, 1), begin);
	assert_int_equal(replay_due(begin, 100, 350, 1), begin + 250);
	assert_int_equal(replay_due(begin, 100, 350, 0.5), begin + 500);
	assert_int_equal(replay_due(begin, 100, 350, 10), begin + 25);
	assert_int_equal(replay_due(begin, 100, 99, 1), begin);
	assert_int_equal(replay_due(begin, 0, UINT64_MAX, 1), INT64_MAX);
	assert_int_equal(replay_due(begin, 0, UINT64_MAX, 1e-6), INT64_MAX);
	assert_int_equal(replay_due(begin, 0, UINT64_MAX / 2, 1), INT64_MAX);
	assert_int_equal(replay_due(begin, 0, 1000000000000, 1e-6), begin + 1000000000000000000);
	assert_int_equal(replay_due(UINT64_MAX, 0, 1, 1), INT64_MAX);
}

static void too_spread_out(void **state)
{
	enum { N = REPLAY_MAX_RUNS + 2 };
	struct replay_program *all = calloc(N, sizeof(*all));
	struct replay_programs ps = { .all = all, .count = N };
	struct replay_memory m = { .nr_runs = 0 };
	uint32_t *addr = calloc(N, sizeof(*addr));
	bool *use = calloc(N, sizeof(*use));
	size_t i;

	(void)state;
	ccw(0x03, 0, 0, 0);
	for (i = 0; i < N; i++) {
		all[i] = p;
		addr[i] = i * 0x2000;
		all[i].addr = &addr[i];
		all[i].cpa = addr[i];
		use[i] = true;
	}
	assert_int_equal(replay_memory_make(&m, &ps, use, &err), -E2BIG);
	assert_non_null(strstr(err.text, "too spread out"));
	replay_memory_free(&m);
	free(all);
	free(addr);
	free(use);
}

/* Bytes of any kind: an answer, no crash (the sanitizers watch), and memory that holds it all. */
static void anything(void **state)
{
	unsigned int round, seed = 1, ran = 0;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct replay_programs ps = { .all = &p, .count = 1 };
		struct replay_memory m = { .nr_runs = 0 };
		bool use = true;
		size_t i;

		setup(NULL);
		p.count = p.total = 1 + rand_r(&seed) % 8;
		p.orb1 = rand_r(&seed);
		for (i = 0; i < p.count * 8u; i++)
			p.ccw[i] = rand_r(&seed) >> (rand_r(&seed) % 8);
		for (i = 0; i < p.count; i++) {
			p.addr[i] = rand_r(&seed) % 4 ? 0x1000 + 8 * i : (uint32_t)rand_r(&seed);
			if (rand_r(&seed) % 2) {
				p.ccw[8 * i + 2] = 0; /* short counts: more of them are whole */
				p.data[p.data_len + 1] = i;
				p.data[p.data_len + 2] = rand_r(&seed) % 3;
				p.data[p.data_len + 3] = rand_r(&seed) % 3 * 4;
				p.data_len += 4 + p.data[p.data_len + 3];
			}
		}
		p.cpa = p.addr[0];
		for (i = 0; i < p.count; i++) { /* chains mostly end where the program does */
			if (i + 1 == p.count || rand_r(&seed) % 4) {
				p.ccw[8 * i + 1] &= 0x3f;
				p.ccw[8 * i + 4] &= 0x3f;
			}
		}
		if (replay_areas(&p, 0, &areas, &err))
			continue;
		if (!replay_memory_make(&m, &ps, &use, &err)) {
			int rc = replay_memory_fill(&m, &p, &areas, &err);

			assert_true(!rc || rc == -EOPNOTSUPP); /* its CCWs lie over each other */
			ran += !rc;
		}
		replay_memory_free(&m);
	}
	assert_true(ran > 300);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(plain), TEST(idaws), TEST(backward), TEST(moved), TEST(chained_writes),
		TEST(hidden_writes), TEST(goes_on),
		TEST(commands_that_write), TEST(format_0), TEST(refused), TEST(circles),
		TEST(memory_of_programs), TEST(wraps), TEST(pace),
		TEST(too_spread_out), TEST(anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
