// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "trace/ccw_explain.h"
#include "trace/text.h"

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

/* The first sense bit that has a name. */
static void add_sense(struct ccw_text *t, uint64_t bytes)
{
	unsigned int byte, bit;

	for (byte = 0; byte < 2; byte++) {
		for (bit = 0x80; bit; bit >>= 1) {
			const char *name = ccw_sense_name(byte, bit);
			const char *text = ccw_explain_sense(byte, bit);

			if (!(bytes >> (56 - 8 * byte) & bit) || !name)
				continue;
			ccw_text_add(t, text ? "%s: %s" : "%s", name, text);
			return;
		}
	}
}

static const char *first_of(uint8_t bits, const char *(*explain)(uint8_t bit))
{
	const char *text = NULL;
	unsigned int bit;

	for (bit = 0x80; bit && !text; bit >>= 1)
		text = bits & bit ? explain(bit) : NULL;
	return text;
}

const char *ccw_explain_io(const struct ccw_io *io, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	enum ccw_result result = ccw_io_result(io);
	const char *text = NULL;

	if (result == CCW_ERR_REFUSED)
		text = ccw_explain_rc(io->rc);
	else if (result == CCW_ERR_CC)
		text = ccw_explain_cc(io->cc);
	else if (result == CCW_ERR_CHANNEL) /* the checks, not the length */
		text = first_of(io->cstat & ~0x40, ccw_explain_cstat);
	else if (result == CCW_ERR_LENGTH)
		text = ccw_explain_cstat(0x40);
	else if (result == CCW_ERR_UNIT_CHECK && io->flags & VFIO_CCW_IO_SENSE)
		add_sense(&t, io->sense);
	else if (result == CCW_ERR_UNIT_EXCEPTION)
		text = first_of(io->dstat & 0x01, ccw_explain_dstat);
	if (!t.pos && result != CCW_OK)
		ccw_text_add(&t, "%s", text ? text : ccw_explain_result(result));
	return ccw_text_end(&t);
}
