// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "trace/ccw_explain.h"

/* Index of a bit in a table whose first entry is 0x80. */
static unsigned int place(uint8_t bit)
{
	return __builtin_clz(bit | 1U) - 24;
}

const char *ccw_explain_dstat(uint8_t bit)
{
	static const char *const text[8] = {
		"attention: the device asks for something, unasked",
		NULL,
		"control unit end: a control unit that was busy is free",
		"busy: the device or control unit works for somebody else",
		NULL, NULL,
		"unit check: something is wrong that the sense bytes tell",
		"unit exception: an unusual end, such as a tape mark or the end of a file",
	};

	return text[place(bit)];
}

const char *ccw_explain_cstat(uint8_t bit)
{
	static const char *const text[8] = {
		NULL,
		"incorrect length: more or fewer bytes than the CCW's count, and no SLI",
		"program check: a CCW or IDAW that the channel does not accept, or storage that "
		"is not there",
		"protection check: storage whose key does not allow it",
		"channel-data check: data was damaged on the way",
		"channel-control check: the channel itself failed",
		"interface-control check: wrong signals on the path to the control unit",
		"chaining check: data chaining was too slow for the device",
	};

	return text[place(bit)];
}

static const struct {
	const char *name, *text;
} sense[2][8] = {
	{
		{ "command reject", "an unknown command, or one that does not fit here" },
		{ "intervention required", "not ready: no medium, or somebody must do something" },
		{ "bus out parity", "data or a command arrived damaged at the control unit" },
		{ "equipment check", "the device or control unit failed" },
		{ "data check", "data on the medium cannot be read" },
		{ "overrun", "data came too late for the device" },
		{ NULL, NULL },
		{ "incomplete domain", "the program did not do all that LOCATE announced" },
	},
	{
		{ "permanent error", "the control unit tried again and gave up" },
		{ "invalid track format", "more was written than fits on the track" },
		{ "end of cylinder", "a multitrack command went beyond the cylinder" },
		{ "message to operator", NULL },
		{ "no record found", "the record searched for is not on the track" },
		{ "file protected", "a seek or command outside DEFINE EXTENT, or the file mask" },
		{ "write inhibited", "the device is read-only" },
		{ "imprecise ending", NULL },
	},
};

const char *ccw_sense_name(unsigned int byte, uint8_t bit)
{
	return byte < 2 ? sense[byte][place(bit)].name : NULL;
}

const char *ccw_explain_sense(unsigned int byte, uint8_t bit)
{
	return byte < 2 ? sense[byte][place(bit)].text : NULL;
}

const char *ccw_explain_cc(unsigned int cc)
{
	static const char *const text[4] = {
		NULL,
		"status was pending at the subchannel: fetch it first",
		"busy: the subchannel still has a function in progress",
		"not operational: no path to the device, or the subchannel is not enabled",
	};

	return cc < 4 ? text[cc] : NULL;
}

/* Numbers of Linux on s390x, whatever this machine's are. */
const char *ccw_explain_rc(int32_t rc)
{
	switch (rc) {
	case -5: return "the device is not open for requests, or memory ran out";
	case -11: return "another request was being translated, or the channel was being quiesced";
	case -13: return "no path of the ORB's mask is operational";
	case -14: return "guest storage could not be read";
	case -16: return "a request was active, or the subchannel was busy or status pending";
	case -19: return "the device is not operational";
	case -22: return "the program cannot be started: its address, its size or a bound";
	case -95: return "transport mode, or more than the start function alone";
	case -125: return "cancelled";
	}
	return NULL;
}

const char *ccw_explain_result(enum ccw_result result)
{
	switch (result) {
	case CCW_ERR_REFUSED: return "the driver refused the request: no SSCH";
	case CCW_ERR_CC: return "START SUBCHANNEL set a condition code";
	case CCW_ERR_ABORTED: return "halted, cleared, cancelled, or cut short by close or reset";
	case CCW_ERR_CHANNEL: return "the channel found an error";
	case CCW_ERR_UNIT_CHECK: return "the device or control unit reported an error";
	case CCW_ERR_UNIT_EXCEPTION: return "the device reported an unusual end";
	case CCW_ERR_LENGTH: return "the length did not fit";
	default: return NULL;
	}
}
