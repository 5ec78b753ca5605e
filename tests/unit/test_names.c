// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "trace/ccw_names.h"

static char buf[128];

#define SAME(call, text) assert_string_equal(call, text)

static void status_bits(void **state)
{
	(void)state;
	SAME(ccw_dstat_str(0, buf, sizeof(buf)), "0");
	SAME(ccw_dstat_str(0x0e, buf, sizeof(buf)), "CE|DE|UC");
	SAME(ccw_dstat_str(0xff, buf, sizeof(buf)), "ATTN|SM|CUE|BUSY|CE|DE|UC|UX");
	SAME(ccw_cstat_str(0x60, buf, sizeof(buf)), "IL|PGMCHK");
	SAME(ccw_fctl_str(0x06, buf, sizeof(buf)), "START|HALT");
	SAME(ccw_fctl_str(0x01, buf, sizeof(buf)), "CLEAR");
	SAME(ccw_actl_str(0x60, buf, sizeof(buf)), "RESUME_PEND|START_PEND");
	SAME(ccw_actl_str(0x81, buf, sizeof(buf)), "0x80|SUSPENDED");
	SAME(ccw_stctl_str(0x17, buf, sizeof(buf)), "ALERT|PRIMARY|SECONDARY|PENDING");
	SAME(ccw_io_flags_str(7, buf, sizeof(buf)), "FMT1|PFCH|IDA64");
	SAME(ccw_io_flags_str(0x8001, buf, sizeof(buf)), "FMT1|0x8000");
	SAME(ccw_io_flags_str(0, buf, sizeof(buf)), "0");
}

static void text_that_does_not_fit(void **state)
{
	char small[8];

	(void)state;
	SAME(ccw_dstat_str(0xff, small, sizeof(small)), "ATTN...");
	SAME(ccw_dstat_str(0x0c, small, sizeof(small)), "CE|DE");
	SAME(ccw_dstat_str(0xff, small, 1), "");
	SAME(ccw_dstat_str(0xff, NULL, 0), "");
}

static void errnos(void **state)
{
	(void)state;
	SAME(ccw_rc_str(0, buf, sizeof(buf)), "0");
	SAME(ccw_rc_str(-5, buf, sizeof(buf)), "-EIO");
	SAME(ccw_rc_str(-95, buf, sizeof(buf)), "-EOPNOTSUPP");
	SAME(ccw_rc_str(-999, buf, sizeof(buf)), "-999");
	SAME(ccw_rc_str(INT32_MIN, buf, sizeof(buf)), "-2147483648");
	SAME(ccw_rc_str(5, buf, sizeof(buf)), "5");
}

static void states_and_events(void **state)
{
	(void)state;
	SAME(ccw_state_name(VFIO_CCW_STATE_IDLE), "IDLE");
	SAME(ccw_state_name(VFIO_CCW_NR_STATES), "?");
	SAME(ccw_state_name(0xff), "?");
	SAME(ccw_why_name(0), "NONE");
	SAME(ccw_why_name(VFIO_CCW_WHY_TIC_ALIGN), "TIC_ALIGN");
	SAME(ccw_why_name(VFIO_CCW_NR_WHYS), "?");
	SAME(ccw_function_name(0), "?");
	SAME(ccw_function_name(VFIO_CCW_FN_RSCH), "RSCH");
	SAME(ccw_function_name(99), "?");
	SAME(ccw_pin_name(VFIO_CCW_PIN_CHANGE), "CHANGE");
	SAME(ccw_pin_name(5), "?");
	SAME(ccw_event_name(VFIO_CCW_EVENT_FINAL), "FINAL");
	SAME(ccw_event_name(VFIO_CCW_NR_EVENTS), "?");
	SAME(ccw_stage_name(CCW_DELIVER), "deliver");
	SAME(ccw_stage_name(CCW_NR_STAGES), "?");
	SAME(ccw_result_name(CCW_ERR_UNIT_CHECK), "unit check");
	SAME(ccw_result_name(CCW_NR_RESULTS), "?");
}

static void commands(void **state)
{
	(void)state;
	SAME(ccw_cmd_name(0xe4), "SENSE ID");
	SAME(ccw_cmd_name(0x86), "READ DATA MT");
	SAME(ccw_cmd_name(0x02), "READ");
	SAME(ccw_cmd_name(0x01), "WRITE");
	SAME(ccw_cmd_name(0x0c), "READ BACKWARD");
	SAME(ccw_cmd_name(0x08), "TIC");
	SAME(ccw_cmd_name(0x00), "INVALID");
	SAME(ccw_cmd_name(0xff), "CONTROL");
}

static void errors_in_one_line(void **state)
{
	const uint16_t done = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED;
	struct ccw_io io = { .flags = done, .dstat = 0x0c };

	(void)state;
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "ok");
	io = (struct ccw_io){ .rc = -22 };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "-EINVAL refused");
	io = (struct ccw_io){ .rc = -19, .cc = 3, .cmd = 0xe4, .flags = VFIO_CCW_IO_STARTED };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "cc=3 cmd=e4");
	io = (struct ccw_io){ .flags = done | VFIO_CCW_IO_SENSE, .dstat = 0x0e, .cmd = 0xff,
			      .sense = 0x8000000000000000ULL };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "UNIT CHECK cmd=ff sense=8000000000000000");
	io = (struct ccw_io){ .flags = done, .cstat = 0x20, .cmd = 0x02 };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "PGMCHK cmd=02");
	io = (struct ccw_io){ .flags = done | VFIO_CCW_IO_HALTED, .cmd = 0x02 };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "halted cmd=02");
	io = (struct ccw_io){ .flags = VFIO_CCW_IO_ABORTED, .rc = -125, .cmd = 0x02 };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "aborted -ECANCELED cmd=02");
	io = (struct ccw_io){ .flags = done, .cstat = 0x40, .cmd = 0x02, .resid = 12 };
	SAME(ccw_io_error_str(&io, buf, sizeof(buf)), "INCORRECT LENGTH cmd=02 resid=12");
}

static void subchannel_ids(void **state)
{
	static const char *const bad[] = {
		"", "0", "0.0", "0.0.", "0.4.0001", "0.0.00001", "0.0.0001 ", "0.0.000g", "0..0001",
		"-1.0.0001", "0x0.0.0001", "123.0.0001", " 0.0.0001", "0.0.+001",
	};
	struct ccw_sch sch;
	size_t i;

	(void)state;
	assert_int_equal(ccw_sch_parse("0.0.0003", &sch), 0);
	SAME(ccw_sch_str(sch, buf, sizeof(buf)), "0.0.0003");
	assert_int_equal(ccw_sch_parse("fe.3.AbCd", &sch), 0);
	assert_int_equal(ccw_sch_key(sch), 0xfe03abcd);
	SAME(ccw_sch_str(sch, buf, sizeof(buf)), "fe.3.abcd");
	assert_int_equal(ccw_sch_parse("0.1.7", &sch), 0);
	SAME(ccw_sch_str(sch, buf, sizeof(buf)), "0.1.0007");
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ccw_sch_parse(bad[i], &sch), -EINVAL);
}

static void times(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} t[] = {
		{ 0, "0ns" }, { 950, "950ns" }, { 999, "999ns" }, { 1000, "1.00us" },
		{ 9994, "9.99us" }, { 9995, "10.0us" }, { 12400, "12.4us" }, { 99949, "99.9us" },
		{ 99950, "100us" }, { 999499, "999us" }, { 999500, "1.00ms" },
		{ 1250000, "1.25ms" }, { 3100000000ULL, "3.10s" }, { 999499999999ULL, "999s" },
		{ 999500000000ULL, "1000s" }, { 5000000000000ULL, "5000s" },
		{ 99999500000000ULL, "27.8h" }, { UINT64_MAX, "5124096h" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(*t); i++)
		SAME(ccw_ns_str(t[i].ns, buf, sizeof(buf)), t[i].text);
}

static void counts_and_bytes(void **state)
{
	(void)state;
	SAME(ccw_count_str(0, buf, sizeof(buf)), "0");
	SAME(ccw_count_str(0.5, buf, sizeof(buf)), "0.5");
	SAME(ccw_count_str(9.96, buf, sizeof(buf)), "10");
	SAME(ccw_count_str(3, buf, sizeof(buf)), "3");
	SAME(ccw_count_str(12.3, buf, sizeof(buf)), "12");
	SAME(ccw_count_str(999, buf, sizeof(buf)), "999");
	SAME(ccw_count_str(999.6, buf, sizeof(buf)), "1.00k");
	SAME(ccw_count_str(12400, buf, sizeof(buf)), "12.4k");
	SAME(ccw_count_str(1250000, buf, sizeof(buf)), "1.25M");
	SAME(ccw_count_str(-1, buf, sizeof(buf)), "0");
	SAME(ccw_count_str(0.0 / 0.0, buf, sizeof(buf)), "0");
	assert_true(strlen(ccw_count_str(1e300, buf, sizeof(buf))) < 8);
	SAME(ccw_bytes_str(0, buf, sizeof(buf)), "0B");
	SAME(ccw_bytes_str(512, buf, sizeof(buf)), "512B");
	SAME(ccw_bytes_str(1023, buf, sizeof(buf)), "1023B");
	SAME(ccw_bytes_str(4096, buf, sizeof(buf)), "4.00KiB");
	SAME(ccw_bytes_str(1310720, buf, sizeof(buf)), "1.25MiB");
	SAME(ccw_bytes_str(1048575, buf, sizeof(buf)), "1.00MiB");
}

/* What a terminal would obey, and what is no UTF-8. */
static void plain_text(void **state)
{
	static const struct {
		const char *text, *plain;
	} t[] = {
		{ "", "" }, { "a b.dat", "a b.dat" }, { "a\033[31mb\nc\177", "a?[31mb?c?" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xc2\x9b" "31m\xc2\xa0", "??31m\xc2\xa0" },
		{ "\x9b" "1m\xff\xe2\x82", "?1m???" },
		{ "\xe2\x82z\xf0\x9f", "??z??" },
	};
	char text[40];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		SAME(ccw_plain_str(t[i].text, buf, sizeof(buf)), t[i].plain);
		strcpy(text, t[i].text);
		SAME(ccw_plain(text), t[i].plain);
	}
	SAME(ccw_plain_str("a\tbcdefgh", text, 8), "a?bc...");
	SAME(ccw_s(0), "s");
	SAME(ccw_s(1), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_bits),
		cmocka_unit_test(text_that_does_not_fit),
		cmocka_unit_test(errnos),
		cmocka_unit_test(states_and_events),
		cmocka_unit_test(commands),
		cmocka_unit_test(errors_in_one_line),
		cmocka_unit_test(subchannel_ids),
		cmocka_unit_test(times),
		cmocka_unit_test(counts_and_bytes),
		cmocka_unit_test(plain_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
