// SPDX-License-Identifier: GPL-2.0
/* The program text: what is refused, in which line, and that no text does worse than that. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/ccwio/number.h"
#include "tools/ccwio/program.h"

static int assemble(const char *text, size_t len, struct ccwio_error *err)
{
	struct prog_defaults d;
	struct program *p;
	int rc;

	prog_defaults_init(&d);
	d.size = 1 << 20;
	rc = prog_assemble("t", text, len, &d, &p, err);
	prog_free(p);
	return rc;
}

static void refused(const char *text, const char *message)
{
	struct ccwio_error err;
	int rc = assemble(text, strlen(text), &err);

	if (rc == 0)
		fail_msg("accepted: %s", text);
	if (!strstr(err.text, message))
		fail_msg("'%s' gave '%s', not '%s'", text, err.text, message);
}

static void accepted(const char *text)
{
	struct ccwio_error err;
	int rc = assemble(text, strlen(text), &err);

	if (rc)
		fail_msg("'%s' gave '%s'", text, err.text);
}

static void line_numbers(void **state)
{
	(void)state;
	refused("bogus\n", "t:1: no statement 'bogus'");
	refused("# a comment\n\n  \t\r\nccw nop count=1 addr=0\nccw nop cnt=1\n",
		"t:5: ccw: no operand 'cnt='");
	refused("ccw nop\ntic nowhere\n", "t:2: 'nowhere' is not defined");
	refused("a: ccw nop\nb:\na: ccw nop\n", "t:3: 'a' is already defined in line 1");
	refused("", "t: no ccw");
	refused("data x size=4", "t: no ccw");
}

static void statements(void **state)
{
	(void)state;
	refused("ccw", "t:1: ccw needs a command");
	refused("ccw 256", "neither a command code");
	refused("ccw nopp", "neither a command code");
	refused("ccw nop slii", "no flag 'slii'");
	refused("ccw nop flags=256", "not a number from 0 to 0xff");
	refused("ccw nop count=70000", "0 to 65535");
	refused("ccw nop count=-1", "'-1' is not a number");
	refused("ccw nop count=", "'' is not a number");
	refused("ccw nop addr=0 data=x", "only one of data=, addr= and idal=");
	refused("ccw nop data=5", "needs a name");
	refused("ccw nop data=x", "no data statement has that name");
	refused("x: ccw nop data=x", "no data statement has that name");
	refused("ccw nop idal=x\ndata x size=4", "no idal statement has that name");
	refused("ccw nop split=2", "go with data= only");
	refused("ccw nop direct,ida data=x\ndata x size=1", "exclude each other");
	refused("ccw nop times=0", "allowed is 1 to");
	refused("ccw nop times=2000000", "not a number");
	refused("ccw nop times=1000000\nccw nop times=1000000", "t:2: more than 1048576 CCWs");
	refused("tic", "tic needs a label");
	refused("a: tic a b", "'b' is too many");
	refused("at", "at needs an address");
	refused("at 0x100000\nccw nop", "t:1: 0x100000 and its 8 bytes do not lie");
	refused("at 0xffff9\nccw nop", "do not lie in one memory area");
	refused("at 0xffffffffffffffff\nccw nop", "do not lie in one memory area");
	refused("1a: ccw nop", "'1a' is no name");
	refused("a-b: ccw nop", "'a-b' is no name");
	refused("a2345678901234567890123456789012: ccw nop", "is no name");
	refused("expect", "expect needs a status");
	refused("expect uc ok", "'ok' is too many");
}

static void data_statements(void **state)
{
	(void)state;
	refused("data", "data needs a name");
	refused("data x", "needs hex digits, @FILE or size=N");
	refused("data x 123", "even number of hex digits");
	refused("data x 0x12", "even number of hex digits");
	refused("data x zz", "even number of hex digits");
	refused("data x size=1 1234", "2 bytes of content do not fit size=1");
	refused("data x size=2G", "allowed are size=0 to 1G");
	refused("data x fill=256 size=1", "fill=0 to 0xff");
	refused("data x align=3 size=1", "a power of two");
	refused("data x at=0xfffff size=2\nccw nop", "do not lie in one memory area");
	refused("data x @/does/not/exist", "cannot open /does/not/exist: No such file");
	refused("data x @/", "/ is a directory");
	refused("data x size=1M\ndata y size=1M\nccw nop", "is full");
	refused("ccw read count=5 data=x\ndata x size=4", "has 4 bytes from there");
	refused("ccw read data=x+5\ndata x size=4", "offset lies outside its 4 bytes");
	refused("ccw read data=x\ndata x size=70000", "use split=2");
	accepted("ccw read data=x split=2\ndata x size=70000");
	accepted("ccw read data=x+4\ndata x size=4");
}

static void areas(void **state)
{
	(void)state;
	refused("mem", "mem needs a base and a size");
	refused("mem 0", "mem needs a base and a size");
	refused("mem 0 1000", "multiples of 4096");
	refused("mem 5 4K", "multiples of 4096");
	refused("mem 0 0", "the size not 0");
	refused("mem 0xfffffffffffff000 8K", "past the end of the address space");
	accepted("mem 0 4K\nmem 0xfffffffffffff000 4K\nccw nop");
	refused("mem 0 8K\nmem 4096 4K", "t:2: mem: overlaps the area at 0x0");
	refused("mem 0 4K what", "only 'data' may follow");
	refused("mem 0 1G\nmem 0x80000000 4K", "exceed 1024 MiB");
	refused("mem 0 4K\nmem 0x2000 4K\nmem 0x4000 4K\nmem 0x6000 4K\nmem 0x8000 4K\n"
		"mem 0xa000 4K\nmem 0xc000 4K\nmem 0xe000 4K\nmem 0x10000 4K\nmem 0x12000 4K\n"
		"mem 0x14000 4K\nmem 0x16000 4K\nmem 0x18000 4K\nmem 0x1a000 4K\nmem 0x1c000 4K\n"
		"mem 0x1e000 4K\nmem 0x20000 4K", "t:17: more than 16 memory areas");
	/* the program must be reachable by a 31-bit address */
	refused("mem 0x80000000 4K\nccw nop", "31-bit addresses");
	accepted("mem 0x7ffff000 4K\nccw nop");
}

static void orb_fields(void **state)
{
	(void)state;
	refused("orb fmt", "must be NAME=VALUE");
	refused("orb what=1", "no field 'what'");
	refused("orb fmt=2", "fmt=2 is out of range, allowed is 0 to 1");
	refused("orb key=16", "key=16 is out of range, allowed is 0 to 15");
	refused("orb lpm=0x100", "allowed is 0 to 0xff");
	refused("orb word3=0", "no field 'word3'");
	refused("orb cpa=0x100000000", "more than 32 bits");
	refused("orb cpa=nowhere\nccw nop", "t:1: 'nowhere' is not defined");
	refused("scsw fctl=8", "fctl=0 to 7");
	refused("scsw word3=0", "allowed are fctl");
	refused("region size=3", "allowed are offset=N and length=N");
	refused("region offset=5000", "not a number from 0 to 0x1000");
	accepted("orb cpa=0xffffffff");
	accepted("orb fmt=0 key=15 lpm=0 c64=1 i2k=1 spnd=1 cpa=a\na: ccw nop count=1");
	/* fields that the format cannot hold */
	refused("orb fmt=0\nccw nop addr=0x1000000", "format-0 CCW holds addresses up to 0xffffff");
	refused("ccw nop addr=0x100000000", "holds addresses up to 0xffffffff");
	accepted("ccw nop addr=0xffffffff");
}

static void idals(void **state)
{
	(void)state;
	refused("idal", "idal needs a name");
	refused("idal x", "needs at least one address");
	refused("idal x fmt=3 0", "allowed are fmt=1, fmt=2");
	refused("idal x fmt=1 0x100000000\nccw nop", "does not fit a format-1 IDAW");
	refused("idal x nowhere\nccw nop", "t:1: 'nowhere' is not defined");
	accepted("idal x fmt=2 0xffffffffffffffff x x+8 x-8\nccw read count=8 idal=x");
	refused("mem 0 64K\nmem 0x80000000 4K data\nccw read ida data=x\ndata x size=8",
		"only format-2 IDAWs");
	refused("mem 0 64K\nmem 0x80000000 4K data\nccw read data=x\ndata x size=8", "(use ida)");
	accepted("orb c64=1\nmem 0 64K\nmem 0x80000000 4K data\nccw read ida data=x\n"
		 "data x size=8");
}

static void not_text(void **state)
{
	static const char nul[] = "ccw nop\nccw\0nop\n";
	struct ccwio_error err;
	char *long_line;

	(void)state;
	assert_int_equal(assemble(nul, sizeof(nul) - 1, &err), -EINVAL);
	assert_non_null(strstr(err.text, "t:2: a NUL byte"));

	/* one line of a million characters: an error with a cut text */
	long_line = malloc(1000000);
	assert_non_null(long_line);
	memset(long_line, 'x', 1000000);
	assert_int_equal(assemble(long_line, 1000000, &err), -EINVAL);
	assert_true(strlen(err.text) < sizeof(err.text));
	free(long_line);
}

static void file_content(void **state)
{
	char path[] = "/tmp/ccwio-unit-XXXXXX", text[256];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "\0\1\2", 3), 3);
	close(fd);
	snprintf(text, sizeof(text), "ccw write data=x count=3\ndata x @%s", path);
	accepted(text);
	snprintf(text, sizeof(text), "ccw write data=x count=4\ndata x @%s", path);
	refused(text, "has 3 bytes");
	unlink(path);
}

static void numbers(void **state)
{
	uint64_t v = 42;

	(void)state;
	assert_int_equal(number_parse("0", 10, &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(number_parse("0xffffffffffffffff", UINT64_MAX, &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(number_parse("16K", 1 << 20, &v), 0);
	assert_int_equal(v, 16384);
	assert_int_equal(number_parse("2g", UINT64_MAX, &v), 0);
	assert_int_equal(v, 2147483648ll);
	v = 42;
	assert_int_equal(number_parse("18446744073709551616", UINT64_MAX, &v), -EINVAL);
	assert_int_equal(number_parse("99999999999999G", UINT64_MAX, &v), -EINVAL);
	assert_int_equal(number_parse("11", 10, &v), -EINVAL);
	assert_int_equal(number_parse("-1", 10, &v), -EINVAL);
	assert_int_equal(number_parse("+1", 10, &v), -EINVAL);
	assert_int_equal(number_parse(" 1", 10, &v), -EINVAL);
	assert_int_equal(number_parse("1 ", 10, &v), -EINVAL);
	assert_int_equal(number_parse("0x", 10, &v), -EINVAL);
	assert_int_equal(number_parse("0x-1", 10, &v), -EINVAL);
	assert_int_equal(number_parse("1KK", UINT64_MAX, &v), -EINVAL);
	assert_int_equal(number_parse("", 10, &v), -EINVAL);
	assert_int_equal(v, 42);

	assert_int_equal(number_parse_time("1.5", &v), 0);
	assert_int_equal(v, 1500000000);
	assert_int_equal(number_parse_time("20us", &v), 0);
	assert_int_equal(v, 20000);
	assert_int_equal(number_parse_time("3ms", &v), 0);
	assert_int_equal(v, 3000000);
	assert_int_equal(number_parse_time("2m", &v), 0);
	assert_int_equal(v, 120000000000ll);
	assert_int_equal(number_parse_time("nan", &v), -EINVAL);
	assert_int_equal(number_parse_time("1e99", &v), -EINVAL);
	assert_int_equal(number_parse_time("1h", &v), -EINVAL);
	assert_int_equal(number_parse_time("-1", &v), -EINVAL);
}

static const char *const seeds[] = {
	"mem 0 64K\nmem 0x100000000 64K data\norb fmt=1 c64=1 i2k=1 lpm=0x80 key=3 intparm=7\n"
	"start: ccw sense-id sli,cc,ida count=64 data=buf split=3\n tic next\n"
	"next: ccw 0x06 cd,skip count=4096 addr=buf+8\nccw nop sli count=1 times=20\n"
	"data buf size=8K fill=0xee 0011 2233\nexpect uc\n",
	"orb fmt=0 cpa=b\nat 0x2004\na: ccw read cc count=8 idal=l\nat 0x3000\nb: ccw nop count=1\n"
	"tic a\nidal l fmt=2 at=0x4001 d d+2048 0xffffffff\ndata d at=0x5000 size=4096 align=8\n"
	"scsw fctl=6 word2=1\nregion offset=12 length=12\n",
};

/* Texts a hair off: each must end in a program or in an error with its place, never worse. */
static void mutations(void **state)
{
	static const char bits[] = "0123456789abcfxKMG=:,+-@# \n\t\0ccw data idal tic at mem orb";
	uint64_t rng = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const char *seed = seeds[round & 1];
		size_t len = strlen(seed);
		char text[1024];
		struct ccwio_error err;

		memcpy(text, seed, len);
		for (int i = 0; i < 1 + round % 4; i++) {
			size_t at, n;

			rng = rng * 6364136223846793005ull + 1442695040888963407ull;
			at = (rng >> 33) % len;
			n = (rng >> 20) % 6;
			if ((rng >> 60) & 1 && at + n < len) {
				memmove(text + at, text + at + n, len - at - n);
				len -= n;
			} else {
				text[at] = bits[(rng >> 40) % (sizeof(bits) - 1)];
			}
		}
		/* no file of this machine shall matter */
		for (size_t i = 0; i < len; i++) {
			if (text[i] == '@')
				text[i] = 'a';
		}
		if (assemble(text, len, &err))
			assert_int_equal(strncmp(err.text, "t:", 2), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_numbers),
		cmocka_unit_test(statements),
		cmocka_unit_test(data_statements),
		cmocka_unit_test(areas),
		cmocka_unit_test(orb_fields),
		cmocka_unit_test(idals),
		cmocka_unit_test(not_text),
		cmocka_unit_test(file_content),
		cmocka_unit_test(numbers),
		cmocka_unit_test(mutations),
	};

	return cmocka_run_group_tests_name("ccwio parse", tests, NULL, NULL);
}
